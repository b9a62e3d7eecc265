package ecstest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// idList makes a SnapshotIds parameter of n ids.
func idList(n int) string {
	ids := []string{}
	for i := range n {
		ids = append(ids, fmt.Sprint("s-", i))
	}
	b, _ := json.Marshal(ids)
	return string(b)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 129)
	tests := []struct {
		name   string
		params map[string]string
		status int
		code   string
	}{
		{"nothing wrong", p(), 200, ""},
		{"no version", p("Version", drop), 400, "MissingParameter"},
		{"STS's version", p("Version", "2015-04-01"), 400, "InvalidVersion"},
		{"no format", p("Format", drop), 400, "InvalidParameter"},
		{"no time", p("Timestamp", drop), 400, "MissingParameter"},
		{"time with an offset", p("Timestamp", time.Now().Format(time.RFC3339Nano)), 400, "InvalidTimeStamp.Format"},
		{"old time", p("Timestamp", time.Now().UTC().Add(-16*time.Minute).Format("2006-01-02T15:04:05Z")), 400, "InvalidTimeStamp.Expired"},
		{"early time", p("Timestamp", time.Now().UTC().Add(16*time.Minute).Format("2006-01-02T15:04:05Z")), 400, "InvalidTimeStamp.Expired"},
		{"no key", p("AccessKeyId", drop), 400, "MissingParameter"},
		{"unknown key", p("AccessKeyId", "LTAIother"), 404, "InvalidAccessKeyId.NotFound"},
		{"no nonce", p("SignatureNonce", drop), 400, "IncompleteSignature"},
		{"other signature method", p("SignatureMethod", "HMAC-SHA256"), 400, "IncompleteSignature"},
		{"other signature version", p("SignatureVersion", "2.0"), 400, "IncompleteSignature"},
		{"bearer", p("SignatureType", "BEARERTOKEN"), 400, "IncompleteSignature"},
		{"unknown token", p("SecurityToken", "x"), 400, "InvalidSecurityToken.Malformed"},
		{"no region", p("RegionId", drop), 400, "MissingParameter"},
		{"no such region", p("RegionId", "Hangzhou"), 404, "InvalidRegionId.NotFound"},
		{"status", p("Status", "done"), 404, "InvalidStatus.NotFound"},
		{"status in capitals", p("Status", "Failed"), 404, "InvalidStatus.NotFound"},
		{"snapshot type", p("SnapshotType", "timer"), 404, "InvalidSnapshotType.NotFound"},
		{"usage", p("Usage", "all"), 404, "InvalidUsage"},
		{"usage in capitals", p("Usage", "Image"), 404, "InvalidUsage"},
		{"source disk type", p("SourceDiskType", "both"), 404, "InvalidSourceDiskType"},
		{"source disk type in any case", p("SourceDiskType", "SYSTEM"), 200, ""},
		{"category", p("Category", "cold"), 403, "InvalidSnapshotCategory.Malformed"},
		{"encrypted", p("Encrypted", "yes"), 400, "InvalidParameter"},
		{"dry run", p("DryRun", "1"), 400, "InvalidParameter"},
		{"dry run that passes", p("DryRun", "true"), 400, "DryRunOperation"},
		{"dry run that does not", p("DryRun", "true", "Status", "x"), 404, "InvalidStatus.NotFound"},
		{"100 ids", p("SnapshotIds", idList(100)), 200, ""},
		{"101 ids", p("SnapshotIds", idList(101)), 403, "InvalidSnapshotIds.Malformed"},
		{"ids without brackets", p("SnapshotIds", "s-1,s-2"), 400, "InvalidParameter"},
		{"unknown link", p("SnapshotLinkId", "sl-other"), 404, "InvalidSnapshotLinkId.NotFound"},
		{"start filter", p("Filter.1.Key", "CreationEndTime", "Filter.1.Value", "2024-01-01T00:00Z"), 404, "InvalidFilterKey.NotFound"},
		{"end filter", p("Filter.2.Key", "CreationStartTime", "Filter.2.Value", "2024-01-01T00:00Z"), 404, "InvalidFilterKey.NotFound"},
		{"filter without key", p("Filter.1.Value", "2024-01-01T00:00Z"), 404, "InvalidFilterKey.NotFound"},
		{"filter without value", p("Filter.1.Key", "CreationStartTime"), 404, "InvalidFilterValue"},
		{"filter with an offset", p("Filter.1.Key", "CreationStartTime", "Filter.1.Value", "2024-01-01T08:00+08:00"), 404, "InvalidFilterValue"},
		{"filter with a date", p("Filter.1.Key", "CreationStartTime", "Filter.1.Value", "2024-01-01"), 404, "InvalidFilterValue"},
		{"filter with fractions", p("Filter.1.Key", "CreationStartTime", "Filter.1.Value", "2024-01-01T00:00:00.5Z"), 404, "InvalidFilterValue"},
		{"filter with seconds", p("Filter.1.Key", "CreationStartTime", "Filter.1.Value", "2024-01-01T00:00:00Z"), 200, ""},
		{"tag 20", p("Tag.20.Key", "a"), 200, ""},
		{"tag 21", p("Tag.21.Key", "a"), 400, "InvalidTagCount"},
		{"tag 0", p("Tag.0.Key", "a"), 400, "InvalidTagCount"},
		{"tag value without key", p("Tag.1.Value", "a"), 400, "InvalidTag.Mismatch"},
		{"empty tag key", p("Tag.1.Key", "", "Tag.1.Value", "a"), 400, "InvalidTagKey.Malformed"},
		{"128 characters in a tag key", p("Tag.1.Key", long[3:]), 200, ""},
		{"129 characters in a tag key", p("Tag.1.Key", long), 400, "InvalidTagKey.Malformed"},
		{"system tag", p("Tag.1.Key", "acs:ecs:x"), 400, "InvalidTagKey.Malformed"},
		{"vendor's tag", p("Tag.1.Key", "aliyunx"), 400, "InvalidTagKey.Malformed"},
		{"URL in a tag key", p("Tag.1.Key", "see https://x"), 400, "InvalidTagKey.Malformed"},
		{"URL in a tag value", p("Tag.1.Key", "a", "Tag.1.Value", "see https://x"), 200, ""},
		{"128 characters in a tag value", p("Tag.1.Key", "a", "Tag.1.Value", long[3:]), 200, ""},
		{"129 characters in a tag value", p("Tag.1.Key", "a", "Tag.1.Value", long), 400, "InvalidTagValue.Malformed"},
		{"page 0", p("PageNumber", "0"), 400, "InvalidParameter"},
		{"page size 0", p("PageSize", "0"), 400, "InvalidParameter"},
		{"page size 101", p("PageSize", "101"), 400, "InvalidParameter"},
		{"101 results", p("MaxResults", "101"), 400, "InvalidParameter"},
		{"both paging styles", p("MaxResults", "100", "PageSize", "100", "PageNumber", "1"), 200, ""},
		{"a page size beside a token style", p("MaxResults", "100", "PageSize", "101"), 400, "InvalidParameter"},
		{"made up token", p("NextToken", "AAAA"), 400, "InvalidParameter"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t, ecstest.Sample(3)...)
			for _, method := range []string{"GET", "POST"} {
				c := newClient(t, server.URL)
				c.method = method
				a := c.describe(test.params)
				if a.status != test.status || a.Code != test.code || a.err != nil {
					t.Errorf("%s: got %d %q %v, want %d %q: %s", method, a.status, a.Code, a.err, test.status, test.code, a.body)
				}
				if a.header.Get("Date") == "" || !strings.Contains(a.body, `"RequestId":"`) {
					t.Errorf("%s: no Date or RequestId: %v %s", method, a.header, a.body)
				}
			}
			calls := server.Calls()
			if got := calls[len(calls)-1]; got.Status != test.status || got.Code != test.code || got.Action != "DescribeSnapshots" {
				t.Errorf("recorded %+v", got)
			}
		})
	}
}

