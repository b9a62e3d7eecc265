package provider

import (
	"maps"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// A walk of many pages takes longer than the sessions that it is signed with
// live: it asks for new ones on the way, whatever the source. All pages but the
// first wait for the one slot together, and no key may age meanwhile.
func TestExpiryInTheMiddleOfAWalk(t *testing.T) {
	t.Parallel()
	static := object{"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret}
	tests := map[string]struct {
		action string
		config func(service *ecstest.Server) object
	}{
		"assume_role": {ecstest.ActionAssumeRole, func(*ecstest.Server) object {
			return object{"access_key": static["access_key"], "secret_key": static["secret_key"], "assume_role": object{"role_arn": roleARN}}
		}},
		"assume_role_with_oidc": {ecstest.ActionAssumeRoleWithOIDC, func(service *ecstest.Server) object {
			service.AllowOIDCTokens("token")
			return object{"assume_role_with_oidc": object{"role_arn": roleARN, "oidc_provider_arn": oidcProviderARN, "oidc_token": "token"}}
		}},
		"credentials_uri": {ecstest.ActionCredentialsURI, func(service *ecstest.Server) object {
			return object{"credentials_uri": service.URL + ecstest.CredentialsPath}
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const (
				pages = 25
				life  = 2 * time.Second
			)
			service := ecstest.Start(t, ecstest.Sample(pages*100)...)
			service.SetSessionLife(life)
			service.Inject(ecstest.Latency(100 * time.Millisecond))
			config := test.config(service)
			config["region"] = ecstest.SampleRegion
			config["endpoints"] = object{"ecs": service.URL, "sts": service.URL}
			config["max_concurrent_requests"] = 1
			h := newHarness(t, newTestProvider(nil))
			wantNoErrors(t, h.configure(config))
			h.list(object{})
			if got := service.CallCount(ecstest.ActionDescribeSnapshots); got < pages {
				t.Errorf("%d calls for %d pages", got, pages)
			}
			calls := service.Calls()
			if took := calls[len(calls)-1].Time.Sub(calls[0].Time); took < life {
				t.Errorf("the walk took only %s", took)
			}
			asked := service.CallCount(test.action)
			if asked < 2 {
				t.Error("no session was renewed")
			}
			// credentials-go, which the URI is asked by, doesn't keep what ends so soon.
			if asked > pages/2 && name != "credentials_uri" {
				t.Errorf("%d sessions for %d pages", asked, pages)
			}
			for _, call := range calls {
				if call.Code != "" {
					t.Errorf("%s was refused: %s", call.Action, call.Code)
				}
			}
		})
	}
}

// CI systems and Kubernetes replace the token in the file; it is read again for
// each session.
func TestRotatedTokenFile(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	service.SetSessionLife(2 * time.Second)
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
			service := ecstest.Start(t, ecstest.Sample(1200)...)
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
			if got := len(h.list(object{})); got != 1200 {
				t.Errorf("got %d snapshots", got)
			}
			if n := service.CallCount(action); n < 2 {
				t.Errorf("the source was asked %d times", n)
			}
		})
	}
}

// The source may be out of order for longer than one answer, in the middle of a
// walk: what it gave before is used meanwhile.
func TestOutageInTheMiddleOfAWalk(t *testing.T) {
	t.Parallel()
	const pages = 30
	service := ecstest.Start(t, ecstest.Sample(pages*100)...)
	service.SetSessionLife(2 * time.Second) // It is asked again for each page.
	service.InjectInto(ecstest.ActionCredentialsURI, ecstest.AfterN(5, ecstest.FirstN(3, ecstest.Status500())))
	h := newHarness(t, newTestProvider(nil))
	wantNoErrors(t, h.configure(object{
		"region": ecstest.SampleRegion, "endpoints": object{"ecs": service.URL}, "credentials_uri": service.URL + ecstest.CredentialsPath,
		"max_concurrent_requests": 1,
	}))
	if got := len(h.list(object{})); got != pages*100 {
		t.Errorf("got %d snapshots", got)
	}
	if n := service.CallCount(ecstest.ActionCredentialsURI); n < 6 {
		t.Errorf("the URI was asked %d times, and never failed", n)
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
