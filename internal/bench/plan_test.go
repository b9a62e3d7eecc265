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

// planned is what plans of one size take.
type planned struct {
	snapshots   int
	plan, floor cost  // Medians.
	peak        int64 // The provider's memory at its peak, in bytes.
}

// BenchmarkPlan runs `terraform plan` with the provider and with the floor in
// turn, so that whatever else keeps the machine busy befalls both.
func BenchmarkPlan(b *testing.B) {
	engine := newEngine(b)
	var table []planned
	for _, snapshots := range []int{0, 1000, 10_000, 20_000} {
		b.Run(fmt.Sprintf("snapshots=%d", snapshots), func(b *testing.B) {
			service := ecstest.Start(b, ecstest.Sample(snapshots)...)
			configuration := engine.configure(b, service)
			service.Inject(ecstest.Latency(latency))

			var plans, floors []cost
			for b.Loop() {
				plans = append(plans, configuration.plan(b, engine.provider))
				floors = append(floors, configuration.plan(b, engine.floor))
			}
			table = append(table, planned{
				snapshots: snapshots, plan: median(plans), floor: median(floors), peak: configuration.peak(b, engine.provider),
			})
		})
	}
	printTable(table)
}

// median takes the medians of time and of CPU time, each by itself.
func median(costs []cost) cost {
	middle := len(costs) / 2
	var m cost
	slices.SortFunc(costs, func(a, b cost) int { return cmp.Compare(a.cpu, b.cpu) })
	m.cpu = costs[middle].cpu
	slices.SortFunc(costs, func(a, b cost) int { return cmp.Compare(a.wall, b.wall) })
	m.wall = costs[middle].wall
	return m
}

// waiting is how long a plan waits for the service at least: for the first page,
// then for the others and an empty one behind a full last page, eight at a time.
func waiting(snapshots int) time.Duration {
	others := snapshots / 100
	return latency * time.Duration(1+(others+7)/8)
}

// printTable prints what BENCHMARKS.md has.
func printTable(table []planned) {
	goals := map[int]string{0: "1.2", 1000: "1.4", 10_000: "1.3"}
	fmt.Println("\n| snapshots | plan (s) | floor (s) | ratio | goal | waiting (s) | plan CPU (s) | floor CPU (s) | ratio | peak memory (MB) |")
	fmt.Println("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
	for _, row := range table {
		fmt.Printf("| %d | %.2f | %.2f | %.2f | %s | %.2f | %.2f | %.2f | %.2f | %d |\n", row.snapshots,
			row.plan.wall.Seconds(), row.floor.wall.Seconds(), row.plan.wall.Seconds()/row.floor.wall.Seconds(), goals[row.snapshots],
			waiting(row.snapshots).Seconds(),
			row.plan.cpu.Seconds(), row.floor.cpu.Seconds(), row.plan.cpu.Seconds()/row.floor.cpu.Seconds(), row.peak/1e6)
	}
	for i, row := range table[1:] {
		if half := table[i]; row.snapshots == 2*half.snapshots {
			fmt.Printf("| %d : %d | %.2f | %.2f | | 2.2 | %.2f | %.2f | %.2f | | %.2f |\n", row.snapshots, half.snapshots,
				row.plan.wall.Seconds()/half.plan.wall.Seconds(), row.floor.wall.Seconds()/half.floor.wall.Seconds(),
				waiting(row.snapshots).Seconds()/waiting(half.snapshots).Seconds(),
				row.plan.cpu.Seconds()/half.plan.cpu.Seconds(), row.floor.cpu.Seconds()/half.floor.cpu.Seconds(), float64(row.peak)/float64(half.peak))
		}
	}
	fmt.Println()
}
