package credentials

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// RoleARNForm is what the ARN of a RAM role looks like.
const RoleARNForm = "acs:ram::<account ID>:role/<name>"

var roleARN = regexp.MustCompile(`^acs:ram:[^:\s]*:[^:\s]+:role/\S+$`)

// ValidRoleARN reports whether a text has the form of a RAM role's ARN.
func ValidRoleARN(arn string) bool { return roleARN.MatchString(arn) }

// role is a RAM role to assume: by AssumeRole with the credentials of base, or without
// a base by AssumeRoleWithOIDC.
type role struct {
	request   roleRequest // Without the embedded part, which each call creates.
	tokenFile string      // Read for each session, if the request has no OIDC token.
	seconds   int         // 0 means 3600.
	base      *origin
	profile   *cliProfile // Says where to call STS.
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

// assumeRole puts the role of the provider block on top of a source. What the block
// leaves out comes from the environment, as for the official provider.
func (f *finder) assumeRole(base *origin) (*origin, error) {
	const block, expiration = "assume_role", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"
	set := f.cfg.AssumeRole
	assumed := role{
		request: roleRequest{
			RoleARN:     cmp.Or(set.RoleARN, f.first("ALICLOUD_ASSUME_ROLE_ARN", oidcRole).value),
			SessionName: cmp.Or(set.SessionName, f.first("ALICLOUD_ASSUME_ROLE_SESSION_NAME", oidcSession).value),
			Policy:      set.Policy,
			ExternalID:  set.ExternalID,
		},
		seconds: set.SessionExpiration,
		base:    base,
		profile: base.profile,
	}
	if text := f.env(expiration); text != "" && assumed.seconds == 0 {
		var err error
		if assumed.seconds, err = strconv.Atoi(text); err != nil {
			return nil, mistake("Invalid Session Expiration", "%s is %q, not a number of seconds.", expiration, text)
		}
	}
	if assumed.request.RoleARN == "" {
		return nil, at(block+".role_arn", incomplete("role_arn", block))
	}
	return f.sessions(assumed, block, "the role "+assumed.request.RoleARN+" (assume_role), assumed with "+base.name)
}

// sessions gets the sessions of a role by STS. It refuses what STS would refuse, at the
// arguments of the block, if it comes from one. How long a session is too long depends
// on the role, and STS says it.
func (f *finder) sessions(assumed role, block, name string) (*origin, error) {
	seconds := cmp.Or(assumed.seconds, 3600)
	at := func(argument string, mistake *ConfigError) error {
		if block != "" {
			mistake.Attribute = block + "." + argument
		}
		return mistake
	}
	if arn := assumed.request.RoleARN; !ValidRoleARN(arn) {
		return nil, at("role_arn", mistake("Invalid Role ARN", "%q is no ARN of a RAM role, which is %s.", arn, RoleARNForm))
	}
	if seconds < 900 {
		return nil, at("session_expiration", mistake("Session Too Short",
			"A session of %d seconds was asked for; STS gives 900 seconds or more.", seconds))
	}
	assumed.request.DurationSeconds = strconv.Itoa(seconds)
	assumed.request.SessionName = cmp.Or(assumed.request.SessionName, defaultSessionName)
	endpoint, err := f.stsEndpoint(assumed.profile)
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
	action := "AssumeRoleWithOIDC"
	if assumed.base != nil {
		action, config.Credentials = "AssumeRole", f.cached(assumed.base)
	}
	client := rpc.NewClient(config)
	return &origin{name: name, profile: assumed.profile, fetch: func(ctx context.Context) (session, error) {
		request := assumed.request
		if assumed.tokenFile != "" {
			if request.Token, err = readToken(ctx, assumed.tokenFile); err != nil {
				return session{}, err
			}
		}
		// rpc retries a throttled call for as long as its context allows. Here that is up
		// to the call that the keys are for, which also reports why it waits.
		ctx, stop := context.WithCancelCause(ctx)
		defer stop(nil)
		var reply roleReply
		err := client.Do(ctx, rpc.Call{
			Endpoint: endpoint,
			Unsigned: assumed.base == nil,
			Secrets:  []string{request.Token},
			New: func() rpc.Signable {
				signed := request
				signed.Request = rpc.NewRequest("Sts", "2015-04-01", action)
				return &signed
			},
			Retried: func(failure *rpc.Error) {
				if failure.Throttled() {
					stop(failure)
				}
			},
		}, &reply)
		if err != nil {
			return session{}, callError(cmp.Or(context.Cause(ctx), err))
		}
		next, err := reply.Credentials.session(time.Now, false)
		if failure := (*Error)(nil); errors.As(err, &failure) {
			failure.RequestID = string(reply.RequestID)
		}
		return next, err
	}}, nil
}

// roleReply is the reply of both actions.
type roleReply struct {
	rpc.Reply
	Credentials answer
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
