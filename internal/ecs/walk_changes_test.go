package ecs

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// between changes the service once, after page 1 was answered and page 2 too, and
// before any other is.
func between(change func(s *ecstest.Service)) ecstest.Fault {
	second := make(chan struct{})
	var once sync.Once
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		switch page := x.Page(); {
		case page == 2:
			reply := next(x)
			once.Do(func() {
				change(x.Service)
				close(second)
			})
			return reply
		case page > 2:
			<-second
		}
		return next(x)
	}
}

// born is a snapshot of this moment, cut or not.
func born(id string, cut bool) ecstest.Snapshot {
	s := ecstest.Snapshot{SnapshotID: id, Status: "progressing"}
	if cut {
		s.CreationTime = time.Now().UTC().Format("2006-01-02T15:04:05Z")
	}
	return s
}

// What existed throughout is there, and nothing twice, whatever comes and goes
// between two pages. Where the list is oldest first, deletions shift snapshots
// onto pages that were read already.
func TestWalkWhileTheListChanges(t *testing.T) {
	t.Parallel()
	deletion := func(s *ecstest.Service) { s.Delete("s-00050") }
	for name, test := range map[string]struct {
		change func(s *ecstest.Service)
		order  ecstest.Order
		gone   []string
		calls  int
	}{
		"deletion":                            {deletion, oldestFirst, []string{"s-00050"}, 7},
		"birth":                               {func(s *ecstest.Service) { s.Put(born("s-new", true)) }, nil, nil, 6},
		"birth at the end":                    {func(s *ecstest.Service) { s.Put(born("s-new", true)) }, oldestFirst, nil, 6},
		"deletion and birth, the total equal": {func(s *ecstest.Service) { deletion(s); s.Put(born("s-new", true)) }, oldestFirst, []string{"s-00050"}, 7},
		"deletion of several":                 {func(s *ecstest.Service) { s.Delete(ids(makeIDs(20, 120))...) }, oldestFirst, ids(makeIDs(20, 120)), 6},
		"birth and deletion, the total equal": {
			func(s *ecstest.Service) { s.Put(born("s-new", true)); s.Delete("s-00010") }, nil, []string{"s-00010"}, 6,
		},
		"one comes to match": {
			func(s *ecstest.Service) {
				deletion(s)
				late := numbered(225, 226)[0]
				late.SnapshotID, late.LastModifiedTime = "s-late", born("", true).CreationTime
				s.Put(late)
			}, oldestFirst, []string{"s-00050"}, 7,
		},
		"a deletion and a birth that has no time yet": {
			func(s *ecstest.Service) {
				deletion(s)
				young := born("s-young", false)
				young.LastModifiedTime = born("", true).CreationTime
				s.Put(young)
			}, undatedLast, []string{"s-00050"}, 7,
		},
		"a deletion and a birth without any time": {
			func(s *ecstest.Service) { deletion(s); s.Put(born("s-young", false)) }, undatedLast, []string{"s-00050"}, 7,
		},
		"a birth that the service dates a minute before": {
			func(s *ecstest.Service) {
				deletion(s)
				young := born("s-young", true)
				young.CreationTime = time.Now().UTC().Add(-time.Minute).Format("2006-01-02T15:04:05Z")
				s.Put(young)
			}, oldestFirst, []string{"s-00050"}, 7,
		},
	} {
		t.Run(name, func(t *testing.T) {
			snapshots := numbered(0, 250)
			server := ecstest.Start(t, snapshots...)
			server.SetOrder(test.order)
			server.Inject(between(test.change))
			got := list(t, newTestClient(t, server), Query{})
			throughout := slices.DeleteFunc(idsOf(snapshots), func(id string) bool { return slices.Contains(test.gone, id) })
			if missing := without(throughout, got); len(missing) != 0 {
				t.Errorf("not there: %v", missing)
			}
			if twice := len(got) - len(slices.Compact(slices.Sorted(slices.Values(got)))); twice != 0 {
				t.Errorf("%d twice", twice)
			}
			if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > test.calls {
				t.Errorf("%d calls, want %d: %v", n, test.calls, pagesAsked(server))
			}
		})
	}
}

// undatedLast is an order in which what has no time yet comes last, and all else
// oldest first.
func undatedLast(list []ecstest.Snapshot) {
	slices.SortFunc(list, func(a, b ecstest.Snapshot) int {
		return strings.Compare(cmp.Or(a.CreationTime, "9999"), cmp.Or(b.CreationTime, "9999"))
	})
}

