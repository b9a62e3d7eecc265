package provider

import (
	"maps"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// CI systems and Kubernetes replace the token in the file; it is read again for
// each session.
func TestRotatedTokenFile(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	file := filepath.Join(t.TempDir(), "token")
	h := newHarness(t, newTestProvider(nil))
	wantNoErrors(t, h.configure(object{
		"region":                ecstest.SampleRegion,
		"endpoints":             object{"ecs": service.URL, "sts": service.URL},
		"assume_role_with_oidc": object{"role_arn": roleARN, "oidc_provider_arn": oidcProviderARN, "oidc_token_file": file},
	}))
	for _, token := range []string{"first-token", "second-token"} {
		writeFile(t, file, token+"\n")
		service.AllowOIDCTokens(token)
		service.ClearFaults()
		service.Inject(ecstest.FirstN(1, expired)) // Which ends the first session.
		if got := len(h.list(object{})); got != 10 {
			t.Errorf("with the %s: got %d snapshots", token, got)
		}
	}
	for _, call := range service.Calls() {
		if call.Action == ecstest.ActionAssumeRoleWithOIDC && call.Code != "" {
			t.Errorf("a token was refused: %s", call.Code)
		}
	}
}

var expired = ecstest.ErrorCode(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")

// A session may end before its time: this machine's clock may be behind, or the
// role was changed.
func TestSessionThatEndsEarly(t *testing.T) {
	t.Parallel()
	for action, source := range map[string]object{
		ecstest.ActionCredentialsURI: nil,
		ecstest.ActionAssumeRole: {
			"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "assume_role": object{"role_arn": roleARN},
		},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			service := ecstest.Start(t, ecstest.Sample(500)...)
			var first atomic.Value // The first session's key, with which only the first page is read.
			service.Inject(func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
				key := x.Params.Get("AccessKeyId")
				if first.CompareAndSwap(nil, key) || first.Load() != key {
					return next(x)
				}
				return expired(x, next)
			})
			config := object{"region": ecstest.SampleRegion, "endpoints": object{"ecs": service.URL, "sts": service.URL}}
			maps.Copy(config, source)
			if source == nil {
				config["credentials_uri"] = service.URL + ecstest.CredentialsPath
			}
			h := newHarness(t, newTestProvider(nil))
			wantNoErrors(t, h.configure(config))
			if got := len(h.list(object{})); got != 500 {
				t.Errorf("got %d snapshots", got)
			}
			if n := service.CallCount(action); n < 2 {
				t.Errorf("the source was asked %d times", n)
			}
		})
	}
}

// A session is shared by all pages and data sources of a provider.
func TestSharedSession(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(1000)...)
	h := newHarness(t, newTestProvider(nil))
	config := serviceConfig(service)
	config["assume_role"] = object{"role_arn": roleARN}
	config["endpoints"] = object{"ecs": service.URL, "sts": service.URL}
	wantNoErrors(t, h.configure(config))
	h.list(object{"limit": 1})
	h.list(object{"status": "failed"})
	if n := service.CallCount(ecstest.ActionAssumeRole); n != 1 {
		t.Errorf("the role was assumed %d times", n)
	}
}

// What passes is asked for again, within the read.
func TestSourceThatFailsOnce(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]ecstest.Fault{
		"500":       ecstest.Status500(),
		"HTML":      ecstest.BadGatewayHTML(),
		"cut":       ecstest.TruncateBody(20),
		"reset":     ecstest.Reset(),
		"throttled": ecstest.Throttle("Throttling.User", nil),
	} {
		for action, source := range map[string]object{
			ecstest.ActionCredentialsURI: {},
			ecstest.ActionAssumeRole: {
				"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "assume_role": object{"role_arn": roleARN},
			},
		} {
			t.Run(action+" "+name, func(t *testing.T) {
				t.Parallel()
				service := ecstest.Start(t, ecstest.Sample(10)...)
				service.InjectInto(action, ecstest.FirstN(1, fault))
				config := object{"region": ecstest.SampleRegion, "endpoints": object{"ecs": service.URL, "sts": service.URL}}
				for name, value := range source {
					config[name] = value
				}
				if action == ecstest.ActionCredentialsURI {
					config["credentials_uri"] = service.URL + ecstest.CredentialsPath
				}
				h := newHarness(t, newTestProvider(nil))
				wantNoErrors(t, h.configure(config))
				if got := len(h.list(object{})); got != 10 {
					t.Errorf("got %d snapshots", got)
				}
				if n := service.CallCount(action); n != 2 {
					t.Errorf("the source was asked %d times, want 2", n)
				}
			})
		}
	}
}
