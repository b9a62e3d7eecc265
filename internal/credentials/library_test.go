package credentials

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A credentials URI that fails once is asked again, and its failure isn't kept.
func TestURIFailsOnce(t *testing.T) {
	t.Parallel()
	failing := true
	uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
		if failing {
			failing = false
			http.Error(w, "out of order", http.StatusServiceUnavailable)
			return
		}
		reply(w, http.StatusOK, uriReply("uri-key"))
	})
	source := newSource(t, Config{CredentialsURI: uri.URL})
	var failure *Error
	if _, err := source.GetCredentials(t.Context()); !errors.As(err, &failure) || !failure.Transient {
		t.Fatalf("the first answer is %v", err)
	}
	if keys, err := source.GetCredentials(t.Context()); err != nil || keys.AccessKeyId != "uri-key" {
		t.Errorf("the second answer is %v, %v", keys, err)
	}
}

// A URI that never answers well isn't asked for ever.
func TestURIFailsAlways(t *testing.T) {
	t.Parallel()
	uri := newURI(t, http.NotFound)
	source := newSource(t, Config{CredentialsURI: uri.URL})
	var got []bool
	for range maxPassingFailures + 1 {
		_, err := source.GetCredentials(t.Context())
		var failure *Error
		if !errors.As(err, &failure) {
			t.Fatal(err)
		}
		got = append(got, failure.Transient)
	}
	if diff := cmp.Diff([]bool{true, true, false, false}, got); diff != "" {
		t.Error(diff)
	}
}

// What credentials-go makes of odd replies, panics included, is an error.
func TestOddReplies(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]any{
		"null": nil, "a list": []int{1}, "a number for a text": map[string]any{"AccessKeyId": 1},
		"no members": map[string]any{}, "bad time": uriReply("k", "Expiration", "tomorrow"),
	} {
		uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, body) })
		var failure *Error
		if err := failureOf(t, Config{CredentialsURI: uri.URL}); !errors.As(err, &failure) {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantText(t, failureOf(t, Config{ECSRoleName: "odd-role"}).Error(), "lacks a member")
}

func TestUnknownInstanceRole(t *testing.T) {
	t.Parallel()
	wantText(t, failureOf(t, Config{ECSRoleName: "unknown"}).Error(), "unknown (ecs_role_name)", "refresh Ecs sts token err")
}

// CloudSSO's own error members are understood.
func TestCloudSSORefuses(t *testing.T) {
	t.Parallel()
	sso := newCloudSSO(t)
	file := cliFile(t, profile{
		"name": "sso", "mode": "CloudSSO", "cloud_sso_sign_in_url": sso.URL, "cloud_sso_account_id": "1",
		"cloud_sso_access_config": "c", "access_token": "revoked-token", "cloud_sso_access_token_expire": 1 << 40,
	})
	var got *Error
	if err := failureOf(t, Config{Profile: "sso", SharedCredentialsFile: file}); !errors.As(err, &got) {
		t.Fatalf("%v is not an Error", err)
	}
	want := Error{
		Source: got.Source, Code: "NoPermission", RequestID: "req-3", Transient: true,
		Message: "get session token from sso failed: not by Bearer (redacted)",
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Error(diff)
	}
}

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
