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
// the reference has it, or an error, and never a part. A seed is a round.
func TestRandomReads(t *testing.T) {
	const rounds = 2000
	var read tally
	for seed := range uint64(rounds) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { round(t, seed, &read) })
	}
	// Were all reads errors, no list would be wrong.
	if all := read.whole + read.refused; all >= rounds && read.refused > all/4 {
		t.Errorf("%d lists and %d errors", read.whole, read.refused)
	}
}

// TestSoak goes on with other seeds for the time that SOAK gives, such as 5m. Where
// a round fails, SOAK_SEED with its seed begins with that round.
func TestSoak(t *testing.T) {
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
	t.Logf("%d lists and %d errors", read.whole, read.refused)
}

// tally counts what reads came to.
type tally struct {
	mu             sync.Mutex
	whole, refused int
}

func (n *tally) count(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err == nil {
		n.whole++
	} else {
		n.refused++
	}
}

// round reads once, or the same several times at once, from a service of its own.
func round(t *testing.T, seed uint64, read *tally) {
	r := rand.New(rand.NewPCG(seed, 0))
	snapshots := ecstest.Sample(randomSize(r))
	q := randomQuery(r, snapshots)
	server := ecstest.Start(t, snapshots...)
	server.SetOrder(randomOrder(r))
	server.SetTimeBounds(pick(r, ecstest.Inclusive, ecstest.Exclusive), pick(r, ecstest.Inclusive, ecstest.Exclusive))
	changes := &churn{r: rand.New(rand.NewPCG(seed, 1)), rate: pick(r, 0, 0, 0.2, 0.5), touched: map[string]bool{}}
	faults, names := randomFaults(r, changes.rate > 0)
	server.Inject(faults...)
	server.Inject(ecstest.Churn(changes.change))
	if changes.rate == 0 && r.IntN(4) == 0 {
		q.Limit = 1 + r.IntN(20)
	}
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
			read.count(err)
			if err == nil {
				judge(t, snapshots, q, changes, ids(result.Snapshots))
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
		t.Logf("%+v of %d snapshots with %q: asked for %v", q, len(snapshots), names, pagesAsked(server))
	}
}

// judge compares a result with the reference.
func judge(t *testing.T, snapshots []ecstest.Snapshot, q Query, changes *churn, got []string) {
	changes.mu.Lock()
	defer changes.mu.Unlock()
	want := []string{}
	for _, s := range reference(snapshots, q) {
		want = append(want, s.SnapshotID)
	}
	untouched := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return changes.touched[id] })
	}
	if diff := cmp.Diff(untouched(want), untouched(got)); diff != "" {
		t.Errorf("of %d that were there throughout, %d were listed: %s", len(untouched(want)), len(untouched(got)), diff)
	}
	if len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(got) {
		t.Error("a snapshot is listed twice")
	}
}