func makeIDs(from, to int) (list []Snapshot) {
	for i := from; i < to; i++ {
		list = append(list, Snapshot{SnapshotID: Text(fmt.Sprintf("s-%05d", i))})
	}
	return list
}

// without are the elements of a that b lacks.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// Pages have to agree on the total, even if each is as full as it should be.
func TestPagesDisagree(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 250)...)
	server.Inject(ecstest.OnPage(2, ecstest.FirstN(1, ecstest.WrongTotal(1))))
	if n := len(list(t, newTestClient(t, server), Query{})); n != 250 {
		t.Errorf("%d snapshots", n)
	}
	// The first walk may have ended before its last page was asked for.
	if n := server.CallCount(ecstest.ActionDescribeSnapshots); n < 5 {
		t.Errorf("%d calls", n)
	}
}

// Births on the first page were there when the walk began: no doubt of it.
func TestBirthsBeforeTheWalk(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, append(numbered(0, 250), born("s-new", true), born("s-uncut", false))...)
	if n := len(list(t, newTestClient(t, server), Query{})); n != 252 {
		t.Errorf("%d snapshots", n)
	}
	if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > 3 {
		t.Errorf("%d calls", n)
	}
}

// What is as young as the walk on a later page may have come in the middle of it, and
// so may what has no time: a second walk with the same result is enough to know that it
// didn't.
func TestDoubtfulListIsReadTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		n             int // Beside the young one.
		cut, dateless bool
		order         ecstest.Order
		calls         int
	}{
		"cut":                      {250, true, false, oldestFirst, 6},
		"cut, the first of page 2": {100, true, false, oldestFirst, 4},
		"cut, no server time":      {250, true, true, oldestFirst, 6},
		"uncut":                    {250, false, false, undatedLast, 6},
	} {
		server := ecstest.Start(t, append(numbered(0, test.n), born("s-young", test.cut))...)
		server.SetOrder(test.order)
		if test.dateless {
			server.Inject(withoutDate)
		}
		if n := len(list(t, newTestClient(t, server), Query{})); n != test.n+1 {
			t.Errorf("%s: %d snapshots", name, n)
		}
		if n := server.CallCount(ecstest.ActionDescribeSnapshots); n <= test.calls/2 || n > test.calls {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}

// What is dated later than the walk's end wasn't born in it: a clock that is wrong,
// or data that was made up, costs no second walk.
func TestDatesInTheFuture(t *testing.T) {
	t.Parallel()
	snapshots := numbered(0, 250)
	for i := range snapshots {
		snapshots[i].CreationTime = time.Now().UTC().Add(time.Duration(i+60) * time.Minute).Format("2006-01-02T15:04:05Z")
	}
	for name, faults := range map[string][]ecstest.Fault{"": nil, "no server time": {withoutDate}} {
		server := ecstest.Start(t, snapshots...)
		server.Inject(faults...)
		if n := len(list(t, newTestClient(t, server), Query{})); n != 250 {
			t.Errorf("%s: %d snapshots", name, n)
		}
		if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > 3 {
			t.Errorf("%s: %d calls", name, n)
		}
	}
}

// New is what is as young as the walk by the service's clock, as exact as its replies are
// and as far as clocks may be off.
func TestCheckNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := time.Now() // At midnight.
		time.Sleep(10 * time.Second)
		now := time.Now()
		for name, test := range map[string]struct {
			answered, created time.Time
			known, isNew      bool
		}{
			"a minute before":       {asked.Add(30 * time.Second), asked.Add(-time.Minute), false, true},
			"longer before":         {asked.Add(30 * time.Second), asked.Add(-time.Minute - 1), false, false},
			"by a clock ahead":      {asked, now.Add(15 * time.Minute), false, true},
			"in the future":         {asked, now.Add(15*time.Minute + 1), false, false},
			"known":                 {asked, now, true, false},
			"no time of the reply":  {time.Time{}, asked.Add(-16 * time.Minute), false, true},
			"long before it":        {time.Time{}, asked.Add(-16*time.Minute - 1), false, false},
			"undated":               {asked, time.Time{}, false, true},
			"undated and known":     {asked, time.Time{}, true, false},
			"undated, no time, too": {time.Time{}, time.Time{}, false, true},
		} {
			first := &page{asked: asked}
			first.Date = test.answered
			err := checkNew([]Snapshot{{SnapshotID: "s-1", CreationTime: Time{Value: test.created}}}, first, map[string]bool{"s-1": test.known})
			if (err != nil) != test.isNew {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A service that doesn't tell the time costs no second walk for what is old.
func TestNoServerTime(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 250)...)
	server.Inject(withoutDate)
	if n := len(list(t, newTestClient(t, server), Query{})); n != 250 {
		t.Errorf("%d snapshots", n)
	}
	if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > 3 {
		t.Errorf("%d calls", n)
	}
}

// withoutDate leaves the Date header out, which net/http adds unless it is null.
func withoutDate(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
	reply := next(x)
	if reply.Header == nil {
		reply.Header = http.Header{}
	}
	reply.Header["Date"] = nil
	return reply
}

// Where the list doesn't come to rest and tokens are refused, the reason is the list.
func TestRestlessListWhereTokensAreRefused(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 250)...)
	server.Inject(
		ecstest.When(func(x *ecstest.Exchange) bool { return x.Params.Has("MaxResults") }, ecstest.ErrorCode(http.StatusBadRequest, "InvalidParameter", "no")),
		ecstest.Churn(func(call int, s *ecstest.Service) { s.Put(born(fmt.Sprint("s-new-", call), true)) }))
	if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "can't be read by token") {
		t.Error(err)
	}
}

