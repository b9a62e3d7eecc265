package credentials

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
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
		failure := rpc.TransportError(err, l.secrets...)
		return &Error{Message: failure.Message, Transient: failure.Transient, Err: failure.Err}
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

// serviceFailure is what a service's error reply says, in the spellings of
// CloudSSO, OAuth and credentials URIs.
type serviceFailure struct {
	code, message, requestID string
}

// readFailure reads an error reply of any shape; ok means that it names a code
// or a message.
func readFailure(body []byte) (failure serviceFailure, ok bool) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return failure, false
	}
	first := func(names ...string) string {
		for _, name := range names {
			if text, ok := members[name].(string); ok && text != "" {
				return text
			}
		}
		return ""
	}
	failure = serviceFailure{
		code:      first("Code", "ErrorCode", "error"),
		message:   first("Message", "ErrorMessage", "error_description"),
		requestID: first("RequestId", "requestId"),
	}
	return failure, failure.code != "" || failure.message != ""
}
