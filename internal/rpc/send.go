package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

// maxBodySize is far above any page of 100 resources, and far below what would
// hurt: a server that is none of the service's may send without end.
const maxBodySize = 16 << 20

// send makes one attempt: keys, slot, signature, request, reply.
func (c *Client) send(ctx context.Context, call Call, request Signable, reply Replier) *Error {
	keys, err := c.config.Credentials.GetCredentials(ctx)
	if err != nil {
		return credentialsError(err)
	}
	// The slot is taken last: a call that waits for anything else holds none.
	// And the time for an attempt begins with the slot, however long the queue.
	slot, err := c.limiter.acquire(ctx)
	if err != nil {
		return transportError(err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.AttemptTimeout)
	defer cancel()
	failure := c.exchange(ctx, call, request, keys, reply)
	slot.release(failure != nil && failure.Throttled(), failure == nil)
	return failure
}

// exchange signs and sends the request and reads the reply.
func (c *Client) exchange(ctx context.Context, call Call, request Signable, keys *credentials.Credentials, reply Replier) *Error {
	url, err := sign(call, request, keys)
	if err != nil {
		return &Error{Kind: KindCredentials, Err: err, Message: redact(err.Error())}
	}
	// POST, not GET: net/http sends a GET again by itself when a connection
	// breaks, with the same nonce, which the service refuses.
	httpRequest, err := http.NewRequestWithContext(ctx, http.MethodPost, url, http.NoBody)
	if err != nil {
		return transportError(err)
	}
	httpRequest.Header.Set("Accept", "application/json")
	httpRequest.Header.Set("User-Agent", c.config.UserAgent)

	response, err := c.http.Do(httpRequest)
	if err != nil {
		return transportError(err)
	}
	defer response.Body.Close() //nolint:errcheck // Nothing is lost: the body was read, or is of no use.
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodySize+1))
	if err != nil {
		failure := transportError(err)
		failure.Status = response.StatusCode
		return failure
	}
	if len(body) > maxBodySize {
		return &Error{Kind: KindReply, Status: response.StatusCode, Message: fmt.Sprintf("the reply is larger than %d MiB", maxBodySize>>20)}
	}

	secrets := []string{keys.AccessKeySecret, keys.SecurityToken, keys.AccessKeyId, request.GetQueryParams()["Signature"]}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return serviceError(response.StatusCode, response.Header, body, secrets)
	}
	reflect.ValueOf(reply).Elem().SetZero() // An earlier attempt may have filled a part of it.
	if err := json.Unmarshal(body, reply); err != nil {
		return replyError(body, err)
	}
	common := reply.common()
	common.Date, _ = http.ParseTime(response.Header.Get("Date")) // Zero where it is absent.
	if common.Code != "" {
		return serviceError(response.StatusCode, response.Header, body, secrets)
	}
	return nil
}

// sign gives the signed URL of the request.
func sign(call Call, request Signable, keys *credentials.Credentials) (string, error) {
	if err := requests.InitParams(request); err != nil {
		return "", err
	}
	request.SetScheme(call.Endpoint.Scheme)
	request.SetDomain(call.Endpoint.Host)
	provider := fixedCredentials{keys}
	if err := auth.Sign(request, nil, call.Region, provider); err != nil {
		return "", err
	}
	return request.BuildUrl(), nil
}

// fixedCredentials hands the SDK's signer the keys that were fetched before,
// since its own interface takes no context.
type fixedCredentials struct{ keys *credentials.Credentials }

// GetCredentials implements the SDK's CredentialsProvider.
func (f fixedCredentials) GetCredentials() (*credentials.Credentials, error) { return f.keys, nil }

// GetProviderName implements the SDK's CredentialsProvider.
func (f fixedCredentials) GetProviderName() string { return f.keys.ProviderName }

// credentialsError is a failure to get keys. Whether it may pass is for the
// source to say.
func credentialsError(err error) *Error {
	e := &Error{Kind: KindCredentials, Err: err, Message: redact(err.Error())}
	var temporary interface{ Temporary() bool }
	if errors.As(err, &temporary) {
		e.Transient = temporary.Temporary()
	}
	return e
}
