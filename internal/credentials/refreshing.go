package credentials

import (
	"context"
	"log/slog"
	"time"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

const (
	// refreshAhead is how long before its end a session is replaced, the same as in
	// credentials-go: enough for a call that is signed now to arrive. Sessions of less
	// than three times that are replaced after two thirds of their life.
	refreshAhead = 3 * time.Minute
	// refreshPause is how long after a failed refresh the next is tried, while there
	// are credentials that are still good: every call would wait for it otherwise.
	refreshPause = 10 * time.Second
)

// session is a set of credentials and the moment when it ends.
type session struct {
	credentials sdkcredentials.Credentials
	expires     time.Time
}

// fetcher gives a new session each time.
type fetcher interface {
	fetch(ctx context.Context) (*session, error)
}

// refreshing keeps a session until shortly before its end.
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

// refresh replaces the session. A refresh that fails ahead of time is no failure:
// the session still lives.
func (r *refreshing) refresh(ctx context.Context) error {
	next, err := r.fetch(ctx)
	now := r.now()
	switch {
	case err == nil:
		r.current = next
		r.due = next.expires.Add(-min(refreshAhead, next.expires.Sub(now)/3))
	case r.current == nil || !r.current.expires.After(now):
		return err
	case ctx.Err() == nil: // Or nobody waits any more.
		r.due = now.Add(refreshPause)
		if r.current.expires.Before(r.due) {
			r.due = r.current.expires
		}
		r.logger.WarnContext(ctx, "refreshing credentials ahead of their end failed; they still live",
			slog.String("error", err.Error()), slog.Time("end", r.current.expires))
	}
	return nil
}

func (r *refreshing) forget(refused *sdkcredentials.Credentials) {
	if r.current != nil && same(&r.current.credentials, refused) {
		r.current = nil
	}
}

func (r *refreshing) renewable() bool { return true }
