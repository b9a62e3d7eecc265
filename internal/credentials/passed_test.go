package credentials

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Of all other places it is told why they weren't taken, in their order.
func TestPassedOver(t *testing.T) {
	t.Parallel()
	file := cliFile(t, akProfile())
	tests := map[string]struct {
		cfg       Config
		variables map[string]string
		name      string
		passed    []string
	}{
		"URI": {
			Config{CredentialsURI: "http://user:pass@localhost:1/path?token=abc", ECSRoleName: "role"},
			map[string]string{"ALIBABA_CLOUD_SECURITY_TOKEN": "stale-token", "ALICLOUD_ACCESS_KEY": "LTAIold", "ALICLOUD_SECRET_KEY": "s3cret"},
			`the credentials URI at localhost:1 ("credentials_uri")`,
			[]string{
				`attributes "access_key" and "secret_key": not set`,
				`attribute "profile": not set`,
				`attribute "ecs_role_name": set, but passed over for attribute "credentials_uri"`,
				`ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY: set, but passed over for attribute "credentials_uri"`,
			},
		},
		"current profile": {
			Config{AccessKey: "LTAI5tkey1234", SecretKey: "s"},
			map[string]string{"ALIBABA_CLOUD_CONFIG_FILE": file},
			`attributes "access_key" and "secret_key" (access key ****1234)`,
			[]string{
				"the aliyun CLI's current profile in " + file + ` (ALIBABA_CLOUD_CONFIG_FILE): set, but passed over for attributes "access_key" and "secret_key"`,
			},
		},
		"file": {
			Config{AccessKey: "LTAI5tkey1234", SecretKey: "s", SharedCredentialsFile: "/nowhere/config.json"},
			map[string]string{"ALIBABA_CLOUD_CONFIG_FILE": file},
			`attributes "access_key" and "secret_key" (access key ****1234)`,
			[]string{
				`the aliyun CLI's current profile in /nowhere/config.json (attribute "shared_credentials_file"): set, but passed over for attributes "access_key" and "secret_key"`,
			},
		},
		"file, by keys of the environment": {
			Config{SharedCredentialsFile: file},
			map[string]string{"ALICLOUD_ACCESS_KEY": "LTAI5tkey1234", "ALICLOUD_SECRET_KEY": "s3cret"},
			`ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY (access key ****1234)`,
			[]string{
				`attributes "access_key" and "secret_key": not set`,
				`attribute "profile": not set`,
				`attribute "credentials_uri": not set`,
				`attribute "ecs_role_name": not set`,
				`attribute "assume_role_with_oidc": not set`,
				`ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET: not set`,
				"the aliyun CLI's current profile in " + file + ` (attribute "shared_credentials_file"): set, but passed over for ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY`,
			},
		},
		"profile, whatever the environment says": {
			Config{Profile: "base", SharedCredentialsFile: file},
			map[string]string{cliDisabled: "true"},
			`the profile "base" of ` + file + ` (named by attribute "profile"), mode AK, access key ****-key`,
			[]string{`attributes "access_key" and "secret_key": not set`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.cfg.LookupEnv = environment(test.variables)
			source := newSource(t, test.cfg)
			if diff := cmp.Diff(test.name, source.String()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.passed, source.passed); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A role in the environment is no OIDC by itself, and switches turn places off.
func TestNothingFound(t *testing.T) {
	t.Parallel()
	empty := cliFile(t, profile{"name": "default", "mode": ""})
	tests := map[string]struct {
		variables map[string]string
		cli       string
	}{
		"switched off": {
			map[string]string{"ALIBABA_CLOUD_PROFILE": "name", cliDisabled: "true"},
			"the aliyun CLI's current profile: ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true",
		},
		"no home": {
			nil,
			"the aliyun CLI's current profile: the environment names no home directory (" + homeVariable() + "), where ~/.aliyun/config.json would be",
		},
		"no file": {
			map[string]string{homeVariable(): filepath.FromSlash("/nowhere")},
			"the aliyun CLI's current profile: there is no file " + filepath.FromSlash("/nowhere/.aliyun/config.json"),
		},
		"no file there": {
			map[string]string{"ALIBABA_CLOUD_CONFIG_FILE": "/nowhere/config.json"},
			"the aliyun CLI's current profile in /nowhere/config.json (ALIBABA_CLOUD_CONFIG_FILE): there is no file /nowhere/config.json",
		},
		"never set up": {
			map[string]string{"ALIBABA_CLOUD_CONFIG_FILE": empty},
			"the aliyun CLI's current profile in " + empty + " (ALIBABA_CLOUD_CONFIG_FILE): the profile \"default\" of " + empty + " (the current one) is empty",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := map[string]string{"ALIBABA_CLOUD_ROLE_ARN": "role", metadataDisabled: "true"}
			maps.Copy(variables, test.variables)
			profile := "not set"
			if variables["ALIBABA_CLOUD_PROFILE"] != "" {
				profile = "set, but ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true"
			}
			mistake := configError(t, Config{LookupEnv: environment(variables)})
			want := `The provider looked for credentials in these places, in this order:

  - attributes "access_key" and "secret_key": not set
  - attribute "profile": not set
  - attribute "credentials_uri": not set
  - attribute "ecs_role_name": not set
  - attribute "assume_role_with_oidc": not set
  - ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET: not set
  - ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY: not set
  - ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, and ALIBABA_CLOUD_OIDC_TOKEN_FILE or ALIBABA_CLOUD_OIDC_TOKEN: not set (ALIBABA_CLOUD_ROLE_ARN alone is of no use)
  - ALIBABA_CLOUD_PROFILE and ALICLOUD_PROFILE: ` + profile + `
  - ALIBABA_CLOUD_CREDENTIALS_URI: not set
  - ` + test.cli + `
  - the instance's RAM role: not asked, since ALIBABA_CLOUD_ECS_METADATA_DISABLED is true

Set one of them. See https://registry.terraform.io/providers/seed01464933/aliyun/latest/docs/guides/authentication`
			if diff := cmp.Diff("No Credentials Found\n"+want, mistake.Summary+"\n"+mistake.Detail); diff != "" {
				t.Error(diff)
			}
		})
	}
}
