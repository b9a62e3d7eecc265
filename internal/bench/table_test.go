//go:build linux

package bench

import (
	"fmt"
	"testing"
	"time"
)

// planned is what plans of one query take.
type planned struct {
	query       query
	snapshots   int
	calls       int
	plan, floor cost          // Medians.
	waiting     time.Duration // For the service, of the plan.
	peak        int64         // The provider's memory at its peak, in bytes.
}

func (p planned) ratio() float64 { return p.plan.wall.Seconds() / p.floor.wall.Seconds() }

// beyondWaiting is the ratio that a plan would have if the service answered at once.
func (p planned) beyondWaiting() float64 {
	return (p.plan.wall - p.waiting).Seconds() / p.floor.wall.Seconds()
}

func (p planned) goal() string {
	if p.query == list {
		return map[int]string{0: "1.2", 1000: "1.4", 10_000: "1.3"}[p.snapshots]
	}
	if p.snapshots >= 10_000 {
		return "4 calls, 1.3 without waiting"
	}
	return ""
}

// report makes metrics of the row.
func (p planned) report(b *testing.B) {
	b.Helper()
	for unit, value := range map[string]float64{
		"plan-s": p.plan.wall.Seconds(), "plan-cpu-s": p.plan.cpu.Seconds(),
		"floor-s": p.floor.wall.Seconds(), "floor-cpu-s": p.floor.cpu.Seconds(),
		"waiting-s": p.waiting.Seconds(), "calls": float64(p.calls), "peak-MB": float64(p.peak) / 1e6,
	} {
		b.ReportMetric(value, unit)
	}
}

// printTable prints what BENCHMARKS.md has.
func printTable(table []planned) {
	if len(table) == 0 {
		return // None of the rows was asked for.
	}
	fmt.Println("\n| query | snapshots | calls | plan (s) | floor (s) | ratio | waiting (s) | ratio without waiting | goal | plan CPU (s) | floor CPU (s) | peak memory (MB) |")
	fmt.Println("|---|---:|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|")
	for _, row := range table {
		fmt.Printf("| %s | %d | %d | %.2f | %.2f | %.2f | %.2f | %.2f | %s | %.2f | %.2f | %d |\n", row.query.name, row.snapshots, row.calls,
			row.plan.wall.Seconds(), row.floor.wall.Seconds(), row.ratio(), row.waiting.Seconds(), row.beyondWaiting(), row.goal(),
			row.plan.cpu.Seconds(), row.floor.cpu.Seconds(), row.peak/1e6)
	}
	printGrowth(table)
	fmt.Println()
}

// printGrowth prints how much more twice as many snapshots take in a list.
func printGrowth(table []planned) {
	lists := map[int]planned{}
	for _, row := range table {
		if row.query == list {
			lists[row.snapshots] = row
		}
	}
	for snapshots, row := range lists {
		if half, ok := lists[snapshots/2]; ok && snapshots > 0 {
			fmt.Printf("\n%d : %d snapshots: plan %.2f (goal 2.2), floor %.2f, CPU %.2f and %.2f, peak memory %.2f\n", snapshots, half.snapshots,
				row.plan.wall.Seconds()/half.plan.wall.Seconds(), row.floor.wall.Seconds()/half.floor.wall.Seconds(),
				row.plan.cpu.Seconds()/half.plan.cpu.Seconds(), row.floor.cpu.Seconds()/half.floor.cpu.Seconds(),
				float64(row.peak)/float64(half.peak))
		}
	}
}
