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
	"cmp"
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	_ "github.com/seed01464933/terraform-provider-aliyun/internal/credentials/quiet" // Before credentials-go prints tokens.
)

// defaultSessionName marks the sessions in the account's audit trail. It is
// fixed, since credentials-go's own default is made of the clock and would make
// each run look like another user.
const defaultSessionName = "terraform-provider-aliyun"

// provider gives credentials, cached as long as they last. It is called by one
// goroutine at a time.
type provider interface {
	retrieve(ctx context.Context) (*sdkcredentials.Credentials, error)
}

// Source is the one source of credentials that was chosen. It is safe for
// concurrent use.
type Source struct {
	provider provider
	name     string
	region   string
	passed   []string
	logger   *slog.Logger
	announce sync.Once

	mu     sync.Mutex
	flight *flight
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
	c := &chooser{cfg: cfg}
	chosen, passed, err := c.choose()
	if err != nil {
		return nil, err
	}
	if cfg.AssumeRole != nil {
		if chosen, err = c.assumeRole(chosen); err != nil {
			return nil, err
		}
	}
	return &Source{
		provider: chosen.provider,
		name:     chosen.name,
		region:   chosen.region,
		passed:   passed,
		logger:   cfg.Logger,
	}, nil
}

// String names the source for people. It shows at most the last four characters
// of an access key.
func (s *Source) String() string { return s.name }

// Explain tells of each other source why it wasn't chosen, in the order of
// precedence.
func (s *Source) Explain() []string { return slices.Clone(s.passed) }

// Region is the region_id of the chosen profile of the CLI; "" where the source
// is another one or the profile names none.
func (s *Source) Region() string { return s.region }

// choice is a source that can be asked.
type choice struct {
	provider provider
	name     string
	region   string // Of a CLI profile.
}

// chooser builds sources from the configuration and the environment.
type chooser struct {
	cfg Config
}

func (c *chooser) env(name string) string {
	value, _ := c.cfg.LookupEnv(name)
	return value
}

// assumeRole puts the role of the provider block on top of a source.
func (c *chooser) assumeRole(base *choice) (*choice, error) {
	role := c.cfg.AssumeRole
	const attribute = "assume_role"
	if role.RoleARN == "" {
		return nil, incomplete(attribute+".role_arn", attribute, "role_arn")
	}
	duration, err := sessionDuration(attribute+".session_expiration", role.SessionExpiration)
	if err != nil {
		return nil, err
	}
	p := assumeRole{
		client: c.newSTSClient(base.provider, cmp.Or(c.cfg.Region, base.region), false),
		request: assumeRoleRequest{
			RoleARN:         role.RoleARN,
			SessionName:     cmp.Or(role.SessionName, defaultSessionName),
			DurationSeconds: duration,
			Policy:          role.Policy,
			ExternalID:      role.ExternalID,
		},
	}
	return &choice{
		provider: newRefreshing(p.fetch),
		name:     "the role " + role.RoleARN + " (assume_role), assumed with " + base.name,
		region:   base.region,
	}, nil
}
