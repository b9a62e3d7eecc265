//go:build linux

// Package bench measures the provider as Terraform runs it. `make bench` runs it;
// BENCHMARKS.md keeps one run's results.
package bench

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// latency is what each call to the service takes at least.
const latency = 50 * time.Millisecond

// What people ask for: all snapshots, the newest one, the last ten.
var (
	list   = query{"list", "aliyun_ecs_snapshots", "", "{}", "ids"}
	newest = query{"most_recent", "aliyun_ecs_snapshot", "most_recent = true", `{"most_recent": true}`, "snapshot_id"}
	last10 = query{"limit=10", "aliyun_ecs_snapshots", "limit = 10", `{"limit": 10}`, "ids"}
)

// BenchmarkPlan runs `terraform plan` with the provider and with the floor in
// turn, so that whatever else keeps the machine busy befalls both. Its metrics are
// what internal/bench/plot draws.
func BenchmarkPlan(b *testing.B) {
	engine := newEngine(b)
	var table []planned
	for _, of := range []struct {
		query     query
		snapshots []int
	}{
		{list, []int{0, 100, 1000, 10_000, 20_000}},
		{newest, []int{100, 1000, 10_000, 100_000}},
		{last10, []int{100, 1000, 10_000, 100_000}},
	} {
		for _, snapshots := range of.snapshots {
			b.Run(fmt.Sprintf("%s/snapshots=%d", of.query.name, snapshots), func(b *testing.B) {
				row := engine.measure(b, of.query, snapshots)
				row.report(b)
				table = append(table, row)
			})
		}
	}
	printTable(table)
}

// measure takes turns until the benchmark has enough.
func (e engine) measure(b *testing.B, q query, snapshots int) planned {
	b.Helper()
	service := ecstest.Start(b, ecstest.Sample(snapshots)...)
	configuration := e.configure(b, service, q)
	service.Inject(ecstest.Latency(latency))

	var plans, floors []cost
	var waits []time.Duration
	calls := 0
	for b.Loop() {
		before := len(service.Calls())
		plans = append(plans, configuration.plan(b, e.provider))
		made := service.Calls()[before:]
		calls = len(made)
		waits = append(waits, waiting(made))
		floors = append(floors, configuration.plan(b, e.floor))
	}
	return planned{
		query: q, snapshots: snapshots, calls: calls,
		plan: median(plans), floor: median(floors), waiting: middle(waits), peak: configuration.peak(b, e.provider),
	}
}

// median takes the medians of time and of CPU time, each by itself.
func median(costs []cost) cost {
	var wall, cpu []time.Duration
	for _, cost := range costs {
		wall, cpu = append(wall, cost.wall), append(cpu, cost.cpu)
	}
	return cost{wall: middle(wall), cpu: middle(cpu)}
}

func middle[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}

// waiting is how long a plan had at least one call under way that the service held
// back for the latency: the round trips, whatever else goes on meanwhile.
func waiting(calls []ecstest.Call) time.Duration {
	var total time.Duration
	var end time.Time
	for _, call := range calls { // In the order in which they came in.
		start := call.Time
		if start.Before(end) {
			start = end
		}
		end = call.Time.Add(latency)
		total += end.Sub(start)
	}
	return total
}
