package credentials

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// profileBuilder builds the provider of a profile and of those that it stands on.
type profileBuilder struct {
	finder *finder
	config *cliConfig
	path   []string // The profiles on the way here, to find loops.
}

// supportedModes are the modes that credentials-go reads.
const supportedModes = "AK, ChainableRamRoleArn, CloudSSO, EcsRamRole, External, OAuth, OIDC, RamRoleArn and StsToken"

func (b *profileBuilder) build(p *cliProfile) (provider, error) {
	needs, build := b.mode(p)
	if build == nil {
		return nil, &ConfigError{
			Summary: "Unsupported Profile Mode",
			Detail:  fmt.Sprintf("The %s has the mode %q. Supported are %s.", p, p.Mode, supportedModes),
		}
	}
	for _, field := range needs {
		if field.value == "" {
			return nil, incomplete("", fmt.Sprintf("the %s, mode %s", p, p.Mode), field.name)
		}
	}
	return build()
}

// mode gives the fields that the profile's mode can't do without, and its
// builder; nil for an unknown mode.
func (b *profileBuilder) mode(p *cliProfile) (needs []setting, build func() (provider, error)) {
	key := []setting{{"access_key_id", p.AccessKeyID}, {"access_key_secret", p.AccessKeySecret}}
	role := setting{"ram_role_arn", p.RoleARN}
	switch p.Mode {
	case "AK":
		return key, func() (provider, error) { return newStatic(p.AccessKeyID, p.AccessKeySecret, "") }
	case "StsToken":
		return append(key, setting{"sts_token", p.SecurityToken}), func() (provider, error) {
			return newStatic(p.AccessKeyID, p.AccessKeySecret, p.SecurityToken)
		}
	case "RamRoleArn":
		return append(key, role), func() (provider, error) {
			base, err := newStatic(p.AccessKeyID, p.AccessKeySecret, "")
			if err != nil {
				return nil, err
			}
			return b.role(p, base)
		}
	case "ChainableRamRoleArn":
		return []setting{{"source_profile", p.SourceProfile}, role}, func() (provider, error) { return b.chained(p) }
	case "EcsRamRole":
		return nil, func() (provider, error) { return b.finder.metadata(p.RoleName) }
	case "OIDC":
		return []setting{
			{"oidc_provider_arn", p.OIDCProviderARN},
			{oidcTokens, p.OIDCToken + p.OIDCTokenFile},
			role,
		}, func() (provider, error) { return b.oidc(p) }
	case "CloudSSO":
		return []setting{
			{"cloud_sso_sign_in_url", p.SignInURL},
			{"cloud_sso_account_id", p.AccountID},
			{"cloud_sso_access_config", p.AccessConfig},
			{"access_token", p.AccessToken},
		}, func() (provider, error) { return b.cloudSSO(p) }
	case "OAuth":
		return []setting{
			{"oauth_site_type", p.OAuthSiteType},
			{"oauth_refresh_token", p.OAuthRefreshToken + p.OAuthAccessToken},
		}, func() (provider, error) { return b.oauth(p) }
	case "External":
		return []setting{{"process_command", p.ProcessCommand}}, func() (provider, error) { return b.finder.newExternal(p) }
	}
	return nil, nil
}

func (b *profileBuilder) oidc(p *cliProfile) (provider, error) {
	return b.finder.newOIDC(AssumeRoleWithOIDC{
		RoleARN:           p.RoleARN,
		ProviderARN:       p.OIDCProviderARN,
		Token:             p.OIDCToken,
		TokenFile:         p.OIDCTokenFile,
		SessionName:       p.SessionName,
		SessionExpiration: p.DurationSeconds,
		Policy:            p.Policy,
	}, "", p.location())
}

// chained puts a role on top of another profile. A loop is found here: in
// credentials-go it ends in a stack overflow.
func (b *profileBuilder) chained(p *cliProfile) (provider, error) {
	b.path = append(b.path, p.Name)
	if slices.Contains(b.path, p.SourceProfile) {
		return nil, &ConfigError{
			Summary: "Loop of Profiles",
			Detail: fmt.Sprintf("In %s, source_profile leads back to where it began: %s.",
				b.config.path, strings.Join(append(b.path, p.SourceProfile), " → ")),
		}
	}
	source, err := b.config.find(p.SourceProfile, fmt.Sprintf("source_profile of %q", p.Name))
	if err != nil {
		return nil, err
	}
	base, err := b.build(source)
	if err != nil {
		return nil, err
	}
	return b.role(p, base)
}

func (b *profileBuilder) role(p *cliProfile, base provider) (provider, error) {
	return b.finder.newRole(AssumeRole{
		RoleARN:           p.RoleARN,
		SessionName:       p.SessionName,
		SessionExpiration: p.DurationSeconds,
		Policy:            p.Policy,
		ExternalID:        p.ExternalID,
	}, "", base, p.location())
}

// cloudSSO exchanges the token of a login that the CLI made. Only the CLI can
// renew that, in a browser.
func (b *profileBuilder) cloudSSO(p *cliProfile) (provider, error) {
	if p.AccessTokenExpire <= time.Now().Unix() {
		return nil, &ConfigError{
			Summary: "CloudSSO Login Expired",
			Detail:  fmt.Sprintf("The login of the %s has expired. Log in again: aliyun configure --mode CloudSSO --profile %s", p, p.Name),
		}
	}
	return b.finder.newLibrary(func() (providers.CredentialsProvider, error) {
		return providers.NewCloudSSOCredentialsProviderBuilder().
			WithSignInUrl(p.SignInURL).
			WithAccountId(p.AccountID).
			WithAccessConfig(p.AccessConfig).
			WithAccessToken(p.AccessToken).
			WithAccessTokenExpire(p.AccessTokenExpire).
			Build()
	}, p.AccessToken)
}
