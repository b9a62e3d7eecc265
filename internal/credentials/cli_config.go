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

// cliPath returns the path of the CLI's configuration and the attribute or variable
// that sets it; "" for the default.
func (f *finder) cliPath() (path, setBy string, err error) {
	file := f.first("ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_CONFIG_FILE")
	switch {
	case f.cfg.SharedCredentialsFile != "":
		path, setBy = f.cfg.SharedCredentialsFile, `attribute "shared_credentials_file"`
	case file.value != "":
		path, setBy = file.value, file.name
	default:
		path = "~/.aliyun/config.json"
	}
	rest, below := strings.CutPrefix(path, "~/")
	if !below {
		return path, setBy, nil
	}
	home, variables := f.home()
	if home == "" {
		return path, setBy, &ConfigError{
			Summary: "No Home Directory",
			Detail:  "The aliyun CLI's configuration is " + path + ", but the environment names no home directory (" + variables + ").",
			Err:     fs.ErrNotExist,
		}
	}
	return filepath.Join(home, rest), setBy, nil
}

// home is the home directory, and where it was looked for.
func (f *finder) home() (path, variables string) {
	if runtime.GOOS != "windows" {
		return f.env("HOME"), "HOME"
	}
	if home := f.first("HOME", "USERPROFILE"); home.value != "" {
		return home.value, home.name
	}
	return f.env("HOMEDRIVE") + f.env("HOMEPATH"), "USERPROFILE"
}

// readCLIConfig reads the file. Errors name the place of a mistake, never what is
// written there. Where there is no file the error is also [fs.ErrNotExist].
func (f *finder) readCLIConfig(ctx context.Context) (*cliConfig, error) {
	path, setBy, err := f.cliPath()
	if err != nil {
		return nil, err
	}
	attribute := ""
	if f.cfg.SharedCredentialsFile != "" {
		attribute = "shared_credentials_file"
	}
	named := ""
	if setBy != "" {
		named = ", which " + setBy + " names"
	}
	content, err := readRegular(ctx, path)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, fs.ErrNotExist):
		return nil, &ConfigError{
			Attribute: attribute,
			Summary:   "CLI Configuration Not Found",
			Detail:    "There is no file " + path + named + ".",
			Err:       err,
		}
	case err != nil:
		return nil, &ConfigError{
			Attribute: attribute,
			Summary:   "Unusable CLI Configuration",
			Detail:    "The aliyun CLI's configuration" + named + " can't be read: " + err.Error() + ".",
			Err:       err,
		}
	}
	config := &cliConfig{path: path}
	content = bytes.TrimPrefix(content, []byte(byteOrderMark))
	err = json.Unmarshal(content, config)
	mistake := ""
	switch {
	case err != nil:
		mistake = describeJSON(path, content, err)
	case len(config.Profiles) == 0:
		mistake = "The file " + path + named + " has no profiles. `aliyun configure` makes one."
	}
	if mistake != "" {
		return nil, &ConfigError{Attribute: attribute, Summary: "Unusable CLI Configuration", Detail: mistake}
	}
	for i := range config.Profiles {
		trim(&config.Profiles[i])
	}
	return config, nil
}

// describeJSON tells where the mistake is. encoding/json's own texts quote a part of
// the file.
func describeJSON(path string, content []byte, err error) string {
	var (
		syntax   *json.SyntaxError
		mismatch *json.UnmarshalTypeError
	)
	const form = " It must be the config.json of the aliyun CLI, in UTF-8."
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return "The file " + path + " is empty. `aliyun configure` fills it."
	case errors.As(err, &syntax):
		before := content[:min(int(syntax.Offset), len(content))]
		line := bytes.Count(before, []byte("\n")) + 1
		column := len(before) - (bytes.LastIndexByte(before, '\n') + 1)
		return fmt.Sprintf("The file %s is not valid JSON: see line %d, column %d.", path, line, column) + form
	case errors.As(err, &mismatch):
		return fmt.Sprintf("In the file %s, the field %q must be of the type %s.", path, mismatch.Field, mismatch.Type)
	}
	return "The file " + path + " is not valid JSON." + form
}

// find returns the profile of that name. namedBy says what named it.
func (c *cliConfig) find(name, namedBy string) (*cliProfile, error) {
	var (
		found *cliProfile
		names []string
	)
	for _, p := range c.Profiles {
		names = append(names, fmt.Sprintf("%q", p.Name))
		if p.Name != name {
			continue
		}
		if found != nil { // The CLI uses the first one, the official provider the last one.
			return nil, &ConfigError{
				Summary: "Ambiguous Profile",
				Detail:  fmt.Sprintf("The file %s has several profiles %q (%s). Rename or remove all but one.", c.path, name, namedBy),
			}
		}
		p.file, p.namedBy = c.path, namedBy
		found = &p
	}
	if found == nil {
		return nil, &ConfigError{
			Summary: "Unknown Profile",
			Detail:  fmt.Sprintf("The file %s has no profile %q (%s). It has %s.", c.path, name, namedBy, strings.Join(names, ", ")),
		}
	}
	return found, nil
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
