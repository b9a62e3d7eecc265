package ecs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// safeBuffer takes a log that goes on in other goroutines.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) lines(t *testing.T) (list []map[string]any) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for line := range strings.Lines(b.text.String()) {
		fields := map[string]any{}
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		list = append(list, fields)
	}
	return list
}

func TestListByIDs(t *testing.T) {
	t.Parallel()
	snapshots := numbered(0, 300)
	for name, test := range map[string]struct {
		ids   []string
		want  int
		calls int
	}{
		"none":         {[]string{}, 0, 0},
		"one":          {[]string{"s-00007"}, 1, 1},
		"unknown ones": {[]string{"s-00007", "s-nowhere"}, 1, 1},
		"many":         {ids(makeIDs(20, 270)), 250, 3},
	} {
		server := ecstest.Start(t, snapshots...)
		if got := list(t, newTestClient(t, server), Query{SnapshotIDs: test.ids}); len(got) != test.want {
			t.Errorf("%s: %d snapshots, want %d", name, len(got), test.want)
		}
		if n := server.CallCount(ecstest.ActionDescribeSnapshots); n > test.calls {
			t.Errorf("%s: %d calls, want at most %d", name, n, test.calls)
		}
	}
}

func TestLimit(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 150)...)
	client := newTestClient(t, server)
	for limit, want := range map[int]int{0: 150, 1: 1, 149: 149, 150: 150, 151: 150} {
		got := list(t, client, Query{Limit: limit})
		if len(got) != want || got[0] != "s-00149" {
			t.Errorf("limit %d: %d, from %s", limit, len(got), got[0])
		}
	}
	// It counts what the other filters leave.
	got := list(t, client, Query{Limit: 2, CreationEndTime: parseTime(t, "2024-01-01T00:40:00Z")})
	if diff := cmp.Diff([]string{"s-00040", "s-00039"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		query Query
		fault ecstest.Fault
		calls int
	}{
		"passed":               {Query{}, nil, 1},
		"page numbers refused": {Query{}, ecstest.NoPageNumbers(), 2},
		"of two batches":       {Query{SnapshotIDs: ids(makeIDs(0, 150))}, nil, 2},
		"ignored by the service": {Query{}, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			x.Params.Del("DryRun")
			return next(x)
		}, 1},
	} {
		server := ecstest.Start(t, numbered(0, 3)...)
		if test.fault != nil {
			server.Inject(test.fault)
		}
		test.query.RegionID, test.query.DryRun = testRegion, true
		result, err := newTestClient(t, server).List(t.Context(), test.query)
		if err != nil || !result.DryRunPassed || len(result.Snapshots) != 0 {
			t.Errorf("%s: %+v and %v", name, result, err)
		}
		if asked := pagesAsked(server); len(asked) != test.calls || asked[0] != "1/100" {
			t.Errorf("%s: asked for %v", name, asked)
		}
	}
	server := ecstest.Start(t)
	server.Inject(ecstest.ErrorCode(http.StatusForbidden, "Forbidden.RAM", "no"))
	if err := refuse(t, newTestClient(t, server), Query{DryRun: true}); !strings.Contains(err.Error(), "Forbidden.RAM") {
		t.Error(err)
	}
}

// One line a read, with what it came to.
func TestReadIsLogged(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 250)...)
	server.Inject(ecstest.FirstN(2, ecstest.Status500()))
	logger, lines := infoLines()
	client := newTestClient(t, server, func(c *rpc.Config) { c.Logger = logger })
	list(t, client, Query{})
	list(t, client, Query{DiskID: "d-none"})
	server.Inject(ecstest.NoPageNumbers()) // From then on it is read by token.
	list(t, client, Query{})
	server.Inject(ecstest.ErrorCode(http.StatusForbidden, "Forbidden.RAM", "no"))
	_ = refuse(t, client, Query{})
	want := []map[string]any{
		{
			"level": "INFO", "msg": "Read snapshots", "region": testRegion, "snapshots": 250.0, "retries": 2.0,
			"progress": "3 of 3 pages with 250 snapshots were read",
		},
		{
			"level": "INFO", "msg": "Read snapshots", "region": testRegion, "snapshots": 0.0, "retries": 0.0,
			"progress": "1 of 1 pages with 0 snapshots were read",
		},
		{
			"level": "INFO", "msg": "Read snapshots", "region": testRegion, "snapshots": 250.0, "retries": 0.0,
			"progress": "3 of 3 pages with 250 snapshots were read",
		},
		{
			"level": "INFO", "msg": "Could not read snapshots", "region": testRegion, "snapshots": 0.0, "retries": 0.0,
			"progress": "no page was read",
		},
	}
	got := lines(t)
	for _, fields := range got {
		if _, ok := fields["duration_ms"].(float64); !ok {
			t.Errorf("no duration in %v", fields)
		}
	}
	ignored := cmpopts.IgnoreMapEntries(func(name string, _ any) bool { return name == "time" || name == "duration_ms" })
	if diff := cmp.Diff(want, got, ignored); diff != "" {
		t.Error(diff)
	}
}

