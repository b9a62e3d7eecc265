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

// sign makes the HTTP request of a call, unsigned without credentials, and returns its
// signature. Nothing else knows how calls are signed: version 1.0, by the SDK.
func sign(ctx context.Context, call Call, with Credentials) (*http.Request, string, error) {
	request := &requests.RpcRequest{}
	request.InitWithApiInfo("", call.Version, call.Action, "", "")
	parameters := request.GetQueryParams()
	maps.Copy(parameters, call.Parameters)
	if with == (Credentials{}) {
		parameters["Action"] = call.Action
		parameters["Version"] = call.Version
		parameters["Format"] = request.GetAcceptFormat()
		parameters["Timestamp"] = time.Now().UTC().Format("2006-01-02T15:04:05Z")
	} else if err := auth.Sign(request, nil, "", credentials.NewStaticSTSCredentialsProvider(
		with.AccessKeyID, with.AccessKeySecret, with.SecurityToken)); err != nil {
		return nil, "", err
	}
	// All in the body, as the vendor's newer SDKs do: URLs end up in the logs of proxies
	// and gateways.
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
