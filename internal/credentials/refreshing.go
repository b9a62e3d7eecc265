package credentials

import (
	"context"
	"time"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// refreshAhead is how long before its end a session is replaced, the same as in
// credentials-go: enough for a call that is signed now to arrive.
const refreshAhead = 3 * time.Minute

// session is a set of credentials and the moment when it ends.
type session struct {
	credentials sdkcredentials.Credentials
	expires     time.Time
}

// refreshing keeps a session until shortly before its end.
type refreshing struct {
	fetch   func(ctx context.Context) (*session, error)
	now     func() time.Time
	current *session
}

func newRefreshing(fetch func(ctx context.Context) (*session, error)) *refreshing {
	return &refreshing{fetch: fetch, now: time.Now}
}

func (r *refreshing) retrieve(ctx context.Context) (*sdkcredentials.Credentials, error) {
	if r.current == nil || r.current.expires.Sub(r.now()) <= refreshAhead {
		next, err := r.fetch(ctx)
		switch {
		case err == nil:
			r.current = next
		case r.current == nil || !r.current.expires.After(r.now()):
			return nil, err
		}
		// A refresh that fails ahead of time is no failure: the session still
		// lives, and the next call tries again.
	}
	credentials := r.current.credentials
	return &credentials, nil
}
