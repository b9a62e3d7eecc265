package provider

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

const (
	roleARN         = "acs:ram::1234567890123456:role/snapshot-reader"
	oidcProviderARN = "acs:ram::1234567890123456:oidc-provider/ci"
)

// namedSnapshot is a snapshot by which a service can be told from others.
func namedSnapshot(id string) ecstest.Snapshot {
	return ecstest.Snapshot{SnapshotID: id, Status: "accomplished", Progress: "100%", CreationTime: "2026-05-01T10:00:00Z"}
}

// holding is a service with one snapshot.
func holding(t *testing.T, snapshotID string) *ecstest.Server {
	t.Helper()
	return ecstest.Start(t, namedSnapshot(snapshotID))
}

// cliConfig writes a configuration of the aliyun CLI, of which the first profile
// is the current one.
func cliConfig(t *testing.T, profiles ...map[string]any) string {
	t.Helper()
	content, err := json.Marshal(map[string]any{"current": profiles[0]["name"], "profiles": profiles})
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, filepath.Join(t.TempDir(), "config.json"), string(content))
}

func akProfile(name, key, secret string) map[string]any {
	return map[string]any{"name": name, "mode": "AK", "access_key_id": key, "access_key_secret": secret, "region_id": "cn-of-" + name}
}

// Every way in, through Terraform: in one configuration by aliases, which share
// nothing. Each alias has a service that knows only its own keys.
func TestEveryWayIn(t *testing.T) {
	t.Parallel()
	var environment []string
	ways := map[string]func(service *ecstest.Server) string{
		"static": func(service *ecstest.Server) string {
			service.AddKey("LTAIstatic", "static-secret")
			return `access_key = "LTAIstatic"
secret_key = "static-secret"`
		},
		"sts-token": func(service *ecstest.Server) string {
			session := service.IssueSession()
			return fmt.Sprintf("access_key = %q\nsecret_key = %q\nsecurity_token = %q",
				session.AccessKeyID, session.AccessKeySecret, session.SecurityToken)
		},
		"profile": func(service *ecstest.Server) string {
			service.AddKey("LTAIprofile", "profile-secret")
			return fmt.Sprintf("profile = %q\nshared_credentials_file = %q", "second",
				cliConfig(t, akProfile("first", "LTAIother", "other-secret"), akProfile("second", "LTAIprofile", "profile-secret")))
		},
		"shared-credentials-file": func(service *ecstest.Server) string {
			service.AddKey("LTAIcurrent", "current-secret")
			return fmt.Sprintf("shared_credentials_file = %q", cliConfig(t, akProfile("current", "LTAIcurrent", "current-secret")))
		},
		"credentials-uri": func(service *ecstest.Server) string {
			return fmt.Sprintf("credentials_uri = %q", service.URL+ecstest.CredentialsPath)
		},
		"ecs-role-name": func(service *ecstest.Server) string {
			service.RequireMetadataToken(true)
			return fmt.Sprintf("ecs_role_name = %q", ecstest.RoleName)
		},
		"assume-role": func(service *ecstest.Server) string {
			service.AddKey("LTAIbase", "base-secret")
			return fmt.Sprintf(`access_key = "LTAIbase"
secret_key = "base-secret"
assume_role {
  role_arn           = %q
  session_name       = "ci"
  session_expiration = 900
  policy             = jsonencode({ Version = "1", Statement = [] })
  external_id        = "external"
}`, roleARN)
		},
		"assume-role-with-oidc-token": func(service *ecstest.Server) string {
			service.AllowOIDCTokens("the-token")
			return fmt.Sprintf("assume_role_with_oidc {\nrole_arn = %q\noidc_provider_arn = %q\noidc_token = \"the-token\"\n}", roleARN, oidcProviderARN)
		},
		"assume-role-with-oidc-token-file": func(service *ecstest.Server) string {
			service.AllowOIDCTokens("the-token-in-a-file")
			return fmt.Sprintf("assume_role_with_oidc {\nrole_arn = %q\noidc_provider_arn = %q\noidc_token_file = %q\n}", roleARN, oidcProviderARN,
				writeFile(t, filepath.Join(t.TempDir(), "token"), "the-token-in-a-file\n"))
		},
		"role-on-oidc": func(service *ecstest.Server) string {
			service.AllowOIDCTokens("the-token")
			return fmt.Sprintf("assume_role_with_oidc {\nrole_arn = %q\noidc_provider_arn = %q\noidc_token = \"the-token\"\n}\nassume_role { role_arn = %q }",
				roleARN, oidcProviderARN, roleARN)
		},
	}

	config := ""
	services := map[string]*ecstest.Server{}
	want := map[string][]string{}
	var authorities []byte
	for name, arguments := range ways {
		service := builtInstance
		if name != "ecs-role-name" {
			service = holding(t, "s-"+name)
		}
		services[name], want[name] = service, []string{"s-" + name}
		ecs, sts := service.URL, service.URL
		if name == "assume-role" {
			var authority []byte
			sts, authority = service.StartTLS(t)
			ecs, authorities = strings.TrimPrefix(sts, "https://"), append(authorities, authority...)
		}
		region := ""
		if name != "profile" {
			region = fmt.Sprintf("region = %q", "cn-"+name)
		}
		config += fmt.Sprintf("provider \"aliyun\" {\nalias = %q\n%s\nendpoints {\necs = %q\nsts = %q\n}\n%s\n}\n", name, region, ecs, sts, arguments(service))
		config += fmt.Sprintf("data \"aliyun_ecs_snapshots\" %q {\nprovider = aliyun.%s\n}\n", name, name)
	}
	config += "output \"ids\" {\nvalue = {\n"
	for name := range ways {
		config += fmt.Sprintf("%s = data.aliyun_ecs_snapshots.%s.ids\n", name, name)
	}
	environment = append(environment, "SSL_CERT_FILE="+writeFile(t, filepath.Join(t.TempDir(), "authorities.pem"), string(authorities)))
	terraform := newCLI(t, config+"}\n}\n", environment...)
	terraform.must("apply", "-auto-approve")

	var got map[string][]string
	terraform.output("ids", &got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, service := range services {
		region := "cn-" + name
		if name == "profile" {
			region = "cn-of-second"
		}
		for _, call := range service.Calls() {
			if service != builtInstance && call.Action == ecstest.ActionDescribeSnapshots && call.Params.Get("RegionId") != region { // Others call that one, too.
				t.Errorf("%s: a call for the region %q", name, call.Params.Get("RegionId"))
			}
			if call.Code != "" {
				t.Errorf("%s: %s was refused: %s", name, call.Action, call.Code)
			}
			if name == "assume-role" && call.Action == ecstest.ActionAssumeRole { // A lost argument widens the session.
				for parameter, want := range map[string]string{
					"RoleArn": roleARN, "RoleSessionName": "ci", "DurationSeconds": "900", "Policy": `{"Statement":[],"Version":"1"}`, "ExternalId": "external",
				} {
					if got := call.Params.Get(parameter); got != want {
						t.Errorf("%s is %q, want %q", parameter, got, want)
					}
				}
			}
		}
	}
	if v1, v2 := services["ecs-role-name"].MetadataCalls(); v1 != 0 || v2 == 0 {
		t.Errorf("%d calls of the metadata service's first version, %d of its second", v1, v2)
	}
}

// The ways in that are variables, through Terraform: each provider has an
// environment and a service of its own.
func TestEveryVariable(t *testing.T) {
	t.Parallel()
	ways := map[string]func(service *ecstest.Server) map[string]string{
		"keys": func(service *ecstest.Server) map[string]string {
			service.AddKey("LTAIkeys", "keys-secret")
			return map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIkeys", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "keys-secret",
				"ALIBABA_CLOUD_REGION": "cn-keys",
			}
		},
		"token": func(service *ecstest.Server) map[string]string {
			session := service.IssueSession()
			return map[string]string{
				"ALIBABA_CLOUD_ACCESS_KEY_ID": session.AccessKeyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": session.AccessKeySecret,
				"ALIBABA_CLOUD_SECURITY_TOKEN": session.SecurityToken, "ALIBABA_CLOUD_REGION_ID": "cn-token",
			}
		},
		"older": func(service *ecstest.Server) map[string]string {
			session := service.IssueSession()
			return map[string]string{
				"ALICLOUD_ACCESS_KEY": session.AccessKeyID, "ALICLOUD_SECRET_KEY": session.AccessKeySecret,
				"ALICLOUD_SECURITY_TOKEN": session.SecurityToken, "ALICLOUD_REGION": "cn-older",
			}
		},
		"oidc": func(service *ecstest.Server) map[string]string {
			service.AllowOIDCTokens("the-token")
			return map[string]string{
				"ALIBABA_CLOUD_ROLE_ARN": roleARN, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": oidcProviderARN,
				"ALIBABA_CLOUD_OIDC_TOKEN_FILE": writeFile(t, filepath.Join(t.TempDir(), "token"), "the-token"),
				"ALIBABA_CLOUD_REGION":          "cn-oidc",
			}
		},
		"profile": func(service *ecstest.Server) map[string]string {
			service.AddKey("LTAIprofile", "profile-secret")
			return map[string]string{
				"ALIBABA_CLOUD_PROFILE":     "profile",
				"ALIBABA_CLOUD_CONFIG_FILE": cliConfig(t, akProfile("first", "LTAIother", "other-secret"), akProfile("profile", "LTAIprofile", "profile-secret")),
				"ALIBABA_CLOUD_REGION":      "cn-profile",
			}
		},
		"uri": func(service *ecstest.Server) map[string]string {
			return map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": service.URL + ecstest.CredentialsPath, "ALIBABA_CLOUD_REGION": "cn-uri"}
		},
	}
	config := ""
	services := map[string]*ecstest.Server{}
	providers := map[string]func() (tfprotov6.ProviderServer, error){}
	var checks []resource.TestCheckFunc
	for name, environment := range ways {
		service := holding(t, "s-"+name)
		services[name] = service
		providers[name] = serving(newTestProvider(environment(service)))
		config += fmt.Sprintf("provider %q {\nendpoints {\necs = %q\nsts = %q\n}\n}\n", name, service.URL, service.URL)
		config += fmt.Sprintf("data \"aliyun_ecs_snapshots\" %q {\nprovider = %s\n}\n", name, name)
		address := "data.aliyun_ecs_snapshots." + name
		checks = append(checks,
			resource.TestCheckResourceAttr(address, "ids.0", "s-"+name),
			resource.TestCheckResourceAttr(address, "region_id", "cn-"+name))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: config, Check: resource.ComposeAggregateTestCheckFunc(checks...)}},
	})
	for name, service := range services {
		for _, call := range service.Calls() {
			if call.Code != "" {
				t.Errorf("%s: %s was refused: %s", name, call.Action, call.Code)
			}
		}
	}
}
