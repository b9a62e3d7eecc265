package provider

import (
	"path/filepath"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// A source that lacks a part, or can't be used, is an error at the argument at
// fault, not a reason to go on to the next source.
func TestUnusableSources(t *testing.T) {
	t.Parallel()
	oidc := func(without string) object {
		role := object{"role_arn": roleARN, "oidc_provider_arn": oidcProviderARN, "oidc_token": "token"}
		delete(role, without)
		return object{"assume_role_with_oidc": role}
	}
	missing := filepath.Join(t.TempDir(), "missing.json")
	loop := cliConfig(t, map[string]any{"name": "a", "mode": "ChainableRamRoleArn", "ram_role_arn": roleARN, "source_profile": "a"})
	malformed := writeFile(t, filepath.Join(t.TempDir(), "config.json"), `{"profiles": [{"access_key_secret": "in-a-file`)
	tests := map[string]struct {
		config    object
		variables map[string]string
		at        string
		parts     []string
	}{
		"no secret_key":  {object{"access_key": "LTAIhalf"}, nil, at("access_key"), []string{"Incomplete Credentials", `secret_key is required`}},
		"no access_key":  {object{"secret_key": "half"}, nil, at("secret_key"), []string{`access_key is required`}},
		"a token alone":  {object{"security_token": "half"}, nil, at("security_token"), []string{`access_key is required`}},
		"no role_arn":    {object{"assume_role": object{"session_name": "ci"}}, nil, at("assume_role", "role_arn"), nil},
		"no OIDC role":   {oidc("role_arn"), nil, at("assume_role_with_oidc", "role_arn"), nil},
		"no provider":    {oidc("oidc_provider_arn"), nil, at("assume_role_with_oidc", "oidc_provider_arn"), nil},
		"no OIDC token":  {oidc("oidc_token"), nil, at("assume_role_with_oidc", "oidc_token_file"), []string{"oidc_token_file is required"}},
		"empty argument": {object{"access_key": "", "secret_key": "s"}, nil, at("access_key"), []string{"is an empty string"}},
		"empty in an object": {
			object{"assume_role": object{"role_arn": roleARN, "external_id": ""}},
			nil,
			at("assume_role", "external_id"),
			[]string{"is an empty string"},
		},
		"short session": {
			object{"assume_role": object{"role_arn": roleARN, "session_expiration": 899}},
			nil,
			at("assume_role", "session_expiration"),
			[]string{"900"},
		},
		"a role of AWS":   {object{"assume_role": object{"role_arn": "arn:aws:iam::1:role/r"}, "access_key": "k", "secret_key": "s"}, nil, at("assume_role", "role_arn"), []string{"acs:ram::"}},
		"no URI":          {object{"credentials_uri": "localhost/path"}, nil, at("credentials_uri"), []string{"http://"}},
		"no file":         {object{"shared_credentials_file": missing}, nil, at("shared_credentials_file"), []string{missing}},
		"no such profile": {object{"profile": "b", "shared_credentials_file": loop}, nil, at("profile"), []string{`no profile "b"`, `"a"`}},
		"a loop":          {object{"profile": "a", "shared_credentials_file": loop}, nil, at("profile"), []string{"a → a"}},
		"malformed file":  {object{"shared_credentials_file": malformed}, nil, at("shared_credentials_file"), []string{malformed, "line 1"}},
		"secret variable": {nil, map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIhalf"}, "", []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET is required"}},
		"older key variable": {
			nil, map[string]string{"ALICLOUD_SECRET_KEY": "half"}, "", []string{"ALICLOUD_ACCESS_KEY is required"},
		},
		"families don't mix": {
			nil,
			map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIhalf", "ALICLOUD_SECRET_KEY": "half"},
			"",
			[]string{"ALICLOUD_ACCESS_KEY is required when ALICLOUD_SECRET_KEY is set"},
		},
		"an argument and a variable don't mix": {
			object{"access_key": "LTAIhalf"}, map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "half"}, at("access_key"), nil,
		},
		"OIDC variables": {
			nil,
			map[string]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": oidcProviderARN, "ALIBABA_CLOUD_OIDC_TOKEN": "token"},
			"",
			[]string{"ALIBABA_CLOUD_ROLE_ARN is required"},
		},
		"metadata disabled": {
			object{"ecs_role_name": "role"},
			map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"},
			at("ecs_role_name"),
			[]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED"},
		},
		"nothing found": {
			nil,
			map[string]string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"},
			"",
			[]string{
				"No Credentials Found", "Set the variables ALIBABA_CLOUD_ACCESS_KEY_ID", `"access_key" and "secret_key": not set`, `"profile"`, `"credentials_uri"`, `"ecs_role_name"`,
				`assume_role_with_oidc`, "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
				"ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CREDENTIALS_URI", "current profile: CLI Configuration Not Found: The file",
				"RAM role: not asked", "https://registry.terraform.io/providers/seed01464933/aliyun/latest/docs/guides/authentication",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := map[string]string{"HOME": t.TempDir(), "USERPROFILE": t.TempDir()}
			for name, value := range test.variables {
				variables[name] = value
			}
			wantOne(t, newHarness(t, newTestProvider(variables)).configure(test.config), test.at, append(test.parts, "ERROR")...)
		})
	}
}

