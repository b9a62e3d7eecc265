package credentials

import (
	"os"
	"strings"
	"testing"
)

// documented has the cases of TestSameIdentityAsOthers for each row of the guide's table.
var documented = map[string][]string{
	"an AccessKey in the block":                                                                      {"static attributes and keys"},
	"half of an AccessKey in the block, half in a variable":                                          {"half a key"},
	"AccessKey variables of several families":                                                        {"first family before the second"},
	"a security token of another family, or beside an AccessKey of the block":                        {"token of another family", "token beside attributes"},
	"`profile`, `credentials_uri` or `ecs_role_name` in the block, and AccessKey variables":          {"profile and key variables", "credentials_uri and key variables", "ecs_role_name and key variables"},
	"`assume_role_with_oidc`, and an AccessKey, profile, URI or role name in the environment":        {"OIDC block and key variables", "OIDC block and role variable"},
	"OIDC variables without a block":                                                                 {"OIDC variables alone"},
	"... and a profile, URI or role name variable":                                                   {"OIDC variables and profile", "OIDC variables and role variable"},
	"a profile variable, and `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` or `ALIBABA_CLOUD_IGNORE_PROFILE`": {"profile switched off", "profile ignored"},
	"`ALICLOUD_SHARED_CREDENTIALS_FILE`, `ALIBABA_CLOUD_CREDENTIALS_FILE`":                           {"first file variable", "second file variable"},
	"a profile, and `ALIBABA_CLOUD_CONFIG_FILE` alone":                                               {"the CLI's file and a profile", "the CLI's file and a profile variable"},
	"a profile of mode `EcsRamRole` or `CredentialsURI`, and a URI or role name variable":            {"the instance's profile and a URI variable", "a URI's profile and a role variable"},
	"`ALICLOUD_CREDENTIALS_URI`, `ALIBABA_CLOUD_CREDENTIALS_URI`":                                    {"URI variable"},
	"`ALICLOUD_ECS_ROLE_NAME`, `ALIBABA_CLOUD_ECS_METADATA`":                                         {"role variable", "metadata variable"},
	"nothing": {"nothing but the CLI's file", "nothing at all"},
	"`oidc_token_file`, and `ALIBABA_CLOUD_OIDC_TOKEN`":                      {"explicit token file"},
	"a profile of mode `RamRoleArn`, and `assume_role`":                      {"profile of a role, and a role"},
	"a profile of mode `RamRoleArn` with `sts_token`":                        {"profile with a token"},
	"a profile of mode `CredentialsURI`, `OIDC` or `RamRoleArnWithRoleName`": {"profile with a URI", "profile with OIDC", "profile on the instance"},
	"a profile whose name the file has twice":                                {"two profiles of one name"},
	"a file that doesn't exist":                                              {"no file"},
	"`TF_ENDPOINT_PATH`, or `endpoints.xml` in the working directory":        {"endpoints file"},
	"variables of a source IP or of secure transport":                        {"source IP", "secure transport"},
	"`ALIBABA_CLOUD_ENDPOINT_ECS`, `ECS_ENDPOINT`":                           nil, // TestEndpointVariables of internal/provider.
}

// checkGuide compares the table with what the cases lead to: an error, a warning or neither.
func checkGuide(t *testing.T, outcomes map[string]string) {
	t.Helper()
	guide, err := os.ReadFile("../../templates/guides/using-both-providers.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(guide), "| Set | `alicloud` uses | `aliyun` uses |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	rows := map[string]bool{}
	for row := range strings.SplitSeq(table, "\n") {
		cells := strings.Split(row, "|")
		if len(cells) != 5 {
			t.Fatalf("not a row of three cells: %s", row)
		}
		setting, claim := strings.TrimSpace(cells[1]), strings.TrimSpace(cells[3])
		rows[setting] = true
		cases, known := documented[setting]
		if !known {
			t.Errorf("the row %q has no case", setting)
		}
		want := "neither"
		if claim == "an error" {
			want = claim
		} else if strings.HasSuffix(claim, "; a warning") {
			want = "a warning"
		}
		for _, name := range cases {
			if outcomes[name] != want {
				t.Errorf("the guide's row %q says %q, and the case %q leads to %q", setting, claim, name, outcomes[name])
			}
		}
	}
	for setting := range documented {
		if !rows[setting] {
			t.Errorf("the guide has no row %q", setting)
		}
	}
}
