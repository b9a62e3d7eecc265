package credentials

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
)

func mustGet(t *testing.T, source *Source) *sdkcredentials.Credentials {
	t.Helper()
	keys, err := source.GetCredentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// Keys that the service refused are given up, whoever remembers them; what came
// after them isn't.
func TestRenew(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	asked := 0
	uri := newURI(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		reply(w, http.StatusOK, uriReply(fmt.Sprintf("uri-key-%d", asked)))
	})
	for name, cfg := range map[string]Config{
		"URI":         {CredentialsURI: uri.URL},
		"assume_role": roleConfig(sts.URL),
		"OIDC": {
			STSEndpoint:        endpoint(sts.URL),
			AssumeRoleWithOIDC: &AssumeRoleWithOIDC{RoleARN: "reader", ProviderARN: "provider", Token: "good-token"},
		},
	} {
		source := newSource(t, cfg)
		refused := mustGet(t, source)
		for range 3 { // As many calls as were refused at once.
			if !source.Renew(refused) {
				t.Errorf("%s: no other keys are to be had", name)
			}
		}
		next := mustGet(t, source)
		if next.AccessKeyId == refused.AccessKeyId {
			t.Errorf("%s: the refused %q were given again", name, next.AccessKeyId)
		}
		source.Renew(refused)
		if again := mustGet(t, source); again.AccessKeyId != next.AccessKeyId {
			t.Errorf("%s: %q were given up for %q", name, next.AccessKeyId, again.AccessKeyId)
		}
	}
}

// Keys that were given as such can't be had anew.
func TestRenewStatic(t *testing.T) {
	t.Parallel()
	file := cliFile(t, profile{"name": "sts", "mode": "StsToken", "access_key_id": "k", "access_key_secret": "s", "sts_token": "t"})
	for name, cfg := range map[string]Config{
		"attributes": {AccessKey: "key", SecretKey: "secret", SecurityToken: "token"},
		"profile":    {SharedCredentialsFile: file},
	} {
		source := newSource(t, cfg)
		if source.Renew(mustGet(t, source)) {
			t.Errorf("%s: other keys are said to be had", name)
		}
		mustGet(t, source)
	}
}

// The keys that a role is assumed with may be refused too.
func TestRenewBelowARole(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	uri := newURI(t, nil)
	sts.secrets["uri-key"] = "secret-of-uri-key"
	refused := 0
	sts.fault = func(w http.ResponseWriter, _ url.Values) bool {
		refused++
		if refused > 1 {
			return false
		}
		reply(w, http.StatusBadRequest, map[string]string{"Code": "InvalidSecurityToken.Expired"})
		return true
	}
	mustGet(t, newSource(t, Config{CredentialsURI: uri.URL, STSEndpoint: endpoint(sts.URL), AssumeRole: &AssumeRole{RoleARN: "reader"}}))
}

// A retrieval that began before its keys were refused isn't waited for.
func TestRenewDuringAFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hanging := &blocking{letGo: make(chan struct{})}
		source := &Source{provider: hanging, logger: quietLogger}
		var all sync.WaitGroup
		get := func() {
			if _, err := source.GetCredentials(t.Context()); err != nil {
				t.Error(err)
			}
		}
		all.Go(get)
		synctest.Wait()
		source.Renew(&sdkcredentials.Credentials{AccessKeyId: "key"})
		all.Go(get)
		synctest.Wait()
		close(hanging.letGo)
		all.Wait()
		if calls := hanging.calls.Load(); calls != 2 {
			t.Errorf("%d retrievals, want one before the refusal and one after", calls)
		}
	})
}
