package ecs

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Whatever the data, the filters and the faults: a read gives the whole list, as
// the reference has it, or an error, and never a part. A seed is a round; ROUNDS says
// how many there are.
func TestRandomReads(t *testing.T) {
	t.Parallel()
	rounds := uint64(60)
	if text := os.Getenv("ROUNDS"); text != "" {
		var err error
		if rounds, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	var read tally
	t.Run("rounds", func(t *testing.T) {
		for seed := range rounds {
			t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
				t.Parallel()
				round(t, seed, &read)
			})
		}
	})
	t.Log(read.String())
	// Were all reads errors, no list would be wrong.
	if all := read.whole + read.refused; all >= 100 && read.refused > all/3 {
		t.Error("too many errors")
	}
}

// TestSoak goes on with other seeds for the time that SOAK gives, such as 5m. Where
// a round fails, SOAK_SEED with its seed begins with that round.
func TestSoak(t *testing.T) {
	t.Parallel()
	if os.Getenv("SOAK") == "" {
		t.Skip("runs for the time that SOAK gives; make soak does it for SOAK=5m")
	}
	duration, err := time.ParseDuration(os.Getenv("SOAK"))
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	if text := os.Getenv("SOAK_SEED"); text != "" {
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	var read tally
	for end := time.Now().Add(duration); time.Now().Before(end); seed++ {
		if !t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { round(t, seed, &read) }) {
			break
		}
	}
	t.Log(read.String())
}

// tally counts what reads came to.
type tally struct {
	mu                            sync.Mutex
	whole, refused, partial, none int
}

func (n *tally) String() string {
	return fmt.Sprintf("%d lists, of which %d were empty and %d ended early, and %d errors", n.whole, n.none, n.partial, n.refused)
}

func (n *tally) count(result Result, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case err != nil:
		n.refused++
		return
	case result.AtLeast:
		n.partial++
	case result.Count == 0:
		n.none++
	}
	n.whole++
}

// round reads once, or the same several times at once, from a service of its own.
func round(t *testing.T, seed uint64, read *tally) {
	r := rand.New(rand.NewPCG(seed, 0))
	snapshots := randomSnapshots(r)
	q := randomQuery(r, snapshots)
	server := ecstest.Start(t, snapshots...)
	server.SetOrder(randomOrder(r))
	server.SetTimeBounds(pick(r, ecstest.Inclusive, ecstest.Exclusive), pick(r, ecstest.Inclusive, ecstest.Exclusive))
	changes := &churn{r: rand.New(rand.NewPCG(seed, 1)), rate: pick(r, 0, 0, 0.2, 0.5, 0.8), touched: map[string]bool{}}
	faults, names := randomFaults(r, changes.rate > 0)
	if len(snapshots) > 200 && r.IntN(2) == 0 { // Many expire while they are read.
		changes.rate = 0.8
		faults, names = []ecstest.Fault{ecstest.OffsetTokens()}, []string{"offset tokens"}
		q.SnapshotIDs, q.Limit, q.Unique = nil, 0, false
	}
	server.Inject(faults...)
	var from service
	if r.IntN(4) == 0 {
		from.ignores = []string{pick(r, filterParameters...), pick(r, filterParameters...)}
		server.Inject(ignore(from.ignores...))
		names = append(names, fmt.Sprint("ignores ", from.ignores))
	}
	server.Inject(ecstest.Churn(changes.change))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if patience := r.IntN(40); r.IntN(10) == 0 {
		server.Inject(ecstest.AfterN(patience, func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			cancel()
			return next(x)
		}))
	}
	client := newTestClient(t, server, func(c *rpc.Config) { c.MaxConcurrent = 1 + r.IntN(8) })
	var reads sync.WaitGroup
	for range pick(r, 1, 1, 1, 3) {
		reads.Go(func() {
			result, err := client.List(ctx, q)
			read.count(result, err)
			if err == nil {
				judge(t, snapshots, q, from, changes, result)
			} else if len(result.Snapshots) != 0 {
				t.Errorf("a part of the list with %v", err)
			}
		})
	}
	reads.Wait()
	if ctx.Err() != nil {
		_ = server.TakeViolations() // A call that was cancelled may be counted as half a call.
	}
	if t.Failed() {
		t.Logf("%+v of %d snapshots with %q and changes at %v: asked for %v", q, len(snapshots), names, changes.rate, pagesAsked(server))
	}
}

// judge compares a result with the reference.
func judge(t *testing.T, snapshots []ecstest.Snapshot, q Query, from service, changes *churn, result Result) {
	changes.mu.Lock()
	defer changes.mu.Unlock()
	untouched := func(ids []string) []string {
		return slices.DeleteFunc(ids, func(id string) bool { return changes.touched[id] })
	}
	want := []string{}
	for _, s := range reference(snapshots, q, from) {
		want = append(want, s.SnapshotID)
	}
	got := ids(result.Snapshots)
	if len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
		t.Error("a snapshot is listed twice")
	}
	if changes.rate == 0 && q.Limit > 0 && len(got) != min(q.Limit, len(want)) {
		t.Errorf("%d of %d with a limit of %d", len(got), len(want), q.Limit)
	}
	some := len(got)
	got, want = untouched(got), untouched(want)
	switch {
	case q.Limit > 0 && some == q.Limit: // The newest of those that were there throughout, without a gap.
		want = want[:min(len(want), len(got))]
	case q.Unique && len(result.Snapshots) < result.Count || result.AtLeast: // Any of them.
		if some < 2 || !q.Unique {
			t.Errorf("%d snapshots of at least %d", some, result.Count)
		}
		want = slices.DeleteFunc(want, func(id string) bool { return !slices.Contains(got, id) })
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("of %d that were there throughout, %d were listed: %s", len(want), len(got), diff)
	}
}
