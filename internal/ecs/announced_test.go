package ecs

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// What the API announces to end may end, by whatever code: the list is the same.
func TestAnnouncedEnds(t *testing.T) {
	t.Parallel()
	window := Query{CreationStartTime: parseTime(t, "2024-01-01T00:30:00Z"), CreationEndTime: parseTime(t, "2024-01-01T03:00:00Z")}
	byNumber := func(x *ecstest.Exchange) bool { return x.Params.Has("PageNumber") }
	later := func(x *ecstest.Exchange) bool { return x.Params.Has("PageNumber") && x.Page() > 1 }
	byTime := func(x *ecstest.Exchange) bool { return x.Params.Has("Filter.1.Key") || x.Params.Has("Filter.2.Key") }
	for _, refused := range []struct {
		what       func(x *ecstest.Exchange) bool
		code, text string
	}{
		{byNumber, "NotSupported.PageNumberAndPageSize", "Use NextToken."},
		{byNumber, "InvalidPageNumber", "The specified parameter is not valid."},
		{byNumber, "InvalidParameter.PageNumber", "no"},
		{byNumber, "InvalidParameter.PageSize", "no"},
		{byNumber, "UnsupportedParameter", "The parameter is not supported."},
		{byNumber, "InvalidParameter", "The parameter PageNumber is no longer supported."},
		{byNumber, "InvalidParameter", "page size is not supported, use MaxResults"},
		{later, "InvalidParameter.PageNumber", "no"},
		{later, "InvalidParameter", "PageNumber is too large."},
		{byTime, "InvalidFilterKey.NotFound", "The specified key is not found."},
		{byTime, "InvalidFilterValue", "no"},
		{byTime, "InvalidParameter", "The parameter Filter.1.Key is no longer supported."},
		{byTime, "InvalidParameter", "CreationStartTime is not supported."},
		{byTime, "UnsupportedParameter", "The parameter is not supported."},
	} {
		for name, q := range map[string]Query{"all": {}, "a window": window, "the newest": {Limit: 3}} {
			snapshots := numbered(0, 250)
			server := ecstest.Start(t, snapshots...)
			server.Inject(ecstest.When(refused.what, ecstest.ErrorCode(http.StatusBadRequest, refused.code, refused.text)))
			want := idsOf(reference(snapshots, q, service{}))
			if q.Limit > 0 {
				want = want[:q.Limit]
			}
			if diff := cmp.Diff(want, list(t, newTestClient(t, server), q)); diff != "" {
				t.Errorf("%s, %s (%s): %s", name, refused.code, refused.text, diff)
			}
		}
	}
}

// A refusal that names something else is an error, and asked for once.
func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"NotSupported.Region", "InvalidParameter", "InvalidDiskIds.Malformed"} {
		server := ecstest.Start(t, numbered(0, 3)...)
		server.Inject(ecstest.ErrorCode(http.StatusBadRequest, code, "not here"))
		err := refuse(t, newTestClient(t, server), Query{CreationEndTime: parseTime(t, "2024-01-01T03:00:00Z")})
		if e := refusal(err); e == nil || e.Code != code {
			t.Error(err)
		}
		if n := server.CallCount(ecstest.ActionDescribeSnapshots); n != 1 {
			t.Errorf("%s: %d calls", code, n)
		}
	}
}

// A service may cap pages below what is asked for, and says so.
func TestCappedPages(t *testing.T) {
	t.Parallel()
	for n, calls := range map[int]int{30: 1, 50: 2, 51: 2, 250: 6} {
		snapshots := numbered(0, n)
		server := ecstest.Start(t, snapshots...)
		server.Inject(cappedPages(50))
		if diff := cmp.Diff(idsOf(snapshots), list(t, newTestClient(t, server), Query{})); diff != "" {
			t.Errorf("%d: %s", n, diff)
		}
		if got := server.CallCount(ecstest.ActionDescribeSnapshots); got > calls {
			t.Errorf("%d: %d calls, want at most %d", n, got, calls)
		}
	}
}

// Without the service's time filter, a snapshot without a time may be in the window.
func TestRefusedTimeFilterWithoutTimes(t *testing.T) {
	t.Parallel()
	undated := ecstest.Snapshot{SnapshotID: "s-undated", Status: "accomplished"}
	server := ecstest.Start(t, append(numbered(0, 3), undated)...)
	server.Inject(timeFilterRefused)
	err := refuse(t, newTestClient(t, server), Query{CreationStartTime: parseTime(t, "2024-01-01T00:00:00Z")})
	want := "the list of snapshots is not whole: the service refuses its time filter, and its reply has no CreationTime of snapshot s-undated to filter by"
	if err.Error() != want {
		t.Error(err)
	}
}
