package credentials

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

const (
	stsVersion     = "2015-04-01"
	stsTimeout     = 15 * time.Second // What credentials-go allows: 5 s to connect and 10 s to answer.
	maxSTSBodySize = 1 << 20
)

// stsClient calls STS by the SDK's signer and net/http. credentials-go's own
// providers can't be used for it: they always speak https, while an endpoint may
// be http://; they take no context, so that a run which is stopped would wait for
// them; they hide the service's code in a text; and they leave a connection open
// for each call.
type stsClient struct {
	endpoint string
	http     *http.Client
}

func newSTSClient(endpoint string) *stsClient {
	return &stsClient{
		endpoint: endpoint,
		http: &http.Client{
			// One call in many minutes gains nothing from a connection kept open.
			Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
			// A redirect would carry the signed request elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// call makes one call. keys sign it; nil sends it unsigned, as AssumeRoleWithOIDC
// wants. Empty parameters are left out.
func (c *stsClient) call(ctx context.Context, action string, parameters map[string]string, keys *sdkcredentials.Credentials) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, stsTimeout)
	defer cancel()
	query, form, err := stsParameters(action, parameters, keys)
	if err != nil {
		return nil, &Error{Message: redact(err.Error())}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+"/?"+query.Encode(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, transportError(err)
	}
	request.Header.Set("Content-Type", requests.Form)

	secrets := []string{parameters["OIDCToken"], query.Get("Signature")}
	if keys != nil {
		secrets = append(secrets, keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, transportError(err, secrets...)
	}
	defer response.Body.Close() //nolint:errcheck // Nothing is lost: the body was read, or is of no use.
	body, err := io.ReadAll(io.LimitReader(response.Body, maxSTSBodySize))
	if err != nil {
		return nil, transportError(err, secrets...)
	}
	if response.StatusCode != http.StatusOK {
		return nil, statusError(response.StatusCode, body, secrets...)
	}
	return readSession(body)
}

// stsParameters gives all parameters of a call, signed where there are keys. They
// are laid out as credentials-go does it: the action's own travel in the body, and
// those that every call has in the query.
func stsParameters(action string, parameters map[string]string, keys *sdkcredentials.Credentials) (query, form url.Values, err error) {
	var request requests.RpcRequest
	request.InitWithApiInfo("Sts", stsVersion, action, "sts", "openAPI")
	for name, value := range parameters {
		if value != "" {
			request.FormParams[name] = value
		}
	}
	if keys == nil {
		for name, value := range map[string]string{
			"Action":    action,
			"Version":   stsVersion,
			"Format":    request.GetAcceptFormat(),
			"Timestamp": time.Now().UTC().Format("2006-01-02T15:04:05Z"),
		} {
			request.QueryParams[name] = value
		}
	} else {
		signer := sdkcredentials.NewStaticSTSCredentialsProvider(keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken)
		if err := auth.Sign(&request, nil, "", signer); err != nil {
			return nil, nil, err
		}
	}
	return values(request.QueryParams), values(request.FormParams), nil
}

func values(parameters map[string]string) url.Values {
	v := url.Values{}
	for name, value := range parameters {
		v.Set(name, value)
	}
	return v
}

// readSession reads the reply of both actions. Its errors never quote the body,
// which holds the new keys.
func readSession(body []byte) (*session, error) {
	var reply struct {
		RequestID   string `json:"RequestId"`
		Credentials struct {
			AccessKeyID     string `json:"AccessKeyId"`
			AccessKeySecret string
			SecurityToken   string
			Expiration      time.Time
		}
	}
	if err := json.Unmarshal(body, &reply); err != nil {
		return nil, &Error{Message: "the reply of STS is not the JSON it should be", Transient: true}
	}
	keys := reply.Credentials
	if keys.AccessKeyID == "" || keys.AccessKeySecret == "" || keys.SecurityToken == "" || keys.Expiration.IsZero() {
		return nil, &Error{Message: "the reply of STS lacks credentials or their expiration", RequestID: redact(reply.RequestID)}
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

// assumeRole is STS's AssumeRole with the credentials of another provider.
type assumeRole struct {
	base        provider
	client      *stsClient
	roleARN     string
	sessionName string
	duration    string
	policy      string
	externalID  string
}

func (a *assumeRole) fetch(ctx context.Context) (*session, error) {
	keys, err := a.base.retrieve(ctx)
	if err != nil {
		return nil, err
	}
	return a.client.call(ctx, "AssumeRole", map[string]string{
		"RoleArn":         a.roleARN,
		"RoleSessionName": a.sessionName,
		"DurationSeconds": a.duration,
		"Policy":          a.policy,
		"ExternalId":      a.externalID,
	}, keys)
}

// assumeRoleWithOIDC is STS's AssumeRoleWithOIDC. token wins over tokenFile.
type assumeRoleWithOIDC struct {
	client      *stsClient
	roleARN     string
	providerARN string
	token       string
	tokenFile   string
	sessionName string
	duration    string
	policy      string
}

func (a *assumeRoleWithOIDC) fetch(ctx context.Context) (*session, error) {
	token := a.token
	if token == "" {
		var err error
		if token, err = readToken(a.tokenFile); err != nil {
			return nil, err
		}
	}
	return a.client.call(ctx, "AssumeRoleWithOIDC", map[string]string{
		"RoleArn":         a.roleARN,
		"OIDCProviderArn": a.providerARN,
		"OIDCToken":       token,
		"RoleSessionName": a.sessionName,
		"DurationSeconds": a.duration,
		"Policy":          a.policy,
	}, nil)
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
