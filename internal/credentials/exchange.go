package credentials

import (
	"cmp"
	"context"
	"errors"
	"maps"
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
	header      http.Header
	body        string
	secrets     []string // What no error may show.
}

// send sends a request and reads its reply. Without a reply, any body of a success will
// do; it is returned.
func (f *finder) send(ctx context.Context, m message, reply rpc.Replier) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, m.method, m.url, strings.NewReader(m.body))
	if err != nil {
		return nil, failed("its URL can't be requested") // The error quotes it.
	}
	maps.Copy(request.Header, m.header)
	return f.http.Exchange(request, reply, m.secrets...)
}

const expectedForm = "; expected is a JSON object with AccessKeyId, AccessKeySecret, SecurityToken and Expiration"

// session sends a request for credentials. A lenient source may leave out the token, for
// a permanent AccessKey, and the expiration.
func (f *finder) session(ctx context.Context, m message, lenient bool) (session, error) {
	var reply sourceReply
	_, err := f.send(ctx, m, &reply)
	if err == nil {
		return reply.session(f.cfg.Now, lenient)
	}
	if failure, ok := errors.AsType[*rpc.Error](err); ok && (failure.Kind == rpc.KindReply || failure.Kind == rpc.KindStatus) {
		failure.Message += expectedForm
	}
	return session{}, err
}

// sourceReply is what STS, the metadata service, a credentials URI, CloudSSO and OAuth
// respond with. Names match in any case.
type sourceReply struct {
	rpc.Reply
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret string
	SecurityToken   string
	Expiration      string

	Credentials     *sourceReply // Where STS puts its credentials.
	CloudCredential *sourceReply // Where CloudSSO does.
}

// session gives the credentials of a reply. Errors never quote it.
func (r *sourceReply) session(now func() time.Time, lenient bool) (session, error) {
	unexpected := func(problem string) (session, error) {
		return session{}, &rpc.Error{Kind: rpc.KindReply, Message: "the response " + problem + expectedForm, RequestID: string(r.RequestID)}
	}
	given := cmp.Or(r.Credentials, r.CloudCredential, r)
	end, err := time.Parse(time.RFC3339, given.Expiration)
	switch {
	case given.AccessKeyID == "":
		return unexpected("lacks AccessKeyId")
	case given.AccessKeySecret == "":
		return unexpected("lacks AccessKeySecret")
	case given.SecurityToken == "" && !lenient:
		return unexpected("lacks SecurityToken")
	case given.Expiration == "" && !lenient:
		return unexpected("lacks Expiration")
	case given.Expiration == "":
		end = now().Add(unknownLife)
	case err != nil:
		return unexpected("has an Expiration that is no time such as 2006-01-02T15:04:05Z")
	}
	return session{rpc.Credentials{AccessKeyID: given.AccessKeyID, AccessKeySecret: given.AccessKeySecret, SecurityToken: given.SecurityToken}, end}, nil
}

// credentialsURI is a server that hands out credentials. The URI's user, path and
// query may be secret, so only its host is ever shown.
func (f *finder) credentialsURI(uri setting) (*Source, error) {
	parsed, err := url.Parse(uri.value)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "http" && parsed.Scheme != "https") {
		return nil, mistake("Invalid Credentials URI", "%s must be a URI that begins with http:// or https:// and names a host.", uri.name)
	}
	password, _ := parsed.User.Password()
	secrets := []string{uri.value, parsed.RequestURI(), parsed.EscapedPath(), parsed.RawQuery, parsed.User.Username(), password}
	for _, values := range parsed.Query() {
		secrets = append(secrets, values...)
	}
	return f.newSource("the credentials URI at "+parsed.Host+" ("+uri.name+")", func(ctx context.Context) (session, error) {
		return f.session(ctx, message{method: http.MethodGet, url: uri.value, secrets: secrets}, true)
	}), nil
}
