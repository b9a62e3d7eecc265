package credentials

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

const stsVersion = "2015-04-01"

// stsTimeout is what credentials-go allows: 5 s to connect and 10 s to answer.
const stsTimeout = 15 * time.Second

// stsClient calls STS by internal/rpc. credentials-go's own providers can't be used
// for it: they always speak https, while an endpoint may be http://; they take no
// context, so a run that is stopped would wait for them; they hide the service's
// code in a text, and the session's end altogether.
type stsClient struct {
	rpc      *rpc.Client
	endpoint rpc.Endpoint
	unsigned bool
}

// newSTSClient makes a client whose calls are signed with the keys of base, or
// unsigned where that is nil.
func (f *finder) newSTSClient(base provider, profile location) (*stsClient, error) {
	endpoint, err := f.stsAt(profile)
	if err != nil {
		return nil, err
	}
	transport := rpc.NewTransport(1)
	transport.DisableKeepAlives = true // One call in many minutes gains nothing from a connection kept open.
	config := rpc.Config{
		UserAgent:      f.cfg.UserAgent,
		MaxConcurrent:  1,
		Logger:         slog.New(withoutErrors{f.cfg.Logger.Handler()}),
		Transport:      transport,
		AttemptTimeout: stsTimeout,
		MaxAttempts:    1, // The call that the keys are for is retried, and asks for them again.
	}
	if base != nil {
		config.Credentials = signer{base}
	}
	return &stsClient{
		rpc:      rpc.NewClient(config),
		endpoint: endpoint,
		unsigned: base == nil,
	}, nil
}

// stsReply is the reply of both actions.
type stsReply struct {
	rpc.Reply
	Credentials struct {
		AccessKeyID     string `json:"AccessKeyId"`
		AccessKeySecret string
		SecurityToken   string
		Expiration      time.Time
	}
}

// call makes one call. secrets are the request's own.
func (c *stsClient) call(ctx context.Context, request func() rpc.Signable, secrets ...string) (*session, error) {
	// rpc retries a throttled call for as long as its context allows. Here that is up
	// to the call that the keys are for, which also reports why it waits.
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var reply stsReply
	err := c.rpc.Do(ctx, rpc.Call{
		Endpoint: c.endpoint,
		New:      request,
		Unsigned: c.unsigned,
		Secrets:  secrets,
		Retried: func(failure *rpc.Error) {
			if failure.Throttled() {
				stop(failure)
			}
		},
	}, &reply)
	if err != nil {
		return nil, stsError(cmp.Or(context.Cause(ctx), err))
	}
	keys := reply.Credentials
	if keys.AccessKeyID == "" || keys.AccessKeySecret == "" || keys.SecurityToken == "" || keys.Expiration.IsZero() {
		return nil, &Error{Message: "the reply of STS lacks credentials or their expiration", RequestID: string(reply.RequestID)}
	}
	return &session{
		credentials: sdkcredentials.Credentials{
			AccessKeyId:     keys.AccessKeyID,
			AccessKeySecret: keys.AccessKeySecret,
			SecurityToken:   keys.SecurityToken,
		},
		expires: keys.Expiration,
	}, nil
}

// stsError converts the error of a call to an [*Error]. It never quotes the body of
// the reply, which may contain the new keys.
func stsError(err error) error {
	var failure *rpc.Error
	if !errors.As(err, &failure) {
		return err // The context's.
	}
	var (
		below   *Error
		mistake *ConfigError
	)
	if errors.As(failure.Err, &below) || errors.As(failure.Err, &mistake) {
		return failure.Err // The keys to sign with are missing.
	}
	e := &Error{
		Code:      failure.Code,
		RequestID: failure.RequestID,
		Message:   failure.Message,
		Transient: failure.Transient,
		Err:       failure.Err,
	}
	switch failure.Kind {
	case rpc.KindStatus:
		e.Message = fmt.Sprintf("HTTP status %d, and a body that is not an error of the service", failure.Status)
	case rpc.KindReply:
		e.Message = "the reply of STS is not the JSON it should be"
	}
	return e
}

// assumeRole is STS's AssumeRole with the credentials of another provider.
type assumeRole struct {
	client  *stsClient
	request assumeRoleRequest // Without the embedded part, which each call creates.
}

type assumeRoleRequest struct {
	*rpc.Request
	RoleARN         string `position:"Body" name:"RoleArn"`
	SessionName     string `position:"Body" name:"RoleSessionName"`
	DurationSeconds string `position:"Body" name:"DurationSeconds"`
	Policy          string `position:"Body" name:"Policy"`
	ExternalID      string `position:"Body" name:"ExternalId"`
}

func (a *assumeRole) fetch(ctx context.Context) (*session, error) {
	return a.client.call(ctx, func() rpc.Signable {
		request := a.request
		request.Request = rpc.NewRequest("Sts", stsVersion, "AssumeRole")
		return &request
	})
}

// assumeRoleWithOIDC is STS's AssumeRoleWithOIDC. tokenFile wins over the request's
// token: it may be renewed, and is read for each session.
type assumeRoleWithOIDC struct {
	client    *stsClient
	tokenFile string
	request   assumeRoleWithOIDCRequest // Without the embedded part, which each call creates.
}

type assumeRoleWithOIDCRequest struct {
	*rpc.Request
	RoleARN         string `position:"Body" name:"RoleArn"`
	ProviderARN     string `position:"Body" name:"OIDCProviderArn"`
	Token           string `position:"Body" name:"OIDCToken"`
	SessionName     string `position:"Body" name:"RoleSessionName"`
	DurationSeconds string `position:"Body" name:"DurationSeconds"`
	Policy          string `position:"Body" name:"Policy"`
}

func (a *assumeRoleWithOIDC) fetch(ctx context.Context) (*session, error) {
	token := a.request.Token
	if a.tokenFile != "" {
		var err error
		if token, err = readToken(a.tokenFile); err != nil {
			return nil, err
		}
	}
	return a.client.call(ctx, func() rpc.Signable {
		request := a.request
		request.Request = rpc.NewRequest("Sts", stsVersion, "AssumeRoleWithOIDC")
		request.Token = token
		return &request
	}, token)
}

// readToken reads a token file. Those who write it by a shell leave a line feed
// at its end, which STS would refuse.
func readToken(path string) (string, error) {
	content, err := os.ReadFile(path) //nolint:gosec // The user names the file.
	if err != nil {
		return "", &Error{Message: "the OIDC token file can't be read: " + err.Error(), Err: err}
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return "", &Error{Message: "the OIDC token file " + path + " is empty"}
	}
	return token, nil
}

// sessionDuration checks a duration in seconds; 0 means an hour, STS's own
// default. How long is too long depends on the role, and STS says it.
func sessionDuration(attribute string, seconds int) (string, error) {
	seconds = cmp.Or(seconds, 3600)
	if seconds < 900 {
		return "", &ConfigError{
			Attribute: attribute,
			Summary:   "Session Too Short",
			Detail:    fmt.Sprintf("A session of %d seconds was asked for; STS gives 900 seconds or more.", seconds),
		}
	}
	return strconv.Itoa(seconds), nil
}
