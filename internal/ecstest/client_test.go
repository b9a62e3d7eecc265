package ecstest_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// client is the least that can speak to the service: it signs by the document and knows nothing else.
type client struct {
	tb     testing.TB
	url    string
	method string // GET if empty.
	id     string
	secret string
	token  string
	http   *http.Client
	now    func() time.Time
}

func newClient(tb testing.TB, url string) *client {
	return &client{
		tb: tb, url: url, id: ecstest.AccessKeyID, secret: ecstest.AccessKeySecret,
		http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, now: time.Now,
	}
}

var nonces atomic.Int64

// p makes parameters of names and values in turn. A value of drop takes the parameter away.
func p(pairs ...string) map[string]string {
	params := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		params[pairs[i]] = pairs[i+1]
	}
	return params
}

const drop = "\x00"

// describe is a complete, correct call but for the given parameters.
func (c *client) describe(params map[string]string) *answer {
	c.tb.Helper()
	return c.do(c.sign(c.full("DescribeSnapshots", "2014-05-26", params)))
}

func (c *client) sts(action string, params map[string]string) *answer {
	c.tb.Helper()
	return c.do(c.sign(c.full(action, "2015-04-01", params)))
}

func (c *client) full(action, version string, params map[string]string) map[string]string {
	all := p(
		"Action", action, "Version", version, "Format", "JSON", "RegionId", ecstest.SampleRegion,
		"Timestamp", c.now().UTC().Format("2006-01-02T15:04:05Z"), "AccessKeyId", c.id,
		"SignatureMethod", "HMAC-SHA1", "SignatureVersion", "1.0", "SignatureType", "",
		"SignatureNonce", fmt.Sprint("nonce-", nonces.Add(1)),
	)
	if c.token != "" {
		all["SecurityToken"] = c.token
	}
	maps.Copy(all, params)
	maps.DeleteFunc(all, func(_, value string) bool { return value == drop })
	return all
}

func escape(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

func (c *client) sign(params map[string]string) map[string]string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		pairs = append(pairs, escape(name)+"="+escape(params[name]))
	}
	mac := hmac.New(sha1.New, []byte(c.secret+"&"))
	mac.Write([]byte(c.httpMethod() + "&%2F&" + escape(strings.Join(pairs, "&"))))
	params["Signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return params
}

func toValues(params map[string]string) url.Values {
	values := url.Values{}
	for name, value := range params {
		values.Set(name, value)
	}
	return values
}

func (c *client) httpMethod() string {
	if c.method == "" {
		return http.MethodGet
	}
	return c.method
}

// answer is what came back; err is set when that was no whole HTTP response.
type answer struct {
	status   int
	header   http.Header
	body     string
	err      error
	Code     string
	Message  string
	Total    *int   `json:"TotalCount"`
	Token    string `json:"NextToken"`
	PageSize int
	List     struct {
		Snapshot []map[string]any
	} `json:"Snapshots"`
	Credentials struct {
		AccessKeyID     string `json:"AccessKeyId"`
		AccessKeySecret string
		SecurityToken   string
		Expiration      time.Time
	}
}

func (a *answer) ids() []string {
	ids := []string{}
	for _, snapshot := range a.List.Snapshot {
		ids = append(ids, fmt.Sprint(snapshot["SnapshotId"]))
	}
	return ids
}

func (c *client) do(params map[string]string) *answer {
	c.tb.Helper()
	values := toValues(params)
	if c.httpMethod() == http.MethodGet {
		return c.send(http.MethodGet, "/?"+values.Encode(), "", nil)
	}
	// Half in the query, half in the form: both are signed.
	query, form := url.Values{}, url.Values{}
	for i, name := range slices.Sorted(maps.Keys(values)) {
		if i%2 == 0 {
			query[name] = values[name]
		} else {
			form[name] = values[name]
		}
	}
	return c.send(c.httpMethod(), "/?"+query.Encode(), form.Encode(),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
}

func (c *client) send(method, path, body string, header http.Header) *answer {
	c.tb.Helper()
	request, err := http.NewRequestWithContext(c.tb.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.tb.Fatal(err)
	}
	maps.Copy(request.Header, header)
	response, err := c.http.Do(request)
	if err != nil {
		return &answer{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	a := &answer{status: response.StatusCode, header: response.Header, body: string(text), err: err}
	if err == nil && strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		_ = json.Unmarshal(text, a) // Faults may make it anything.
	}
	return a
}
