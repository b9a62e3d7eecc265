// Package credentials finds where the AccessKey comes from, takes that source
// whole, and keeps its credentials fresh.
//
// Each source is a fetcher: a function from a context to a session with its end.
// What keeps a session, refreshes it and shares it among callers is the same for all
// of them (cache.go), and all exchanges go by internal/rpc's one HTTP policy.
package credentials

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// defaultSessionName marks the sessions in the account's audit trail. It is fixed: a
// name made of the clock would make each run look like another user.
const defaultSessionName = "terraform-provider-aliyun"

// Source is the one source of credentials that was found. It is safe for
// concurrent use.
type Source struct {
	cache    *cache
	name     string
	region   string
	warnings []Warning
	skipped  []string
	logger   *slog.Logger
	announce sync.Once
}

var _ rpc.CredentialsProvider = (*Source)(nil)

// New chooses the source, without a call over the network and without running
// anything. It reads the aliyun CLI's configuration only where that is the source, or
// the next place to look. Its errors are all [*ConfigError], but for the context's.
func New(ctx context.Context, cfg Config) (*Source, error) {
	f := newFinder(cfg.complete())
	found, err := f.find(ctx)
	if err != nil {
		return nil, err
	}
	if f.cfg.AssumeRole != nil {
		if found, err = f.assumeRole(found); err != nil {
			return nil, err
		}
	}
	f.warnUnread(found.profile)
	source := &Source{cache: f.cached(found), name: found.name, warnings: f.warnings, skipped: f.skipped, logger: f.cfg.Logger}
	if found.profile != nil {
		source.region = found.profile.RegionID
	}
	return source, nil
}

// Retrieve gives credentials that are good for a call made now, and refreshes them
// ahead of their end. Errors are the context's, [*Error], or [*ConfigError] where
// nothing was found or a file of the CLI can no longer be used.
func (s *Source) Retrieve(ctx context.Context) (rpc.Credentials, error) {
	s.announce.Do(func() {
		s.logger.InfoContext(ctx, "credentials come from "+s.name, slog.String("skipped", strings.Join(s.skipped, "; ")))
	})
	keys, err := s.cache.Retrieve(ctx)
	var failure *Error
	if errors.As(err, &failure) { // Others may be reading it.
		named := *failure
		named.Source = s.name
		return keys, &named
	}
	return keys, err
}

// Invalidate tells the source that the service refused these credentials as expired.
// It reports whether the source can give others: fixed ones can't be renewed.
func (s *Source) Invalidate(refused rpc.Credentials) bool { return s.cache.Invalidate(refused) }

// String names the source for people. It shows at most the last four characters
// of an AccessKey ID.
func (s *Source) String() string { return s.name }

// Region is the region_id of the chosen profile of the CLI; "" where the source
// is another one or the profile names none.
func (s *Source) Region() string { return s.region }

// Warnings are about settings that the official provider or the aliyun CLI would
// obey, and this source doesn't.
func (s *Source) Warnings() []Warning { return s.warnings }
