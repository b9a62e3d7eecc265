package credentials

import "cmp"

// The variables of OIDC, as Kubernetes (RRSA) and CI systems set them.
const (
	oidcRole     = "ALIBABA_CLOUD_ROLE_ARN"
	oidcProvider = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	oidcFile     = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	oidcToken    = "ALIBABA_CLOUD_OIDC_TOKEN" //nolint:gosec // A name, no token.
	oidcSession  = "ALIBABA_CLOUD_ROLE_SESSION_NAME"
)

// byOIDC fills in what a role lacks from the variables: a token only where there is
// neither a token nor a file. The file comes first: it is what gets renewed.
func (f *finder) byOIDC(set AssumeRoleWithOIDC) role {
	assumed := role{
		request: roleRequest{
			RoleARN:     cmp.Or(set.RoleARN, f.env(oidcRole)),
			ProviderARN: cmp.Or(set.ProviderARN, f.env(oidcProvider)),
			SessionName: cmp.Or(set.SessionName, f.env(oidcSession)),
			Policy:      set.Policy,
			Token:       set.Token,
		},
		tokenFile: set.TokenFile,
		seconds:   set.SessionExpiration,
	}
	if set.Token == "" && set.TokenFile == "" {
		if assumed.tokenFile = f.env(oidcFile); assumed.tokenFile == "" {
			assumed.request.Token = f.env(oidcToken)
		}
	}
	return assumed
}

// parts are what a role by OIDC can't do without, with the names of the role, the
// provider and the token.
func (r role) parts(names ...string) []setting {
	return []setting{{names[0], r.request.RoleARN}, {names[1], r.request.ProviderARN}, {names[2], r.request.Token + r.tokenFile}}
}

// oidcBlock is the block assume_role_with_oidc.
func (f *finder) oidcBlock() place {
	const block = "assume_role_with_oidc"
	return place{"block " + block, f.cfg.AssumeRoleWithOIDC != nil, oidcRank, func() (*origin, error) {
		set := *f.cfg.AssumeRoleWithOIDC
		if set.Token != "" && set.TokenFile != "" {
			return nil, at(block+".oidc_token_file", mistake("Two OIDC Tokens", "Set either oidc_token or oidc_token_file: it can't be told which one is meant."))
		}
		assumed := f.byOIDC(set)
		if lacking := missing(assumed.parts("role_arn", "oidc_provider_arn", "oidc_token_file")...); lacking != "" {
			return nil, at(block+"."+lacking, incomplete(lacking, block))
		}
		if assumed.tokenFile != "" && f.env(oidcToken) != "" {
			f.warn(block+".oidc_token_file", "The Official Provider Would Use Another OIDC Token",
				"This provider uses the token file %s. The official provider (aliyun/alicloud) would use the token in the variable %s instead. "+
					"Unset that variable.", assumed.tokenFile, oidcToken)
		}
		return f.sessions(assumed, block, "the role "+assumed.request.RoleARN+" ("+block+")")
	}}
}

// oidcVariables are the variables without a block. A role alone says nothing: it may be
// meant for an assume_role block.
func (f *finder) oidcVariables() place {
	assumed := f.byOIDC(AssumeRoleWithOIDC{})
	parts := assumed.parts(oidcRole, oidcProvider, oidcFile+" or "+oidcToken)
	name := oidcRole + ", " + oidcProvider + ", and " + parts[2].name
	return place{name, present(parts[1:]...) != "", unranked, func() (*origin, error) {
		if lacking := missing(parts...); lacking != "" {
			return nil, incomplete(lacking, present(parts...))
		}
		return f.sessions(assumed, "", "the role "+assumed.request.RoleARN+" (OIDC variables)")
	}}
}
