package credentials

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// defaultSessionName marks the sessions in the account's audit trail. It is fixed: a
// name made of the clock would make each run look like another user.
const defaultSessionName = "terraform-provider-aliyun"

// assumeRole is the role of the block assume_role, on top of a source. What the block
// leaves out comes from the environment, as for the official provider.
func (f *finder) assumeRole(base *Source) (*Source, error) {
	const block, expiration = "assume_role", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"
	role := *f.cfg.AssumeRole
	role.RoleARN = cmp.Or(role.RoleARN, f.first("ALICLOUD_ASSUME_ROLE_ARN", oidcRole).value)
	role.SessionName = cmp.Or(role.SessionName, f.first("ALICLOUD_ASSUME_ROLE_SESSION_NAME", oidcSession).value)
	if text := f.env(expiration); text != "" && role.SessionExpiration == 0 {
		var err error
		if role.SessionExpiration, err = strconv.Atoi(text); err != nil {
			return nil, mistake("Invalid Session Expiration", "%s is %q, not a number of seconds.", expiration, text)
		}
	}
	if role.RoleARN == "" {
		return nil, at(block+".role_arn", incomplete("role_arn", block))
	}
	return f.assume("the role "+role.RoleARN+" (assume_role), assumed with "+base.name, role, base, base.profile)
}

// oidcBlock is the block assume_role_with_oidc.
func (f *finder) oidcBlock() candidate {
	const block = "assume_role_with_oidc"
	return candidate{name: "block " + block, set: f.cfg.AssumeRoleWithOIDC != nil, rank: oidcRank, open: func() (*Source, error) {
		role := f.withOIDCVariables(*f.cfg.AssumeRoleWithOIDC)
		if f.cfg.AssumeRoleWithOIDC.Token != "" && role.TokenFile != "" {
			return nil, at(block+".oidc_token_file", mistake("Two OIDC Tokens", "Set either oidc_token or oidc_token_file: it can't be told which one is meant."))
		}
		if lacking := missing(role.oidcParts("role_arn", "oidc_provider_arn", "oidc_token_file")...); lacking != "" {
			return nil, at(block+"."+lacking, incomplete(lacking, block))
		}
		if role.TokenFile != "" && f.env(oidcToken) != "" {
			f.warn(block+".oidc_token_file", "The Official Provider Would Use Another OIDC Token",
				"This provider uses the token file %s. The official provider (aliyun/alicloud) would use the token in the variable %s instead. "+
					"Unset that variable.", role.TokenFile, oidcToken)
		}
		return f.assume("the role "+role.RoleARN+" ("+block+")", role, nil, nil)
	}}
}

// oidcVariables are the variables without a block. A role alone says nothing: it may be
// meant for an assume_role block.
func (f *finder) oidcVariables() candidate {
	role := f.withOIDCVariables(Role{})
	parts := role.oidcParts(oidcRole, oidcProvider, oidcFile+" or "+oidcToken)
	name := oidcRole + ", " + oidcProvider + ", and " + parts[2].name
	return candidate{name: name, set: present(parts[1:]...) != "", rank: unranked, open: func() (*Source, error) {
		if lacking := missing(parts...); lacking != "" {
			return nil, incomplete(lacking, present(parts...))
		}
		return f.assume("the role "+role.RoleARN+" (OIDC variables)", role, nil, nil)
	}}
}

// withOIDCVariables fills in what a role lacks: a token only where there is neither a
// token nor a file. Of both variables the file counts: it is what gets renewed.
func (f *finder) withOIDCVariables(role Role) Role {
	role.RoleARN = cmp.Or(role.RoleARN, f.env(oidcRole))
	role.ProviderARN = cmp.Or(role.ProviderARN, f.env(oidcProvider))
	role.SessionName = cmp.Or(role.SessionName, f.env(oidcSession))
	if role.Token == "" && role.TokenFile == "" {
		role.Token, role.TokenFile = f.env(oidcToken), f.env(oidcFile)
	}
	return role
}

// oidcParts are what a role by OIDC can't do without, with the names of the role, the
// provider and the token.
func (r Role) oidcParts(role, provider, token string) []setting {
	return []setting{{name: role, value: r.RoleARN}, {name: provider, value: r.ProviderARN}, {name: token, value: r.Token + r.TokenFile}}
}

// roleRequest has the parameters of both actions. Empty ones aren't sent.
type roleRequest struct {
	*rpc.Request
	RoleARN         string `position:"Body" name:"RoleArn"`
	SessionName     string `position:"Body" name:"RoleSessionName"`
	DurationSeconds string `position:"Body" name:"DurationSeconds"`
	Policy          string `position:"Body" name:"Policy"`
	ExternalID      string `position:"Body" name:"ExternalId"`
	ProviderARN     string `position:"Body" name:"OIDCProviderArn"`
	Token           string `position:"Body" name:"OIDCToken"`
}

// assume gets the sessions of a role from STS: by AssumeRole with the credentials of a
// base, or without one by AssumeRoleWithOIDC. The profile, if any, says where STS is.
func (f *finder) assume(name string, role Role, base *Source, profile *cliProfile) (*Source, error) {
	endpoint, err := f.stsEndpoint(profile)
	if err != nil {
		return nil, err
	}
	config := rpc.Config{
		UserAgent:      f.cfg.UserAgent,
		MaxConcurrent:  1,
		Logger:         f.cfg.Logger,
		Transport:      f.transport,
		AttemptTimeout: exchangeTimeout,
		MaxAttempts:    1, // The call that the keys are for is retried, and asks for them again.
	}
	action, parameters := "AssumeRoleWithOIDC", roleRequest{
		RoleARN:         role.RoleARN,
		SessionName:     cmp.Or(role.SessionName, defaultSessionName),
		DurationSeconds: strconv.Itoa(cmp.Or(role.SessionExpiration, 3600)),
		Policy:          role.Policy,
	}
	if base != nil {
		action, parameters.ExternalID, config.Credentials = "AssumeRole", role.ExternalID, base
	} else {
		parameters.ProviderARN, parameters.Token = role.ProviderARN, role.Token
	}
	client := rpc.NewClient(config)
	source := f.newSource(name, func(ctx context.Context) (session, error) {
		request := parameters
		if base == nil && role.TokenFile != "" {
			var err error
			if request.Token, err = readToken(ctx, role.TokenFile); err != nil {
				return session{}, err
			}
		}
		var got sourceReply
		err := client.Do(ctx, rpc.Call{
			Endpoint: endpoint,
			Unsigned: base == nil,
			Secrets:  []string{request.Token},
			New: func() rpc.Signable {
				signed := request
				signed.Request = rpc.NewRequest("Sts", "2015-04-01", action)
				return &signed
			},
		}, &got)
		if err != nil {
			return session{}, err
		}
		return got.session(time.Now, false)
	})
	source.profile = profile
	return source, nil
}

// readToken reads a token file, without the line feed that a shell leaves at its end.
func readToken(ctx context.Context, path string) (string, error) {
	content, err := readRegular(ctx, path)
	token := strings.TrimSpace(string(content))
	switch {
	case err != nil:
		return "", failed("the OIDC token file can't be read: %v", err)
	case token == "":
		return "", failed("the OIDC token file %s is empty", path)
	}
	return token, nil
}
