package provider

import (
	"maps"
	"strings"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// place is a source of credentials: what sets it, in the provider block or in
// the environment, and what makes a service accept its keys.
type place struct {
	name      string
	arguments object
	variables map[string]string
	accept    func(service *ecstest.Server)
}

// places are all sources, in the order of precedence. The URIs are of the
// service that is to win.
func places(t *testing.T, winner, loser *ecstest.Server, wins int) []place {
	t.Helper()
	key := func(id string) func(*ecstest.Server) {
		return func(service *ecstest.Server) { service.AddKey(id, id+"-secret") }
	}
	token := func(token string) func(*ecstest.Server) {
		return func(service *ecstest.Server) { service.AllowOIDCTokens(token) }
	}
	nothing := func(*ecstest.Server) {}
	uri := func(index int) string {
		if index == wins {
			return winner.URL + ecstest.CredentialsPath
		}
		return loser.URL + ecstest.CredentialsPath
	}
	file := cliConfig(t,
		akProfile("current", "LTAIcurrent", "LTAIcurrent-secret"),
		akProfile("argument", "LTAIprofile1", "LTAIprofile1-secret"),
		akProfile("variable", "LTAIprofile2", "LTAIprofile2-secret"))
	return []place{
		{"static", object{"access_key": "LTAIstatic", "secret_key": "LTAIstatic-secret"}, nil, key("LTAIstatic")},
		{"profile", object{"profile": "argument", "shared_credentials_file": file}, nil, key("LTAIprofile1")},
		{"credentials_uri", object{"credentials_uri": uri(2)}, nil, nothing},
		{"ecs_role_name", object{"ecs_role_name": ecstest.RoleName}, nil, nothing},
		{
			"assume_role_with_oidc",
			object{"assume_role_with_oidc": object{"role_arn": roleARN, "oidc_provider_arn": oidcProviderARN, "oidc_token": "argument"}},
			nil, token("argument"),
		},
		{
			"ALICLOUD keys", nil,
			map[string]string{"ALICLOUD_ACCESS_KEY": "LTAIenv1", "ALICLOUD_SECRET_KEY": "LTAIenv1-secret"},
			key("LTAIenv1"),
		},
		{
			"ALIBABA_CLOUD keys", nil,
			map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIenv2", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "LTAIenv2-secret"},
			key("LTAIenv2"),
		},
		{
			"ALIBABACLOUD keys", nil,
			map[string]string{"ALIBABACLOUD_ACCESS_KEY_ID": "LTAIenv3", "ALIBABACLOUD_ACCESS_KEY_SECRET": "LTAIenv3-secret"},
			key("LTAIenv3"),
		},
		{
			"OIDC variables", nil,
			map[string]string{"ALIBABA_CLOUD_ROLE_ARN": roleARN, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": oidcProviderARN, "ALIBABA_CLOUD_OIDC_TOKEN": "variable"},
			token("variable"),
		},
		{
			"profile variable", nil,
			map[string]string{"ALIBABA_CLOUD_PROFILE": "variable", "ALIBABA_CLOUD_CONFIG_FILE": file},
			key("LTAIprofile2"),
		},
		{"credentials URI variable", nil, map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": uri(10)}, nothing},
		{"ECS role variable", nil, map[string]string{"ALIBABA_CLOUD_ECS_METADATA": ecstest.RoleName}, nothing},
		{"current profile", nil, map[string]string{"ALIBABA_CLOUD_CONFIG_FILE": file}, key("LTAIcurrent")},
		{"metadata service", nil, nil, nothing},
	}
}

// Each source beats all that come after it: it is the only one whose keys the
// service accepts. A stale token of the environment joins none of them.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	for wins, chosen := range places(t, &ecstest.Server{}, &ecstest.Server{}, -1) {
		t.Run(chosen.name, func(t *testing.T) {
			t.Parallel()
			winner, loser := ecstest.Start(t), ecstest.Start(t)
			if chosen.name == "ecs_role_name" || chosen.name == "ECS role variable" || chosen.name == "metadata service" {
				winner = instance
			}
			config := object{"region": ecstest.SampleRegion, "endpoints": object{"ecs": winner.URL, "sts": winner.URL}}
			variables := map[string]string{"ALIBABA_CLOUD_SECURITY_TOKEN": "stale", "ALICLOUD_SECURITY_TOKEN": "stale"}
			set := places(t, winner, loser, wins)[wins:]
			set[0].accept(winner)
			for _, later := range set {
				maps.Copy(config, later.arguments)
				maps.Copy(variables, later.variables)
			}
			if strings.HasSuffix(chosen.name, " keys") { // There it isn't stale, but a part of the source.
				delete(variables, "ALIBABA_CLOUD_SECURITY_TOKEN")
				delete(variables, "ALICLOUD_SECURITY_TOKEN")
			}
			h := newHarness(t, newTestProvider(variables))
			wantNoErrors(t, h.configure(config))
			if winner != instance && len(winner.Calls())+len(loser.Calls()) != 0 {
				t.Error("Configure made a call")
			}
			h.list(object{})
			if len(loser.Calls()) != 0 {
				t.Error("another source was asked too")
			}
		})
	}
}
