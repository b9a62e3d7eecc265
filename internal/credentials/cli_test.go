package credentials

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// cliFile writes a configuration of the CLI. A profile is a list of names and
// values.
func cliFile(t *testing.T, profiles ...map[string]any) string {
	t.Helper()
	content, err := json.Marshal(map[string]any{"current": profiles[0]["name"], "profiles": profiles, "meta_path": ""})
	if err != nil {
		t.Fatal(err)
	}
	return write(t, filepath.Join(t.TempDir(), "config.json"), string(content))
}

type profile = map[string]any

// keyProfile is a profile with a key of its own name.
func keyProfile(name string) profile {
	return profile{"name": name, "mode": "AK", "access_key_id": name, "access_key_secret": "secret-of-" + name}
}

func akProfile() profile {
	return profile{"name": "base", "mode": "AK", "access_key_id": "base-key", "access_key_secret": "base-secret", "region_id": "cn-beijing", "output_format": "json"}
}

func TestProfileModes(t *testing.T) {
	t.Parallel()
	sts := newSTS(t, httptest.NewServer)
	sso := newCloudSSO(t)
	instance := endpoint(newMetadata(t).URL)
	token := write(t, filepath.Join(t.TempDir(), "token"), "good-token")
	next := time.Now().Add(time.Hour).Unix()
	tests := map[string]struct {
		profile profile
		key     string
		token   bool
	}{
		"AK": {akProfile(), "base-key", false},
		"StsToken": {
			profile{"mode": "StsToken", "access_key_id": "sts-key", "access_key_secret": "s", "sts_token": "t"}, "sts-key", true,
		},
		"RamRoleArn": {
			profile{"mode": "RamRoleArn", "access_key_id": "base-key", "access_key_secret": "base-secret", "ram_role_arn": arn("one"), "expired_seconds": 900},
			"session-one-", true,
		},
		"ChainableRamRoleArn": {profile{"mode": "ChainableRamRoleArn", "source_profile": "base", "ram_role_arn": arn("two")}, "session-two-", true},
		"EcsRamRole":          {profile{"mode": "EcsRamRole", "ram_role_name": "instance-role"}, "metadata-key", true},
		"EcsRamRole unnamed":  {profile{"mode": "EcsRamRole"}, "metadata-key", true},
		"OIDC with a file":    {profile{"mode": "OIDC", "oidc_token_file": token, "oidc_provider_arn": "p", "ram_role_arn": arn("three")}, "session-three-", true},
		"OIDC with a token":   {profile{"mode": "OIDC", "oidc_token": "good-token", "oidc_provider_arn": "p", "ram_role_arn": arn("four")}, "session-four-", true},
		"CloudSSO": {
			profile{
				"mode": "CloudSSO", "cloud_sso_sign_in_url": sso.URL + "/start", "cloud_sso_account_id": "1", "cloud_sso_access_config": "c",
				"access_token": "sso-token", "cloud_sso_access_token_expire": next,
			}, "sso-key", true,
		},
		"OAuth":    {profile{"mode": "OAuth", "oauth_site_type": "test", "oauth_refresh_token": "modes-1"}, "oauth-key", true},
		"External": {profile{"mode": "External", "process_command": `echo '{"mode":"AK","access_key_id":"external-key","access_key_secret":"s"}'`}, "external-key", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "External" && runtime.GOOS == "windows" {
				t.Skip("there is no echo command")
			}
			test.profile["name"] = "chosen"
			keys := keysOf(t, Config{
				Profile:               "chosen",
				SharedCredentialsFile: cliFile(t, akProfile(), test.profile),
				STSEndpoint:           endpoint(sts.URL),
				MetadataEndpoint:      instance,
			})
			if !strings.HasPrefix(keys.AccessKeyID, test.key) || (keys.SecurityToken != "") != test.token {
				t.Errorf("the key is %q, its security token %q", keys.AccessKeyID, keys.SecurityToken)
			}
		})
	}
}

