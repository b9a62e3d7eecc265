package credentials

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

var (
	roleARN     = regexp.MustCompile(`^acs:ram:[^:\s]*:[^:\s]+:role/\S+$`)
	sessionName = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
)

// assumeRole is the role of the block assume_role, on top of a source. What the block
// leaves out comes from the environment, as for the official provider.
func (f *finder) assumeRole(base *foundSource) (*foundSource, error) {
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
	return f.assume(role, base, base.profile, block, "the role "+role.RoleARN+" (assume_role), assumed with "+base.name)
}

// oidcBlock is the block assume_role_with_oidc.
func (f *finder) oidcBlock() candidate {
	const block = "assume_role_with_oidc"
	return candidate{name: "block " + block, set: f.cfg.AssumeRoleWithOIDC != nil, rank: oidcRank, open: func() (*foundSource, error) {
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
		return f.assume(role, nil, nil, block, "the role "+role.RoleARN+" ("+block+")")
	}}
}

// oidcVariables are the variables without a block. A role alone says nothing: it may be
// meant for an assume_role block.
func (f *finder) oidcVariables() candidate {
	role := f.withOIDCVariables(Role{})
	parts := role.oidcParts(oidcRole, oidcProvider, oidcFile+" or "+oidcToken)
	name := oidcRole + ", " + oidcProvider + ", and " + parts[2].name
	return candidate{name: name, set: present(parts[1:]...) != "", rank: unranked, open: func() (*foundSource, error) {
		if lacking := missing(parts...); lacking != "" {
			return nil, incomplete(lacking, present(parts...))
		}
		return f.assume(role, nil, nil, "", "the role "+role.RoleARN+" (OIDC variables)")
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

// roleReply is the reply of both actions.
type roleReply struct {
	rpc.Reply
	Credentials sourceReply
}

// check says what STS would refuse, and the argument at fault. How long a session is too
// long depends on the role, and STS says it.
func (r Role) check(byOIDC bool) (argument string, refused *ConfigError) {
	switch {
	case !roleARN.MatchString(r.RoleARN):
		return "role_arn", mistake("Invalid Role ARN", "%q is no ARN of a RAM role, which is acs:ram::<account ID>:role/<name>.", r.RoleARN)
	case r.SessionExpiration < 900:
		return "session_expiration", mistake("Session Too Short", "A session of %d seconds was asked for; STS gives 900 seconds or more.", r.SessionExpiration)
	case sessionName.MatchString(r.SessionName):
		return "", nil
	case byOIDC:
		argument = "role_"
	}
	return argument + "session_name", mistake("Invalid Session Name",
		"The session name is %q. It must have 2 to 64 characters: letters, digits and . @ _ -", r.SessionName)
}

// assume gets the sessions of a role from STS: by AssumeRole with the credentials of a
// base, or without one by AssumeRoleWithOIDC. The profile, if any, says where STS is. The
// block is the one that the role comes from; "" if it comes from none.
func (f *finder) assume(role Role, base *foundSource, profile *cliProfile, block, name string) (*foundSource, error) {
	role.SessionName = cmp.Or(role.SessionName, defaultSessionName)
	role.SessionExpiration = cmp.Or(role.SessionExpiration, 3600)
	if argument, refused := role.check(base == nil); refused != nil {
		if block != "" {
			refused.Attribute = block + "." + argument
		}
		return nil, refused
	}
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
	action, parameters := "AssumeRoleWithOIDC", map[string]string{
		"RoleArn": role.RoleARN, "RoleSessionName": role.SessionName, "DurationSeconds": strconv.Itoa(role.SessionExpiration), "Policy": role.Policy,
	}
	if base != nil {
		action, parameters["ExternalId"], config.Credentials = "AssumeRole", role.ExternalID, f.cached(base)
	} else {
		parameters["OIDCProviderArn"], parameters["OIDCToken"] = role.ProviderARN, role.Token
	}
	maps.DeleteFunc(parameters, func(_, value string) bool { return value == "" })
	client := rpc.NewClient(config)
	return &foundSource{name: name, profile: profile, fetch: func(ctx context.Context) (session, error) {
		request := maps.Clone(parameters)
		if base == nil && role.TokenFile != "" {
			var err error
			if request["OIDCToken"], err = readToken(ctx, role.TokenFile); err != nil {
				return session{}, err
			}
		}
		// rpc retries a throttled call for as long as its context allows. Here that is up
		// to the call that the keys are for, which also reports why it waits.
		ctx, stop := context.WithCancelCause(ctx)
		defer stop(nil)
		var got roleReply
		err := client.Do(ctx, rpc.Call{
			Endpoint:   endpoint,
			Action:     action,
			Version:    "2015-04-01",
			Parameters: request,
			Unsigned:   base == nil,
			Secrets:    []string{request["OIDCToken"]},
			Retried: func(failure *rpc.Error) {
				if failure.Throttled() {
					stop(failure)
				}
			},
		}, &got)
		if err != nil {
			return session{}, callError(cmp.Or(context.Cause(ctx), err))
		}
		next, err := got.Credentials.session(time.Now, false)
		if failure := (*Error)(nil); errors.As(err, &failure) {
			failure.RequestID = string(got.RequestID)
		}
		return next, err
	}}, nil
}

// readToken reads a token file, without the line feed that a shell leaves at its end.
func readToken(ctx context.Context, path string) (string, error) {
	content, err := readRegular(ctx, path)
	token := strings.TrimSpace(string(content))
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", &Error{Message: "the OIDC token file can't be read: " + err.Error(), Err: err}
	case token == "":
		return "", &Error{Message: fmt.Sprintf("the OIDC token file %s is empty", path)}
	}
	return token, nil
}
