package ecs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

func TestWalkByTokens(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults []ecstest.Fault
		n      int
		want   []string
	}{
		"page numbers refused": {[]ecstest.Fault{ecstest.NoPageNumbers()}, 250, []string{"1/100", "start/100", "token/100", "token/100"}},
		"no total":             {[]ecstest.Fault{ecstest.TokenOnly()}, 250, []string{"1/100", "start/100", "token/100", "token/100"}},
		"refused, one page":    {[]ecstest.Fault{ecstest.NoPageNumbers()}, 100, []string{"1/100", "start/100"}},
		"refused on page 2":    {[]ecstest.Fault{ecstest.OnPage(2, ecstest.NoPageNumbers()), ecstest.WrongTotal(50)}, 100, []string{"1/100", "2/100", "start/100"}},
		"a full last page":     {[]ecstest.Fault{ecstest.NoPageNumbers()}, 200, []string{"1/100", "start/100", "token/100"}},
		"short pages":          {[]ecstest.Fault{ecstest.NoPageNumbers(), ecstest.ShortPages(70, 1, 100, 30)}, 201, []string{"1/100", "start/100", "token/100", "token/100", "token/100"}},
		"empty pages":          {[]ecstest.Fault{ecstest.NoPageNumbers(), emptyFirstPage()}, 150, []string{"1/100", "start/100", "token/100"}},
		"a total of 0 in vain": {[]ecstest.Fault{ecstest.TokenOnly(), ecstest.AlterReply(func(f map[string]any) { f["TotalCount"] = 0 })}, 150, []string{"1/100", "start/100", "token/100"}},
		"a total that says 7":  {[]ecstest.Fault{ecstest.NoPageNumbers(), ecstest.AlterReply(func(f map[string]any) { f["TotalCount"] = 7 })}, 150, []string{"1/100", "start/100", "token/100"}},
		"an empty list":        {[]ecstest.Fault{ecstest.NoPageNumbers()}, 0, []string{"1/100", "start/100"}},
		"no tokens, but whole": {[]ecstest.Fault{ecstest.NoPageNumbers(), ecstest.NoTokens()}, 0, []string{"1/100", "start/100"}},
	} {
		t.Run(name, func(t *testing.T) {
			snapshots := sample(test.n)
			server := ecstest.Start(t, snapshots...)
			server.Inject(test.faults...)
			got := list(t, newTestClient(t, server), Query{})
			want := idsOf(snapshots)
			if name == "empty pages" {
				want = want[100:]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.want, pagesAsked(server)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// emptyFirstPage has a token and nothing else on the first page.
func emptyFirstPage() ecstest.Fault {
	return ecstest.OnPage(1, ecstest.AlterReply(func(fields map[string]any) {
		fields["Snapshots"] = map[string]any{"Snapshot": []any{}}
	}))
}

// Births and deletions between pages lose nothing that was there throughout, and
// give nothing twice.
func TestWalkByTokensWhileTheListChanges(t *testing.T) {
	t.Parallel()
	snapshots := numbered(0, 350)
	server := ecstest.Start(t, snapshots...)
	server.Inject(ecstest.NoPageNumbers(), ecstest.Churn(func(call int, s *ecstest.Service) {
		s.Put(born(fmt.Sprint("s-new-", call), true))
		s.Delete(fmt.Sprintf("s-%05d", 40*call))
	}))
	got := list(t, newTestClient(t, server), Query{})
	gone := map[string]bool{}
	for call := range 10 {
		gone[fmt.Sprintf("s-%05d", 40*call)] = true
	}
	seen := map[string]bool{}
	for _, id := range got {
		if seen[id] {
			t.Errorf("%s twice", id)
		}
		seen[id] = true
	}
	for _, s := range snapshots {
		if !seen[s.SnapshotID] && !gone[s.SnapshotID] {
			t.Errorf("%s is missing", s.SnapshotID)
		}
	}
}

// Pages by token may be empty before the end, but not for ever.
func TestEmptyPagesByToken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, empty int // The first empty page, from 0, and how many follow one another.
		whole       bool
	}{
		{0, 99, true}, {0, 100, false}, {1, 99, true}, {1, 100, false},
	} {
		server := ecstest.Start(t)
		server.Inject(ecstest.NoPageNumbers(), func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			n, _ := strconv.Atoi(x.Params.Get("NextToken"))
			x.Params.Del("NextToken")
			reply := next(x)
			if n < test.from || n >= test.from+test.empty {
				reply.Fields["Snapshots"] = map[string]any{"Snapshot": []map[string]any{{"SnapshotId": fmt.Sprint("s-", n)}}}
			}
			if n < test.from+test.empty {
				reply.Fields["NextToken"] = strconv.Itoa(n + 1)
			}
			return reply
		})
		client := newTestClient(t, server)
		if test.whole {
			if n := len(list(t, client, Query{})); n != test.from+1 {
				t.Errorf("%+v: %d snapshots", test, n)
			}
		} else if err := refuse(t, client, Query{}); !strings.Contains(err.Error(), "100 pages in a row") {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

// Many short pages are not stale ones.
func TestManyPagesByToken(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 110)...)
	server.Inject(ecstest.NoPageNumbers(), ecstest.ShortPages(1))
	if n := len(list(t, newTestClient(t, server), Query{})); n != 110 {
		t.Errorf("%d snapshots", n)
	}
}

// The first page by number tells that there are tokens: a list that is shorter by then
// is believed.
func TestWalkByTokensOfAShorterList(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 101)...)
	server.Inject(ecstest.Churn(func(call int, s *ecstest.Service) {
		if call == 2 {
			s.Delete("s-00050", "s-00051")
		}
	}), ecstest.TokenOnly())
	if n := len(list(t, newTestClient(t, server), Query{})); n != 99 {
		t.Errorf("%d snapshots", n)
	}
}