// What a profile lacks is named by the field, and no environment stands in.
func TestHalfProfiles(t *testing.T) {
	t.Parallel()
	whole := map[string]profile{
		"AK":                  {"access_key_id": "k", "access_key_secret": "s"},
		"StsToken":            {"access_key_id": "k", "access_key_secret": "s", "sts_token": "t"},
		"RamRoleArn":          {"access_key_id": "k", "access_key_secret": "s", "ram_role_arn": arn("r")},
		"ChainableRamRoleArn": {"source_profile": "base", "ram_role_arn": arn("r")},
		"OIDC":                {"oidc_provider_arn": "p", "oidc_token_file": "f", "ram_role_arn": arn("r")},
		"CloudSSO":            {"cloud_sso_sign_in_url": "u", "cloud_sso_account_id": "1", "cloud_sso_access_config": "c", "access_token": "t"},
		"OAuth":               {"oauth_site_type": "CN", "oauth_refresh_token": "t"},
		"External":            {"process_command": "c"},
	}
	for mode, fields := range whole {
		for lacking := range fields {
			t.Run(mode+" without "+lacking, func(t *testing.T) {
				t.Parallel()
				half := profile{"name": "half", "mode": mode}
				for field, value := range fields {
					if field != lacking {
						half[field] = value
					}
				}
				mistake := configError(t, Config{Profile: "half", SharedCredentialsFile: cliFile(t, akProfile(), half)})
				wantText(t, mistake.Error(), "Incomplete Profile", `profile "half"`, "lacks "+lacking, "aliyun configure --mode "+mode+" --profile half")
				if mistake.Attribute != "profile" {
					t.Errorf("the attribute is %q", mistake.Attribute)
				}
			})
		}
	}
}

func TestBadProfiles(t *testing.T) {
	t.Parallel()
	chain := func(name, source string) profile {
		return profile{"name": name, "mode": "ChainableRamRoleArn", "source_profile": source, "ram_role_arn": arn("r")}
	}
	tests := map[string]struct {
		profiles []profile
		parts    []string
	}{
		"unknown":          {[]profile{akProfile(), {"name": "other"}}, []string{`no profile "chosen" (named by attribute "profile")`, `"base", "other"`}},
		"unsupported mode": {[]profile{{"name": "chosen", "mode": "RsaKeyPair"}}, []string{`"RsaKeyPair"`, "AK, ChainableRamRoleArn", `(named by attribute "profile")`}},
		"loop of one":      {[]profile{chain("chosen", "chosen")}, []string{"chosen → chosen"}},
		"loop of three":    {[]profile{chain("chosen", "b"), chain("b", "c"), chain("c", "b")}, []string{"chosen → b → c → b"}},
		"unknown source":   {[]profile{chain("chosen", "b")}, []string{`no profile "b" (source_profile of "chosen")`}},
		"half source":      {[]profile{chain("chosen", "b"), {"name": "b", "mode": "AK"}}, []string{`"b"`, `(source_profile of "chosen")`, "lacks access_key_id"}},
		"OAuth site": {
			[]profile{{"name": "chosen", "mode": "OAuth", "oauth_site_type": "EU", "oauth_refresh_token": "t"}},
			[]string{`"EU"`, "CN and INTL"},
		},
		"command": {[]profile{{"name": "chosen", "mode": "External", "process_command": "get 'keys"}}, []string{"Unterminated single-quoted string"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mistake := configError(t, Config{Profile: "chosen", SharedCredentialsFile: cliFile(t, test.profiles...)})
			wantText(t, mistake.Error(), test.parts...)
		})
	}
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const secret = "LTAI5tSecret"
	tests := map[string]struct {
		content string
		parts   []string
	}{
		"empty":       {" \n", []string{"is empty"}},
		"malformed":   {"{\n  \"current\": \"a\",\n  \"" + secret + "\" x", []string{"line 3, column 18"}},
		"cut":         {`{"profiles": [{"access_key_secret": "` + secret, []string{"line 1"}},
		"two values":  {`{"current": "` + secret + `"} {}`, []string{"line 1"}},
		"wrong type":  {`{"profiles": [{"expired_seconds": "` + secret + `"}]}`, []string{`"profiles.expired_seconds"`, "int"}},
		"a list":      {`["` + secret + `"]`, nil},
		"no profiles": {`{"current": "` + secret + `"}`, []string{"has no profiles"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := write(t, filepath.Join(folder, strings.ReplaceAll(name, " ", "-")), test.content)
			mistake := configError(t, Config{Profile: "a", SharedCredentialsFile: file})
			wantText(t, mistake.Error(), append(test.parts, file)...)
			if strings.Contains(mistake.Error(), secret) {
				t.Errorf("the content is seen in: %v", mistake)
			}
			if mistake.Attribute != "shared_credentials_file" {
				t.Errorf("the attribute is %q", mistake.Attribute)
			}
		})
	}
}

