package rpc

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

// Request is the part of a call that the SDK models: parameters are the fields of a
// struct that embeds it, marked by the SDK's tags `position:"Query" name:"..."`. Every
// such field must be of a string kind: the SDK reads nothing else. Whatever the
// position, parameters travel in the body.
type Request = requests.RpcRequest

// Signable is a struct that embeds [Request].
type Signable = requests.AcsRequest

// NewRequest begins a request for an action of a product, in the API version that its
// document names.
func NewRequest(product, version, action string) *Request {
	request := &Request{}
	request.InitWithApiInfo(product, version, action, "", "")
	return request
}

// sign makes the HTTP request of a call, signed with the credentials, or unsigned
// without any. Nothing else knows how calls are signed: version 1.0, by the SDK. It
// also returns the signature.
func sign(ctx context.Context, call Call, request Signable, with Credentials) (*http.Request, string, error) {
	err := requests.InitParams(request)
	parameters := request.GetQueryParams()
	switch {
	case err != nil:
	case with != (Credentials{}):
		provider := credentials.NewStaticSTSCredentialsProvider(with.AccessKeyID, with.AccessKeySecret, with.SecurityToken)
		err = auth.Sign(request, nil, call.Region, provider)
	default:
		parameters["Action"] = request.GetActionName()
		parameters["Version"] = request.GetVersion()
		parameters["Format"] = request.GetAcceptFormat()
		parameters["Timestamp"] = time.Now().UTC().Format("2006-01-02T15:04:05Z")
	}
	if err != nil {
		return nil, "", err
	}
	// All in the body, as the vendor's newer SDKs do: URLs end up in the logs of proxies
	// and gateways.
	maps.Copy(parameters, request.GetFormParams())
	form := url.Values{}
	for name, value := range parameters {
		form.Set(name, value)
	}
	// POST, not GET: net/http sends a GET again by itself when a connection breaks, with
	// the same nonce, which the API refuses.
	signed, err := http.NewRequestWithContext(ctx, http.MethodPost, call.Endpoint.String()+"/", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, "", err
	}
	signed.Header.Set("Accept", "application/json")
	signed.Header.Set("Content-Type", requests.Form)
	return signed, form.Get("Signature"), nil
}
