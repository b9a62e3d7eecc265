package ecstest

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What STS's own parameters have to look like.
var (
	roleARNSyntax      = regexp.MustCompile(`^acs:ram::([0-9]+):role/([A-Za-z0-9._-]{1,64})$`)
	providerARNSyntax  = regexp.MustCompile(`^acs:ram::[0-9]+:oidc-provider/[A-Za-z0-9._-]{1,128}$`)
	sessionNameSyntax  = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
	externalIDSyntax   = regexp.MustCompile(`^[A-Za-z0-9=,.@:/_-]{2,}$`)
	minSessionDuration = 15 * time.Minute
	maxSessionDuration = 12 * time.Hour
)

// The most characters of a session policy and of an external id.
const (
	maxPolicy     = 2048
	maxExternalID = 1224
)

var assumeRoleParameters = []string{"RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "ExternalId"}

func isAssumeRoleParameter(name string) bool { return slices.Contains(assumeRoleParameters, name) }

var oidcParameters = []string{"RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "OIDCProviderArn", "OIDCToken"}

func isOIDCParameter(name string) bool { return slices.Contains(oidcParameters, name) }

// AllowOIDCTokens replaces the identity tokens that AssumeRoleWithOIDC accepts; at first there are none.
func (s *Service) AllowOIDCTokens(tokens ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oidcTokens = slices.Clone(tokens)
}

func (s *Service) allowsOIDCToken(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.oidcTokens, token)
}

func (x *Exchange) assumeRole() *Reply {
	if id := x.Params.Get("ExternalId"); id != "" && (len(id) > maxExternalID || !externalIDSyntax.MatchString(id)) {
		return x.errorReply(invalidSTSParameter("ExternalId"))
	}
	return x.assume(nil)
}

func (x *Exchange) assumeRoleWithOIDC() *Reply {
	provider, token := x.Params.Get("OIDCProviderArn"), x.Params.Get("OIDCToken")
	switch {
	case provider == "":
		return x.errorReply(missingParameter("OIDCProviderArn"))
	case token == "":
		return x.errorReply(missingParameter("OIDCToken"))
	case !providerARNSyntax.MatchString(provider):
		return x.errorReply(invalidSTSParameter("OIDCProviderArn"))
	case !x.Service.allowsOIDCToken(token):
		return x.errorReply(errOIDCToken)
	}
	return x.assume(map[string]any{
		"OIDCTokenInfo": map[string]any{"Subject": "test-subject", "Issuer": "https://issuer.example", "ClientIds": "test-client"},
	})
}

// assume issues the session that both actions are about; extra joins the reply.
func (x *Exchange) assume(extra map[string]any) *Reply {
	role, name := x.Params.Get("RoleArn"), x.Params.Get("RoleSessionName")
	arn := roleARNSyntax.FindStringSubmatch(role)
	policy := x.Params.Get("Policy")
	switch {
	case role == "":
		return x.errorReply(missingParameter("RoleArn"))
	case name == "":
		return x.errorReply(missingParameter("RoleSessionName"))
	case arn == nil:
		return x.errorReply(invalidSTSParameter("RoleArn"))
	case !sessionNameSyntax.MatchString(name):
		return x.errorReply(invalidSTSParameter("RoleSessionName"))
	case policy != "" && (len(policy) > maxPolicy || !json.Valid([]byte(policy))):
		return x.errorReply(invalidSTSParameter("PolicyGrammar"))
	}
	seconds, err := x.number("DurationSeconds", math.MaxInt32, int(defaultSessionLife/time.Second))
	life := time.Duration(seconds) * time.Second
	if err != nil || life < minSessionDuration || life > maxSessionDuration {
		return x.errorReply(invalidSTSParameter("DurationSeconds"))
	}
	session := x.Service.issue(life)
	reply := jsonReply(map[string]any{
		"RequestId": x.requestID,
		"AssumedRoleUser": map[string]any{
			"AssumedRoleId": "300000000000000000:" + name,
			"Arn":           "acs:ram::" + arn[1] + ":assumed-role/" + strings.ToLower(arn[2]) + "/" + name,
		},
		"Credentials": session.fields(),
	})
	for name, value := range extra {
		reply.Fields[name] = value
	}
	return reply
}

// invalidSTSParameter is STS's form of the error, with the parameter in the code.
func invalidSTSParameter(name string) *apiError {
	err := invalidParameter("The parameter %s is wrongly formed.", name)
	err.code += "." + name
	return err
}

func (session Session) fields() map[string]any {
	return map[string]any{
		"AccessKeyId":     session.AccessKeyID,
		"AccessKeySecret": session.AccessKeySecret,
		"SecurityToken":   session.SecurityToken,
		"Expiration":      session.Expiration.Format(secondLayout),
	}
}
