package credentials

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUsingBothProviders walks the guide's table: every row has its settings here, and
// what the row says of this provider is what happens.
func TestUsingBothProviders(t *testing.T) {
	t.Parallel()
	const secretOf = "secret-of-"
	folder := t.TempDir()
	token := write(t, filepath.Join(folder, "token"), "good-token")
	file := cliFile(t, keyProfile("current"), keyProfile("named"),
		profile{"name": "role", "mode": "RamRoleArn", "access_key_id": "base", "access_key_secret": "s", "sts_token": "t", "ram_role_arn": arn("of-profile")},
		profile{"name": "uri", "mode": "CredentialsURI", "credentials_uri": "http://127.0.0.1:1"},
		profile{"name": "twice", "mode": "AK", "access_key_id": "a", "access_key_secret": "b"},
		profile{"name": "twice", "mode": "AK", "access_key_id": "c", "access_key_secret": "d"},
	)
	key := func(id string) map[string]string {
		return map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": secretOf + id}
	}
	with := func(set map[string]string, namesAndValues ...string) map[string]string {
		all := map[string]string{"ALICLOUD_SHARED_CREDENTIALS_FILE": file}
		for name, value := range set {
			all[name] = value
		}
		for i := 0; i < len(namesAndValues); i += 2 {
			all[namesAndValues[i]] = namesAndValues[i+1]
		}
		return all
	}
	block := Config{AccessKey: "LTAIblock", SecretKey: "s"}
	oidc := Config{AssumeRoleWithOIDC: &Role{RoleARN: arn("r"), ProviderARN: "p", TokenFile: token}}
	oidcVariables := []string{oidcRole, arn("r"), oidcProvider, "p", oidcFile, token}
	onProfile := Config{Profile: "role", AssumeRole: &Role{RoleARN: arn("on-top")}}
	rows := map[string]struct {
		cfg       Config
		variables map[string]string
		source    string // A part of its name; "" for an error.
	}{
		"an AccessKey in the block":                         {block, with(key("LTAIvariable")), "ock)"},
		"half of an AccessKey in the block":                 {Config{AccessKey: "LTAIblock"}, with(key("LTAIvariable")), ""},
		"AccessKey variables of several families":           {Config{}, with(key("LTAIsecond"), "ALICLOUD_ACCESS_KEY", "LTAIfirst", "ALICLOUD_SECRET_KEY", "s"), "ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY"},
		"a security token of another family":                {Config{}, with(key("LTAIvariable"), "ALICLOUD_SECURITY_TOKEN", "stale"), "ALIBABA_CLOUD_ACCESS_KEY_ID"},
		"`profile`, `credentials_uri` or `ecs_role_name`":   {Config{Profile: "named"}, with(key("LTAIvariable")), `profile "named"`},
		"`assume_role_with_oidc`, and an AccessKey":         {oidc, with(key("LTAIvariable")), "assume_role_with_oidc"},
		"OIDC variables without a block":                    {Config{}, with(nil, oidcVariables...), "OIDC variables"},
		"... and a profile, URI or role name variable":      {Config{}, with(nil, append(oidcVariables, "ALICLOUD_PROFILE", "named")...), "OIDC variables"},
		"a profile variable, and":                           {Config{}, with(nil, "ALICLOUD_PROFILE", "named", "ALIBABA_CLOUD_IGNORE_PROFILE", "TRUE"), "metadata service"},
		"`ALICLOUD_SHARED_CREDENTIALS_FILE`":                {Config{Profile: "named"}, map[string]string{"ALICLOUD_SHARED_CREDENTIALS_FILE": file}, file},
		"`ALICLOUD_CREDENTIALS_URI`":                        {Config{}, with(nil, "ALICLOUD_CREDENTIALS_URI", "http://127.0.0.1:1"), "ALICLOUD_CREDENTIALS_URI"},
		"`ALICLOUD_ECS_ROLE_NAME`":                          {Config{}, with(nil, "ALICLOUD_ECS_ROLE_NAME", "role"), "ALICLOUD_ECS_ROLE_NAME"},
		"nothing":                                           {Config{}, with(nil), `profile "current"`},
		"`oidc_token_file`, and `ALIBABA_CLOUD_OIDC_TOKEN`": {oidc, with(nil, oidcToken, "other"), "assume_role_with_oidc"},
		"a profile of mode `RamRoleArn`, and `assume_role`": {onProfile, with(nil), "mode RamRoleArn"},
		"a profile of mode `RamRoleArn` with `sts_token`":   {Config{Profile: "role"}, with(nil), "mode RamRoleArn"},
		"a profile of mode `CredentialsURI`":                {Config{Profile: "uri"}, with(nil), "mode CredentialsURI"},
		"a profile whose name the file has twice":           {Config{Profile: "twice"}, with(nil), ""},
		"a file that doesn't exist":                         {Config{Profile: "named", SharedCredentialsFile: filepath.Join(folder, "none")}, nil, ""},
		"`TF_ENDPOINT_PATH`":                                {block, with(nil, "TF_ENDPOINT_PATH", "x"), "access_key"},
		"variables of a source IP":                          {block, with(nil, "ALICLOUD_SOURCE_IP", "1.2.3.4"), "access_key"},
		"`ALIBABA_CLOUD_ENDPOINT_ECS`":                      {block, with(nil, "ALIBABA_CLOUD_ENDPOINT_ECS", "ecs.example"), "access_key"}, // The endpoint itself is internal/provider's.
	}
	guide, err := os.ReadFile("../../docs/guides/using-both-providers.md")
	must(err)
	_, table, _ := strings.Cut(string(guide), "|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	seen := map[string]bool{}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, " | ")
		found := ""
		for row := range rows {
			if strings.HasPrefix(cells[0], "| "+row) && len(row) > len(found) {
				found = row
			}
		}
		if found == "" || len(cells) != 3 || seen[found] {
			t.Errorf("this row isn't tested: %s", line)
			continue
		}
		seen[found] = true
		test := rows[found]
		test.cfg.LookupEnv = environment(test.variables)
		source, err := New(t.Context(), hermetic(test.cfg))
		if refused := strings.Contains(cells[2], "an error"); refused != (err != nil) || refused != (test.source == "") {
			t.Errorf("%s: got %v", line, err)
		}
		if err != nil {
			continue
		}
		if !strings.Contains(source.String(), test.source) {
			t.Errorf("%s: the source is %s", line, source)
		}
		if warns := strings.Contains(cells[2], "a warning"); warns != (len(source.Warnings()) > 0) {
			t.Errorf("%s: the warnings are %v", line, source.Warnings())
		}
	}
	if len(seen) != len(rows) {
		t.Errorf("the table has %d of the %d rows", len(seen), len(rows))
	}
}
