package ecs

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// zeroTotal has the total of 0 that a service which pages by token may give.
var zeroTotal = ecstest.AlterReply(func(fields map[string]any) { fields["TotalCount"] = 0 })

// withoutFields leaves members of the reply itself out.
func withoutFields(names ...string) ecstest.Fault {
	return ecstest.AlterReply(func(fields map[string]any) {
		for _, name := range names {
			delete(fields, name)
		}
	})
}

// Whatever a service that pages by token says of a total, and wherever it refuses
// page numbers: the list is whole.
func TestTokenStyles(t *testing.T) {
	t.Parallel()
	onLaterPages := ecstest.When(func(x *ecstest.Exchange) bool { return x.Params.Has("PageNumber") && x.Params.Get("PageNumber") != "1" }, ecstest.NoPageNumbers())
	for name, test := range map[string]struct {
		n      int
		faults []ecstest.Fault
	}{
		"a total of 0 and one page":                {7, []ecstest.Fault{zeroTotal, ecstest.TokenOnly()}},
		"a total of 0 and several":                 {250, []ecstest.Fault{zeroTotal, ecstest.TokenOnly()}},
		"no total and one page":                    {7, []ecstest.Fault{ecstest.TokenOnly()}},
		"no total and a full page":                 {100, []ecstest.Fault{ecstest.NoPageNumbers(), withoutFields("TotalCount", "PageSize")}},
		"no total and a page as by default":        {10, []ecstest.Fault{ecstest.TokenOnly(), withoutFields("PageSize")}},
		"no total, a full page, no numbers":        {100, []ecstest.Fault{ecstest.TokenOnly()}},
		"page numbers ignored, 100":                {100, []ecstest.Fault{ignoredNumbers(0)}},
		"page numbers ignored, 250":                {250, []ecstest.Fault{ignoredNumbers(0)}},
		"a total that means nothing, 100":          {100, []ecstest.Fault{ignoredNumbers(7)}},
		"a total that means nothing, 250":          {250, []ecstest.Fault{ignoredNumbers(7)}},
		"refused from the second page on":          {250, []ecstest.Fault{onLaterPages}},
		"no total by number, no tokens, one page":  {7, []ecstest.Fault{withoutFields("TotalCount", "PageSize"), ecstest.NoTokens()}},
		"no total by number, no tokens, ten":       {10, []ecstest.Fault{withoutFields("TotalCount", "PageSize"), ecstest.NoTokens()}},
		"no total, a full page, refused on page 2": {100, []ecstest.Fault{withoutFields("TotalCount"), ecstest.OnPage(2, ecstest.NoPageNumbers())}},
		"nothing, and a page size of 0":            {0, []ecstest.Fault{ecstest.TokenOnly(), ecstest.AlterReply(func(fields map[string]any) { fields["PageSize"] = 0 })}},
	} {
		snapshots := numbered(0, test.n)
		server := ecstest.Start(t, snapshots...)
		server.Inject(test.faults...)
		if diff := cmp.Diff(idsOf(snapshots), list(t, newTestClient(t, server), Query{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// ignoredNumbers answers in the token style whatever is asked for, ten at a time
// unless MaxResults says otherwise, with a total that is right or, if not 0, this one.
func ignoredNumbers(total int) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		x.Params.Del("PageNumber")
		x.Params.Del("PageSize")
		if !x.Params.Has("MaxResults") {
			x.Params.Set("MaxResults", "10")
		}
		reply := next(x)
		if total != 0 {
			reply.Fields["TotalCount"] = total
		}
		return reply
	}
}

// A service that goes on and on with new tokens is told apart from one with short
// pages.
func TestTokensWithoutEnd(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 30)...)
	var tokens atomic.Int64
	server.Inject(ecstest.NoPageNumbers(), func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		x.Params.Del("NextToken")
		reply := next(x)
		reply.Fields["NextToken"] = fmt.Sprint("t-", tokens.Add(1))
		return reply
	})
	if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "without a new snapshot") {
		t.Error(err)
	}
}

