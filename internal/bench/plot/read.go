package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// line is one line of the plot.
type line struct {
	name   string
	color  func(palette) string
	dashed bool
	points []point
}

// point is how long a plan takes. It had not ended then if it is unfinished.
type point struct {
	snapshots  float64
	seconds    float64
	unfinished bool
}

// result matches a line such as "BenchmarkPlan/list/snapshots=1000-2   7   617000000 ns/op   0.42 floor-s   0.60 plan-s".
var result = regexp.MustCompile(`^BenchmarkPlan/([^/]+)/snapshots=(\d+)(?:-\d+)?\s+\d+\s(.*)$`)

// readBenchmarks reads the lines of the plot from the output of `go test -bench Plan`.
func readBenchmarks(from io.Reader) ([]line, error) {
	all := line{name: "This provider: all snapshots", color: func(p palette) string { return p.all }}
	newest := line{name: "This provider: the newest", color: func(p palette) string { return p.newest }}
	floor := line{name: "Terraform alone: all snapshots", color: func(p palette) string { return p.floor }, dashed: true}

	lines := bufio.NewScanner(from)
	for lines.Scan() {
		match := result.FindStringSubmatch(lines.Text())
		if match == nil {
			continue
		}
		snapshots, err := strconv.ParseFloat(match[2], 64)
		if err != nil {
			return nil, err
		}
		metrics, err := readMetrics(match[3])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", lines.Text(), err)
		}
		plan := point{snapshots: snapshots, seconds: metrics["plan-s"]}
		switch match[1] {
		case "list":
			all.points = append(all.points, plan)
			floor.points = append(floor.points, point{snapshots: snapshots, seconds: metrics["floor-s"]})
		case "most_recent":
			newest.points = append(newest.points, plan)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc([]line{all, floor, newest}, func(l line) bool { return len(l.points) == 0 }), nil
}

// readMetrics reads pairs of a value and a unit.
func readMetrics(text string) (map[string]float64, error) {
	metrics := map[string]float64{}
	fields := strings.Fields(text)
	for i := 0; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return nil, err
		}
		metrics[fields[i+1]] = value
	}
	return metrics, nil
}

// readOfficial reads rows of a number of snapshots and the seconds of a plan; lines that begin with # are comments.
func readOfficial(from io.Reader) (line, error) {
	recorded := line{name: "Official provider: all snapshots", color: func(p palette) string { return p.official }}
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		snapshots, text, _ := strings.Cut(lines.Text(), " ")
		seconds, unfinished := strings.CutPrefix(text, ">")
		n, err1 := strconv.ParseFloat(snapshots, 64)
		s, err2 := strconv.ParseFloat(seconds, 64)
		if err := cmp.Or(err1, err2); err != nil {
			return line{}, fmt.Errorf("%q: %w", lines.Text(), err)
		}
		recorded.points = append(recorded.points, point{snapshots: n, seconds: s, unfinished: unfinished})
	}
	return recorded, lines.Err()
}
