package ecs

import (
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// tagged are snapshots of which every one has a tag and a group, and every tenth
// is another disk's and encrypted.
func tagged(n int) []ecstest.Snapshot {
	list := numbered(0, n)
	for i := range list {
		list[i].Tags = []ecstest.Tag{{Key: "env", Value: "prod"}}
		list[i].ResourceGroupID = "rg-1"
		list[i].SourceDiskID = "d-1"
		if i%10 == 0 {
			list[i].SourceDiskID, list[i].Encrypted = "d-10", true
		}
	}
	return list
}

// The service's tag and resource group filters see 1,000 resources and say nothing
// of the rest; the list is whole all the same.
func TestCap(t *testing.T) {
	t.Parallel()
	prod := map[string]*string{"env": new("prod")}
	for name, test := range map[string]struct {
		n         int
		query     Query
		faults    []ecstest.Fault
		want      int
		relisted  bool
		callsUpTo int
	}{
		"tags only, below":          {999, Query{Tags: prod}, nil, 999, false, 10},
		"tags only, at it":          {1000, Query{Tags: prod}, nil, 1000, true, 12},
		"tags only, above":          {1250, Query{Tags: prod}, nil, 1250, true, 14},
		"any value of a tag":        {1250, Query{Tags: map[string]*string{"env": nil}}, nil, 1250, true, 14},
		"resource group only":       {1250, Query{ResourceGroupID: "rg-1"}, nil, 1250, true, 14},
		"both":                      {1250, Query{Tags: prod, ResourceGroupID: "rg-1"}, nil, 1250, true, 16},
		"tags and a disk":           {1250, Query{Tags: prod, DiskID: "d-10"}, nil, 125, true, 5},
		"tags and a disk, below":    {900, Query{Tags: prod, DiskID: "d-10"}, nil, 90, false, 2},
		"tags and encrypted":        {1250, Query{Tags: prod, Encrypted: new(true)}, nil, 125, true, 5},
		"a group and a disk":        {1250, Query{ResourceGroupID: "rg-1", DiskID: "d-10"}, nil, 125, true, 5},
		"all of them":               {1250, Query{Tags: prod, ResourceGroupID: "rg-1", DiskID: "d-10"}, nil, 125, true, 6},
		"another tag":               {1250, Query{Tags: map[string]*string{"env": new("dev")}}, nil, 0, false, 1},
		"tags and a limit":          {1250, Query{Tags: prod, Limit: 3}, nil, 3, true, 14},
		"tags by token":             {1250, Query{Tags: prod}, []ecstest.Fault{ecstest.NoPageNumbers()}, 1250, true, 26},
		"tags and a disk by token":  {1250, Query{Tags: prod, DiskID: "d-10"}, []ecstest.Fault{ecstest.NoPageNumbers()}, 125, true, 17},
		"tags and ids":              {1250, Query{Tags: prod, SnapshotIDs: []string{"s-01249", "s-00000"}}, nil, 2, true, 3},
		"tags and unencrypted":      {895, Query{Tags: prod, Encrypted: new(false)}, nil, 805, false, 10},
		"tags and no ids":           {1250, Query{Tags: prod, SnapshotIDs: []string{}}, nil, 0, false, 0},
		"a disk without such a tag": {1250, Query{DiskID: "d-10"}, nil, 125, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			snapshots := tagged(test.n)
			server := ecstest.Start(t, snapshots...)
			server.Inject(test.faults...)
			logger, lines := infoLines()
			got := list(t, newTestClient(t, server, func(c *rpc.Config) { c.Logger = logger }), test.query)
			if len(got) != test.want || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
				t.Errorf("%d snapshots, want %d", len(got), test.want)
			}
			relisted := slices.ContainsFunc(lines(t), func(line map[string]any) bool {
				message, ok := line["msg"].(string)
				return ok && strings.HasPrefix(message, "Listing without a filter")
			})
			if relisted != test.relisted {
				t.Errorf("listed without the filters: %t", relisted)
			}
			if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > test.callsUpTo {
				t.Errorf("%d calls, want at most %d: %v", n, test.callsUpTo, pagesAsked(server))
			}
		})
	}
}

// The filters may see any 1,000 resources. By token nothing counts them, so the newest that they see is not
// taken for the newest before it is known that they see all.
func TestNewestByTokenBeyondTheCap(t *testing.T) {
	t.Parallel()
	for _, q := range []Query{{Tags: map[string]*string{"env": nil}, Limit: 1}, {ResourceGroupID: "rg-1", Limit: 1}} {
		snapshots := tagged(1250)
		server := ecstest.Start(t, snapshots[:1000]...)
		server.Inject(ecstest.NoPageNumbers(), func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			if !x.Params.Has("Tag.1.Key") && !x.Params.Has("ResourceGroupId") {
				x.Service.Put(snapshots[1000:]...) // The filters don't see these.
			}
			return next(x)
		})
		if diff := cmp.Diff([]string{"s-01249"}, list(t, newTestClient(t, server), q)); diff != "" {
			t.Error(diff)
		}
	}
}

// A probe that fails fails the read: nobody knows then whether the list is whole.
func TestFailedProbe(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, tagged(10)...)
	server.Inject(ecstest.When(func(x *ecstest.Exchange) bool { return !x.Params.Has("DiskId") },
		ecstest.ErrorCode(403, "Forbidden.RAM", "no")))
	err := refuse(t, newTestClient(t, server), Query{Tags: map[string]*string{"env": nil}, DiskID: "d-1"})
	if !strings.Contains(err.Error(), "Forbidden.RAM") {
		t.Error(err)
	}
}

// infoLines is a logger that keeps the lines at INFO.
func infoLines() (logger *slog.Logger, lines func(t *testing.T) []map[string]any) {
	var text safeBuffer
	logger = slog.New(slog.NewJSONHandler(&text, nil))
	return logger, text.lines
}
