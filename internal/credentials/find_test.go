package credentials

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testSource is a source in the order of precedence, and the keys it gives.
type testSource struct {
	name string
	key  string
	set  func(cfg *Config, variables map[string]string)
}

// sources are all of them, the first first.
func sources(t *testing.T) []testSource {
	t.Helper()
	sts := newSTS(t, httptest.NewServer)
	uri := newURI(t, nil)
	folder := t.TempDir()
	token := write(t, filepath.Join(folder, "token"), "good-token\n")
	file := write(t, filepath.Join(folder, "config.json"), `{"current": "current", "profiles": [
		{"name": "current", "mode": "AK", "access_key_id": "current-key", "access_key_secret": "secret-of-current-key"},
		{"name": "named", "mode": "AK", "access_key_id": "named-key", "access_key_secret": "secret-of-named-key"},
		{"name": "variable", "mode": "AK", "access_key_id": "variable-key", "access_key_secret": "secret-of-variable-key"}]}`)
	return []testSource{
		{"static attributes", "static-key", func(cfg *Config, _ map[string]string) {
			cfg.AccessKey, cfg.SecretKey = "static-key", "secret-of-static-key"
		}},
		{"profile attribute", "named-key", func(cfg *Config, _ map[string]string) {
			cfg.Profile, cfg.SharedCredentialsFile = "named", file
		}},
		{"URI attribute", "uri-key", func(cfg *Config, _ map[string]string) { cfg.CredentialsURI = uri.URL }},
		{"ECS role attribute", "metadata-key", func(cfg *Config, _ map[string]string) { cfg.ECSRoleName = "instance-role" }},
		{"OIDC attribute", "session-attribute-role-1", func(cfg *Config, _ map[string]string) {
			cfg.STSEndpoint = endpoint(sts.URL)
			cfg.AssumeRoleWithOIDC = &AssumeRoleWithOIDC{RoleARN: "attribute-role", ProviderARN: "provider", TokenFile: token}
		}},
		{"key variables", "env-key", func(_ *Config, variables map[string]string) {
			variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "env-key"
			variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "secret-of-env-key"
		}},
		{"older key variables", "old-env-key", func(_ *Config, variables map[string]string) {
			variables["ALICLOUD_ACCESS_KEY"] = "old-env-key"
			variables["ALICLOUD_SECRET_KEY"] = "secret-of-old-env-key"
		}},
		{"OIDC variables", "session-variable-role-", func(cfg *Config, variables map[string]string) {
			cfg.STSEndpoint = endpoint(sts.URL)
			variables["ALIBABA_CLOUD_ROLE_ARN"] = "variable-role"
			variables["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] = "provider"
			variables["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] = token
		}},
		{"profile variable", "variable-key", func(_ *Config, variables map[string]string) {
			variables["ALIBABA_CLOUD_PROFILE"] = "variable"
			variables["ALIBABA_CLOUD_CONFIG_FILE"] = file
		}},
		{"URI variable", "uri-key", func(_ *Config, variables map[string]string) {
			variables["ALIBABA_CLOUD_CREDENTIALS_URI"] = uri.URL
		}},
		{"current profile", "current-key", func(_ *Config, variables map[string]string) {
			variables["ALIBABA_CLOUD_CONFIG_FILE"] = file
		}},
		{"metadata service", "metadata-key", func(*Config, map[string]string) {}},
	}
}

// Of each pair of sources the earlier one answers, alone and whole.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	all := sources(t)
	for i, first := range all {
		for _, second := range all[i:] {
			t.Run(first.name+" before "+second.name, func(t *testing.T) {
				variables := map[string]string{}
				cfg := Config{LookupEnv: environment(variables)}
				second.set(&cfg, variables)
				first.set(&cfg, variables)
				keys := keysOf(t, cfg)
				if !strings.HasPrefix(keys.AccessKeyId, strings.TrimSuffix(first.key, "1")) || keys.AccessKeySecret != "secret-of-"+keys.AccessKeyId {
					t.Errorf("the keys are %q and %q, not those of %s", keys.AccessKeyId, keys.AccessKeySecret, first.name)
				}
			})
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	cfg := Config{AccessKey: "LTAI5tAbCdEfGhIj", SecretKey: "top-secret", AssumeRole: &AssumeRole{RoleARN: "acs:ram::1:role/reader"}}
	want := `the role acs:ram::1:role/reader (assume_role), assumed with attributes "access_key" and "secret_key" (access key ****GhIj)`
	if diff := cmp.Diff(want, newSource(t, cfg).String()); diff != "" {
		t.Error(diff)
	}
}

// A token that is left over in the environment never joins keys from elsewhere.
func TestStaleSecurityToken(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, Config{
		AccessKey: "explicit-key",
		SecretKey: "explicit-secret",
		LookupEnv: environment(map[string]string{"ALIBABA_CLOUD_SECURITY_TOKEN": "stale-token"}),
	})
	if keys.SecurityToken != "" {
		t.Errorf("the security token is %q", keys.SecurityToken)
	}
}

func TestSecurityToken(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"attributes": {AccessKey: "key", SecretKey: "secret", SecurityToken: "token"},
		"variables": {LookupEnv: environment(map[string]string{
			"ALICLOUD_ACCESS_KEY": "key", "ALICLOUD_SECRET_KEY": "secret", "ALICLOUD_SECURITY_TOKEN": "token",
		})},
	} {
		if keys := keysOf(t, cfg); keys.SecurityToken != "token" {
			t.Errorf("%s: the security token is %q", name, keys.SecurityToken)
		}
	}
}

// A half source is an error that names the missing half.
func TestHalfSources(t *testing.T) {
	t.Parallel()
	oidc := func(change func(*AssumeRoleWithOIDC)) Config {
		role := AssumeRoleWithOIDC{RoleARN: "role", ProviderARN: "provider", Token: "token"}
		change(&role)
		return Config{AssumeRoleWithOIDC: &role}
	}
	variables := func(variables map[string]string) Config { return Config{LookupEnv: environment(variables)} }
	tests := map[string]struct {
		cfg       Config
		attribute string
		parts     []string
	}{
		"no secret_key":      {Config{AccessKey: "key"}, "secret_key", []string{"secret_key is missing"}},
		"no access_key":      {Config{SecretKey: "secret"}, "access_key", []string{"access_key is missing"}},
		"security_token":     {Config{SecurityToken: "token"}, "access_key", []string{"access_key is missing"}},
		"no role_arn":        {oidc(func(r *AssumeRoleWithOIDC) { r.RoleARN = "" }), "assume_role_with_oidc.role_arn", nil},
		"no provider":        {oidc(func(r *AssumeRoleWithOIDC) { r.ProviderARN = "" }), "assume_role_with_oidc.oidc_provider_arn", nil},
		"no OIDC token":      {oidc(func(r *AssumeRoleWithOIDC) { r.Token = "" }), "assume_role_with_oidc.oidc_token_file", []string{"oidc_token or oidc_token_file is missing"}},
		"two OIDC tokens":    {oidc(func(r *AssumeRoleWithOIDC) { r.TokenFile = "file" }), "assume_role_with_oidc.oidc_token_file", []string{"either"}},
		"short OIDC session": {oidc(func(r *AssumeRoleWithOIDC) { r.SessionExpiration = 60 }), "assume_role_with_oidc.session_expiration", []string{"60 seconds"}},
		"assume_role without a role": {
			Config{AccessKey: "key", SecretKey: "secret", AssumeRole: &AssumeRole{}}, "assume_role.role_arn", nil,
		},
		"short session": {
			Config{AccessKey: "key", SecretKey: "secret", AssumeRole: &AssumeRole{RoleARN: "role", SessionExpiration: 899}},
			"assume_role.session_expiration",
			[]string{"900 seconds"},
		},
		"no secret variable": {
			variables(map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "key", "ALICLOUD_SECRET_KEY": "other"}),
			"",
			[]string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET is missing"},
		},
		"no key variable": {
			variables(map[string]string{"ALICLOUD_SECRET_KEY": "secret"}), "", []string{"ALICLOUD_ACCESS_KEY is missing"},
		},
		"OIDC without a role": {
			variables(map[string]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p", "ALIBABA_CLOUD_OIDC_TOKEN": "t"}),
			"",
			[]string{"ALIBABA_CLOUD_ROLE_ARN is missing"},
		},
		"OIDC without a provider": {
			variables(map[string]string{"ALIBABA_CLOUD_ROLE_ARN": "r", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "f"}),
			"",
			[]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN is missing"},
		},
		"OIDC without a token": {
			variables(map[string]string{"ALIBABA_CLOUD_ROLE_ARN": "r", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p"}),
			"",
			[]string{"ALIBABA_CLOUD_OIDC_TOKEN or ALIBABA_CLOUD_OIDC_TOKEN_FILE is missing"},
		},
		"no URI":          {Config{CredentialsURI: "localhost:1/?secret"}, "credentials_uri", []string{"http://"}},
		"no URI variable": {variables(map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": "://"}), "", []string{"ALIBABA_CLOUD_CREDENTIALS_URI"}},
		"metadata disabled": {
			Config{ECSRoleName: "role", LookupEnv: environment(map[string]string{metadataDisabled: "True"})},
			"ecs_role_name",
			[]string{metadataDisabled},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mistake := configError(t, test.cfg)
			if diff := cmp.Diff(test.attribute, mistake.Attribute); diff != "" {
				t.Error(diff)
			}
			wantText(t, mistake.Error(), test.parts...)
		})
	}
}
