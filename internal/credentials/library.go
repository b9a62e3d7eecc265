package credentials

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"
)

// maxPassingFailures bounds how often in a row a failure without a known cause
// is taken for a passing one.
const maxPassingFailures = 3

// library is a provider of credentials-go. The call takes no context, so it may
// outlive its flight by its own timeouts (15 s, for the metadata service 2 s a
// request); Source doesn't wait for it.
type library struct {
	providers.CredentialsProvider
	secrets  []string // What its errors may repeat.
	failures int      // In a row.
}

func (l *library) retrieve(context.Context) (*sdkcredentials.Credentials, error) {
	keys, err := l.recovered()
	if err != nil {
		l.failures++
		return nil, l.failure(err)
	}
	l.failures = 0
	return &sdkcredentials.Credentials{
		AccessKeyId:     keys.AccessKeyId,
		AccessKeySecret: keys.AccessKeySecret,
		SecurityToken:   keys.SecurityToken,
	}, nil
}

// recovered turns a panic into an error: some providers dereference members that
// an odd reply doesn't have (v1.4.14: Expiration, the metadata service's Code).
func (l *library) recovered() (keys *providers.Credentials, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the reply lacks a member that it must have (%v)", r)
		}
	}()
	return l.GetCredentials()
}

// failure reads credentials-go's error. Its text ends in the reply's body, which
// may hold keys, and doesn't give the status, by which alone one could tell what
// passes. So an unknown failure is a passing one, but not for ever.
func (l *library) failure(err error) *Error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return transportError(err, l.secrets...)
	}
	e := &Error{Transient: l.failures < maxPassingFailures}
	what, body, found := strings.Cut(err.Error(), "{")
	if found {
		if failure, ok := readFailure([]byte("{" + body)); ok {
			e.Code = redact(failure.code, l.secrets...)
			e.RequestID = redact(failure.requestID, l.secrets...)
			e.Message = redact(strings.TrimRight(what, ": ")+": "+failure.message, l.secrets...)
			return e
		}
	}
	e.Message = redact(err.Error(), l.secrets...)
	return e
}

// static gives a pair of keys, with a security token or without. All are checked
// to be there, so that credentials-go adds nothing from the environment.
func static(accessKey, secretKey, securityToken string) (provider, error) {
	if securityToken == "" {
		built, err := providers.NewStaticAKCredentialsProviderBuilder().
			WithAccessKeyId(accessKey).
			WithAccessKeySecret(secretKey).
			Build()
		return &library{CredentialsProvider: built}, err
	}
	built, err := providers.NewStaticSTSCredentialsProviderBuilder().
		WithAccessKeyId(accessKey).
		WithAccessKeySecret(secretKey).
		WithSecurityToken(securityToken).
		Build()
	return &library{CredentialsProvider: built}, err
}
