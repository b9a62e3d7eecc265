package credentials

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
)

// byteOrderMark is what some editors put at the beginning of a file.
const byteOrderMark = "\xEF\xBB\xBF"

// cliConfig is the aliyun CLI's configuration file, as far as credentials go.
type cliConfig struct {
	path     string
	Current  string       `json:"current"`
	Profiles []cliProfile `json:"profiles"`
}

// cliProfile has the fields that matter to credentials and endpoints: those of the CLI,
// and those that credentials-go adds.
type cliProfile struct {
	file    string // Where the profile is.
	namedBy string // Why it is this one.

	Name            string `json:"name"`
	Mode            string `json:"mode"`
	AccessKeyID     string `json:"access_key_id"`
	AccessKeySecret string `json:"access_key_secret"`
	SecurityToken   string `json:"sts_token"`
	RegionID        string `json:"region_id"`
	RoleARN         string `json:"ram_role_arn"`
	SessionName     string `json:"ram_session_name"`
	DurationSeconds int    `json:"expired_seconds"`
	ExternalID      string `json:"external_id"`
	Policy          string `json:"policy"`
	STSEndpoint     string `json:"sts_endpoint"`
	STSRegion       string `json:"sts_region"`
	EnableVPC       bool   `json:"enable_vpc"`
	SourceProfile   string `json:"source_profile"`
	RoleName        string `json:"ram_role_name"`
	OIDCTokenFile   string `json:"oidc_token_file"`
	OIDCToken       string `json:"oidc_token"`
	OIDCProviderARN string `json:"oidc_provider_arn"`
	ProcessCommand  string `json:"process_command"`
	CredentialsURI  string `json:"credentials_uri"`
	Endpoint        string `json:"endpoint"`
	EndpointType    string `json:"endpoint_type"`

	SignInURL         string `json:"cloud_sso_sign_in_url"`
	AccountID         string `json:"cloud_sso_account_id"`
	AccessConfig      string `json:"cloud_sso_access_config"`
	AccessToken       string `json:"access_token"`
	AccessTokenExpire int64  `json:"cloud_sso_access_token_expire"` // Unix seconds.

	OAuthSiteType          string `json:"oauth_site_type"`
	OAuthRefreshToken      string `json:"oauth_refresh_token"`
	OAuthAccessToken       string `json:"oauth_access_token"`
	OAuthAccessTokenExpire int64  `json:"oauth_access_token_expire"` // Unix seconds.
}

// cliPath returns the path of the CLI's configuration and the argument or variable that
// sets it; "" for the default.
func (f *finder) cliPath() (path, setBy string, err error) {
	set := chosen(
		setting{`attribute "shared_credentials_file"`, f.cfg.SharedCredentialsFile},
		f.first("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_CONFIG_FILE"),
		setting{"", "~/.aliyun/config.json"},
	)
	rest, below := strings.CutPrefix(set.value, "~/")
	if !below {
		return set.value, set.name, nil
	}
	home := f.variable("HOME")
	if runtime.GOOS == "windows" {
		home = chosen(home, setting{"", f.env("HOMEDRIVE") + f.env("HOMEPATH")}, f.variable("USERPROFILE"))
	}
	if home.value == "" {
		return set.value, set.name, mistake("No Home Directory",
			"The aliyun CLI's configuration is %s, but the environment names no home directory (%s).", set.value, home.name)
	}
	return filepath.Join(home.value, rest), set.name, nil
}

// readCLIConfig reads the file. Errors name the place of a mistake, never what is
// written there. Where there is no file the error is also [fs.ErrNotExist].
func (f *finder) readCLIConfig(ctx context.Context) (*cliConfig, error) {
	path, setBy, err := f.cliPath()
	if err != nil {
		return nil, err
	}
	named := path
	if setBy != "" {
		named += ", which " + setBy + " names,"
	}
	config := &cliConfig{path: path}
	content, err := readRegular(ctx, path)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	content = bytes.TrimPrefix(content, []byte(byteOrderMark))
	var failure *ConfigError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		failure = mistake("CLI Configuration Not Found", "The file %s doesn't exist.", named)
	case err != nil:
		failure = mistake("Unusable CLI Configuration", "The file %s can't be read: %v.", named, err)
	default:
		if problem := config.decode(content); problem != "" {
			failure = mistake("Unusable CLI Configuration", "The file %s %s. It must be the config.json of the aliyun CLI, in UTF-8; `aliyun configure` makes one.", named, problem)
		}
	}
	if failure != nil {
		failure.Err = err
		if f.cfg.SharedCredentialsFile != "" {
			failure.Attribute = "shared_credentials_file"
		}
		return nil, failure
	}
	return config, nil
}

// decode reads the content, and tells what is wrong with it and where. encoding/json's
// own texts quote a part of the file.
func (c *cliConfig) decode(content []byte) (problem string) {
	var (
		syntax   *json.SyntaxError
		mismatch *json.UnmarshalTypeError
	)
	err := json.Unmarshal(content, c)
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return "is empty"
	case errors.As(err, &syntax):
		before := content[:min(int(syntax.Offset), len(content))]
		line, column := bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n')-1
		return fmt.Sprintf("is not valid JSON: see line %d, column %d", line, column)
	case errors.As(err, &mismatch):
		return fmt.Sprintf("has a field %q that is not of the type %s", mismatch.Field, mismatch.Type)
	case len(c.Profiles) == 0:
		return "has no profiles"
	}
	for i := range c.Profiles {
		trim(&c.Profiles[i])
	}
	return ""
}

// find returns the profile of that name. namedBy says what named it.
func (c *cliConfig) find(name, namedBy string) (*cliProfile, error) {
	var found []cliProfile
	var names []string
	for _, p := range c.Profiles {
		names = append(names, fmt.Sprintf("%q", p.Name))
		if p.Name == name {
			found = append(found, p)
		}
	}
	switch len(found) {
	case 0:
		return nil, mistake("Unknown Profile", "The file %s has no profile %q (%s). It has %s.", c.path, name, namedBy, strings.Join(names, ", "))
	case 1:
		found[0].file, found[0].namedBy = c.path, namedBy
		return &found[0], nil
	} // The CLI would use the first one, the official provider the last one.
	return nil, mistake("Ambiguous Profile", "The file %s has several profiles %q (%s). Rename or remove all but one.", c.path, name, namedBy)
}

// current returns the name of the CLI's current profile, and what named it.
func (c *cliConfig) current() (name, namedBy string) {
	if c.Current == "" {
		return "default", "the CLI's own default"
	}
	return strings.TrimSpace(c.Current), "the current one"
}

// String is how messages call the profile.
func (p *cliProfile) String() string {
	return fmt.Sprintf("profile %q of %s (%s)", p.Name, p.file, p.namedBy)
}