func TestSignatureDoesNotMatch(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	c := newClient(t, server.URL)
	c.secret = "wrong"
	a := c.describe(p("SnapshotName", "a b*~+é"))
	if a.status != 400 || a.Code != "SignatureDoesNotMatch" || !strings.Contains(a.Message, "GET&%2F&AccessKeyId%3D"+ecstest.AccessKeyID) {
		t.Errorf("got %d %s", a.status, a.body)
	}
	c.secret = ecstest.AccessKeySecret
	if a := c.describe(p("SnapshotName", "a b*~+é")); a.status != 200 {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

func TestViolations(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		call func(*client) *answer
		code string
		want []string
	}{
		{
			"unknown parameter", func(c *client) *answer { return c.describe(p("Foo", "1")) }, "",
			[]string{"DescribeSnapshots: unknown parameter Foo"},
		},
		{
			"nonce used twice", func(c *client) *answer {
				c.describe(p("SignatureNonce", "n"))
				return c.describe(p("SignatureNonce", "n"))
			},
			"SignatureNonceUsed",
			[]string{"DescribeSnapshots: nonce used twice"},
		},
		{
			"unknown action", func(c *client) *answer { return c.describe(p("Action", "DeleteSnapshot")) }, "InvalidAction.NotFound",
			[]string{`unknown action "DeleteSnapshot"`},
		},
		{
			"duplicate parameter",
			func(c *client) *answer {
				return c.send("GET", "/?Action=DescribeSnapshots&Status=all&Status=all", "", nil)
			},
			"InvalidParameter",
			[]string{"DescribeSnapshots: parameter Status is given more than once"},
		},
		{
			"unknown path", func(c *client) *answer { return c.send("GET", "/other", "", nil) }, "",
			[]string{"GET /other: nothing is there"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t)
			a := test.call(newClient(t, server.URL))
			if a.Code != test.code {
				t.Errorf("got %d %s", a.status, a.body)
			}
			if diff := cmp.Diff(test.want, server.TakeViolations()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The newer signature has its parameters where the older one has them, but for the common ones, which are headers.
func TestNewerSignatureIsRefusedAsSuch(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	server.Inject(ecstest.Status500())
	a := newClient(t, server.URL).send("POST", "/?RegionId=cn-hangzhou", "", http.Header{
		"Authorization":   {"ACS3-HMAC-SHA256 Credential=" + ecstest.AccessKeyID + ",SignedHeaders=host;x-acs-action,Signature=00"},
		"X-Acs-Action":    {"DescribeSnapshots"},
		"X-Acs-Version":   {"2014-05-26"},
		"X-Acs-Date":      {time.Now().UTC().Format(time.RFC3339)},
		"X-Acs-Signature": {"00"},
	})
	if a.status != 400 || a.Code != "InvalidSignatureMethod" || !strings.Contains(a.Message, "Only signature version 1.0 of the RPC style is served here") {
		t.Errorf("got %d %s", a.status, a.body)
	}
	if calls := server.Calls(); len(calls) != 1 || calls[0].Action != "DescribeSnapshots" || calls[0].Code != "InvalidSignatureMethod" {
		t.Errorf("recorded %+v", calls)
	}
}

func TestSetRegions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		regions []string
		known   []string
		unknown []string
	}{
		{"two", []string{"cn-hangzhou", "eu-central-1"}, []string{"cn-hangzhou", "eu-central-1"}, []string{"cn-beijing"}},
		{
			"all that there are", ecstest.Regions(),
			[]string{"cn-hangzhou", "cn-zhangjiakou", "us-east-1", "ap-southeast-5", "cn-shanghai-finance-1", "cn-wuhan-lr", "na-south-1"},
			[]string{"cn-hangzou", "us-east-1a", "cn-hangzhou-b", "hangzhou", "eu-central-2"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := ecstest.Start(t, ecstest.Sample(3)...)
			server.SetRegions(test.regions...)
			c := newClient(t, server.URL)
			for _, region := range test.known {
				if a := c.describe(p("RegionId", region)); a.status != 200 {
					t.Errorf("%s: %d %s", region, a.status, a.body)
				}
			}
			for _, region := range test.unknown {
				if a := c.describe(p("RegionId", region)); a.status != 404 || a.Code != "InvalidRegionId.NotFound" {
					t.Errorf("%s: %d %s", region, a.status, a.body)
				}
			}
		})
	}
}
