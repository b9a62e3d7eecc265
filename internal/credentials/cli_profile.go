package credentials

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"
)

const cliDisabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"

// profile is a profile of the CLI that is asked for by name. attribute is ""
// where the environment names it.
func (c *chooser) profile(name, attribute string) (*choice, error) {
	if c.enabled(cliDisabled) {
		return nil, &ConfigError{
			Attribute: attribute,
			Summary:   "CLI Profiles Disabled",
			Detail:    fmt.Sprintf("The profile %q is asked for, and %s is true.", name, cliDisabled),
		}
	}
	config, err := c.readCLIConfig()
	if err != nil {
		return nil, at(attribute, err)
	}
	chosen, err := c.fromProfile(config, name)
	return chosen, at(attribute, err)
}

// cli is the CLI's current profile, which nobody asked for: where the CLI isn't
// installed or was never set up, the search goes on.
func (c *chooser) cli() candidate {
	place := candidate{label: "the aliyun CLI's current profile"}
	if c.enabled(cliDisabled) {
		place.unset = cliDisabled + " is true"
	}
	place.choose = func() (*choice, error) {
		config, err := c.readCLIConfig()
		if errors.Is(err, fs.ErrNotExist) && c.cfg.SharedCredentialsFile == "" {
			return nil, notHere("there is no configuration file")
		}
		if err != nil {
			return nil, err
		}
		current, err := config.find(config.current())
		if err != nil {
			return nil, err
		}
		// What "aliyun configure" leaves behind when it is not carried through.
		if current.Mode == "" || current.Mode == "AK" && current.AccessKeyID == "" && current.AccessKeySecret == "" {
			return nil, notHere(fmt.Sprintf("the profile %q in %s is empty", current.Name, config.path))
		}
		return c.fromProfile(config, current.Name)
	}
	return place
}

func (c *chooser) fromProfile(config *cliConfig, name string) (*choice, error) {
	found, err := config.find(name)
	if err != nil {
		return nil, err
	}
	b := profileBuilder{chooser: c, config: config}
	p, err := b.build(found)
	if err != nil {
		return nil, err
	}
	chosen := &choice{
		provider: p,
		name:     fmt.Sprintf("the profile %q of %s (mode %s)", name, config.path, found.Mode),
		region:   found.RegionID,
	}
	if found.Mode == "AK" || found.Mode == "StsToken" {
		chosen.name = strings.TrimSuffix(chosen.name, ")") + ", access key " + masked(found.AccessKeyID) + ")"
	}
	return chosen, nil
}

// profileBuilder builds the provider of a profile and of those that it stands on.
type profileBuilder struct {
	*chooser
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
			Detail: fmt.Sprintf("The profile %q of %s has the mode %q. Supported are %s.",
				p.Name, b.config.path, p.Mode, supportedModes),
		}
	}
	for _, field := range needs {
		if field.value == "" {
			return nil, incomplete("", fmt.Sprintf("the profile %q of %s (mode %s)", p.Name, b.config.path, p.Mode), field.name)
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
		return key, func() (provider, error) { return static(p.AccessKeyID, p.AccessKeySecret, "") }
	case "StsToken":
		return append(key, setting{"sts_token", p.SecurityToken}), func() (provider, error) {
			return static(p.AccessKeyID, p.AccessKeySecret, p.SecurityToken)
		}
	case "RamRoleArn":
		return append(key, role), func() (provider, error) {
			base, err := static(p.AccessKeyID, p.AccessKeySecret, "")
			if err != nil {
				return nil, err
			}
			return b.role(p, base)
		}
	case "ChainableRamRoleArn":
		return []setting{{"source_profile", p.SourceProfile}, role}, func() (provider, error) { return b.chained(p) }
	case "EcsRamRole":
		return nil, func() (provider, error) { return b.metadata(p.RoleName) }
	case "OIDC":
		return []setting{
			{"oidc_provider_arn", p.OIDCProviderARN},
			{"oidc_token_file", p.OIDCToken + p.OIDCTokenFile},
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
		return []setting{{"process_command", p.ProcessCommand}}, func() (provider, error) { return newExternal(p) }
	}
	return nil, nil
}

func (b *profileBuilder) oidc(p *cliProfile) (provider, error) {
	return b.newOIDC(AssumeRoleWithOIDC{
		RoleARN:           p.RoleARN,
		ProviderARN:       p.OIDCProviderARN,
		Token:             p.OIDCToken,
		TokenFile:         p.OIDCTokenFile,
		SessionName:       p.SessionName,
		SessionExpiration: p.DurationSeconds,
		Policy:            p.Policy,
	}, "", b.stsRegion(p), p.EnableVPC)
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
	source, err := b.config.find(p.SourceProfile)
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
	duration, err := sessionDuration("", p.DurationSeconds)
	if err != nil {
		return nil, err
	}
	role := assumeRole{
		client: b.newSTSClient(base, b.stsRegion(p), p.EnableVPC),
		request: assumeRoleRequest{
			RoleARN:         p.RoleARN,
			SessionName:     cmp.Or(p.SessionName, defaultSessionName),
			DurationSeconds: duration,
			Policy:          p.Policy,
			ExternalID:      p.ExternalID,
		},
	}
	return newRefreshing(role.fetch), nil
}

// stsRegion gives the region of STS for a profile, which may name one of its own.
func (b *profileBuilder) stsRegion(p *cliProfile) string {
	return cmp.Or(p.STSRegion, b.cfg.Region, p.RegionID)
}

// cloudSSO exchanges the token of a login that the CLI made. Only the CLI can
// renew that, in a browser.
func (b *profileBuilder) cloudSSO(p *cliProfile) (provider, error) {
	if p.AccessTokenExpire <= time.Now().Unix() {
		return nil, &ConfigError{
			Summary: "CloudSSO Login Expired",
			Detail: fmt.Sprintf("The login of the profile %q of %s has ended. Log in again: aliyun configure --mode CloudSSO --profile %s",
				p.Name, b.config.path, p.Name),
		}
	}
	built, err := providers.NewCloudSSOCredentialsProviderBuilder().
		WithSignInUrl(p.SignInURL).
		WithAccountId(p.AccountID).
		WithAccessConfig(p.AccessConfig).
		WithAccessToken(p.AccessToken).
		WithAccessTokenExpire(p.AccessTokenExpire).
		Build()
	return &library{CredentialsProvider: built, secrets: []string{p.AccessToken}}, err
}
