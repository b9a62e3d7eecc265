package credentials

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// cliConfig is the aliyun CLI's configuration file, as far as credentials go. It
// is read here and not by credentials-go, whose error for a malformed file quotes
// the whole of it.
type cliConfig struct {
	path     string
	Current  string       `json:"current"`
	Profiles []cliProfile `json:"profiles"`
}

// cliProfile has the fields that credentials-go v1.4.14 reads.
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
	STSRegion       string `json:"sts_region"`
	EnableVPC       bool   `json:"enable_vpc"`
	SourceProfile   string `json:"source_profile"`
	RoleName        string `json:"ram_role_name"`
	OIDCTokenFile   string `json:"oidc_token_file"`
	OIDCToken       string `json:"oidc_token"`
	OIDCProviderARN string `json:"oidc_provider_arn"`
	Policy          string `json:"policy"`
	ExternalID      string `json:"external_id"`

	SignInURL         string `json:"cloud_sso_sign_in_url"`
	AccountID         string `json:"cloud_sso_account_id"`
	AccessConfig      string `json:"cloud_sso_access_config"`
	AccessToken       string `json:"access_token"`
	AccessTokenExpire int64  `json:"cloud_sso_access_token_expire"` // Unix seconds.

	OAuthSiteType          string `json:"oauth_site_type"`
	OAuthRefreshToken      string `json:"oauth_refresh_token"`
	OAuthAccessToken       string `json:"oauth_access_token"`
	OAuthAccessTokenExpire int64  `json:"oauth_access_token_expire"` // Unix seconds.

	ProcessCommand string `json:"process_command"`
}

// cliPath returns the path of the CLI's configuration and the attribute or variable
// that sets it; "" for the default.
func (f *finder) cliPath() (path, setBy string, err error) {
	const variable = "ALIBABA_CLOUD_CONFIG_FILE"
	switch {
	case f.cfg.SharedCredentialsFile != "":
		path, setBy = f.cfg.SharedCredentialsFile, `attribute "shared_credentials_file"`
	case f.env(variable) != "":
		path, setBy = f.env(variable), variable
	default:
		path = "~/.aliyun/config.json"
	}
	rest, below := strings.CutPrefix(path, "~/")
	if !below {
		return path, setBy, nil
	}
	home := f.env(homeVariable())
	if home == "" {
		return path, setBy, &ConfigError{
			Summary: "No Home Directory",
			Detail:  "The aliyun CLI's configuration is " + path + ", but the environment names no home directory (" + homeVariable() + ").",
			Err:     fs.ErrNotExist,
		}
	}
	return filepath.Join(home, rest), setBy, nil
}

// homeVariable is where the CLI looks for the home directory.
func homeVariable() string {
	if runtime.GOOS == "windows" {
		return "USERPROFILE"
	}
	return "HOME"
}

// readCLIConfig reads the file. Errors name the place of a mistake, never what
// is written there. Where there is no file the error is also [fs.ErrNotExist].
func (f *finder) readCLIConfig() (*cliConfig, error) {
	path, setBy, err := f.cliPath()
	if err != nil {
		return nil, err
	}
	attribute := ""
	if f.cfg.SharedCredentialsFile != "" {
		attribute = "shared_credentials_file"
	}
	mistake := func(detail string, cause error) error {
		return &ConfigError{Attribute: attribute, Summary: "Unusable CLI Configuration", Detail: detail, Err: cause}
	}
	content, err := os.ReadFile(path) //nolint:gosec // The user names the file.
	if err != nil {
		if setBy != "" {
			setBy = ", which " + setBy + " names"
		}
		return nil, mistake("The file"+setBy+" can't be read: "+err.Error()+".", err)
	}
	config := &cliConfig{path: path}
	if err := json.Unmarshal(content, config); err != nil {
		return nil, mistake(describeJSON(path, content, err), nil)
	}
	if len(config.Profiles) == 0 {
		return nil, mistake("The file "+path+` has no profiles. "aliyun configure" makes one.`, nil)
	}
	return config, nil
}

// describeJSON tells where the mistake is. encoding/json's own texts quote a
// part of the file.
func describeJSON(path string, content []byte, err error) string {
	var (
		syntax   *json.SyntaxError
		mismatch *json.UnmarshalTypeError
	)
	switch {
	case len(bytes.TrimSpace(content)) == 0:
		return "The file " + path + " is empty."
	case errors.As(err, &syntax):
		before := content[:min(int(syntax.Offset), len(content))]
		line := bytes.Count(before, []byte("\n")) + 1
		column := len(before) - (bytes.LastIndexByte(before, '\n') + 1)
		return fmt.Sprintf("The file %s is not valid JSON: see line %d, column %d.", path, line, column)
	case errors.As(err, &mismatch):
		return fmt.Sprintf("In the file %s, the field %q must be of the type %s.", path, mismatch.Field, mismatch.Type)
	}
	return "The file " + path + " is not valid JSON."
}

// find returns the profile of that name. namedBy says what named it.
func (c *cliConfig) find(name, namedBy string) (*cliProfile, error) {
	names := make([]string, len(c.Profiles))
	for i := range c.Profiles {
		if c.Profiles[i].Name == name {
			found := c.Profiles[i]
			found.file, found.namedBy = c.path, namedBy
			return &found, nil
		}
		names[i] = fmt.Sprintf("%q", c.Profiles[i].Name)
	}
	return nil, &ConfigError{
		Summary: "Unknown Profile",
		Detail:  fmt.Sprintf("The file %s has no profile %q (%s). It has %s.", c.path, name, namedBy, strings.Join(names, ", ")),
	}
}

// current returns the name of the CLI's current profile, and what named it.
func (c *cliConfig) current() (name, namedBy string) {
	if c.Current == "" {
		return "default", "the CLI's own default"
	}
	return c.Current, "the current one"
}

// String is how messages call the profile.
func (p *cliProfile) String() string {
	return fmt.Sprintf("profile %q of %s (%s)", p.Name, p.file, p.namedBy)
}

// location is where the profile has STS called.
func (p *cliProfile) location() location {
	return location{region: p.RegionID, stsRegion: p.STSRegion, vpc: p.EnableVPC}
}

// empty reports whether the profile is what an interrupted "aliyun configure" leaves
// behind.
func (p *cliProfile) empty() bool {
	return p.Mode == "" || p.Mode == "AK" && p.AccessKeyID == "" && p.AccessKeySecret == ""
}
