package credentials

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

func roleConfig(url string) Config {
	return Config{
		AccessKey:   "base-key",
		SecretKey:   "base-secret",
		STSEndpoint: endpoint(url),
		AssumeRole:  &Role{RoleARN: arn("reader")},
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
		if diff := cmp.Diff("session-reader-1", keys.AccessKeyID); diff != "" {
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
		"AccessKeyId", "Action", "DurationSeconds", "Format", "RegionId", "RoleArn", "RoleSessionName", "Signature", "SignatureMethod",
		"SignatureNonce", "SignatureType", "SignatureVersion", "Timestamp", "Version",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(sts.called()[0]))); diff != "" {
		t.Error(diff)
	}
}

func TestAssumeRoleParameters(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		role Role
		want url.Values
	}{
		"least": {
			Role{RoleARN: arn("reader")},
			url.Values{"RoleArn": {arn("reader")}, "RoleSessionName": {"terraform-provider-aliyun"}, "DurationSeconds": {"3600"}},
		},
		"all": {
			Role{RoleARN: "acs:ram::1:role/a*~", SessionName: "nightly", SessionExpiration: 900, Policy: `{"Version": "1"}`, ExternalID: "x*~"},
			url.Values{
				"RoleArn": {"acs:ram::1:role/a*~"}, "RoleSessionName": {"nightly"}, "DurationSeconds": {"900"},
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
	sts := newSTS(t, httptest.NewServer)
	for _, below := range sources(t) {
		variables := map[string]string{}
		cfg := Config{AssumeRole: &Role{RoleARN: arn("top")}, LookupEnv: environment(variables), MetadataEndpoint: below.metadata}
		below.set(&cfg, variables)
		cfg.STSEndpoint = endpoint(sts.URL)
		if below.fixed {
			sts.secrets[below.key] = "secret-of-" + below.key
		}
		if keys := keysOf(t, cfg); !strings.HasPrefix(keys.AccessKeyID, "session-top-") {
			t.Errorf("%s: the key is %q", below.name, keys.AccessKeyID)
		}
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
	const secret = "replied-secret"
	failure := func(code string) map[string]string {
		return map[string]string{"Code": code, "Message": "What " + code + " says.", "RequestId": "req-9"}
	}
	unreadable := map[string]any{"Credentials": map[string]any{"Expiration": secret}}
	tests := map[string]struct {
		fault func(http.ResponseWriter, url.Values) bool
		want  rpc.Error // Without the texts that are internal/rpc's own.
	}{
		"no role":     {answerWith(404, failure("EntityNotExist.Role")), rpc.Error{Code: "EntityNotExist.Role", Message: "What EntityNotExist.Role says.", RequestID: "req-9"}},
		"throttled":   {answerWith(400, failure("Throttling.User")), rpc.Error{Code: "Throttling.User", Message: "What Throttling.User says.", RequestID: "req-9", Transient: true}},
		"server":      {answerWith(500, failure("InternalError")), rpc.Error{Code: "InternalError", Message: "What InternalError says.", RequestID: "req-9", Transient: true}},
		"proxy":       {answerWith(502, "<html>AccessKeySecret="+secret+"</html>"), rpc.Error{Transient: true}},
		"redirect":    {answerWith(302, ""), rpc.Error{}},
		"no reply":    {answerWith(200, "page "+secret), rpc.Error{}},
		"odd members": {answerWith(200, map[string]any{"Credentials": 7}), rpc.Error{}},
		"keys astray": {answerWith(200, unreadable), rpc.Error{Message: "the response lacks AccessKeyId" + expectedForm}},
		"200 with a code": {
			answerWith(200, map[string]any{"Code": "NoPermission", "Message": "You may not.", "RequestId": "req-9", "Credentials": map[string]any{"AccessKeySecret": secret}}),
			rpc.Error{Code: "NoPermission", Message: "You may not.", RequestID: "req-9"},
		},
		"null": {answerWith(200, nil), rpc.Error{Message: "the response lacks AccessKeyId" + expectedForm}},
		"no end": {
			answerWith(200, map[string]any{"RequestId": "req-9", "Credentials": map[string]string{"AccessKeyId": "i", "AccessKeySecret": secret, "SecurityToken": "t"}}),
			rpc.Error{Message: "the response lacks Expiration" + expectedForm, RequestID: "req-9"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := newSTS(t, httptest.NewServer)
			sts.fault = test.fault
			cfg := roleConfig(sts.URL)
			logger, printed := logged()
			cfg.Logger = logger
			got := errorOf(t, cfg)
			if got.Message == "" {
				t.Errorf("nothing is told: %+v", got)
			}
			want := test.want
			if want.Message != got.Message && want.Message != "" || got.Code != want.Code || got.RequestID != want.RequestID || got.Transient != want.Transient {
				t.Errorf("got %+v, want %+v", got, want)
			}
			wantText(t, printed(), "level=DEBUG", "AssumeRole")
			wantNone(t, got.Error()+printed(), secret)
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
		got := errorOf(t, roleConfig(test.endpoint))
		if got.Transient != test.transient || got.Message == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
