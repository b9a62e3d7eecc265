package ecstest_test

import (
	"compress/gzip"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// get sends a correct call and gives the header of the response and its body as it comes over the wire.
func (c *client) get() (http.Header, io.Reader) {
	c.tb.Helper()
	request, err := http.NewRequestWithContext(c.tb.Context(), http.MethodGet, c.signedURL(), nil)
	if err != nil {
		c.tb.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "gzip") // Then net/http leaves the body as it is.
	response, err := c.http.Do(request)
	if err != nil {
		c.tb.Fatal(err)
	}
	c.tb.Cleanup(func() { _ = response.Body.Close() })
	return response.Header, response.Body
}

func TestGzipBombs(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	c := newClient(t, server.URL)

	server.Inject(ecstest.ManyEmptySnapshots(5_000_000))
	header, reader := c.get()
	body, err := io.ReadAll(reader)
	if err != nil || header.Get("Content-Encoding") != "gzip" || len(body) > 20_000 {
		t.Errorf("%d bytes, %v, %v", len(body), header, err)
	}

	const many = 360_000 // More than fit into one block.
	server.ClearFaults()
	server.Inject(ecstest.ManyEmptySnapshots(many))
	want := `{"TotalCount":1,"PageNumber":1,"PageSize":100,"Snapshots":{"Snapshot":[` + strings.Repeat("{},", many-1) + "{}]}}"
	if a := c.describe(nil); a.err != nil || a.body != want || len(a.List.Snapshot) != many {
		t.Errorf("%d snapshots in %d bytes, want %d bytes, %v", len(a.List.Snapshot), len(a.body), len(want), a.err)
	}

	server.ClearFaults()
	server.Inject(ecstest.GzipBomb(`{"Code":"`, "spam ", 7, `"}`))
	if a := c.describe(nil); a.body != `{"Code":"`+strings.Repeat("spam ", 7)+`"}` {
		t.Errorf("got %s", a.body)
	}
}

func TestEndlessBodies(t *testing.T) {
	t.Parallel()
	const start, unit = `{"Snapshots":{"Snapshot":[`, "{},"
	for name, fault := range map[string]ecstest.Fault{
		"plain": ecstest.EndlessBody(start, unit), "gzip": ecstest.EndlessGzip(start, unit),
	} {
		t.Run(name, func(t *testing.T) {
			server := ecstest.Start(t)
			server.Inject(fault)
			_, body := newClient(t, server.URL).get()
			if name == "gzip" {
				unfolded, err := gzip.NewReader(body)
				if err != nil {
					t.Fatal(err)
				}
				body = unfolded
			}
			head := make([]byte, len(start)+2*len(unit))
			if _, err := io.ReadFull(body, head); err != nil || string(head) != start+unit+unit {
				t.Errorf("got %q, %v", head, err)
			}
			if n, err := io.Copy(io.Discard, io.LimitReader(body, 5<<20)); n != 5<<20 || err != nil {
				t.Errorf("%d bytes, %v", n, err)
			}
		})
	}
}

func TestHostileTexts(t *testing.T) {
	t.Parallel()
	const bad = ecstest.HostileText
	server := ecstest.Start(t, ecstest.Snapshot{
		SnapshotID: "s-1", Status: "failed", CreationTime: "2024-05-01T10:05:00Z", Tags: []ecstest.Tag{{Key: "a", Value: "b"}},
	})
	c := newClient(t, server.URL)
	tag := func(end string) map[string]any {
		return map[string]any{"Tag": []any{map[string]any{"TagKey": "a" + end, "TagValue": "b" + end}}}
	}
	for _, test := range []struct {
		names []string
		want  map[string]any
	}{
		{[]string{"Status"}, map[string]any{
			"SnapshotId": "s-1", "Status": "failed" + bad, "CreationTime": "2024-05-01T10:05:00Z", "Tags": tag(""),
			"Description": "", "ProductCode": "", "Encrypted": false,
		}},
		{nil, map[string]any{
			"SnapshotId": "s-1" + bad, "Status": "failed" + bad, "CreationTime": "2024-05-01T10:05:00Z", "Tags": tag(bad),
			"Description": bad, "ProductCode": bad, "Encrypted": false,
		}},
	} {
		server.ClearFaults()
		server.Inject(ecstest.HostileFields(test.names...))
		if diff := cmp.Diff([]map[string]any{test.want}, c.describe(nil).List.Snapshot); diff != "" {
			t.Errorf("%v: %s", test.names, diff)
		}
	}
	server.ClearFaults()
	server.Inject(ecstest.HostileError(403, "Forbidden.RAM"))
	if a := c.describe(nil); a.status != 403 || a.Code != "Forbidden.RAM"+bad || !strings.HasSuffix(a.Message, bad) {
		t.Errorf("got %d %q %q", a.status, a.Code, a.Message)
	}
}

func TestLongError(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	server.Inject(ecstest.LongError(400, "InvalidParameter", 100_000))
	a := newClient(t, server.URL).describe(nil)
	if a.status != 400 || a.Code != "InvalidParameter" || strings.Index(a.body, `"Code"`) < 100_000 {
		t.Errorf("%d, %q, %d bytes", a.status, a.Code, len(a.body))
	}
}

func TestEchoedRequest(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	session := server.IssueSession()
	server.Inject(ecstest.EchoRequest(base64.StdEncoding.EncodeToString))
	c := newClient(t, server.URL)
	c.method, c.id, c.secret, c.token = http.MethodPost, session.AccessKeyID, session.AccessKeySecret, session.SecurityToken
	a := c.describe(nil)
	_, encoded, _ := strings.Cut(a.Message, ": ")
	request, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || a.status != 400 {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	for _, want := range []string{"POST /?", "User-Agent: ", "Signature=", "SecurityToken=" + url.QueryEscape(session.SecurityToken)} {
		if !strings.Contains(string(request), want) {
			t.Errorf("no %s in %s", want, request)
		}
	}
}

// A redirect that has the client repeat its body is as hostile at STS as at the sources of credentials.
func TestRedirects(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	for _, action := range []string{ecstest.ActionAssumeRole, ecstest.ActionCredentialsURI, ecstest.ActionMetadataToken, ecstest.ActionMetadataCredentials} {
		server.InjectInto(action, ecstest.RedirectAs(http.StatusTemporaryRedirect, "http://127.0.0.1:1/elsewhere"))
	}
	c := newClient(t, server.URL)
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for name, a := range map[string]*answer{
		"STS":             c.sts("AssumeRole", p("RoleArn", testRole, "RoleSessionName", "ci-1")),
		"credentials URI": c.send(http.MethodGet, ecstest.CredentialsPath, "", nil),
		"metadata token":  c.send(http.MethodPut, "/latest/api/token", "", nil),
		"metadata":        c.send(http.MethodGet, "/latest/meta-data/ram/security-credentials/"+ecstest.RoleName, "", nil),
	} {
		if a.err != nil || a.status != 307 || a.header.Get("Location") != "http://127.0.0.1:1/elsewhere" {
			t.Errorf("%s: %d %v %v", name, a.status, a.header, a.err)
		}
	}
}