// A list that never comes to rest is read by token in the end.
func TestRestlessList(t *testing.T) {
	t.Parallel()
	snapshots := numbered(0, 250)
	server := ecstest.Start(t, snapshots...)
	server.Inject(ecstest.Churn(func(call int, s *ecstest.Service) { s.Put(born(fmt.Sprint("s-new-", call), true)) }))
	got := list(t, newTestClient(t, server), Query{})
	if missing := without(idsOf(snapshots), got); len(missing) != 0 {
		t.Errorf("not there: %v", missing)
	}
	asked := pagesAsked(server)
	if n := len(slices.DeleteFunc(slices.Clone(asked), func(p string) bool { return p != "1/100" })); n != 3 || !slices.Contains(asked, "token/100") {
		t.Errorf("asked for %v", asked)
	}
}

// dying deletes so many snapshots after every call, evenly over the list, and keeps their ids.
func dying(each int) (fault ecstest.Fault, dead map[string]bool) {
	dead = map[string]bool{}
	var mu sync.Mutex
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		mu.Lock()
		defer mu.Unlock()
		reply := next(x)
		present := x.Service.Snapshots()
		for i := range min(each, len(present)) {
			id := present[(2*i+1)*len(present)/(2*each)].SnapshotID
			x.Service.Delete(id)
			dead[id] = true
		}
		return reply
	}, dead
}

// Tokens that are offsets lose what deletions shift: where the list changed, one reading by token isn't believed.
func TestTokensAreReadTwice(t *testing.T) {
	t.Parallel()
	snapshots := numbered(0, 250)
	server := ecstest.Start(t, snapshots...)
	var once sync.Once
	server.Inject(
		ecstest.When(func(x *ecstest.Exchange) bool { return x.Params.Has("PageNumber") && !x.Params.Has("SnapshotIds") }, ecstest.WrongTotal(-200)),
		ecstest.When(func(x *ecstest.Exchange) bool { return x.Params.Has("NextToken") }, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			once.Do(func() { x.Service.Delete("s-00249") })
			return next(x)
		}),
		ecstest.OffsetTokens())
	if got := list(t, newTestClient(t, server), Query{}); !slices.Equal(got, idsOf(snapshots)[1:]) {
		t.Errorf("%d snapshots", len(got))
	}
}

// Tokens that are offsets lose what deletions shift: that is noticed, as far as an
// earlier walk listed it.
func TestDeletionsUnderOffsetTokens(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		each  int
		until int // The call after which the list is at rest; 0 for none.
		whole bool
	}{
		"always four":           {4, 0, false},
		"always one":            {1, 0, false},
		"one, at rest by token": {1, 20, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			snapshots := numbered(0, 450)
			server := ecstest.Start(t, snapshots...)
			fault, dead := dying(test.each)
			if test.until > 0 {
				fault = ecstest.FirstN(test.until, fault)
			}
			server.Inject(fault, ecstest.OffsetTokens())
			result, err := newTestClient(t, server).List(t.Context(), Query{RegionID: testRegion})
			if (err == nil) != test.whole {
				t.Errorf("%d snapshots and %v after %v", len(result.Snapshots), err, pagesAsked(server))
			}
			if err != nil && !errors.As(err, new(*IncompleteError)) {
				t.Error(err)
			}
			alive := slices.DeleteFunc(idsOf(snapshots), func(id string) bool { return dead[id] })
			if missing := without(alive, ids(result.Snapshots)); err == nil && len(missing) != 0 {
				t.Errorf("not there: %v", missing)
			}
		})
	}
}
