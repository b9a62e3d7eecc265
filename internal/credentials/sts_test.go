package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func roleConfig(url string) Config {
	return Config{
		AccessKey:   "base-key",
		SecretKey:   "base-secret",
		STSEndpoint: endpoint(url),
		AssumeRole:  &AssumeRole{RoleARN: "reader"},
	}
}

// The endpoint's scheme is obeyed, and the system's trusted certificates are.
func TestAssumeRoleSchemes(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(http.Handler) *httptest.Server{
		"http": httptest.NewServer, "https": httptest.NewTLSServer,
	} {
		sts := newSTS(t, start)
		keys := keysOf(t, roleConfig(sts.URL))
		if diff := cmp.Diff("session-reader-1", keys.AccessKeyId); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A call to STS says who calls, and for which region.
func TestCallToSTS(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{"": "cn-hangzhou", "eu-central-1": "eu-central-1"} {
		sts := newSTS(t, httptest.NewServer)
		cfg := roleConfig(sts.URL)
		cfg.Region, cfg.UserAgent = region, "tester/1"
		keysOf(t, cfg)
		call := sts.called()[0]
		if diff := cmp.Diff([]string{want, "tester/1"}, []string{call.Get("RegionId"), sts.userAgent}); diff != "" {
			t.Errorf("%q: %s", region, diff)
		}
	}
}

func TestAssumeRoleParameters(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		role AssumeRole
		want url.Values
	}{
		"least": {
			AssumeRole{RoleARN: "reader"},
			url.Values{"RoleArn": {"reader"}, "RoleSessionName": {"terraform-provider-aliyun"}, "DurationSeconds": {"3600"}},
		},
		"all": {
			AssumeRole{RoleARN: "acs:ram::1:role/a b", SessionName: "nightly", SessionExpiration: 900, Policy: `{"Version": "1"}`, ExternalID: "x*~"},
			url.Values{
				"RoleArn": {"acs:ram::1:role/a b"}, "RoleSessionName": {"nightly"}, "DurationSeconds": {"900"},
				"Policy": {`{"Version": "1"}`}, "ExternalId": {"x*~"},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := newSTS(t, httptest.NewServer)
			cfg := roleConfig(sts.URL)
			cfg.AssumeRole = &test.role
			keysOf(t, cfg)
			got := url.Values{}
			for _, name := range []string{"RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "ExternalId"} {
				if value := sts.called()[0][name]; value != nil {
					got[name] = value
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// assume_role stands on whichever source answers, also on temporary keys.
func TestAssumeRoleOnTop(t *testing.T) {
	t.Parallel()
	for _, below := range sources(t) {
		t.Run(below.name, func(t *testing.T) {
			sts := newSTS(t, httptest.NewServer)
			sts.secrets[below.key] = "secret-of-" + below.key
			variables := map[string]string{}
			cfg := Config{AssumeRole: &AssumeRole{RoleARN: "top"}, LookupEnv: environment(variables)}
			below.set(&cfg, variables)
			cfg.STSEndpoint = endpoint(sts.URL)
			keys := keysOf(t, cfg)
			calls := sts.called()
			want := fmt.Sprintf("session-top-%d", len(calls))
			if keys.AccessKeyId != want {
				t.Errorf("the key is %q, want %q", keys.AccessKeyId, want)
			}
		})
	}
}

// clockOf lets the test set the clock by which a role's session is kept.
func clockOf(t *testing.T, source *Source) *time.Time {
	t.Helper()
	cache, ok := source.provider.(*refreshing)
	if !ok {
		t.Fatal("a role's session is not cached")
	}
	now := time.Now()
	cache.now = func() time.Time { return now }
	return &now
}

// A session that lives shorter than others are refreshed ahead of their end isn't
// replaced at each call, but after two thirds of its life.
func TestShortSession(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	sts.lifetime = time.Minute
	source := newSource(t, roleConfig(sts.URL))
	now := clockOf(t, source)
	for _, step := range []struct {
		later time.Duration
		calls int
	}{{0, 1}, {0, 1}, {35 * time.Second, 1}, {10 * time.Second, 2}, {0, 2}} {
		*now = now.Add(step.later)
		keys := mustGet(t, source)
		if want := fmt.Sprintf("session-reader-%d", step.calls); keys.AccessKeyId != want {
			t.Errorf("the key is %q, want %q", keys.AccessKeyId, want)
		}
	}
}

func TestLongSession(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	source := newSource(t, roleConfig(sts.URL))
	for range 3 {
		if _, err := source.GetCredentials(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if calls := len(sts.called()); calls != 1 {
		t.Errorf("%d calls for one session", calls)
	}
}

// A token file is read at each refresh, and its line feed isn't sent.
func TestRotatedTokenFile(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	sts.lifetime = time.Minute
	file := write(t, filepath.Join(t.TempDir(), "token"), "good-token-1\n")
	source := newSource(t, Config{
		STSEndpoint:        endpoint(sts.URL),
		AssumeRoleWithOIDC: &AssumeRoleWithOIDC{RoleARN: "reader", ProviderARN: "provider", TokenFile: file},
	})
	now := clockOf(t, source)
	for _, token := range []string{"good-token-1", "good-token-2"} {
		write(t, file, token+"\n")
		mustGet(t, source)
		*now = now.Add(time.Minute)
		calls := sts.called()
		if diff := cmp.Diff(token, calls[len(calls)-1].Get("OIDCToken")); diff != "" {
			t.Error(diff)
		}
	}
}

// Where an environment or a profile has both, the file is what gets renewed.
func TestTokenFileBeforeToken(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	file := write(t, filepath.Join(t.TempDir(), "token"), "good-token-of-the-file")
	for name, cfg := range map[string]Config{
		"variables": {LookupEnv: environment(map[string]string{
			"ALIBABA_CLOUD_ROLE_ARN": "r", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p",
			"ALIBABA_CLOUD_OIDC_TOKEN": "good-token-itself", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": file,
		})},
		"profile": {SharedCredentialsFile: cliFile(t, profile{
			"name": "p", "mode": "OIDC", "oidc_provider_arn": "p", "ram_role_arn": "r", "oidc_token": "good-token-itself", "oidc_token_file": file,
		})},
	} {
		cfg.STSEndpoint = endpoint(sts.URL)
		keysOf(t, cfg)
		calls := sts.called()
		if diff := cmp.Diff("good-token-of-the-file", calls[len(calls)-1].Get("OIDCToken")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTokenFileFailures(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for file, part := range map[string]string{
		filepath.Join(folder, "missing"):                "can't be read",
		write(t, filepath.Join(folder, "empty"), " \n"): "is empty",
	} {
		err := failureOf(t, Config{AssumeRoleWithOIDC: &AssumeRoleWithOIDC{RoleARN: "r", ProviderARN: "p", TokenFile: file}})
		wantText(t, err.Error(), part, file)
		if part == "can't be read" && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v is not fs.ErrNotExist", err)
		}
	}
}

func TestSTSFailures(t *testing.T) {
	t.Parallel()
	answer := func(status int, body any) func(http.ResponseWriter, url.Values) bool {
		return func(w http.ResponseWriter, _ url.Values) bool {
			reply(w, status, body)
			return true
		}
	}
	failure := func(code string) map[string]string {
		return map[string]string{"Code": code, "Message": "What " + code + " says.", "RequestId": "req-9"}
	}
	tests := map[string]struct {
		fault func(http.ResponseWriter, url.Values) bool
		want  Error
	}{
		"no role":     {answer(404, failure("EntityNotExist.Role")), Error{Code: "EntityNotExist.Role", Message: "What EntityNotExist.Role says.", RequestID: "req-9"}},
		"throttled":   {answer(400, failure("Throttling.User")), Error{Code: "Throttling.User", Message: "What Throttling.User says.", RequestID: "req-9", Transient: true}},
		"server":      {answer(500, failure("InternalError")), Error{Code: "InternalError", Message: "What InternalError says.", RequestID: "req-9", Transient: true}},
		"proxy":       {answer(502, "<html>AccessKeySecret=abc</html>"), Error{Message: "HTTP status 502, and a body that is not an error of the service", Transient: true}},
		"redirect":    {answer(302, ""), Error{Message: "the server redirects elsewhere; redirects of signed calls are not followed"}},
		"no reply":    {answer(200, "page"), Error{Message: "the reply of STS is not the JSON it should be"}},
		"odd members": {answer(200, map[string]any{"Credentials": 7}), Error{Message: "the reply of STS is not the JSON it should be"}},
		"keys astray": {answer(200, map[string]any{"Credentials": map[string]any{"Expiration": "new-secret"}}), Error{Message: "the reply of STS is not the JSON it should be"}},
		"200 with a code": {
			answer(200, map[string]any{"Code": "NoPermission", "Message": "You may not.", "RequestId": "req-9", "Credentials": map[string]any{"AccessKeySecret": "new-secret"}}),
			Error{Code: "NoPermission", Message: "You may not.", RequestID: "req-9"},
		},
		"null": {answer(200, nil), Error{Message: "the reply of STS lacks credentials or their expiration"}},
		"no end": {
			answer(200, map[string]any{"RequestId": "req-9", "Credentials": map[string]string{"AccessKeyId": "i", "AccessKeySecret": "s", "SecurityToken": "t"}}),
			Error{Message: "the reply of STS lacks credentials or their expiration", RequestID: "req-9"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := newSTS(t, httptest.NewServer)
			sts.fault = test.fault
			var got *Error
			if err := failureOf(t, roleConfig(sts.URL)); !errors.As(err, &got) {
				t.Fatalf("%v is not an Error", err)
			}
			test.want.Source = got.Source
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Error(diff)
			}
			// Whether to ask again is for the call to say that the keys are for.
			if calls := len(sts.called()); calls != 1 {
				t.Errorf("%d calls", calls)
			}
		})
	}
}

func TestNetworkFailures(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(nil)
	gone.Close()
	plain := newSTS(t, httptest.NewServer)
	reset := newSTS(t, httptest.NewServer)
	reset.fault = func(http.ResponseWriter, url.Values) bool { panic(http.ErrAbortHandler) }
	tests := map[string]struct {
		endpoint  string
		transient bool
	}{
		"refused":          {gone.URL, false},
		"http on https":    {"https" + plain.URL[len("http"):], false},
		"connection reset": {reset.URL, true},
	}
	for name, test := range tests {
		var got *Error
		if err := failureOf(t, roleConfig(test.endpoint)); !errors.As(err, &got) {
			t.Fatalf("%s: %v is not an Error", name, err)
		}
		if got.Temporary() != test.transient || got.Message == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The session lives on while a refresh ahead of its end fails, and the next is not
// tried at once.
func TestFailingRefresh(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	cfg := roleConfig(sts.URL)
	logger, printed := logged()
	cfg.Logger = logger
	source := newSource(t, cfg)
	now := clockOf(t, source)
	start := *now
	mustGet(t, source)
	sts.fault = func(w http.ResponseWriter, _ url.Values) bool {
		reply(w, http.StatusInternalServerError, nil)
		return true
	}
	for _, step := range []struct {
		after time.Duration
		calls int
		good  bool
	}{
		{56 * time.Minute, 1, true},
		{58 * time.Minute, 2, true},
		{58*time.Minute + 9*time.Second, 2, true},
		{58*time.Minute + 10*time.Second, 3, true},
		{59*time.Minute + 55*time.Second, 4, true},
		{60 * time.Minute, 5, false},
		{60 * time.Minute, 6, false},
	} {
		*now = start.Add(step.after)
		keys, err := source.GetCredentials(t.Context())
		if (err == nil) != step.good || err == nil && keys.AccessKeyId != "session-reader-1" {
			t.Errorf("after %s: %v, %v", step.after, keys, err)
		}
		if calls := len(sts.called()); calls != step.calls {
			t.Errorf("after %s: %d calls, want %d", step.after, calls, step.calls)
		}
	}
	wantText(t, strings.Join(printed(), "\n"), "level=WARN", "they still live", "HTTP status 500")
}
