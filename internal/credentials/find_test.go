package credentials

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// testSource is a source in the order of precedence, and the key it gives.
type testSource struct {
	name     string
	key      string // The beginning of its AccessKey ID.
	fixed    bool
	set      func(cfg *Config, variables map[string]string)
	metadata rpc.Endpoint
}

func (s testSource) gives(keys rpc.Credentials) bool {
	return strings.HasPrefix(keys.AccessKeyID, s.key) && keys.AccessKeySecret == "secret-of-"+keys.AccessKeyID
}

// sources are all of them, the first first.
func sources(t *testing.T) []testSource {
	t.Helper()
	sts := newSTS(t, httptest.NewServer)
	uri := newURI(t, nil)
	folder := t.TempDir()
	token := write(t, filepath.Join(folder, "token"), "good-token\n")
	file := cliFile(t, keyProfile("current"), keyProfile("named"), keyProfile("variable"))
	keys := func(name string, variables ...string) testSource {
		return testSource{name: name, key: name, fixed: true, set: func(_ *Config, environment map[string]string) {
			environment[variables[0]], environment[variables[1]] = name, "secret-of-"+name
		}}
	}
	all := []testSource{
		{name: "static attributes", key: "static-key", fixed: true, set: func(cfg *Config, _ map[string]string) {
			cfg.AccessKey, cfg.SecretKey = "static-key", "secret-of-static-key"
		}},
		{name: "profile attribute", key: "named", fixed: true, set: func(cfg *Config, _ map[string]string) {
			cfg.Profile, cfg.SharedCredentialsFile = "named", file
		}},
		{name: "URI attribute", key: "uri-key", set: func(cfg *Config, _ map[string]string) { cfg.CredentialsURI = uri.URL }},
		{name: "ECS role attribute", key: "metadata-key", set: func(cfg *Config, _ map[string]string) { cfg.ECSRoleName = "instance-role" }},
		{name: "OIDC block", key: "session-block-role-", set: func(cfg *Config, _ map[string]string) {
			cfg.STSEndpoint = endpoint(sts.URL)
			cfg.AssumeRoleWithOIDC = &Role{RoleARN: arn("block-role"), ProviderARN: "provider", TokenFile: token}
		}},
		keys("oldest-key", "ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"),
		keys("usual-key", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
		keys("third-key", "ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET"),
		{name: "OIDC variables", key: "session-variable-role-", set: func(cfg *Config, variables map[string]string) {
			cfg.STSEndpoint = endpoint(sts.URL)
			variables["ALIBABA_CLOUD_ROLE_ARN"] = arn("variable-role")
			variables["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] = "provider"
			variables["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] = token
		}},
		{name: "profile variable", key: "variable", fixed: true, set: func(_ *Config, variables map[string]string) {
			variables["ALICLOUD_PROFILE"], variables["ALICLOUD_SHARED_CREDENTIALS_FILE"] = "variable", file
		}},
		{name: "URI variable", key: "uri-key", set: func(_ *Config, variables map[string]string) {
			variables["ALICLOUD_CREDENTIALS_URI"] = uri.URL
		}},
		{name: "ECS role variable", key: "metadata-key", set: func(_ *Config, variables map[string]string) {
			variables["ALICLOUD_ECS_ROLE_NAME"] = "instance-role"
		}},
		{name: "current profile", key: "current", fixed: true, set: func(_ *Config, variables map[string]string) {
			variables["ALIBABA_CLOUD_CONFIG_FILE"] = file
		}},
		{name: "metadata service", key: "metadata-key", set: func(*Config, map[string]string) {}},
	}
	metadata := endpoint(newMetadata(t).URL)
	for i := range all {
		all[i].metadata = metadata
	}
	return all
}

// Of each pair of sources the earlier one answers, alone and whole.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	all := sources(t)
	for i, first := range all {
		for _, second := range all[i:] {
			variables := map[string]string{}
			cfg := Config{LookupEnv: environment(variables), MetadataEndpoint: first.metadata}
			second.set(&cfg, variables)
			first.set(&cfg, variables)
			if keys := keysOf(t, cfg); !first.gives(keys) {
				t.Errorf("%s before %s: the keys are %v", first.name, second.name, keys)
			}
		}
	}
}

// Each setting is read by every name that the official provider reads it by, in its
// order, and without white space around it.
func TestNamesOfVariables(t *testing.T) {
	t.Parallel()
	file := cliFile(t, keyProfile("first"), keyProfile("second"), keyProfile("third"))
	other := cliFile(t, keyProfile("other"))
	instance := endpoint(newMetadata(t).URL)
	type variables = map[string]string
	for name, test := range map[string]struct {
		variables variables
		key       string
	}{
		"profile":        {variables{"ALICLOUD_PROFILE": "first", "ALIBABA_CLOUD_PROFILE": "second", "ALIBABACLOUD_PROFILE": "third", "ALIBABA_CLOUD_CONFIG_FILE": file}, "first"},
		"second profile": {variables{"ALIBABA_CLOUD_PROFILE": "second", "ALIBABACLOUD_PROFILE": "third", "ALIBABA_CLOUD_CONFIG_FILE": file}, "second"},
		"third profile":  {variables{"ALIBABACLOUD_PROFILE": " third\r\n", "ALIBABA_CLOUD_CONFIG_FILE": file}, "third"},
		"file":           {variables{"ALICLOUD_SHARED_CREDENTIALS_FILE": file + "\n", "ALIBABA_CLOUD_CREDENTIALS_FILE": other, "ALIBABA_CLOUD_CONFIG_FILE": other}, "first"},
		"second file":    {variables{"ALIBABA_CLOUD_CREDENTIALS_FILE": file, "ALIBABA_CLOUD_CONFIG_FILE": other}, "first"},
		"ECS role":       {variables{"ALICLOUD_ECS_ROLE_NAME": "instance-role", "ALIBABA_CLOUD_ECS_METADATA": "none"}, "metadata-key"},
		"second role":    {variables{"ALIBABA_CLOUD_ECS_METADATA": "instance-role"}, "metadata-key"},
		"URI":            {variables{"ALICLOUD_CREDENTIALS_URI": newURI(t, nil).URL, "ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:1"}, "uri-key"},
		"second URI":     {variables{"ALIBABA_CLOUD_CREDENTIALS_URI": newURI(t, nil).URL + "\r\n"}, "uri-key"},
		"key":            {variables{"ALIBABA_CLOUD_ACCESS_KEY_ID": " key\r", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret-of-key\n"}, "key"},
	} {
		cfg := Config{LookupEnv: environment(test.variables), MetadataEndpoint: instance}
		if keys := keysOf(t, cfg); keys.AccessKeyID != test.key || keys.AccessKeySecret != "secret-of-"+test.key {
			t.Errorf("%s: the keys are %q", name, keys)
		}
	}
}

// Keys, tokens and paths from files have line feeds.
func TestWhiteSpace(t *testing.T) {
	t.Parallel()
	want := rpc.Credentials{AccessKeyID: "key", AccessKeySecret: "secret", SecurityToken: "token"}
	for name, cfg := range map[string]Config{
		"variables": {LookupEnv: environment(map[string]string{
			"ALICLOUD_ACCESS_KEY": "key\n", "ALICLOUD_SECRET_KEY": "secret\r\n", "ALICLOUD_SECURITY_TOKEN": " token",
		})},
		"profile": {SharedCredentialsFile: cliFile(t, profile{
			"name": "p\n", "mode": "StsToken ", "access_key_id": "key\n", "access_key_secret": "secret\r\n", "sts_token": "token\n",
		})},
	} {
		if diff := cmp.Diff(want, keysOf(t, cfg)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	cfg := Config{AccessKey: "LTAI5tAbCdEfGhIj", SecretKey: "top-secret", AssumeRole: &Role{RoleARN: "acs:ram::1:role/reader"}}
	want := `the role acs:ram::1:role/reader (assume_role), assumed with attributes "access_key" and "secret_key" (access key ****GhIj)`
	if diff := cmp.Diff(want, newSource(t, cfg).String()); diff != "" {
		t.Error(diff)
	}
}

// A half source is an error that names the missing half.
func TestHalfSources(t *testing.T) {
	t.Parallel()
	oidc := func(change func(*Role)) Config {
		role := Role{RoleARN: arn("role"), ProviderARN: "provider", Token: "token"}
		change(&role)
		return Config{AssumeRoleWithOIDC: &role}
	}
	variables := func(variables map[string]string) Config { return Config{LookupEnv: environment(variables)} }
	keys := func(role Role) Config { return Config{AccessKey: "key", SecretKey: "secret", AssumeRole: &role} }
	tests := map[string]struct {
		cfg       Config
		attribute string
		parts     []string
	}{
		"no secret_key":   {Config{AccessKey: "key"}, "access_key", []string{"secret_key is required when access_key is set"}},
		"no access_key":   {Config{SecretKey: "secret"}, "secret_key", []string{"access_key is required when secret_key is set"}},
		"security_token":  {Config{SecurityToken: "token"}, "security_token", []string{"access_key is required when security_token is set"}},
		"no role_arn":     {oidc(func(r *Role) { r.RoleARN = "" }), "assume_role_with_oidc.role_arn", nil},
		"no provider":     {oidc(func(r *Role) { r.ProviderARN = "" }), "assume_role_with_oidc.oidc_provider_arn", nil},
		"no OIDC token":   {oidc(func(r *Role) { r.Token = "" }), "assume_role_with_oidc.oidc_token_file", []string{"oidc_token_file is required"}},
		"two OIDC tokens": {oidc(func(r *Role) { r.TokenFile = "file" }), "assume_role_with_oidc.oidc_token_file", []string{"either"}},
		"no role":         {keys(Role{}), "assume_role.role_arn", []string{"role_arn is required"}},
		"families don't mix": {
			variables(map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "key", "ALIBABACLOUD_ACCESS_KEY_SECRET": "other"}),
			"",
			[]string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET is required when ALIBABA_CLOUD_ACCESS_KEY_ID is set"},
		},
		"no key variable": {
			variables(map[string]string{"ALICLOUD_SECRET_KEY": "secret"}), "", []string{"ALICLOUD_ACCESS_KEY is required"},
		},
		"OIDC without a role": {
			variables(map[string]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p", "ALIBABA_CLOUD_OIDC_TOKEN": "t"}),
			"",
			[]string{"ALIBABA_CLOUD_ROLE_ARN is required"},
		},
		"OIDC without a provider": {
			variables(map[string]string{"ALIBABA_CLOUD_ROLE_ARN": arn("r"), "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "f"}),
			"",
			[]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN is required"},
		},
		"OIDC without a token": {
			variables(map[string]string{"ALIBABA_CLOUD_ROLE_ARN": arn("r"), "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p"}),
			"",
			[]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE or ALIBABA_CLOUD_OIDC_TOKEN is required"},
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

// One line tells which source was chosen and why, however often it is asked.
func TestInfo(t *testing.T) {
	t.Parallel()
	logger, printed := logged()
	source := newSource(t, Config{
		AccessKey: "LTAI5tAbCdEfGhIj", SecretKey: "top-secret", SecurityToken: "top-token",
		Profile: "unused",
		Logger:  logger,
	})
	mustGet(t, source)
	mustGet(t, source)
	if strings.Count(printed(), "\n") != 1 {
		t.Fatalf("the log is %q", printed())
	}
	wantText(t, printed(), "level=INFO", "****GhIj", `attribute \"profile\": set, but attributes \"access_key\" and \"secret_key\" (access key ****GhIj) comes first`)
	wantNone(t, printed(), "LTAI5tAbCdEfGhIj", "top-secret", "top-token")
}

// Where nothing is found the error says first what to do, and then where it looked.
func TestNothingFound(t *testing.T) {
	t.Parallel()
	empty := cliFile(t, profile{"name": "default", "mode": ""})
	home := t.TempDir()
	tests := map[string]struct {
		variables map[string]string
		cli       string
	}{
		"switched off": {
			map[string]string{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"},
			"the aliyun CLI's current profile: ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true",
		},
		"ignored": {
			map[string]string{"ALIBABA_CLOUD_IGNORE_PROFILE": "TRUE"},
			"the aliyun CLI's current profile: ALIBABA_CLOUD_IGNORE_PROFILE is true",
		},
		"no home": {nil, "the aliyun CLI's current profile: No Home Directory: The aliyun CLI's configuration is ~/.aliyun/config.json, but the environment names no home directory"},
		"no file": {
			map[string]string{"HOME": home, "USERPROFILE": home},
			"the aliyun CLI's current profile: CLI Configuration Not Found: The file " + filepath.Join(home, ".aliyun", "config.json") + " doesn't exist.",
		},
		"never set up": {
			map[string]string{"ALIBABA_CLOUD_CONFIG_FILE": empty},
			"the aliyun CLI's current profile in " + empty + " (ALIBABA_CLOUD_CONFIG_FILE): the profile \"default\" of " + empty + " (the current one) is empty",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := map[string]string{"ALIBABA_CLOUD_ROLE_ARN": arn("role"), metadataDisabled: "true"}
			for name, value := range test.variables {
				variables[name] = value
			}
			mistake := configError(t, Config{LookupEnv: environment(variables)})
			wantText(t, mistake.Summary, "No Credentials Found")
			wantText(t, mistake.Detail, test.cli, `

The provider looked in these places, in this order:

  - attributes "access_key" and "secret_key": not set
  - attribute "profile": not set
  - attribute "credentials_uri": not set
  - attribute "ecs_role_name": not set
  - block assume_role_with_oidc: not set
  - ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY: not set
  - ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET: not set
  - ALIBABACLOUD_ACCESS_KEY_ID and ALIBABACLOUD_ACCESS_KEY_SECRET: not set
  - ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, and ALIBABA_CLOUD_OIDC_TOKEN_FILE or ALIBABA_CLOUD_OIDC_TOKEN: not set
  - ALICLOUD_PROFILE, ALIBABA_CLOUD_PROFILE, ALIBABACLOUD_PROFILE: not set
  - ALICLOUD_CREDENTIALS_URI, ALIBABA_CLOUD_CREDENTIALS_URI: not set
  - ALICLOUD_ECS_ROLE_NAME, ALIBABA_CLOUD_ECS_METADATA: not set
`, "  - the instance's RAM role: not asked, since ALIBABA_CLOUD_ECS_METADATA_DISABLED is true")
			if !strings.HasPrefix(mistake.Detail, "Set the variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or log in by `aliyun configure`") {
				t.Errorf("it begins with other things than what to do: %s", mistake.Detail)
			}
		})
	}
}
