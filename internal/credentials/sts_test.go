package credentials

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

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

// A call to STS says who calls, and has no parameters that STS doesn't know.
func TestCallToSTS(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	cfg := roleConfig(sts.URL)
	cfg.Region, cfg.UserAgent = "cn-beijing", "tester/1"
	keysOf(t, cfg)
	if sts.userAgent != "tester/1" {
		t.Errorf("the user agent is %q", sts.userAgent)
	}
	want := []string{
		"AccessKeyId", "Action", "DurationSeconds", "Format", "RoleArn", "RoleSessionName", "Signature", "SignatureMethod",
		"SignatureNonce", "SignatureVersion", "Timestamp", "Version",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(sts.called()[0]))); diff != "" {
		t.Error(diff)
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

// answerWith is a fault that answers instead.
func answerWith(status int, body any) func(http.ResponseWriter, url.Values) bool {
	return func(w http.ResponseWriter, _ url.Values) bool {
		reply(w, status, body)
		return true
	}
}

func TestSTSFailures(t *testing.T) {
	t.Parallel()
	failure := func(code string) map[string]string {
		return map[string]string{"Code": code, "Message": "What " + code + " says.", "RequestId": "req-9"}
	}
	tests := map[string]struct {
		fault func(http.ResponseWriter, url.Values) bool
		want  Error
	}{
		"no role":     {answerWith(404, failure("EntityNotExist.Role")), Error{Code: "EntityNotExist.Role", Message: "What EntityNotExist.Role says.", RequestID: "req-9"}},
		"throttled":   {answerWith(400, failure("Throttling.User")), Error{Code: "Throttling.User", Message: "What Throttling.User says.", RequestID: "req-9", Transient: true}},
		"server":      {answerWith(500, failure("InternalError")), Error{Code: "InternalError", Message: "What InternalError says.", RequestID: "req-9", Transient: true}},
		"proxy":       {answerWith(502, "<html>AccessKeySecret=abc</html>"), Error{Message: "HTTP status 502, and a body that is not an error of the service", Transient: true}},
		"redirect":    {answerWith(302, ""), Error{Message: "the server redirects elsewhere; redirects aren't followed"}},
		"no reply":    {answerWith(200, "page"), Error{Message: "the reply of STS is not the JSON it should be"}},
		"odd members": {answerWith(200, map[string]any{"Credentials": 7}), Error{Message: "the reply of STS is not the JSON it should be"}},
		"keys astray": {answerWith(200, map[string]any{"Credentials": map[string]any{"Expiration": "new-secret"}}), Error{Message: "the reply of STS is not the JSON it should be"}},
		"200 with a code": {
			answerWith(200, map[string]any{"Code": "NoPermission", "Message": "You may not.", "RequestId": "req-9", "Credentials": map[string]any{"AccessKeySecret": "new-secret"}}),
			Error{Code: "NoPermission", Message: "You may not.", RequestID: "req-9"},
		},
		"null": {answerWith(200, nil), Error{Message: "the reply of STS lacks credentials or their expiration"}},
		"no end": {
			answerWith(200, map[string]any{"RequestId": "req-9", "Credentials": map[string]string{"AccessKeyId": "i", "AccessKeySecret": "s", "SecurityToken": "t"}}),
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

// What STS replies is in no log either, at whatever level.
func TestRepliesOfSTSAreNotLogged(t *testing.T) {
	t.Parallel()
	const secret = "replied-secret"
	for name, fault := range map[string]func(http.ResponseWriter, url.Values) bool{
		"page":       answerWith(200, "<html>"+secret+"</html>"),
		"keys":       answerWith(200, map[string]any{"Credentials": map[string]any{"Expiration": secret}}),
		"not a page": answerWith(502, secret),
	} {
		sts := newSTS(t, httptest.NewServer)
		sts.fault = fault
		cfg := roleConfig(sts.URL)
		logger, printed := logged()
		cfg.Logger = logger
		err := failureOf(t, cfg)
		text := strings.Join(printed(), "\n")
		wantText(t, text, "level=DEBUG", "AssumeRole", "status=")
		if strings.Contains(text+err.Error(), secret) {
			t.Errorf("%s: the reply is seen in: %v\n%s", name, err, text)
		}
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
