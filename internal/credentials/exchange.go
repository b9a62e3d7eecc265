package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// exchangeTimeout bounds each request to a source of credentials.
const exchangeTimeout = 15 * time.Second

// message is a request to a source of credentials.
type message struct {
	method, url string
	header      map[string]string
	body        string
	secrets     []string // What no error may show.
}

// session sends a request for credentials. A lenient source may leave out the token, for
// a permanent AccessKey, and the expiration.
func (f *finder) session(ctx context.Context, m message, lenient bool) (session, error) {
	body, err := f.send(ctx, m)
	if err != nil {
		return session{}, err
	}
	var read sourceReply
	if err := json.Unmarshal(body, &read); err != nil {
		failure := unexpected("is not JSON of that form")
		var syntax *json.SyntaxError
		failure.Transient = len(body) > 0 && errors.As(err, &syntax) && int(syntax.Offset) == len(body) // It was cut off.
		return session{}, failure
	}
	if read.Code != "" && read.Code != "Success" {
		return session{}, read.failure("the source responded with an error", m.secrets)
	}
	if read.CloudCredential != nil {
		read = *read.CloudCredential
	}
	return read.session(f.cfg.Now, lenient)
}

// send sends a request and gives the body of a success. Of any other response only a code,
// message and request ID in a known form are shown, since the rest may contain
// credentials.
func (f *finder) send(ctx context.Context, m message) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(limited, m.method, m.url, strings.NewReader(m.body))
	if err != nil {
		return nil, &Error{Message: "its URL can't be requested"} // The error quotes it.
	}
	for name, value := range m.header {
		request.Header.Set(name, value)
	}
	response, err := f.http.Exchange(request, m.secrets...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, callError(err)
	}
	if response.Status == http.StatusOK {
		return response.Body, nil
	}
	var said sourceReply
	_ = json.Unmarshal(response.Body, &said) // What isn't JSON says nothing.
	failure := said.failure(fmt.Sprintf("HTTP status %d", response.Status), m.secrets)
	failure.status = response.Status
	failure.Transient = response.Status >= http.StatusInternalServerError || response.Status == http.StatusTooManyRequests ||
		strings.Contains(failure.Code, "Throttling")
	return nil, failure
}

// credentialsURI is a server that hands out credentials. The URI's user, path and
// query may be secret, so only its host is ever shown.
func (f *finder) credentialsURI(uri setting) (*foundSource, error) {
	parsed, err := url.Parse(uri.value)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return nil, mistake("Invalid Credentials URI", "%s must be a URI that begins with http:// or https:// and names a host.", uri.name)
	}
	password, _ := parsed.User.Password()
	secrets := []string{uri.value, parsed.RequestURI(), parsed.EscapedPath(), parsed.RawQuery, parsed.User.Username(), password}
	for _, values := range parsed.Query() {
		secrets = append(secrets, values...)
	}
	return &foundSource{
		name: "the credentials URI at " + parsed.Host + " (" + uri.name + ")",
		fetch: func(ctx context.Context) (session, error) {
			given, err := f.session(ctx, message{method: http.MethodGet, url: uri.value, secrets: secrets}, true)
			if failure := (*Error)(nil); errors.As(err, &failure) && failure.status != 0 && failure.Code == "" {
				failure.Message += "; " + expectedForm
			}
			return given, err
		},
	}, nil
}

// callError converts the error of a call by internal/rpc.
func callError(err error) error {
	var (
		failure *rpc.Error
		below   *Error
		mistake *ConfigError
	)
	switch {
	case !errors.As(err, &failure):
		return err // The context's.
	case errors.As(failure.Err, &below), errors.As(failure.Err, &mistake):
		return failure.Err // The keys to sign with are missing.
	}
	return &Error{Code: failure.Code, RequestID: failure.RequestID, Message: failure.Message, Transient: failure.Transient, Err: failure.Err}
}

// sourceReply is what the metadata service, a credentials URI, CloudSSO and OAuth respond with:
// credentials, or an error. Names match in any case.
type sourceReply struct {
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret string
	SecurityToken   string
	Expiration      string

	CloudCredential *sourceReply // Where CloudSSO puts its credentials.

	Code, ErrorCode       string
	Message, ErrorMessage string
	OAuthError            string `json:"error"`
	OAuthDescription      string `json:"error_description"`
	RequestID             string `json:"RequestId"`
}

// failure is what the reply says of an error.
func (r sourceReply) failure(summary string, secrets []string) *Error {
	if message := rpc.Redact(cmp.Or(r.Message, r.ErrorMessage, r.OAuthDescription), secrets...); message != "" {
		summary += ": " + message
	}
	return &Error{
		Code:      rpc.Redact(cmp.Or(r.Code, r.ErrorCode, r.OAuthError), secrets...),
		RequestID: rpc.Redact(r.RequestID, secrets...),
		Message:   summary,
	}
}

func (r sourceReply) session(now func() time.Time, lenient bool) (session, error) {
	parts := []setting{
		{name: "AccessKeyId", value: r.AccessKeyID},
		{name: "AccessKeySecret", value: r.AccessKeySecret},
		{name: "SecurityToken", value: r.SecurityToken},
		{name: "Expiration", value: r.Expiration},
	}
	if lenient {
		parts = parts[:2]
	}
	if lacking := missing(parts...); lacking != "" {
		return session{}, unexpected("lacks " + lacking)
	}
	end, err := time.Parse(time.RFC3339, r.Expiration)
	if r.Expiration == "" {
		end, err = now().Add(unknownLife), nil
	}
	if err != nil {
		return session{}, unexpected("has an Expiration that is no time such as 2006-01-02T15:04:05Z")
	}
	return session{rpc.Credentials{AccessKeyID: r.AccessKeyID, AccessKeySecret: r.AccessKeySecret, SecurityToken: r.SecurityToken}, end}, nil
}

// unexpected is the error for a response that isn't credentials. It never quotes it.
func unexpected(problem string) *Error {
	return &Error{Message: "the response " + problem + "; " + expectedForm}
}

const expectedForm = "expected is a JSON object with AccessKeyId, AccessKeySecret, SecurityToken and Expiration"
