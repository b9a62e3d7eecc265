// Package credentials finds where the AccessKey comes from, takes that source whole, and
// keeps its credentials fresh. Each source is a fetcher, a function from a context to a
// session with its end; what keeps, refreshes and shares the session is one for all.
package credentials

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

const (
	// refreshAhead is how long before its end a session is replaced, so that a call that is
	// signed now arrives in time. Short sessions are replaced after two thirds of their life.
	refreshAhead = 3 * time.Minute
	// refreshPause is the time between failed refreshes while the current session is
	// still good. Without it, every call would wait for another attempt.
	refreshPause = 10 * time.Second
	// unknownLife is how long credentials are kept whose source doesn't say when they
	// end: as long as the shortest session that STS gives.
	unknownLife = 15 * time.Minute
)

// session is a set of credentials and its end; the zero time if it has none.
type session struct {
	keys rpc.Credentials
	end  time.Time
}

// fetcher gets a new session from a source. It heeds the context. Its errors are the
// context's, an [*rpc.Error] or a [*ConfigError].
type fetcher func(ctx context.Context) (session, error)

// errAbandoned is the result of a fetch whose caller has left: others fetch anew.
var errAbandoned = errors.New("the fetch was abandoned")

// Source is a source of credentials, and keeps its session until shortly before its end.
// It is safe for concurrent use.
type Source struct {
	// Region is the region_id of the chosen profile of the CLI; "" where the source is
	// another one or the profile names none.
	Region string
	// Warnings are about settings that the official provider or the aliyun CLI would
	// obey, and this source doesn't.
	Warnings []Warning

	name    string
	profile *cliProfile // An empty one where it isn't one of the CLI's.
	fixed   bool        // Whether its credentials are always the same.
	fetch   fetcher
	now     func() time.Time
	logger  *slog.Logger

	fetches singleflight.Group
	mu      sync.Mutex // For what follows.
	current *session
	due     time.Time // When to replace the current session; zero for never.
}

var _ rpc.CredentialsProvider = (*Source)(nil)

// String names the source for people. It shows at most the last four characters
// of an AccessKey ID.
func (s *Source) String() string { return s.name }

// Retrieve gives credentials that are good for a call made now, and refreshes them ahead
// of their end. Its errors are the context's, an [*rpc.Error], or a [*ConfigError] where
// nothing was found or a file of the CLI can no longer be used.
//
// All callers share one fetch and its failure. A caller whose context ends leaves at
// once. If the fetch is its own, that is cancelled; the others wait for its end, since it
// may be about to save a login, and then begin another.
func (s *Source) Retrieve(ctx context.Context) (rpc.Credentials, error) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case got := <-s.fetches.DoChan("", func() (any, error) { return s.refresh(ctx) }):
			if !errors.Is(got.Err, errAbandoned) {
				keys, _ := got.Val.(rpc.Credentials)
				return keys, got.Err
			}
		}
	}
	return rpc.Credentials{}, ctx.Err()
}

// Invalidate drops the session if its credentials are these, which the API refused as
// expired, and reports whether the source can give others: fixed ones can't be renewed.
func (s *Source) Invalidate(refused rpc.Credentials) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.fixed && s.current != nil && s.current.keys == refused {
		s.current = nil
	}
	return !s.fixed
}

// refresh gives the current credentials, after a fetch if they need one.
func (s *Source) refresh(ctx context.Context) (rpc.Credentials, error) {
	s.mu.Lock()
	current, due := s.current, s.due
	s.mu.Unlock()
	if current != nil && (due.IsZero() || s.now().Before(due)) {
		return current.keys, nil
	}
	next, err := s.fetch(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	switch {
	case err == nil:
		s.current, s.due = &next, time.Time{}
		if !next.end.IsZero() {
			s.due = next.end.Add(-min(refreshAhead, next.end.Sub(now)/3))
		}
	case ctx.Err() != nil:
		return rpc.Credentials{}, errAbandoned
	case s.current == nil || !now.Before(s.current.end):
		return rpc.Credentials{}, err
	default:
		s.due = now.Add(min(refreshPause, s.current.end.Sub(now)))
		s.logger.WarnContext(ctx, "could not refresh credentials early; those in use have not expired yet",
			slog.String("error", err.Error()), slog.Time("expiration", s.current.end))
	}
	return s.current.keys, nil
}
