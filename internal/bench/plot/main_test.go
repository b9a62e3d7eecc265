package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const benchmarks = `goos: linux
BenchmarkPlan/list/snapshots=0-2               1  1028033219 ns/op   1.000 calls  0.4582 floor-s  24.50 peak-MB  0.5697 plan-s
BenchmarkPlan/list/snapshots=1000-2            1  3757075023 ns/op  11.00 calls   1.664 floor-s   37.56 peak-MB  2.093 plan-s
BenchmarkPlan/list/snapshots=10000             1  1928612289 ns/op   101.0 calls  3.0 floor-s     115.6 peak-MB  3.9 plan-s
BenchmarkPlan/most_recent/snapshots=1000-16    1  1367490045 ns/op   2.00 calls   0.4606 floor-s  33.54 peak-MB  0.31 plan-s
BenchmarkPlan/most_recent/snapshots=100000-2   1  1929612289 ns/op   2.000 calls  0.3836 floor-s  33.6 peak-MB   0.30 plan-s
BenchmarkPlan/limit=10/snapshots=1000-2        1  1367490045 ns/op   2.00 calls   0.4606 floor-s  33.54 peak-MB  0.32 plan-s
BenchmarkWalk/latency=0s/snapshots=100-2       1  1367490045 ns/op
PASS
`

func TestReadBenchmarks(t *testing.T) {
	t.Parallel()
	lines, err := readBenchmarks(strings.NewReader(benchmarks))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]point{}
	for _, l := range lines {
		got[l.name] = l.points
	}
	want := map[string][]point{
		"This provider: all snapshots":   {{snapshots: 0, seconds: 0.5697}, {snapshots: 1000, seconds: 2.093}, {snapshots: 10_000, seconds: 3.9}},
		"Terraform alone: all snapshots": {{snapshots: 0, seconds: 0.4582}, {snapshots: 1000, seconds: 1.664}, {snapshots: 10_000, seconds: 3}},
		"This provider: the newest":      {{snapshots: 1000, seconds: 0.31}, {snapshots: 100_000, seconds: 0.3}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(point{})); diff != "" {
		t.Error(diff)
	}
}

func TestPictures(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "plan-time")
	if err := run(strings.NewReader(benchmarks), out); err != nil {
		t.Fatal(err)
	}
	for name, colors := range map[string]palette{"light": light, "dark": dark} {
		text, err := os.ReadFile(out + "-" + name + ".svg") //nolint:gosec // The test's own file.
		if err != nil {
			t.Fatal(err)
		}
		picture := string(text)
		for decoder := xml.NewDecoder(strings.NewReader(picture)); ; {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, picture)
			}
		}
		// At 1,000 snapshots the official provider is above this one, which is above Terraform alone and its own newest.
		at1000 := regexp.MustCompile(`<circle cx="242\.7" cy="([\d.]+)" r="4" fill="(#\w+)"`).FindAllStringSubmatch(picture, -1)
		var order []string
		for _, circle := range at1000 {
			order = append(order, circle[1]+" "+circle[2])
		}
		want := []string{"282.3 " + colors.all, "289.6 " + colors.floor, "343.6 " + colors.newest, "253.0 " + colors.official}
		if diff := cmp.Diff(want, order); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		for _, want := range []string{
			"This provider: the newest, 0.3 s", "This provider: all snapshots, 3.9 s", "not finished after 580 s", ">100,000<", `fill="` + colors.page + `"`,
		} {
			if !strings.Contains(picture, want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	t.Parallel()
	if err := run(strings.NewReader("PASS\n"), filepath.Join(t.TempDir(), "x")); err == nil || !strings.Contains(err.Error(), "no result of BenchmarkPlan") {
		t.Errorf("got %v", err)
	}
}
