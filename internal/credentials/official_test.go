package credentials

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// What the official provider, or the aliyun CLI, would be with these settings, this
// provider is too; or it says that it isn't.
func TestSameIdentityAsOthers(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	sts.secrets["sts-base"] = "secret-of-sts-base" // With the token token-of-sts-base.
	sts.secrets["env-key-1234"] = "secret-of-env-key-1234"
	instance := endpoint(newMetadata(t).URL)
	uri := newURI(t, nil).URL
	folder := t.TempDir()
	token := write(t, filepath.Join(folder, "token"), "good-token-of-the-file")
	file := cliFile(t, keyProfile("current"), keyProfile("named"),
		profile{
			"name": "temporary", "mode": "RamRoleArn", "access_key_id": "sts-base", "access_key_secret": "secret-of-sts-base",
			"sts_token": "token-of-sts-base", "ram_role_arn": arn("temporary"),
		},
		profile{"name": "uri", "mode": "CredentialsURI", "credentials_uri": uri},
		profile{"name": "uri of the environment", "mode": "CredentialsURI"},
		profile{"name": "oidc", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token_file": token, "ram_role_arn": arn("oidc")},
		profile{"name": "on the instance", "mode": "RamRoleArnWithRoleName", "ram_role_name": "instance-role", "ram_role_arn": arn("on-instance")},
		profile{"name": "instance", "mode": "EcsRamRole", "ram_role_name": "instance-role"},
		profile{"name": "without a mode", "mode": "", "access_key_id": "modeless", "access_key_secret": "secret-of-modeless"},
		profile{"name": "twice", "mode": "AK", "access_key_id": "a", "access_key_secret": "b"},
		profile{"name": "twice", "mode": "AK", "access_key_id": "c", "access_key_secret": "d"},
		profile{"name": "vpc", "mode": "AK", "access_key_id": "vpc", "access_key_secret": "secret-of-vpc", "endpoint_type": "vpc", "region_id": "cn-beijing"},
	)
	sts.secrets["metadata-key"] = "secret-of-metadata-key"
	keys := func(family int, id string) map[string]string {
		return map[string]string{keyFamilies[family][0]: id, keyFamilies[family][1]: "secret-of-" + id}
	}
	with := func(sets ...map[string]string) map[string]string {
		all := map[string]string{}
		for _, set := range sets {
			for name, value := range set {
				all[name] = value
			}
		}
		return all
	}
	set := func(name, value string) map[string]string { return map[string]string{name: value} }
	named, onlyCLI := set("ALIBABA_CLOUD_CREDENTIALS_FILE", file), set("ALIBABA_CLOUD_CONFIG_FILE", file)
	home := filepath.Join(folder, ".aliyun", "config.json")
	const other = "The Official Provider Would Use Other Credentials"
	cases := map[string]struct {
		cfg       Config
		variables map[string]string
		key       string   // "" where New refuses.
		says      []string // Of the error or the one warning; none without one.
	}{
		"third family beside a CLI profile": {Config{}, with(keys(2, "third"), named), "third", nil},
		"first family before the second":    {Config{}, with(keys(0, "first"), keys(1, "second"), keys(2, "third")), "first", nil},
		"first file variable":               {Config{Profile: "named"}, set("ALICLOUD_SHARED_CREDENTIALS_FILE", file), "named", nil},
		"second file variable":              {Config{Profile: "named"}, set("ALIBABA_CLOUD_CREDENTIALS_FILE", file), "named", nil},
		"URI variable":                      {Config{}, with(set("ALICLOUD_CREDENTIALS_URI", uri), named), "uri-key", nil},
		"role variable":                     {Config{}, with(set("ALICLOUD_ECS_ROLE_NAME", "instance-role"), named), "metadata-key", nil},
		"metadata variable":                 {Config{}, with(set("ALIBABA_CLOUD_ECS_METADATA", "instance-role"), named), "metadata-key", nil},
		"profile and key variables": {
			Config{Profile: "named"},
			with(keys(1, "env-key-1234"), named), "named",
			[]string{other, `profile "named"`, `(named by attribute "profile")`, "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (access key ****1234)", "Unset"},
		},
		"credentials_uri and key variables": {
			Config{CredentialsURI: uri},
			keys(0, "env-key-1234"), "uri-key",
			[]string{other, "credentials_uri", "ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY (access key ****1234)"},
		},
		"ecs_role_name and key variables": {Config{ECSRoleName: "instance-role"}, keys(2, "env-key-1234"), "metadata-key", []string{other, "ecs_role_name", "****1234"}},
		"ecs_role_name and URI variable":  {Config{ECSRoleName: "instance-role"}, set("ALICLOUD_CREDENTIALS_URI", uri), "metadata-key", []string{other, "ALICLOUD_CREDENTIALS_URI"}},
		"OIDC block and role variable": {
			Config{AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", Token: "good-token"}},
			set("ALIBABA_CLOUD_ECS_METADATA", "instance-role"), "session-r-",
			[]string{other, "ALIBABA_CLOUD_ECS_METADATA"},
		},
		"OIDC variables and profile": {
			Config{},
			with(named, map[string]string{"ALIBABA_CLOUD_PROFILE": "named", oidcRole: arn("r"), oidcProvider: "p", oidcFile: token}), "session-r-",
			[]string{other, "OIDC variables", "ALIBABA_CLOUD_PROFILE"},
		},
		"the CLI's profile variable beside credentials_uri": {Config{CredentialsURI: uri}, with(named, set("ALIBABACLOUD_PROFILE", "named")), "uri-key", nil},
		"the CLI's profile variable and URI variable": {
			Config{},
			with(named, map[string]string{"ALIBABACLOUD_PROFILE": "named", "ALICLOUD_CREDENTIALS_URI": uri}), "named",
			[]string{other, "ALIBABACLOUD_PROFILE", "ALICLOUD_CREDENTIALS_URI"},
		},
		"profile switched off": {
			Config{},
			with(named, map[string]string{"ALIBABA_CLOUD_PROFILE": "named", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}), "metadata-key",
			[]string{other, "metadata service", "ALIBABA_CLOUD_PROFILE"},
		},
		"the CLI's file and a profile": {
			Config{Profile: "named"},
			with(onlyCLI, set("HOME", folder), set("USERPROFILE", folder)), "named",
			[]string{other, file, home, "ALICLOUD_SHARED_CREDENTIALS_FILE"},
		},
		"the CLI's file and a profile variable": {
			Config{},
			with(onlyCLI, set("HOME", folder), set("USERPROFILE", folder), set("ALIBABA_CLOUD_PROFILE", "named")), "named",
			[]string{other, file, home},
		},
		"the CLI's file behind another":             {Config{Profile: "named"}, with(named, set("ALIBABA_CLOUD_CONFIG_FILE", home)), "named", nil},
		"the CLI's file behind the block's":         {Config{Profile: "named", SharedCredentialsFile: file}, set("ALIBABA_CLOUD_CONFIG_FILE", home), "named", nil},
		"the CLI's file and its profile variable":   {Config{}, with(onlyCLI, set("ALIBABACLOUD_PROFILE", "named")), "named", nil},
		"the CLI's file and current profile":        {Config{}, onlyCLI, "current", nil},
		"the instance's profile and a URI variable": {Config{Profile: "instance"}, with(named, set("ALICLOUD_CREDENTIALS_URI", uri)), "metadata-key", []string{other, `"instance"`, "ALICLOUD_CREDENTIALS_URI"}},
		"a URI's profile and a role variable":       {Config{Profile: "uri"}, with(named, set("ALICLOUD_ECS_ROLE_NAME", "instance-role")), "uri-key", []string{other, `"uri"`, "ALICLOUD_ECS_ROLE_NAME"}},
		"OIDC variables alone":                      {Config{}, map[string]string{oidcRole: arn("r"), oidcProvider: "p", oidcFile: token}, "session-r-", nil},
		"profile attribute and variable":            {Config{Profile: "named"}, with(named, set("ALICLOUD_PROFILE", "current")), "named", nil},
		"static attributes and keys":                {Config{AccessKey: "static", SecretKey: "secret-of-static"}, keys(0, "env-key-1234"), "static", nil},
		"token of another family": {
			Config{},
			with(keys(1, "env-key-1234"), set("ALICLOUD_SECURITY_TOKEN", "stale-token")), "env-key-1234",
			[]string{"Unused Security Token", "ALICLOUD_SECURITY_TOKEN is set, but not used", "ALIBABA_CLOUD_SECURITY_TOKEN"},
		},
		"token beside attributes": {
			Config{AccessKey: "static", SecretKey: "secret-of-static"},
			set("ALIBABA_CLOUD_SECURITY_TOKEN", "stale-token"), "static",
			[]string{"Unused Security Token", "ALIBABA_CLOUD_SECURITY_TOKEN is set, but not used", "security_token"},
		},
		"token beside a profile": {
			Config{Profile: "named"},
			with(named, set("ALICLOUD_SECURITY_TOKEN", "stale-token")), "named",
			[]string{"Unused Security Token", "ALICLOUD_SECURITY_TOKEN is set, but not used", `profile "named"`},
		},
		"profile with a token":        {Config{Profile: "temporary"}, named, "session-temporary-", nil},
		"profile with a URI":          {Config{Profile: "uri"}, named, "uri-key", nil},
		"profile with the CLI's URI":  {Config{Profile: "uri of the environment"}, with(named, set("ALIBABA_CLOUD_CREDENTIALS_URI", uri)), "uri-key", nil},
		"profile on the instance":     {Config{Profile: "on the instance"}, named, "session-on-instance-", nil},
		"profile without a mode":      {Config{Profile: "without a mode"}, named, "modeless", nil},
		"two profiles of one name":    {Config{Profile: "twice"}, named, "", []string{"Ambiguous Profile", `"twice"`}},
		"profile's endpoint":          {Config{Profile: "vpc"}, named, "vpc", []string{"Setting Not Used", "endpoint_type", `endpoints { ecs = "ecs-vpc.cn-beijing.aliyuncs.com" }`}},
		"profile's endpoint replaced": {Config{Profile: "vpc", ECSEndpoint: endpoint("ecs.example")}, named, "vpc", nil},
		"mode switched off":           {Config{Profile: "uri"}, with(named, set("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "1")), "", []string{"ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"}},
		"role variable behind a block": {
			Config{AccessKey: "env-key-1234", SecretKey: "secret-of-env-key-1234", AssumeRole: &Role{}},
			map[string]string{"ALICLOUD_ASSUME_ROLE_ARN": arn("first"), "ALIBABA_CLOUD_ROLE_ARN": arn("second")},
			"session-first-", nil,
		},
		"second role variable": {
			Config{AccessKey: "env-key-1234", SecretKey: "secret-of-env-key-1234", AssumeRole: &Role{}},
			map[string]string{"ALIBABA_CLOUD_ROLE_ARN": arn("second")},
			"session-second-", nil,
		},
		"OIDC variables behind a block": {
			Config{AssumeRoleWithOIDC: &Role{}},
			map[string]string{oidcRole: arn("r"), oidcProvider: "p", oidcToken: "good-token"},
			"session-r-", nil,
		},
		"explicit token file": {
			Config{AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", TokenFile: token}},
			set(oidcToken, "bad-token"), "session-r-",
			[]string{"Another OIDC Token", oidcToken},
		},
		"source IP":           {Config{AccessKey: "static", SecretKey: "secret-of-static"}, set("ALICLOUD_SOURCE_IP", "1.2.3.4"), "static", []string{"Setting Not Used", "ALICLOUD_SOURCE_IP"}},
		"endpoints file":      {Config{AccessKey: "static", SecretKey: "secret-of-static"}, set("TF_ENDPOINT_PATH", "x"), "static", []string{"TF_ENDPOINT_PATH", "endpoints"}},
		"the CLI's own names": {Config{}, with(keys(1, "env-key-1234"), set("ALICLOUD_ACCESS_KEY_ID", "x")), "env-key-1234", []string{"ALICLOUD_ACCESS_KEY_ID", "aliyun CLI"}},
		"half a key":          {Config{AccessKey: "env-key-1234"}, set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-of-env-key-1234"), "", []string{"secret_key is required when access_key is set"}},
		"OIDC block and key variables": {
			Config{AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", Token: "good-token"}},
			keys(1, "env-key-1234"), "session-r-",
			[]string{other, "****1234"},
		},
		"OIDC variables and role variable": {
			Config{},
			map[string]string{"ALICLOUD_ECS_ROLE_NAME": "instance-role", oidcRole: arn("r"), oidcProvider: "p", oidcFile: token},
			"session-r-",
			[]string{other, "OIDC variables", "ALICLOUD_ECS_ROLE_NAME"},
		},
		"profile ignored": {
			Config{},
			with(named, map[string]string{"ALICLOUD_PROFILE": "named", "ALIBABA_CLOUD_IGNORE_PROFILE": "true"}), "metadata-key",
			[]string{other, "metadata service", "ALICLOUD_PROFILE"},
		},
		"nothing but the CLI's file": {Config{}, named, "current", nil},
		"nothing at all":             {Config{}, set("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"), "metadata-key", nil},
		"profile of a role, and a role": {
			Config{Profile: "temporary", AssumeRole: &Role{RoleARN: arn("second")}}, named, "session-second-", nil,
		},
		"profile with OIDC": {Config{Profile: "oidc"}, named, "session-oidc-", nil},
		"no file":           {Config{Profile: "named"}, set("ALIBABA_CLOUD_CONFIG_FILE", filepath.Join(folder, "nothing")), "", []string{"CLI Configuration Not Found"}},
		"secure transport":  {Config{AccessKey: "static", SecretKey: "secret-of-static"}, set("ALICLOUD_SECURE_TRANSPORT", "true"), "static", []string{"Setting Not Used", "ALICLOUD_SECURE_TRANSPORT"}},
	}
	outcomes := map[string]string{}
	for name, test := range cases {
		switch {
		case test.key == "":
			outcomes[name] = "an error"
		case test.says != nil:
			outcomes[name] = "a warning"
		default:
			outcomes[name] = "neither"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := test.cfg
			cfg.LookupEnv, cfg.MetadataEndpoint, cfg.STSEndpoint = environment(test.variables), instance, endpoint(sts.URL)
			if test.key == "" {
				wantText(t, configError(t, cfg).Error(), test.says...)
				return
			}
			source := newSource(t, cfg)
			if keys := mustGet(t, source); !strings.HasPrefix(keys.AccessKeyID, test.key) || keys.AccessKeySecret != "secret-of-"+keys.AccessKeyID {
				t.Errorf("the keys are %q", keys)
			}
			var said strings.Builder
			for _, warning := range source.Warnings {
				said.WriteString(warning.Summary + ": " + warning.Detail + "\n")
			}
			if (said.Len() > 0) != (len(test.says) > 0) || len(source.Warnings) > 1 {
				t.Errorf("the warnings are: %s", said.String())
			}
			wantText(t, said.String(), test.says...)
			wantNone(t, said.String(), "env-key-1234", "secret-of", "stale-token", "bad-token")
		})
	}
	checkGuide(t, outcomes)
}

// What an assume_role block leaves out comes from the environment.
func TestAssumeRoleVariables(t *testing.T) {
	t.Parallel()
	const name, expiration = "ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"
	for _, test := range []struct {
		role          Role
		variables     map[string]string
		session, life string
	}{
		{Role{}, nil, "terraform-provider-aliyun", "3600"},
		{Role{}, map[string]string{name: "nightly", oidcSession: "other", expiration: "900"}, "nightly", "900"},
		{Role{}, map[string]string{oidcSession: "other"}, "other", "3600"},
		{Role{SessionName: "own", SessionExpiration: 1800}, map[string]string{name: "nightly", expiration: "900"}, "own", "1800"},
	} {
		sts := newSTS(t, httptest.NewServer)
		cfg := roleConfig(sts.URL)
		test.role.RoleARN = arn("reader")
		cfg.AssumeRole, cfg.LookupEnv = &test.role, environment(test.variables)
		keysOf(t, cfg)
		if call := sts.called()[0]; call.Get("RoleSessionName") != test.session || call.Get("DurationSeconds") != test.life {
			t.Errorf("%v, %v: the session is %q, its duration %q", test.role, test.variables, call.Get("RoleSessionName"), call.Get("DurationSeconds"))
		}
	}
	cfg := roleConfig("http://127.0.0.1:1")
	cfg.LookupEnv = environment(map[string]string{expiration: "an hour"})
	wantText(t, configError(t, cfg).Error(), "an hour", "Session")
}
