package ecs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// A list is asked for by exactly the calls that it takes. Behind a last page that
// is full, there has to be an empty one.
func TestWalkByPages(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][]string{
		0:   {"1/100"},
		1:   {"1/100"},
		99:  {"1/100"},
		100: {"1/100", "2/100"},
		101: {"1/100", "2/100"},
		250: {"1/100", "2/100", "3/100"},
		300: {"1/100", "2/100", "3/100", "4/100"},
	} {
		snapshots := sample(n)
		server := ecstest.Start(t, snapshots...)
		got := list(t, newTestClient(t, server), Query{})
		if diff := cmp.Diff(idsOf(snapshots), got); diff != "" {
			t.Errorf("%d: %s", n, diff)
		}
		if diff := cmp.Diff(want, pagesAsked(server)); diff != "" {
			t.Errorf("%d: %s", n, diff)
		}
	}
}

// A service that names tokens beside page numbers is read by number: side by side.
func TestWalkByPagesBesideTokens(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 250)...)
	server.Inject(ecstest.AlterReply(func(fields map[string]any) { fields["NextToken"] = "t" }))
	if n := len(list(t, newTestClient(t, server), Query{})); n != 250 {
		t.Errorf("%d snapshots", n)
	}
	if diff := cmp.Diff([]string{"1/100", "2/100", "3/100"}, pagesAsked(server)); diff != "" {
		t.Error(diff)
	}
}

// As many pages are asked for at once as calls are allowed.
func TestWalkIsWithinBounds(t *testing.T) {
	t.Parallel()
	for _, bound := range []int{1, 4, 32} { // 32 is the most that max_concurrent_requests may be.
		synctest.Test(t, func(t *testing.T) {
			service := ecstest.New(numbered(0, 100*(2+bound))...)
			service.Inject(ecstest.Latency(time.Second))
			if n := len(list(t, newDirectClient(service, bound), Query{})); n != 100*(2+bound) {
				t.Errorf("%d snapshots", n)
			}
			if n := service.MaxInFlight(); n != bound {
				t.Errorf("%d calls in flight, want %d", n, bound)
			}
		})
	}
}

