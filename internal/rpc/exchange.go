package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/utils"
)

// maxBodySize is far above any page of 100 resources, and far below what would
// hurt: a server that is none of the service's may send without end. Of an error's
// body no more is read than a message is made of.
const (
	maxBodySize      = 16 << 20
	maxErrorBodySize = maxTextSize
)

// exchange signs and sends the request and gives the response with its body, which
// is closed. The failure's texts are not redacted yet.
func (c *Client) exchange(ctx context.Context, call Call, request Signable, keys *credentials.Credentials) (*http.Response, []byte, *Error) {
	if err := sign(call, request, keys); err != nil {
		return nil, nil, &Error{Kind: KindCredentials, Message: err.Error()}
	}
	// POST, not GET: net/http sends a GET again by itself when a connection
	// breaks, with the same nonce, which the service refuses.
	httpRequest, err := http.NewRequestWithContext(ctx, http.MethodPost, request.BuildUrl(), request.GetBodyReader())
	if err != nil {
		return nil, nil, transportError(err)
	}
	if len(request.GetFormParams()) > 0 {
		httpRequest.Header.Set("Content-Type", requests.Form)
	}
	httpRequest.Header.Set("Accept", "application/json")
	httpRequest.Header.Set("User-Agent", c.config.UserAgent)

	response, err := c.http.Do(httpRequest)
	if err != nil {
		return nil, nil, transportError(err)
	}
	defer response.Body.Close() //nolint:errcheck // Nothing is lost: the body was read, or is of no use.
	limit := maxBodySize
	if !success(response) {
		limit = maxErrorBodySize
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	if err != nil {
		failure := transportError(err)
		failure.Status = response.StatusCode
		failure.Transient = failure.Transient || ctx.Err() == nil // Whatever ends a body early, the connection broke.
		return nil, nil, failure
	}
	if len(body) > limit && success(response) {
		return nil, nil, &Error{Kind: KindReply, Status: response.StatusCode, Message: fmt.Sprintf("the reply is larger than %d MiB", maxBodySize>>20)}
	}
	return response, bytes.TrimSpace(body), nil
}

func success(response *http.Response) bool {
	return response.StatusCode >= 200 && response.StatusCode <= 299
}

// readReply fills in the reply, or classifies what came instead.
func readReply(response *http.Response, body []byte, reply Replier) *Error {
	if !success(response) {
		common, err := readCommon(body)
		return serviceError(response, common, body, err)
	}
	reflect.ValueOf(reply).Elem().SetZero() // An earlier attempt may have filled a part of it.
	err := json.Unmarshal(body, reply)
	common := reply.common()
	if err != nil {
		if *common, _ = readCommon(body); common.Code == "" {
			failure := replyError(response.StatusCode, body, err)
			failure.RequestID = string(common.RequestID)
			return failure
		}
	}
	if common.Code != "" {
		return serviceError(response, *common, body, nil)
	}
	common.Status = response.StatusCode
	common.Date, _ = http.ParseTime(response.Header.Get("Date")) // Zero where it is absent.
	return nil
}

// sign completes the request's parameters, and signs them unless there are no keys.
func sign(call Call, request Signable, keys *credentials.Credentials) error {
	if err := requests.InitParams(request); err != nil {
		return err
	}
	request.SetScheme(call.Endpoint.Scheme)
	request.SetDomain(call.Endpoint.Host)
	if keys != nil {
		err := auth.Sign(request, nil, call.Region, fixedCredentials{keys})
		if err == nil && call.Region == "" {
			signWithoutRegion(request, keys)
		}
		return err
	}
	parameters := request.GetQueryParams()
	parameters["Action"] = request.GetActionName()
	parameters["Version"] = request.GetVersion()
	parameters["Format"] = request.GetAcceptFormat()
	parameters["Timestamp"] = time.Now().UTC().Format("2006-01-02T15:04:05Z")
	return nil
}

// signWithoutRegion signs a request of a service without regions anew: the SDK adds
// an empty RegionId and SignatureType, which such a service need not know.
func signWithoutRegion(request Signable, keys *credentials.Credentials) {
	parameters := request.GetQueryParams()
	for _, name := range []string{"RegionId", "SignatureType", "Signature"} {
		delete(parameters, name)
	}
	signed := url.Values{}
	for _, part := range []map[string]string{parameters, request.GetFormParams()} {
		for name, value := range part {
			signed.Set(name, value)
		}
	}
	text := strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(signed.Encode())
	parameters["Signature"] = utils.ShaHmac1(http.MethodPost+"&%2F&"+url.QueryEscape(text), keys.AccessKeySecret+"&")
}

// fixedCredentials hands the SDK's signer the keys that were fetched before,
// since its own interface takes no context.
type fixedCredentials struct{ keys *credentials.Credentials }

// GetCredentials implements the SDK's CredentialsProvider.
func (f fixedCredentials) GetCredentials() (*credentials.Credentials, error) { return f.keys, nil }

// GetProviderName implements the SDK's CredentialsProvider.
func (f fixedCredentials) GetProviderName() string { return f.keys.ProviderName }