// arrivals tells of the calls for a page, which it answers by a fault.
func arrivals(page int, fault ecstest.Fault) (ecstest.Fault, <-chan struct{}) {
	arrived := make(chan struct{}, 100)
	return ecstest.OnPage(page, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		arrived <- struct{}{}
		return fault(x, next)
	}), arrived
}

// A read that is ended tells how far it got and what failed last.
func TestInterruptedRead(t *testing.T) {
	t.Parallel()
	hour := func(c *rpc.Config) {
		c.Backoff = func(int) time.Duration { return time.Hour }
	}
	for name, test := range map[string]struct {
		fault    ecstest.Fault
		arrivals int
		progress string
		last     string
		config   func(*rpc.Config)
	}{
		"in a call":      {ecstest.Hang(), 1, "3 of 4 pages with 250 snapshots were read", "", nil},
		"in a body":      {ecstest.HangInBody(20), 1, "3 of 4 pages with 250 snapshots were read", "", nil},
		"in a retry":     {ecstest.AfterN(2, ecstest.Hang()), 3, "3 of 4 pages with 250 snapshots were read", "InternalError", nil},
		"in a long wait": {ecstest.Status500(), 1, "3 of 4 pages with 250 snapshots were read", "InternalError", hour},
	} {
		t.Run(name, func(t *testing.T) {
			server := ecstest.Start(t, numbered(0, 350)...)
			fault := test.fault
			if test.arrivals > 1 {
				fault = func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
					return test.fault(x, func(x *ecstest.Exchange) *ecstest.Reply { return ecstest.Status500()(x, next) })
				}
			}
			last, arrived := arrivals(2, fault)
			server.Inject(last)
			var config []func(*rpc.Config)
			if test.config != nil {
				config = append(config, test.config)
			}
			client := newTestClient(t, server, config...)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error)
			r := newRead(client, Query{RegionID: testRegion})
			go func() {
				_, err := r.run(ctx)
				ended <- err
			}()
			for range test.arrivals {
				<-arrived
			}
			until(t, func() bool {
				return r.progress.String() == test.progress && (r.progress.failure.Load() != nil) == (test.last != "")
			})
			cancel()
			err := <-ended // Nothing else ends it before an hour.
			var interrupted *InterruptedReadError
			if !errors.As(err, &interrupted) || !errors.Is(err, context.Canceled) || interrupted.Progress != test.progress {
				t.Fatalf("got %v", err)
			}
			if got := fmt.Sprint(interrupted.Last); interrupted.Last == nil != (test.last == "") || !strings.Contains(got, test.last) && test.last != "" {
				t.Errorf("the last failure was %v, want %s", interrupted.Last, test.last)
			}
		})
	}
}

func TestReadDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := ecstest.New(numbered(0, 150)...)
		service.Inject(ecstest.Throttle("Throttling.User", nil))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := newDirectClient(service, 8).List(ctx, Query{RegionID: testRegion})
		var interrupted *InterruptedReadError
		if !errors.As(err, &interrupted) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		if want := "no page was read"; interrupted.Progress != want || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v", err)
		}
		var last *rpc.Error
		if !errors.As(interrupted.Last, &last) || !last.Throttled() {
			t.Errorf("the last failure was %v", interrupted.Last)
		}
	})
}

// A walk that is made again tells why.
func TestInterruptedSecondWalk(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := ecstest.Start(t, numbered(0, 3)...)
	server.Inject(ecstest.WrongTotal(1), ecstest.AfterN(1, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		cancel()
		return ecstest.Hang()(x, next)
	}))
	_, err := newTestClient(t, server).List(ctx, Query{RegionID: testRegion})
	var interrupted *InterruptedReadError
	var last *IncompleteError
	if !errors.As(err, &interrupted) || !errors.As(interrupted.Last, &last) || interrupted.Progress != "1 of 1 pages with 3 snapshots were read" {
		t.Errorf("got %+v", err)
	}
}

// What failed last in a probe for the filters' limit is told too.
func TestInterruptedProbe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	isProbe := func(x *ecstest.Exchange) bool { return !x.Params.Has("DiskId") }
	server := ecstest.Start(t, tagged(10)...)
	server.Inject(
		ecstest.When(isProbe, ecstest.FirstN(1, ecstest.Throttle("Throttling.User", nil))),
		ecstest.When(isProbe, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			cancel()
			return ecstest.Hang()(x, next)
		}),
	)
	_, err := newTestClient(t, server).List(ctx, Query{RegionID: testRegion, DiskID: "d-1", Tags: map[string]*string{"env": nil}})
	var interrupted *InterruptedReadError
	var last *rpc.Error
	if !errors.As(err, &interrupted) || !errors.As(interrupted.Last, &last) || !last.Throttled() {
		t.Errorf("got %+v", err)
	}
}

func TestReadAfterItsEnd(t *testing.T) {
	t.Parallel()
	server := ecstest.Start(t, numbered(0, 3)...)
	_, err := newTestClient(t, server).List(canceled(t), Query{RegionID: testRegion})
	var interrupted *InterruptedReadError
	if !errors.As(err, &interrupted) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
