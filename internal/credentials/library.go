package credentials

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"
)

const (
	// lastKeysGrace is how long the last keys are still used after a failed refresh.
	// credentials-go refreshes this long before they expire, and doesn't tell when
	// that is.
	lastKeysGrace = 3 * time.Minute
	// passingFor is how long a failure of unknown cause counts as transient.
	passingFor = 10 * time.Second
)

// library is a provider of credentials-go. The call takes no context, so it may
// outlive its flight by its own timeouts (15 s, for the metadata service 2 s a
// request); Source doesn't wait for it.
type library struct {
	build   func() (providers.CredentialsProvider, error)
	built   providers.CredentialsProvider // nil before the first use and after its keys were refused.
	secrets []string                      // What its errors may repeat.
	logger  *slog.Logger
	now     func() time.Time

	last    *sdkcredentials.Credentials // The last good keys, or nil.
	failing time.Time                   // When calls began to fail; zero if the last one didn't.
	pause   time.Time                   // Until then the last keys are used without a call.
}

// newLibrary also builds the provider once, to find mistakes early.
func (f *finder) newLibrary(build func() (providers.CredentialsProvider, error), secrets ...string) (*library, error) {
	built, err := build()
	return &library{build: build, built: built, secrets: secrets, logger: f.cfg.Logger, now: time.Now}, err
}

func (l *library) retrieve(ctx context.Context) (*sdkcredentials.Credentials, error) {
	if l.last != nil && l.now().Before(l.pause) {
		return l.lastKeys(), nil
	}
	keys, err := l.ask()
	if err == nil {
		l.failing, l.pause = time.Time{}, time.Time{}
		l.last = forSDK(keys)
		return l.lastKeys(), nil
	}
	now := l.now()
	if l.failing.IsZero() {
		l.failing = now
	}
	failure := libraryError(err, now.Sub(l.failing) < passingFor, l.secrets)
	if l.last == nil || now.Sub(l.failing) >= lastKeysGrace {
		return nil, failure
	}
	l.pause = now.Add(refreshPause)
	l.logger.WarnContext(ctx, "could not refresh credentials; still using the last ones", slog.String("error", failure.Message))
	return l.lastKeys(), nil
}

func (l *library) lastKeys() *sdkcredentials.Credentials {
	keys := *l.last
	return &keys
}

// forget drops the keys here and, by building a new provider, in credentials-go.
func (l *library) forget(refused *sdkcredentials.Credentials) {
	if l.last != nil && same(l.last, refused) {
		l.last, l.built = nil, nil
	}
}

func (l *library) renewable() bool { return true }

func (l *library) ask() (*providers.Credentials, error) {
	if l.built == nil {
		built, err := l.build()
		if err != nil {
			return nil, err
		}
		l.built = built
	}
	return recovered(l.built)
}

// recovered turns a panic into an error: some providers dereference members that
// an odd reply doesn't have (v1.4.14: Expiration, the metadata service's Code).
func recovered(provider providers.CredentialsProvider) (keys *providers.Credentials, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the reply lacks a member that it must have (%v)", r)
		}
	}()
	return provider.GetCredentials()
}