// A page that says nothing is no end of a list.
func TestHollowLastPageByToken(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 150)...)
	server.Inject(ecstest.NoPageNumbers(), ecstest.OnPage(2, ecstest.Respond(http.StatusOK, "application/json", []byte(`{"Snapshots":{}}`))))
	if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "no Snapshots") {
		t.Error(err)
	}
}

// A snapshot that moved from one page to the next is listed once.
func TestTokensRepeatSnapshots(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 150)...)
	again := []byte(`{"NextToken":"","Snapshots":{"Snapshot":[{"SnapshotId":"s-00050"},{"SnapshotId":"s-00049"}]}}`)
	server.Inject(ecstest.NoPageNumbers(), ecstest.OnPage(2, ecstest.Respond(http.StatusOK, "application/json", again)))
	if n := len(list(t, newTestClient(t, server), Query{})); n != 101 {
		t.Errorf("%d snapshots, want 101", n)
	}
}

func TestBadTokens(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault ecstest.Fault
		want  string
	}{
		"repeated": {ecstest.RepeatToken(), "the same page token twice, after 200 snapshots"},
		"looping":  {ecstest.LoopingToken(3), "100 pages in a row without a new snapshot, after 300"},
		"long":     {ecstest.LongPage(5), "more snapshots than the 100"},
	} {
		server := ecstest.Start(t, numbered(0, 450)...)
		server.Inject(ecstest.NoPageNumbers(), test.fault)
		if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A full page with neither a total nor a token may be a part of the list, of a service
// that ignores tokens; one that isn't full is the list.
func TestNeitherTotalNorToken(t *testing.T) {
	t.Parallel()
	for n, whole := range map[int]bool{0: true, 9: true, 10: true, 11: true, 99: true, 100: false, 250: false} {
		server := ecstest.Start(t, numbered(0, n)...)
		server.Inject(withoutFields("TotalCount"), ecstest.NoTokens())
		client := newTestClient(t, server)
		if whole {
			if got := list(t, client, Query{}); len(got) != n {
				t.Errorf("%d: got %d", n, len(got))
			}
		} else if err := refuse(t, client, Query{}); !strings.Contains(err.Error(), "by token without one") {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// A restless list of a service that doesn't know tokens is an error.
func TestRestlessListWithoutTokens(t *testing.T) {
	t.Parallel()
	births := ecstest.Churn(func(call int, s *ecstest.Service) { s.Put(born(fmt.Sprint("s-new-", call), true)) })
	otherTotals := func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		return ecstest.WrongTotal(x.Call)(x, next)
	}
	for name, test := range map[string]struct {
		n      int
		faults []ecstest.Fault
	}{
		"births":               {250, []ecstest.Fault{births}},
		"births, no page size": {250, []ecstest.Fault{births, withoutFields("PageSize")}},
		"births, pages of 20":  {250, []ecstest.Fault{births, defaultPages(20)}},
		"births, pages of 1":   {250, []ecstest.Fault{births, defaultPages(1)}},
		"other totals":         {15, []ecstest.Fault{otherTotals}},
	} {
		server := ecstest.Start(t, numbered(0, test.n)...)
		server.Inject(ecstest.NoTokens())
		server.Inject(test.faults...)
		if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "can't be read by token") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A service that pages by token only is believed what it says by token, however
// its replies look otherwise.
func TestTokensOnly(t *testing.T) {
	t.Parallel()
	asFirstPage := ecstest.AlterReply(func(fields map[string]any) {
		fields["PageNumber"], fields["PageSize"], fields["TotalCount"] = 1, 10, 36
	})
	emptyAsNull := ecstest.AlterReply(func(fields map[string]any) {
		fields["Snapshots"], fields["TotalCount"] = map[string]any{"Snapshot": nil}, 7
	})
	for name, test := range map[string]struct {
		snapshots int
		fault     ecstest.Fault
	}{
		"looks like a first page by number": {10, asFirstPage},
		"none, as null":                     {0, emptyAsNull},
	} {
		snapshots := numbered(0, test.snapshots)
		server := ecstest.Start(t, snapshots...)
		server.Inject(ecstest.NoPageNumbers(), test.fault)
		if got := list(t, newTestClient(t, server), Query{}); len(got) != test.snapshots {
			t.Errorf("%s: %d snapshots", name, len(got))
		}
	}
}

// A reply with nothing in it is no empty list by token either.
func TestNoPageByToken(t *testing.T) {
	t.Parallel()
	hollow := ecstest.Respond(http.StatusOK, "application/json", []byte(`{"Snapshots":{}}`))
	byToken := func(x *ecstest.Exchange) bool { return !x.Params.Has("PageNumber") }
	server := ecstest.Start(t, numbered(0, 3)...)
	server.Inject(ecstest.NoPageNumbers(), ecstest.When(byToken, hollow))
	if err := refuse(t, newTestClient(t, server), Query{}); !strings.Contains(err.Error(), "no Snapshots") {
		t.Error(err)
	}
}

// A list without end is an error before it fills the memory: a page counts by its size or by its snapshots,
// whichever is more, and each walk has the whole bound.
func TestListSize(t *testing.T) {
	t.Parallel()
	var short bytes.Buffer
	for i := range pageSize {
		fmt.Fprintf(&short, `,{"SnapshotId":"s-%d"}`, i)
	}
	for name, list := range map[string]string{
		"a long page":     `{"SnapshotId":"s-1","Description":"` + strings.Repeat("x", pageSize<<10) + `"}`,
		"short snapshots": short.String()[1:],
	} {
		server := ecstest.Start(t)
		server.Inject(ecstest.Respond(http.StatusOK, "application/json", []byte(`{"NextToken":"","Snapshots":{"Snapshot":[`+list+`]}}`)))
		r, q := newRead(newTestClient(t, server), Query{}), Query{RegionID: testRegion}
		r.size.Store(maxListSize - pageSize<<10 + 1)
		_, err := r.describe(t.Context(), q, position{number: 1, size: pageSize, byToken: true})
		wantErrorText(t, err, "longer than 100 MiB")
		if _, err := r.walk(t.Context(), q, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLongToken(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, sample(150)...)
	server.Inject(ecstest.NoPageNumbers(), ecstest.AlterReply(func(fields map[string]any) { fields["NextToken"] = strings.Repeat("x", 16<<10+1) }))
	wantErrorText(t, refuse(t, newTestClient(t, server), Query{}), "the token of the next page has 16385 bytes")
}

func TestManyTags(t *testing.T) {
	t.Parallel()
	const start, end = `{"Tag":[`, `{"TagKey":"k"}]}`
	for name, test := range map[string]struct {
		data   string
		unread bool
	}{
		"as many":    {start + strings.Repeat(`{"TagKey":"l"},`, maxTags-1) + end, false},
		"too many":   {start + strings.Repeat(`{"TagKey":"l"},`, maxTags) + end, true},
		"as long":    {start + strings.Repeat(" ", maxTags<<10-len(start+end)) + end, false},
		"too long":   {start + strings.Repeat(" ", maxTags<<10-len(start+end)+1) + end, true},
		"20 escaped": {start + strings.Repeat(`{"TagKey":"`+strings.Repeat(`\ud83d\ude00`, 128)+`","TagValue":"`+strings.Repeat(`\ud83d\ude00`, 128)+`"},`, 19) + end, false},
	} {
		var s Snapshot
		err := json.Unmarshal([]byte(`{"SnapshotId":"s-1","Tags":`+test.data+`}`), &s)
		if value, unread := s.Tags[unreadTags]; err != nil || unread != test.unread || len(value) > 1000 {
			t.Errorf("%s: got %v and %d tags", name, err, len(s.Tags))
		}
	}
}

func wantErrorText(t *testing.T, err error, part string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), part) {
		t.Errorf("got %v, want %q", err, part)
	}
}
