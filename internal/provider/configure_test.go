package provider

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for text, part := range map[string]string{
		"http://127.0.0.1:8080/":       "path",
		"https://ecs.example.com/path": "path",
		"ecs.example.com?x=y":          "query",
		"https://ecs.example.com#x":    "fragment",
		"https://me@ecs.example.com":   "user part",
		"https://me:pw@example.com":    "user part",
		"ftp://ecs.example.com":        "scheme",
		"ecs.example.com:99999":        "port",
		"ecs.example.com:":             "port",
		"https://":                     "host",
		"ecs example.com":              "",
		"":                             "",
	} {
		for _, name := range []string{"ecs", "sts"} {
			h := newHarness(t, newTestProvider(nil))
			diags := h.configure(object{"access_key": "LTAIkey", "secret_key": "secret", "endpoints": object{name: text}})
			wantOne(t, diags, at("endpoints", name), "ERROR", "Invalid endpoints."+name, part, "Allowed are host, host:port")
			if strings.Contains(printed(diags), "pw") {
				t.Errorf("a password is shown: %s", printed(diags))
			}
		}
	}
	for _, text := range []string{"ecs.example.com", "ecs.example.com:8443", "http://127.0.0.1:8080", "https://[::1]:8443", "HTTPS://ecs.example.com"} {
		h := newHarness(t, newTestProvider(nil))
		wantNoErrors(t, h.configure(object{"access_key": "LTAIkey", "secret_key": "secret", "endpoints": object{"ecs": text, "sts": text}}))
	}
}

// Where the block has no endpoint, the environment's are obeyed as by the official
// provider.
func TestEndpointVariables(t *testing.T) {
	t.Parallel()
	service, other := ecstest.Start(t, ecstest.Sample(10)...), "http://127.0.0.1:1"
	role := object{"role_arn": roleARN}
	keys := object{"region": ecstest.SampleRegion, "access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "assume_role": role}
	for name, test := range map[string]struct {
		endpoints object
		variables map[string]string
	}{
		"newer names": {nil, map[string]string{
			"ALIBABA_CLOUD_ENDPOINT_ECS": service.URL, "ECS_ENDPOINT": other, "ALIBABA_CLOUD_ENDPOINT_STS": service.URL, "STS_ENDPOINT": other,
		}},
		"older names": {nil, map[string]string{"ECS_ENDPOINT": service.URL + "/\n", "STS_ENDPOINT": service.URL}},
		"the block":   {object{"ecs": service.URL, "sts": service.URL}, map[string]string{"ALIBABA_CLOUD_ENDPOINT_ECS": other, "ALIBABA_CLOUD_ENDPOINT_STS": other}},
		"one of each": {object{"ecs": service.URL}, map[string]string{"ECS_ENDPOINT": other, "STS_ENDPOINT": service.URL}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := maps.Clone(keys)
			if test.endpoints != nil {
				config["endpoints"] = test.endpoints
			}
			h := newHarness(t, newTestProvider(test.variables))
			wantNoErrors(t, h.configure(config))
			if got := len(h.list(object{})); got != 10 {
				t.Errorf("got %d snapshots", got)
			}
		})
	}
	h := newHarness(t, newTestProvider(map[string]string{"ECS_ENDPOINT": "https://user:pw@ecs.example"}))
	diags := h.configure(keys)
	wantOne(t, diags, "", "ERROR", "Invalid Endpoint", "ECS_ENDPOINT", "user part")
	if strings.Contains(printed(diags), "pw") {
		t.Errorf("a password is shown: %s", printed(diags))
	}
}

// Keys, tokens and paths that were read from files end in line feeds.
func TestWhiteSpaceAroundArguments(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	session := service.IssueSession()
	file := cliConfig(t, akProfile("p", ecstest.AccessKeyID, ecstest.AccessKeySecret))
	for name, config := range map[string]object{
		"keys":    {"access_key": session.AccessKeyID + "\r\n", "secret_key": "\t" + session.AccessKeySecret + "\n", "security_token": session.SecurityToken + " "},
		"profile": {"profile": "p\n", "shared_credentials_file": " " + file + "\n"},
		"URI":     {"credentials_uri": service.URL + ecstest.CredentialsPath + "\n"},
		"role": {
			"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret,
			"assume_role": object{"role_arn": roleARN, "external_id": "external\n"},
		},
	} {
		config["region"], config["endpoints"] = ecstest.SampleRegion, object{"ecs": service.URL, "sts": service.URL}
		h := newHarness(t, newTestProvider(nil))
		wantNoErrors(t, h.configure(config))
		if got := len(h.list(object{})); got != 10 {
			t.Errorf("%s: got %d snapshots", name, got)
		}
	}
}

