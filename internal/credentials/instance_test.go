package credentials

import (
	"context"
	"errors"
	"strings"
	"testing"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

// The service of version 2 is asked first, with a token.
func TestMetadataVersion2(t *testing.T) {
	before := metadataTokens.Load()
	if keys := keysOf(t, Config{ECSRoleName: "instance-role"}); keys.AccessKeyId != "metadata-key" {
		t.Errorf("the key is %q", keys.AccessKeyId)
	}
	if metadataTokens.Load() == before {
		t.Error("no token was asked for")
	}
}

// An old metadata service, without tokens, is used unless that is forbidden.
func TestMetadataVersion1(t *testing.T) {
	metadataV1Only.Store(true)
	defer metadataV1Only.Store(false)
	if keys := keysOf(t, Config{ECSRoleName: "instance-role"}); keys.AccessKeyId != "metadata-key" {
		t.Errorf("the key is %q", keys.AccessKeyId)
	}
	err := failureOf(t, Config{ECSRoleName: "instance-role", LookupEnv: environment(map[string]string{imdsV1Disabled: "true"})})
	wantText(t, err.Error(), "404")
}

// Where even the metadata service has nothing, the error tells of every place.
func TestNoInstance(t *testing.T) {
	metadataDown.Store(true)
	defer metadataDown.Store(false)
	source := newSource(t, Config{})
	_, err := source.GetCredentials(t.Context())
	var mistake *ConfigError
	if !errors.As(err, &mistake) || strings.Count(mistake.Detail, "\n  - ") != 12 {
		t.Fatalf("%+v", err)
	}
	wantText(t, err.Error(), "No Credentials Found", `attribute "profile": not set`, "the instance's RAM role: get role name failed")
}

// Once it answered, the instance's failure is its own.
func TestInstanceFailsLater(t *testing.T) {
	source := newSource(t, Config{})
	if _, err := source.GetCredentials(t.Context()); err != nil {
		t.Fatal(err)
	}
	last, ok := source.provider.(*lastResort)
	if !ok || !last.answered {
		t.Fatalf("the source is %v", source)
	}
	last.provider = &blocking{letGo: closed(), err: &Error{Message: "gone"}}
	if _, err := source.GetCredentials(t.Context()); err == nil || err.Error() != "credentials from the instance's RAM role (metadata service): gone" {
		t.Error(err)
	}
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// scripted fails with each text, and then gives keys.
type scripted struct {
	static
	failures []string
	calls    int
}

func (s *scripted) retrieve(context.Context) (*sdkcredentials.Credentials, error) {
	s.calls++
	if s.calls <= len(s.failures) {
		return nil, libraryError(errors.New(s.failures[s.calls-1]), true, nil)
	}
	return &sdkcredentials.Credentials{AccessKeyId: "key"}, nil
}

// A metadata service that is slow is asked once more before nothing counts as
// found; one that isn't there isn't.
func TestSlowMetadataService(t *testing.T) {
	t.Parallel()
	const (
		dialled = `get role name failed: Get "http://100.100.100.200/latest/": dial tcp 100.100.100.200:80: i/o timeout`
		asked   = `get role name failed: Get "http://100.100.100.200/latest/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
		refused = `get role name failed: Get "http://100.100.100.200/latest/": dial tcp 100.100.100.200:80: connect: connection refused`
		noRoute = `get role name failed: Get "http://100.100.100.200/latest/": dial tcp 100.100.100.200:80: connect: no route to host`
		notHere = "get role name failed: GET http://100.100.100.200/latest/ 404"
	)
	for name, test := range map[string]struct {
		failures []string
		calls    int
		found    bool
	}{
		"slow to connect":     {[]string{dialled}, 2, true},
		"slow to answer":      {[]string{asked}, 2, true},
		"slow twice":          {[]string{asked, dialled}, 2, false},
		"slow, then not here": {[]string{asked, notHere}, 2, false},
		"refused":             {[]string{refused}, 1, false},
		"no route":            {[]string{noRoute}, 1, false},
		"no role":             {[]string{notHere}, 1, false},
	} {
		service := &scripted{failures: test.failures}
		_, err := (&lastResort{provider: service, label: "the instance"}).retrieve(t.Context())
		var mistake *ConfigError
		if test.found != (err == nil) || err != nil && !errors.As(err, &mistake) {
			t.Errorf("%s: %v", name, err)
		}
		if service.calls != test.calls {
			t.Errorf("%s: %d calls, want %d", name, service.calls, test.calls)
		}
	}
}
