package credentials

import (
	"cmp"
	"context"
	"maps"
	"slices"
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

// oidcBlock is the block assume_role_with_oidc. What it leaves out comes from the variables.
func (f *finder) oidcBlock() candidate {
	const block = "assume_role_with_oidc"
	given := cmp.Or(f.cfg.AssumeRoleWithOIDC, &Role{})
	role, parts := f.roleByOIDC(*given, "role_arn", "oidc_provider_arn", "oidc_token_file")
	return candidate{name: "block " + block, set: f.cfg.AssumeRoleWithOIDC != nil, rank: oidcRank, open: func() (*Source, error) {
		_, unset := named(parts...)
		switch {
		case given.Token != "" && given.TokenFile != "":
			return nil, at(block+".oidc_token_file", mistake("Two OIDC Tokens", "Set either oidc_token or oidc_token_file: it can't be told which one is meant."))
		case len(unset) > 0:
			return nil, at(block+"."+unset[0], incomplete(unset[0], block))
		case role.TokenFile != "" && f.env(oidcToken) != "":
			f.warn(block+".oidc_token_file", "The Official Provider Would Use Another OIDC Token",
				"This provider uses the token file %s. The official provider (aliyun/alicloud) would use the token in the variable %s instead. "+
					"Unset that variable.", role.TokenFile, oidcToken)
		}
		return f.assume("the role "+role.RoleARN+" ("+block+")", role, nil, &cliProfile{})
	}}
}

// oidcVariables are the variables without a block. A role alone says nothing: it may be
// meant for an assume_role block.
func (f *finder) oidcVariables() candidate {
	role, parts := f.roleByOIDC(Role{}, oidcRole, oidcProvider, oidcFile+" or "+oidcToken)
	name := oidcRole + ", " + oidcProvider + ", and " + parts[2].name
	return candidate{name: name, set: role.ProviderARN+role.Token+role.TokenFile != "", rank: unranked, open: func() (*Source, error) {
		if set, unset := named(parts...); len(unset) > 0 {
			return nil, incomplete(unset[0], set...)
		}
		return f.assume("the role "+role.RoleARN+" (OIDC variables)", role, nil, &cliProfile{})
	}}
}

// roleByOIDC fills in from the variables what a role lacks: a token only where there is
// neither a token nor a file. Of both variables the file counts: it is what gets renewed.
// The parts are what the role can't do without: itself, its provider and the token.
func (f *finder) roleByOIDC(role Role, names ...string) (completed Role, parts []setting) {
	role.RoleARN = cmp.Or(role.RoleARN, f.env(oidcRole))
	role.ProviderARN = cmp.Or(role.ProviderARN, f.env(oidcProvider))
	role.SessionName = cmp.Or(role.SessionName, f.env(oidcSession))
	if role.Token == "" && role.TokenFile == "" {
		role.Token, role.TokenFile = f.env(oidcToken), f.env(oidcFile)
	}
	for i, value := range []string{role.RoleARN, role.ProviderARN, role.Token + role.TokenFile} {
		parts = append(parts, setting{name: names[i], value: value})
	}
	return role, parts
}

// assume gets the sessions of a role from STS: by AssumeRole with the credentials of a
// base, or without one by AssumeRoleWithOIDC. The profile may say where STS is.
func (f *finder) assume(name string, role Role, base *Source, profile *cliProfile) (*Source, error) {
	endpoint, err := f.stsEndpoint(profile)
	if err != nil {
		return nil, err
	}
	action, parameters := "AssumeRole", map[string]string{
		"RoleArn":         role.RoleARN,
		"RoleSessionName": cmp.Or(role.SessionName, defaultSessionName),
		"DurationSeconds": strconv.Itoa(cmp.Or(role.SessionExpiration, 3600)),
		"Policy":          role.Policy,
		"ExternalId":      role.ExternalID,
	}
	if base == nil {
		action, parameters["ExternalId"] = "AssumeRoleWithOIDC", ""
		parameters["OIDCProviderArn"], parameters["OIDCToken"] = role.ProviderARN, role.Token
	}
	maps.DeleteFunc(parameters, func(_, value string) bool { return value == "" })
	client := rpc.NewClient(rpc.Config{
		Credentials:    base,
		UserAgent:      f.cfg.UserAgent,
		MaxConcurrent:  1,
		Logger:         f.cfg.Logger,
		Transport:      f.transport,
		AttemptTimeout: exchangeTimeout,
		MaxAttempts:    1, // The call that the keys are for is retried, and asks for them again.
	})
	source := f.newSource(name, func(ctx context.Context) (session, error) {
		if base == nil && role.TokenFile != "" {
			token, err := readToken(ctx, role.TokenFile)
			if err != nil {
				return session{}, err
			}
			parameters["OIDCToken"] = token // One fetch at a time does this.
		}
		var reply sourceReply
		err := client.Do(ctx, rpc.Call{
			Endpoint:   endpoint,
			Action:     action,
			Version:    "2015-04-01",
			Parameters: parameters,
			Unsigned:   base == nil,
			Secrets:    []string{parameters["OIDCToken"]},
		}, &reply)
		if err != nil {
			return session{}, err
		}
		return reply.session(time.Now, false)
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

// stsEndpoint returns the endpoint of STS. Fields of the profile and the CLI's variable
// name a host, which the CLI always calls by HTTPS.
func (f *finder) stsEndpoint(profile *cliProfile) (rpc.Endpoint, error) {
	if f.cfg.STSEndpoint != (rpc.Endpoint{}) {
		return f.cfg.STSEndpoint, nil
	}
	named := chosen(setting{name: "The profile's sts_endpoint", value: profile.STSEndpoint}, f.first("ALIBABA_CLOUD_STS_ENDPOINT"))
	region := chosen(
		setting{name: "the profile's sts_region", value: profile.STSRegion},
		f.first("ALIBABA_CLOUD_STS_REGION"),
		setting{name: "the provider's region or its variable", value: f.cfg.Region},
		setting{name: "the profile's region_id", value: profile.RegionID},
	)
	vpc := profile.EnableVPC || f.enabled("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED")
	host := "sts." + region.value + ".aliyuncs.com"
	switch {
	case named.value != "":
		host = strings.Trim(named.value[strings.LastIndex(named.value, "://")+1:], "/")
	case region.value == "", slices.Contains(withoutSTS, region.value) && !vpc:
		host = "sts.aliyuncs.com" // It serves all regions.
	case !rpc.ValidRegion(region.value): // It becomes a host, to which a token is sent.
		return rpc.Endpoint{}, mistake("Invalid Region ID",
			"STS is called in the region of %s, and %q is no region ID, such as cn-hangzhou.", region.name, region.value)
	case vpc:
		host = "sts-vpc." + region.value + ".aliyuncs.com"
	}
	endpoint, err := rpc.ParseEndpoint(host)
	if err != nil {
		return endpoint, mistake("Invalid Endpoint", "%s can't be used: %v.", named.name, err)
	}
	return endpoint, nil
}

// withoutSTS are the regions for which the table in the SDK's services/sts/endpoint.go
// has the central host, as far as customers can use them. For cn-north-2-gov-1 and
// cn-shenzhen-finance-1 it has hosts that answer within a VPC alone.
var withoutSTS = []string{
	"ap-northeast-2-pop", "cn-beijing-finance-1", "cn-beijing-finance-pop", "cn-beijing-gov-1", "cn-edge-1", "cn-fujian", "cn-haidian-cm12-c01",
	"cn-hangzhou-finance", "cn-hongkong-finance-pop", "cn-huhehaote-nebula-1", "cn-north-2-gov-1", "cn-qingdao-nebula",
	"cn-shenzhen-finance-1", "cn-wuhan", "cn-yushanfang", "cn-zhangbei", "cn-zhengzhou-nebula-1", "eu-west-1-oxs", "rus-west-1-pop",
}