// Bad keys show in the first read, with the source that gave them.
func TestRefusedKeys(t *testing.T) {
	t.Parallel()
	service := ecstest.Start(t)
	endpoints := object{"ecs": service.URL, "sts": service.URL}
	missing := filepath.Join(t.TempDir(), "token")
	tests := map[string]struct {
		config    object
		variables map[string]string
		parts     []string
	}{
		"static": {
			object{"access_key": "LTAIunknown1234", "secret_key": "s"},
			nil,
			[]string{`attributes "access_key" and "secret_key"`, "****1234", "InvalidAccessKeyId.NotFound"},
		},
		"environment": {
			nil,
			map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIunknown1234", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s"},
			[]string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "****1234"},
		},
		"role": {
			object{"access_key": "LTAIunknown1234", "secret_key": "s", "assume_role": object{"role_arn": roleARN}},
			nil,
			[]string{"Could Not Get Credentials", roleARN, "****1234", "InvalidAccessKeyId.NotFound", "request ID"},
		},
		"role's name": {
			object{"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "assume_role": object{"role_arn": "acs:ram::x:role/no-role"}},
			nil,
			[]string{"no-role", "InvalidParameter.RoleArn"},
		},
		"role's ARN in a variable": {
			object{"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "assume_role": object{"session_name": "ci"}},
			map[string]string{"ALIBABA_CLOUD_ROLE_ARN": "arn:aws:iam::1:role/r"},
			[]string{"Invalid Role ARN", "acs:ram::<account ID>:role/<name>", "InvalidParameter.RoleArn"},
		},
		"session's name in a variable": {
			object{"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "assume_role": object{"role_arn": roleARN}},
			map[string]string{"ALIBABA_CLOUD_ROLE_SESSION_NAME": "nightly build"},
			[]string{"Invalid Session Name", "2 to 64 characters", "InvalidParameter.RoleSessionName"},
		},
		"session's duration in a variable": {
			object{"access_key": ecstest.AccessKeyID, "secret_key": ecstest.AccessKeySecret, "assume_role": object{"role_arn": roleARN}},
			map[string]string{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "60"},
			[]string{"Invalid Session Expiration", "at least 900 seconds", "InvalidParameter.DurationSeconds"},
		},
		"session's duration in a profile": {
			object{"shared_credentials_file": cliConfig(t, map[string]any{
				"name": "short", "mode": "RamRoleArn", "access_key_id": ecstest.AccessKeyID, "access_key_secret": ecstest.AccessKeySecret,
				"ram_role_arn": roleARN, "expired_seconds": 60,
			})},
			nil,
			[]string{`profile "short"`, "Invalid Session Expiration", "at least 900 seconds"},
		},
		"OIDC": {
			object{"assume_role_with_oidc": object{"role_arn": roleARN, "oidc_provider_arn": oidcProviderARN, "oidc_token": "unknown"}},
			nil,
			[]string{"assume_role_with_oidc", "AuthenticationFail.OIDCToken.Invalid"},
		},
		"OIDC file": {
			object{"assume_role_with_oidc": object{"role_arn": roleARN, "oidc_provider_arn": oidcProviderARN, "oidc_token_file": missing}},
			nil,
			[]string{"assume_role_with_oidc", missing},
		},
		"URI": {
			object{"credentials_uri": service.URL + "/elsewhere"},
			nil,
			[]string{"credentials_uri", "HTTP status: 404"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := object{"region": ecstest.SampleRegion, "endpoints": endpoints}
			for name, value := range test.config {
				config[name] = value
			}
			h := newHarness(t, newTestProvider(test.variables))
			wantNoErrors(t, h.configure(config))
			_, diags := h.read(t.Context(), "aliyun_ecs_snapshots", object{})
			wantOne(t, diags, "", append(test.parts, "ERROR")...)
		})
	}
	t.Cleanup(func() { service.TakeViolations() }) // The path that nobody answers.
}
