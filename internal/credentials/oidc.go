package credentials

import (
	"cmp"
	"fmt"
)

// oidcAttribute is the attribute "assume_role_with_oidc".
func (f *finder) oidcAttribute() place {
	const attribute = "assume_role_with_oidc"
	p := place{name: fmt.Sprintf("attribute %q", attribute)}
	role := f.cfg.AssumeRoleWithOIDC
	if role == nil {
		p.absent = "not set"
		return p
	}
	p.open = func() (*origin, error) {
		if role.Token != "" && role.TokenFile != "" {
			return nil, &ConfigError{
				Attribute: attribute + ".oidc_token_file",
				Summary:   "Two OIDC Tokens",
				Detail:    `Set either "oidc_token" or "oidc_token_file": it can't be told which one is meant.`,
			}
		}
		half := missing(
			setting{"role_arn", role.RoleARN},
			setting{"oidc_provider_arn", role.ProviderARN},
			setting{oidcTokens, role.Token + role.TokenFile},
		)
		if half != "" {
			at := half
			if at == oidcTokens {
				at = "oidc_token_file"
			}
			return nil, incomplete(attribute+"."+at, p.name, half)
		}
		built, err := f.newOIDC(*role, attribute+".session_expiration", location{})
		return &origin{provider: built, name: "the role " + role.RoleARN + " (assume_role_with_oidc)"}, err
	}
	return p
}

// oidcVariables are the variables that Kubernetes (RRSA) and CI systems set. A
// role alone says nothing: other tools use it with keys.
func (f *finder) oidcVariables() place {
	const (
		roleName     = "ALIBABA_CLOUD_ROLE_ARN"
		providerName = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
		fileName     = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
		tokenName    = "ALIBABA_CLOUD_OIDC_TOKEN"
	)
	role := AssumeRoleWithOIDC{
		RoleARN:     f.env(roleName),
		ProviderARN: f.env(providerName),
		Token:       f.env(tokenName),
		TokenFile:   f.env(fileName),
		SessionName: f.env("ALIBABA_CLOUD_ROLE_SESSION_NAME"),
	}
	p := place{name: roleName + ", " + providerName + ", and " + fileName + " or " + tokenName}
	if role.ProviderARN == "" && role.Token == "" && role.TokenFile == "" {
		p.absent = "not set"
		if role.RoleARN != "" {
			p.absent += " (" + roleName + " alone is of no use)"
		}
		return p
	}
	p.open = func() (*origin, error) {
		half := missing(
			setting{roleName, role.RoleARN},
			setting{providerName, role.ProviderARN},
			setting{tokenName + " or " + fileName, role.Token + role.TokenFile},
		)
		if half != "" {
			return nil, incomplete("", "the OIDC variables", half)
		}
		built, err := f.newOIDC(role, "", location{})
		return &origin{provider: built, name: "the role " + role.RoleARN + " (OIDC variables)"}, err
	}
	return p
}

// oidcTokens names the two fields of which one must be set.
const oidcTokens = "oidc_token or oidc_token_file" //nolint:gosec // Names, no token.

// newOIDC gives the sessions of a role. durationAttribute is where its duration is
// set.
func (f *finder) newOIDC(role AssumeRoleWithOIDC, durationAttribute string, profile location) (provider, error) {
	duration, err := sessionDuration(durationAttribute, role.SessionExpiration)
	if err != nil {
		return nil, err
	}
	client, err := f.newSTSClient(nil, profile)
	if err != nil {
		return nil, err
	}
	p := assumeRoleWithOIDC{
		client:    client,
		tokenFile: role.TokenFile,
		request: assumeRoleWithOIDCRequest{
			RoleARN:         role.RoleARN,
			ProviderARN:     role.ProviderARN,
			Token:           role.Token,
			SessionName:     cmp.Or(role.SessionName, defaultSessionName),
			DurationSeconds: duration,
			Policy:          role.Policy,
		},
	}
	return f.newRefreshing(&p), nil
}