// A source of the block that the official provider wouldn't use is a warning, which
// names both.
func TestOtherIdentityWarning(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	h := newHarness(t, newTestProvider(map[string]string{"ALICLOUD_ACCESS_KEY": "LTAI5tOther1234", "ALICLOUD_SECRET_KEY": "other-secret"}))
	diags := h.configure(object{
		"region": ecstest.SampleRegion, "credentials_uri": service.URL + ecstest.CredentialsPath, "endpoints": object{"ecs": service.URL},
	})
	wantOne(t, diags, "", "WARNING", "The Official Provider Would Use Other Credentials", "credentials_uri", "ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY", "****1234")
	if got := len(h.list(object{})); got != 10 {
		t.Errorf("got %d snapshots", got)
	}
}

func TestProviderArguments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		value any
		parts []string
	}{
		{"region", "CN Hangzhou", nil},
		{"max_concurrent_requests", 0, []string{"a whole number from 1 to 32"}},
		{"max_concurrent_requests", 33, []string{"a whole number from 1 to 32"}},
		{"max_concurrent_requests", 1.5, []string{"whole number"}},
	} {
		h := newHarness(t, newTestProvider(nil))
		wantOne(t, h.configure(object{"access_key": "LTAIkey", "secret_key": "secret", test.name: test.value}), at(test.name), test.parts...)
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	for extra, want := range map[string]string{
		"":                      "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aliyun/test",
		" pipeline/7 \r\nX: 数":  "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aliyun/test pipeline/7 X: 数",
		"pipeline\x1b[1m/\x7f7": "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aliyun/test pipeline\ufffd[1m/\ufffd7",
	} {
		service := ecstest.Start(t)
		h := newHarness(t, newTestProvider(map[string]string{"TF_APPEND_USER_AGENT": extra}))
		wantNoErrors(t, h.configure(serviceConfig(service)))
		h.list(object{})
		if got := service.Calls()[0].Header.Get("User-Agent"); got != strings.TrimSpace(want) {
			t.Errorf("the user agent is %q, want %q", got, want)
		}
	}
}

// The bound is for the whole provider, over all of its data sources.
func TestMaxConcurrentRequests(t *testing.T) {
	t.Parallel()
	for _, bound := range []int{1, 3, 8} {
		synctest.Test(t, func(t *testing.T) {
			service := ecstest.New(ecstest.Sample(300)...)
			service.Inject(ecstest.Latency(time.Second))
			provider := newTestProvider(nil)
			provider.tune = func(config *rpc.Config) { config.Transport = service.Transport() }
			h := newHarness(t, provider)
			wantNoErrors(t, h.configure(object{
				"region": ecstest.SampleRegion, "access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "max_concurrent_requests": bound,
			}))
			var reads sync.WaitGroup
			for _, regex := range []string{"a", "b", "c", "d", "e"} {
				reads.Go(func() {
					if _, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{"name_regex": regex}); hasError(diags) {
						t.Error(printed(diags))
					}
				})
			}
			reads.Wait()
			if got := service.MaxInFlight(); got != bound {
				t.Errorf("%d calls were in flight, want %d", got, bound)
			}
		})
	}
}

// unknownKey is a provider block with a key that comes from a resource.
func unknownKey(service *ecstest.Server) string {
	return fmt.Sprintf(`
resource "terraform_data" "key" {
  input = %q
}
provider "aliyun" {
  region     = "cn-hangzhou"
  access_key = %q
  secret_key = terraform_data.key.output
  endpoints { ecs = %q }
}
`, ecstest.AccessKeySecret, ecstest.AccessKeyID, service.URL)
}

// A read that depends on the resource waits for it; one that doesn't is told
// what to do.
func TestUnknownProviderValue(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t, ecstest.Sample(10)...)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_4_0)}, // Without terraform_data.
		Steps: []resource.TestStep{
			{
				Config:      unknownKey(service) + `data "aliyun_ecs_snapshots" "all" {}`,
				ExpectError: regexp.MustCompile(`(?s)Provider Configuration Not Known Yet.*depends_on`),
			},
			{
				Config: unknownKey(service) + `data "aliyun_ecs_snapshots" "all" { depends_on = [terraform_data.key] }`,
				Check:  resource.TestCheckResourceAttr("data.aliyun_ecs_snapshots.all", "ids.#", "10"),
			},
		},
	})
}

// A Terraform that can put off reads is asked to.
func TestDeferredRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, newTestProvider(nil))
	config := object{"access_key": tftypes.UnknownValue, "secret_key": "secret", "region": "cn-hangzhou"}
	_, err := h.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config:             h.dynamic(h.schema.Provider.ValueType(), config),
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	for dataSource, schema := range h.schema.DataSourceSchemas {
		resp, err := h.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
			TypeName:           dataSource,
			Config:             h.dynamic(schema.ValueType(), object{}),
			ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Diagnostics) != 0 || resp.Deferred == nil || resp.Deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
			t.Errorf("%s: deferred is %v\n%s", dataSource, resp.Deferred, printed(resp.Diagnostics))
		}
	}
}
