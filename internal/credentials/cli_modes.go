package credentials

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// profileBuilder builds the source of a profile and of those that it stands on.
type profileBuilder struct {
	*finder
	config *cliConfig
	path   []string // The profiles on the way here, to find loops.
}

// mode is the profile's mode. Where none is written, it is what the CLI takes by the
// fields that are.
func (p *cliProfile) mode() string {
	hasKey := p.AccessKeyID != "" && p.AccessKeySecret != ""
	switch {
	case p.Mode != "":
		return p.Mode
	case hasKey && p.SecurityToken != "":
		return "StsToken"
	case hasKey && p.RoleARN != "":
		return "RamRoleArn"
	case hasKey:
		return "AK"
	case p.RoleName != "":
		return "EcsRamRole"
	case p.ProcessCommand != "":
		return "External"
	case p.OIDCProviderARN != "" && p.OIDCTokenFile != "" && p.RoleARN != "":
		return "OIDC"
	case p.SignInURL != "":
		return "CloudSSO"
	}
	return ""
}

// profileMode is how a profile of a mode is built.
type profileMode struct {
	needs []setting // The fields that it can't do without.
	build func() (*origin, error)
}

// modes are those of the CLI that get credentials for ECS.
func (b *profileBuilder) modes(p *cliProfile) map[string]profileMode {
	id, secret, token := setting{"access_key_id", p.AccessKeyID}, setting{"access_key_secret", p.AccessKeySecret}, setting{"sts_token", p.SecurityToken}
	role := setting{"ram_role_arn", p.RoleARN}
	given := func(token string) *origin {
		return &origin{fetch: fixed(rpc.Credentials{AccessKeyID: p.AccessKeyID, AccessKeySecret: p.AccessKeySecret, SecurityToken: token}), fixed: true}
	}
	uri := chosen(setting{fmt.Sprintf("credentials_uri of the profile %q", p.Name), p.CredentialsURI}, b.variable("ALIBABA_CLOUD_CREDENTIALS_URI"))
	return map[string]profileMode{
		"AK":       {[]setting{id, secret}, func() (*origin, error) { return given(""), nil }},
		"StsToken": {[]setting{id, secret, token}, func() (*origin, error) { return given(p.SecurityToken), nil }},
		"RamRoleArn": {[]setting{id, secret, role}, func() (*origin, error) {
			return b.onTop(p, func() (*origin, error) { return given(p.SecurityToken), nil })
		}},
		"EcsRamRole": {nil, func() (*origin, error) { return b.metadata(p.RoleName) }},
		"RamRoleArnWithRoleName": {[]setting{role}, func() (*origin, error) {
			return b.onTop(p, func() (*origin, error) { return b.metadata(p.RoleName) })
		}},
		"ChainableRamRoleArn": {[]setting{{"source_profile", p.SourceProfile}, role}, func() (*origin, error) {
			return b.onTop(p, func() (*origin, error) { return b.below(p) })
		}},
		"OIDC": {[]setting{{"oidc_provider_arn", p.OIDCProviderARN}, {"oidc_token_file", p.OIDCTokenFile + p.OIDCToken}, role}, func() (*origin, error) {
			return b.onTop(p, func() (*origin, error) { return nil, nil })
		}},
		"CloudSSO": {[]setting{
			{"cloud_sso_sign_in_url", p.SignInURL},
			{"cloud_sso_account_id", p.AccountID},
			{"cloud_sso_access_config", p.AccessConfig},
			{"access_token", p.AccessToken},
		}, func() (*origin, error) { return b.cloudSSO(p) }},
		"OAuth": {
			[]setting{{"oauth_site_type", p.OAuthSiteType}, {"oauth_refresh_token", p.OAuthRefreshToken + p.OAuthAccessToken}},
			func() (*origin, error) { return b.oauth(p) },
		},
		"External":       {[]setting{{"process_command", p.ProcessCommand}}, func() (*origin, error) { return b.external(p) }},
		"CredentialsURI": {[]setting{{"credentials_uri", uri.value}}, func() (*origin, error) { return b.credentialsURI(uri, "") }},
	}
}

func (b *profileBuilder) build(p *cliProfile) (*origin, error) {
	name := p.mode()
	mode, known := b.modes(p)[name]
	lacking := missing(mode.needs...)
	switch {
	case !known:
		return nil, mistake("Unsupported Profile Mode", "The %s has the mode %q. Supported are AK, ChainableRamRoleArn, CloudSSO, CredentialsURI, "+
			"EcsRamRole, External, OAuth, OIDC, RamRoleArn, RamRoleArnWithRoleName and StsToken.", p, name)
	case lacking != "":
		return nil, mistake("Incomplete Profile", "The %s lacks %s, which its mode %s needs. Complete it: aliyun configure --mode %[3]s --profile %[4]s",
			p, lacking, name, p.Name)
	case (name == "External" || name == "CredentialsURI") && b.enabled(externalDisabled):
		return nil, mistake("Profile Mode Disabled", "The %s has the mode %s, which the variable %s forbids. Unset it, or use another profile.",
			p, name, externalDisabled)
	}
	return mode.build()
}

// below is the source profile that a role is assumed with.
func (b *profileBuilder) below(p *cliProfile) (*origin, error) {
	b.path = append(b.path, p.Name)
	if slices.Contains(b.path, p.SourceProfile) {
		return nil, mistake("Loop of Profiles", "In %s, source_profile leads back to where it began: %s.",
			b.config.path, strings.Join(append(b.path, p.SourceProfile), " → "))
	}
	source, err := b.config.find(p.SourceProfile, fmt.Sprintf("source_profile of %q", p.Name))
	if err != nil {
		return nil, err
	}
	return b.build(source)
}

// onTop is the profile's role, assumed with the credentials of a base, or by OIDC
// without one.
func (b *profileBuilder) onTop(p *cliProfile, below func() (*origin, error)) (*origin, error) {
	base, err := below()
	if err != nil {
		return nil, err
	}
	assumed := role{
		request: roleRequest{RoleARN: p.RoleARN, SessionName: p.SessionName, Policy: p.Policy, ExternalID: p.ExternalID},
		seconds: p.DurationSeconds,
		base:    base,
		profile: p,
	}
	if base == nil {
		assumed.request.ExternalID, assumed.request.ProviderARN, assumed.tokenFile = "", p.OIDCProviderARN, p.OIDCTokenFile
		if p.OIDCTokenFile == "" {
			assumed.request.Token = p.OIDCToken
		}
	}
	return b.sessions(assumed, "", "")
}
