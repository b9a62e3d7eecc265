// Package credentials finds where the access keys come from, takes that source
// whole, and keeps its credentials fresh.
//
// The sources themselves are credentials-go's, each built from complete settings
// only: its builders fill whatever is empty from the environment, which would mix
// two sources. Three ways in are made here instead, for reasons given there:
// the two calls to STS (sts.go) and the command of an External profile
// (external.go).
package credentials

import (
	"context"
	"log/slog"
	"os"
	"sync"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	_ "github.com/seed01464933/terraform-provider-aliyun/internal/credentials/processenv" // Before credentials-go reads the environment.
)

// defaultSessionName marks the sessions in the account's audit trail. It is
// fixed, since credentials-go's own default is made of the clock and would make
// each run look like another user.
const defaultSessionName = "terraform-provider-aliyun"

// provider returns credentials, which it caches while they are valid. retrieve and
// forget are called by one goroutine at a time.
type provider interface {
	retrieve(ctx context.Context) (*sdkcredentials.Credentials, error)
	// forget drops the cached credentials if they are these, which the service refused.
	forget(refused *sdkcredentials.Credentials)
	// renewable reports whether the provider can return others.
	renewable() bool
}

// Source is the one source of credentials that was found. It is safe for
// concurrent use.
type Source struct {
	provider provider
	name     string
	region   string
	passed   []string
	logger   *slog.Logger
	announce sync.Once

	mu      sync.Mutex
	flight  *flight
	refused []sdkcredentials.Credentials // To be forgotten by the next flight.
}

// New chooses the source, without a call over the network and without running
// anything. Its errors are all [*ConfigError].
func New(cfg Config) (*Source, error) {
	if cfg.LookupEnv == nil {
		cfg.LookupEnv = os.LookupEnv
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	f := &finder{cfg: cfg}
	found, passed, err := f.find()
	if err != nil {
		return nil, err
	}
	if cfg.AssumeRole != nil {
		if found, err = f.assumeRole(found); err != nil {
			return nil, err
		}
	}
	return &Source{
		provider: found.provider,
		name:     found.name,
		region:   found.location.region,
		passed:   passed,
		logger:   cfg.Logger,
	}, nil
}

// String names the source for people. It shows at most the last four characters
// of an access key.
func (s *Source) String() string { return s.name }

// Region is the region_id of the chosen profile of the CLI; "" where the source
// is another one or the profile names none.
func (s *Source) Region() string { return s.region }