func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	missing := filepath.Join(folder, "missing.json")
	file := cliFile(t, akProfile())
	const variable = "ALIBABA_CLOUD_CONFIG_FILE"
	tests := map[string]struct {
		cfg       Config
		variables map[string]string
		attribute string
		parts     []string
	}{
		"explicit file":     {Config{SharedCredentialsFile: missing}, nil, "shared_credentials_file", []string{"CLI Configuration Not Found", missing, `attribute "shared_credentials_file" names`}},
		"explicit profile":  {Config{Profile: "a"}, map[string]string{variable: missing}, "profile", []string{missing, variable + " names", `profile "a"`, "aliyun configure --profile a"}},
		"named by variable": {Config{}, map[string]string{variable: missing}, "", []string{missing, variable + " names"}},
		"a folder":          {Config{Profile: "a", SharedCredentialsFile: folder}, nil, "shared_credentials_file", []string{folder, "not a regular file"}},
		"no home":           {Config{Profile: "a"}, nil, "profile", []string{"No Home Directory", "HOME"}},
		"profile variable":  {Config{}, map[string]string{variable: file, "ALICLOUD_PROFILE": "a", "ALIBABA_CLOUD_PROFILE": "base"}, "", []string{`"a" (named by ALICLOUD_PROFILE)`}},
	}
	for name, test := range tests {
		test.cfg.LookupEnv = environment(test.variables)
		mistake := configError(t, test.cfg)
		if diff := cmp.Diff(test.attribute, mistake.Attribute); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		wantText(t, mistake.Error(), test.parts...)
	}
}

// A CLI that isn't there, or was never set up, doesn't stand in the way of the
// instance's role.
func TestCurrentProfileIsPassedOver(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for name, variables := range map[string]map[string]string{
		"no file":    {"HOME": home, "USERPROFILE": home},
		"no mode":    {"ALIBABA_CLOUD_CONFIG_FILE": cliFile(t, profile{"name": "default", "mode": ""})},
		"empty keys": {"ALIBABA_CLOUD_CONFIG_FILE": cliFile(t, profile{"name": "default", "mode": "AK", "access_key_id": "", "region_id": "cn-hangzhou"})},
	} {
		source := newSource(t, Config{LookupEnv: environment(variables)})
		wantText(t, source.String(), "metadata service")
		if len(source.Warnings) > 0 {
			t.Errorf("%s: %v", name, source.Warnings)
		}
	}
}

// The file is only read where it is the source, or the next place to look: it may be
// anything otherwise.
func TestFileIsNotReadInVain(t *testing.T) {
	t.Parallel()
	file := write(t, filepath.Join(t.TempDir(), "config.json"), "no JSON")
	for name, cfg := range map[string]Config{
		"static keys": {AccessKey: "k", SecretKey: "s", SharedCredentialsFile: file},
		"variables":   {SharedCredentialsFile: file, LookupEnv: environment(map[string]string{"ALICLOUD_ACCESS_KEY": "k", "ALICLOUD_SECRET_KEY": "s"})},
		"URI":         {CredentialsURI: "http://127.0.0.1:1", SharedCredentialsFile: file},
	} {
		if text := newSource(t, cfg).String(); strings.Contains(text, file) {
			t.Errorf("%s: the source is %s", name, text)
		}
	}
}

// What an editor leaves at the beginning of the file isn't a mistake.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(cliFile(t, akProfile()))
	must(err)
	file := write(t, filepath.Join(t.TempDir(), "config.json"), "\uFEFF"+string(content))
	if keys := keysOf(t, Config{SharedCredentialsFile: file}); keys.AccessKeyID != "base-key" {
		t.Errorf("the key is %q", keys.AccessKeyID)
	}
}

// Without a home directory, a folder that is called like the shell's shorthand for it is
// none. Not parallel, since it changes the working directory.
func TestNoHome(t *testing.T) { //nolint:paralleltest // See above.
	t.Chdir(t.TempDir())
	must(os.MkdirAll("~/.aliyun", 0o700))
	content, err := json.Marshal(map[string]any{"profiles": []profile{akProfile()}})
	must(err)
	write(t, "~/.aliyun/config.json", string(content))
	wantText(t, configError(t, Config{Profile: "base"}).Error(), "No Home Directory")
}

func TestHome(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	folder := filepath.Join(home, ".aliyun")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(cliFile(t, akProfile()))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "config.json"), string(content))
	for _, file := range []string{"", "~/.aliyun/config.json"} {
		source := newSource(t, Config{
			SharedCredentialsFile: file,
			LookupEnv:             environment(map[string]string{"HOME": home, "USERPROFILE": home}),
		})
		want := fmt.Sprintf("the profile %q of %s (the current one), mode AK, access key ****-key", "base", filepath.Join(folder, "config.json"))
		if diff := cmp.Diff(want, source.String()); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff("cn-beijing", source.Region); diff != "" {
			t.Error(diff)
		}
	}
}
