package credentials

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// flight is one retrieval that all who ask meanwhile wait for. singleflight
// can't be used: it doesn't tell when the last waiter has gone, and the retrieval
// is then to be cancelled.
type flight struct {
	done        chan struct{}
	cancel      context.CancelFunc
	waiters     int // Guarded by Source.mu; 0 means cancelled.
	refused     []sdkcredentials.Credentials
	credentials *sdkcredentials.Credentials
	err         error
}

// GetCredentials gives credentials that are good for a call made now, and
// refreshes them ahead of their end. All callers share one retrieval at a time. A
// caller whose context ends returns at once with the context's error; the
// retrieval goes on for the others and is cancelled when nobody is left. Failures
// are not cached. Errors are the context's, [*Error], or [*ConfigError] where nothing
// was found or a file of the CLI can no longer be used.
func (s *Source) GetCredentials(ctx context.Context) (*sdkcredentials.Credentials, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f, joined := s.join(ctx)
		select {
		case <-ctx.Done():
			if joined {
				s.leave(f)
			}
			return nil, ctx.Err()
		case <-f.done:
		}
		if !joined {
			continue
		}
		if f.err != nil {
			return nil, f.err
		}
		credentials := *f.credentials
		return &credentials, nil
	}
}

// Renew tells the source that the service refused these credentials as expired. It
// reports whether the source can provide others; static keys can't be renewed.
func (s *Source) Renew(refused *sdkcredentials.Credentials) bool {
	if !s.provider.renewable() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = append(s.refused, *refused)
	return true
}

// same reports whether two sets of credentials are the same.
func same(a, b *sdkcredentials.Credentials) bool {
	return a.AccessKeyId == b.AccessKeyId && a.SecurityToken == b.SecurityToken
}

// join enters the current flight, or starts one. It doesn't enter a flight that
// everybody has left, or that started before credentials were refused: the caller
// waits for its end, since credentials-go's providers know no context and must not
// be called twice at once.
func (s *Source) join(ctx context.Context) (f *flight, joined bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f = s.flight; f != nil {
		if f.waiters == 0 || len(s.refused) > 0 {
			return f, false
		}
		f.waiters++
		return f, true
	}
	// The first caller's context gives its values, such as the logger, but its
	// end must not fail the others.
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f = &flight{done: make(chan struct{}), cancel: cancel, waiters: 1, refused: s.refused}
	s.flight, s.refused = f, nil
	go s.fly(ctx, f)
	return f, true
}

func (s *Source) leave(f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.waiters--
	if f.waiters == 0 {
		f.cancel()
	}
}

func (s *Source) fly(ctx context.Context, f *flight) {
	s.announce.Do(func() {
		s.logger.InfoContext(ctx, "credentials come from "+s.name, slog.String("passed_over", strings.Join(s.passed, "; ")))
	})
	for _, refused := range f.refused {
		s.provider.forget(&refused)
	}
	f.credentials, f.err = s.provider.retrieve(ctx)
	var failure *Error
	if errors.As(f.err, &failure) {
		failure.Source = s.name
	}
	s.mu.Lock()
	s.flight = nil
	s.mu.Unlock()
	f.cancel()
	close(f.done)
}