// defaultPages are the pages of a request that names no size.
func defaultPages(size int) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		if !x.Params.Has("PageSize") {
			x.Params.Set("PageSize", strconv.Itoa(size))
		}
		return next(x)
	}
}

// The service's filters reach their limit in the token style too.
func TestFilterLimitByToken(t *testing.T) {
	t.Parallel()
	prod := map[string]*string{"env": new("prod")}
	for name, fault := range map[string]ecstest.Fault{
		"no total": ecstest.TokenOnly(),
		"a total of 0": func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			return zeroTotal(x, func(x *ecstest.Exchange) *ecstest.Reply { return ecstest.TokenOnly()(x, next) })
		},
	} {
		for n, want := range map[int]int{1250: 125, 900: 90} {
			server := ecstest.Start(t, tagged(n)...)
			server.Inject(fault)
			if got := list(t, newTestClient(t, server), Query{Tags: prod, DiskID: "d-10"}); len(got) != want {
				t.Errorf("%s, %d tagged: %d snapshots, want %d: %v", name, n, len(got), want, pagesAsked(server))
			}
		}
	}
}

// Where the service doesn't say what a filter of its own goes by, the filter can't
// be applied here.
func TestFilterLimitWithoutFields(t *testing.T) {
	t.Parallel()
	prod := map[string]*string{"env": new("prod")}
	for name, test := range map[string]struct {
		fault ecstest.Fault
		query Query
	}{
		"no groups":              {ecstest.AbsentFields("ResourceGroupId"), Query{ResourceGroupID: "rg-1"}},
		"no group of one":        {absentFieldOfOne("s-00007", "ResourceGroupId"), Query{ResourceGroupID: "rg-1"}},
		"no groups, of a disk":   {ecstest.AbsentFields("ResourceGroupId"), Query{ResourceGroupID: "rg-1", DiskID: "d-10"}},
		"no tags":                {ecstest.AbsentFields("Tags"), Query{Tags: prod}},
		"no tags, of a disk":     {ecstest.AbsentFields("Tags"), Query{Tags: prod, DiskID: "d-10"}},
		"no tags, the newest":    {ecstest.AbsentFields("Tags"), Query{Tags: prod, DiskID: "d-10", Limit: 1}},
		"no tags, the only one":  {ecstest.AbsentFields("Tags"), Query{Tags: prod, SnapshotIDs: []string{"s-00001"}, Unique: true}},
		"no tags, but encrypted": {ecstest.AbsentFields("Tags"), Query{Tags: prod, Encrypted: new(true)}},
	} {
		server := ecstest.Start(t, tagged(1250)...)
		server.Inject(test.fault)
		if err := refuse(t, newTestClient(t, server), test.query); !strings.Contains(err.Error(), "1,000") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// One without tags has none, where others show theirs.
	server := ecstest.Start(t, tagged(1250)...)
	server.Inject(absentFieldOfOne("s-00007", "Tags"))
	if n := len(list(t, newTestClient(t, server), Query{Tags: prod})); n != 1249 {
		t.Errorf("%d snapshots", n)
	}
	// What no filter goes by may be absent.
	server = ecstest.Start(t, tagged(1250)...)
	server.Inject(ecstest.AbsentFields("ResourceGroupId"))
	if n := len(list(t, newTestClient(t, server), Query{Tags: map[string]*string{"env": nil}})); n != 1250 {
		t.Errorf("%d snapshots", n)
	}
}

// absentFieldOfOne leaves a field out of one snapshot.
func absentFieldOfOne(id, field string) ecstest.Fault {
	return ecstest.AlterSnapshots(func(snapshot map[string]any) {
		if snapshot["SnapshotId"] == id {
			delete(snapshot, field)
		}
	})
}