// The result's order is its own.
func TestOrderDoesNotDependOnTheService(t *testing.T) {
	t.Parallel()
	snapshots := sample(90)
	want := idsOf(snapshots)
	for name, order := range map[string]ecstest.Order{
		"newest first": nil, "oldest first": oldestFirst, "shuffled": ecstest.ShuffleAll(1), "shuffled ties": ecstest.ShuffleTies(2),
	} {
		server := ecstest.Start(t, snapshots...)
		server.SetOrder(order)
		if diff := cmp.Diff(want, list(t, newTestClient(t, server), Query{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A total that never fits the list is not believed: what the service lists by token
// is, for it ends that itself.
func TestWrongTotals(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 99, 100, 250} {
		for _, delta := range []int{-250, -100, -51, -50, -1, 1, 50, 100, 1_000_000, 1_000_000_000_000} {
			if n+delta < 0 && n == 0 {
				continue // No such total was ever seen with an empty list.
			}
			server := ecstest.Start(t, numbered(0, n)...)
			server.Inject(ecstest.WrongTotal(delta))
			if got := list(t, newTestClient(t, server), Query{}); len(got) != n {
				t.Errorf("%d and a total of %d: %d snapshots", n, n+delta, len(got))
			}
			if calls := server.CallCount(ecstest.ActionDescribeSnapshots); calls > 3*40+3 {
				t.Errorf("%d and a total of %d: %d calls", n, n+delta, calls)
			}
		}
	}
}

// A service whose pages never end is not followed.
func TestEndlessPages(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t)
	server.Inject(ecstest.AfterN(5, ecstest.ErrorCode(http.StatusForbidden, "Forbidden.Followed", "no")), ecstest.NoTokens(), func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		reply := next(x)
		var page []map[string]any
		for i := range 100 {
			page = append(page, map[string]any{"SnapshotId": fmt.Sprintf("s-%d-%d", x.Page(), i)})
		}
		reply.Fields["Snapshots"], reply.Fields["TotalCount"] = map[string]any{"Snapshot": page}, 1_000_000_000_000
		return reply
	})
	if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "can't be read by token") {
		t.Error(err)
	}
}

// A walk that ends before its last pages were asked for is no list that changed.
func TestWalkEndsBeforeItsPages(t *testing.T) {
	t.Parallel()
	first := &page{at: position{number: 1, size: pageSize}, TotalCount: Int{Value: 250, Valid: true}, list: makeIDs(0, 100)}
	list, err := newRead(newTestClient(t, ecstest.Start(t)), Query{}).walkPages(canceled(t), Query{}, first, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v and %v", list, err)
	}
}

// Nor does a lie pass where the only other way is no way either.
func TestLyingTotalsWithoutTokens(t *testing.T) {
	t.Parallel()
	for _, n := range []int{60, 110, 210} {
		server := ecstest.Start(t, numbered(0, n)...)
		server.Inject(ecstest.NoTokens(), ecstest.WrongTotal(10-n))
		if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "can't be read by token") {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// Replies that can't be a page are errors, not an empty list.
func TestNoPage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, want string }{
		"an empty object":     {`{}`, "no Snapshots"},
		"null":                {`null`, "no Snapshots"},
		"no Snapshots":        {`{"RequestId":"R-1","TotalCount":0,"PageNumber":1}`, "R-1"},
		"Snapshots is null":   {`{"TotalCount":0,"Snapshots":null}`, "no Snapshots"},
		"no list in it":       {`{"Snapshots":{}}`, "no Snapshots"},
		"a total and no list": {`{"TotalCount":3,"Snapshots":{}}`, "page 1 lists 0 of 3"},
		"no id":               {`{"TotalCount":1,"Snapshots":{"Snapshot":[{"SnapshotName":"n"}]}}`, "SnapshotId of snapshot without an id"},
		"a snapshot is null":  {`{"TotalCount":1,"Snapshots":{"Snapshot":[null]}}`, "page 1 lists 0 of 1"},
		"one of two is null":  {`{"Snapshots":{"Snapshot":[null,{"SnapshotId":"s-1"}]}}`, "a snapshot of the page is null"},
		"a snapshot is text":  {`{"TotalCount":1,"Snapshots":{"Snapshot":["s-1"]}}`, "Snapshots.Snapshot is a JSON string"},
		"an odd type":         {`{"TotalCount":1,"Snapshots":{"Snapshot":"none"}}`, "Snapshots.Snapshot is a JSON string"},
		"a code":              {`{"Code":"Odd","Message":"m","Snapshots":{"Snapshot":[]}}`, "Odd: m"},
		"XML":                 {`<DescribeSnapshotsResponse><TotalCount>0</TotalCount></DescribeSnapshotsResponse>`, "XML"},
	} {
		server := ecstest.Start(t, numbered(0, 3)...)
		server.Inject(ecstest.Respond(http.StatusOK, "application/json", []byte(test.body)))
		if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The one form of an empty list besides the usual one, also as the page behind a full
// one.
func TestEmptyListWithoutArray(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 100} {
		server := ecstest.Start(t, numbered(0, n)...)
		server.Inject(ecstest.OnPage(1+n/100, ecstest.AlterReply(func(fields map[string]any) { fields["Snapshots"] = map[string]any{} })))
		if got := list(t, newTestClient(t, server), Query{}); len(got) != n {
			t.Errorf("%d: got %v", n, got)
		}
	}
}

func TestLongPages(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 250)...)
	server.Inject(ecstest.LongPage(1))
	if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "more snapshots than the 100 that were asked for") {
		t.Error(err)
	}
}

// A page that failed for good fails the read, at once and without the rest.
func TestFailedPage(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 450)...)
	server.Inject(ecstest.OnPage(3, ecstest.ErrorCode(http.StatusForbidden, "Forbidden.RAM", "no")))
	var failed *rpc.Error
	if err := refuse(t, newTestClient(t, server), Query{}); !errors.As(err, &failed) || failed.Code != "Forbidden.RAM" || failed.RequestID == "" {
		t.Error(err)
	}
}

// Odd types and absent fields change nothing in what is listed.
func TestOddReplies(t *testing.T) {
	t.Parallel()
	snapshots := sample(250)
	for name, fault := range map[string]ecstest.Fault{
		"odd types":     ecstest.OddTypes(),
		"absent fields": ecstest.AbsentFields("Progress", "Available", "Tags", "Encrypted", "SourceDiskSize", "RemainTime", "LastModifiedTime"),
	} {
		server := ecstest.Start(t, snapshots...)
		server.Inject(fault)
		if diff := cmp.Diff(idsOf(snapshots), list(t, newTestClient(t, server), Query{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > 3 {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}
