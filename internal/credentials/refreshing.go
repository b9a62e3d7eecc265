package credentials

import (
	"context"
	"log/slog"
	"time"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

const (
	// refreshAhead is how long before it expires a session is replaced, as in
	// credentials-go: long enough for a call that is signed now to arrive. Sessions
	// shorter than three times this are replaced after two thirds of their life.
	refreshAhead = 3 * time.Minute
	// refreshPause is the time between failed refreshes while the current credentials
	// are still good. Without it, every call would wait for another attempt.
	refreshPause = 10 * time.Second
)

// session is a set of credentials and when it expires.
type session struct {
	credentials sdkcredentials.Credentials
	expires     time.Time
}

// fetcher returns a new session each time.
type fetcher interface {
	fetch(ctx context.Context) (*session, error)
}

// refreshing keeps a session until shortly before it expires.
type refreshing struct {
	fetcher
	logger  *slog.Logger
	now     func() time.Time
	current *session
	due     time.Time // When the current session is to be replaced.
}

func (f *finder) newRefreshing(sessions fetcher) *refreshing {
	return &refreshing{fetcher: sessions, logger: f.cfg.Logger, now: time.Now}
}

func (r *refreshing) retrieve(ctx context.Context) (*sdkcredentials.Credentials, error) {
	if r.current == nil || !r.now().Before(r.due) {
		if err := r.refresh(ctx); err != nil {
			return nil, err
		}
	}
	credentials := r.current.credentials
	return &credentials, nil
}

// refresh replaces the session. If that fails before the current session has
// expired, it isn't an error.
func (r *refreshing) refresh(ctx context.Context) error {
	next, err := r.fetch(ctx)
	now := r.now()
	switch {
	case err == nil:
		r.current = next
		r.due = next.expires.Add(-min(refreshAhead, next.expires.Sub(now)/3))
	case r.current == nil || !r.current.expires.After(now):
		return err
	case ctx.Err() == nil: // Otherwise it was cancelled: nobody is waiting.
		r.due = now.Add(refreshPause)
		if r.current.expires.Before(r.due) {
			r.due = r.current.expires
		}
		r.logger.WarnContext(ctx, "could not refresh credentials early; those in use have not expired yet",
			slog.String("error", err.Error()), slog.Time("expiration", r.current.expires))
	}
	return nil
}

func (r *refreshing) forget(refused *sdkcredentials.Credentials) {
	if r.current != nil && same(&r.current.credentials, refused) {
		r.current = nil
	}
}

func (r *refreshing) renewable() bool { return true }
