package credentials

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// cliProfile has the fields that matter to credentials and endpoints: those of the CLI,
// and those that the vendor's library adds.
type cliProfile struct {
	config  *cliConfig // Where the profile is.
	namedBy string     // Why it is this one.

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
	Expiration      string `json:"expiration"` // Only where a command prints it.

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

// String is how messages call the profile.
func (p *cliProfile) String() string {
	return fmt.Sprintf("profile %q of %s (%s)", p.Name, p.config.path, p.namedBy)
}

// profileModes are the CLI's modes that get credentials for ECS, and the fields that
// each can't do without.
var profileModes = map[string][]string{
	"AK":                     {"access_key_id", "access_key_secret"},
	"StsToken":               {"access_key_id", "access_key_secret", "sts_token"},
	"RamRoleArn":             {"access_key_id", "access_key_secret", "ram_role_arn"},
	"RamRoleArnWithRoleName": {"ram_role_arn"},
	"ChainableRamRoleArn":    {"source_profile", "ram_role_arn"},
	"EcsRamRole":             {},
	"OIDC":                   {"oidc_provider_arn", "oidc_token_file or oidc_token", "ram_role_arn"},
	"CloudSSO":               {"cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"},
	"OAuth":                  {"oauth_site_type", "oauth_refresh_token or oauth_access_token"},
	"External":               {"process_command"},
	"CredentialsURI":         {"credentials_uri"},
}

// mode is the profile's mode. Where none is written, it is what the CLI takes by the
// fields that are.
func (p *cliProfile) mode() string {
	if p.Mode != "" {
		return p.Mode
	}
	for _, mode := range []string{"StsToken", "RamRoleArn", "AK", "EcsRamRole", "External", "OIDC", "CloudSSO"} {
		if p.missing(mode) == "" && (mode != "EcsRamRole" || p.RoleName != "") {
			return mode
		}
	}
	return ""
}

// missing returns the first field that a mode needs and the profile doesn't have; "" if
// it has all.
func (p *cliProfile) missing(mode string) string {
	set := map[string]bool{}
	for field, value := range reflect.ValueOf(p).Elem().Fields() {
		set[field.Tag.Get("json")] = !value.IsZero()
	}
	for _, need := range profileModes[mode] {
		if !slices.ContainsFunc(strings.Split(need, " or "), func(field string) bool { return set[field] }) {
			return need
		}
	}
	return ""
}

// trim removes white space around all texts.
func (p *cliProfile) trim() {
	for _, value := range reflect.ValueOf(p).Elem().Fields() {
		if value.Kind() == reflect.String && value.CanSet() {
			value.SetString(strings.TrimSpace(value.String()))
		}
	}
}

// openProfile opens a profile, and those with which its role is assumed. The path has
// the names of those that led to it, to find loops.
func (f *finder) openProfile(p *cliProfile, path []string) (*Source, error) {
	mode := p.mode()
	if mode == "CredentialsURI" && p.CredentialsURI == "" {
		p.CredentialsURI = f.env("ALIBABA_CLOUD_CREDENTIALS_URI")
	}
	if _, known := profileModes[mode]; !known {
		return nil, mistake("Unsupported Profile Mode", "The %s has the mode %q. Supported are %s.",
			p, mode, strings.Join(slices.Sorted(maps.Keys(profileModes)), ", "))
	}
	if lacking := p.missing(mode); lacking != "" {
		return nil, mistake("Incomplete Profile", "The %s lacks %s, which its mode %s needs. Complete it: aliyun configure --mode %[3]s --profile %[4]s",
			p, lacking, mode, p.Name)
	}
	if (mode == "External" || mode == "CredentialsURI") && f.enabled(externalDisabled) {
		return nil, mistake("Profile Mode Disabled", "The %s has the mode %s, which the variable %s forbids. Unset it, or use another profile.",
			p, mode, externalDisabled)
	}
	var base *Source // With which a role is assumed; none for mode OIDC.
	var err error
	switch mode {
	case "AK":
		return f.fixedSource("", p.AccessKeyID, p.AccessKeySecret, ""), nil
	case "StsToken":
		return f.fixedSource("", p.AccessKeyID, p.AccessKeySecret, p.SecurityToken), nil
	case "EcsRamRole":
		return f.metadata("", p.RoleName)
	case "CloudSSO":
		return f.cloudSSO(p)
	case "OAuth":
		return f.oauth(p)
	case "External":
		return f.external(p, path)
	case "CredentialsURI":
		return f.credentialsURI(setting{name: "credentials_uri of the " + p.String(), value: p.CredentialsURI})
	case "RamRoleArn":
		base = f.fixedSource("", p.AccessKeyID, p.AccessKeySecret, p.SecurityToken)
	case "RamRoleArnWithRoleName":
		base, err = f.metadata("", p.RoleName)
	case "ChainableRamRoleArn":
		base, err = f.sourceProfile(p, path)
	}
	if err != nil {
		return nil, err
	}
	return f.assume("", Role{
		RoleARN: p.RoleARN, SessionName: p.SessionName, SessionExpiration: p.DurationSeconds, Policy: p.Policy, ExternalID: p.ExternalID,
		ProviderARN: p.OIDCProviderARN, Token: p.OIDCToken, TokenFile: p.OIDCTokenFile,
	}, base, p)
}

// sourceProfile opens the profile with which the role of another is assumed.
func (f *finder) sourceProfile(p *cliProfile, path []string) (*Source, error) {
	path = append(slices.Clip(path), p.Name)
	if slices.Contains(path, p.SourceProfile) {
		return nil, mistake("Loop of Profiles", "In %s, source_profile leads back to where it began: %s.",
			p.config.path, strings.Join(append(path, p.SourceProfile), " → "))
	}
	source, err := p.config.find(p.SourceProfile, fmt.Sprintf("source_profile of %q", p.Name))
	if err != nil {
		return nil, err
	}
	return f.openProfile(source, path)
}
