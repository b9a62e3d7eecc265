// Command plot draws the time of a plan over the number of snapshots, from the output of BenchmarkPlan on its standard
// input and the figures of the official provider in official.txt. It writes two pictures, for light and dark pages:
//
//	go run ./internal/bench/plot -out plan-time <.cache/bench.txt
//
// writes plan-time-light.svg and plan-time-dark.svg.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

//go:embed official.txt
var official string

func main() {
	out := flag.String("out", "plan-time", "`path` of the pictures, without -light.svg and -dark.svg")
	flag.Parse()
	if err := run(os.Stdin, *out); err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(1)
	}
}

func run(benchmarks io.Reader, out string) error {
	lines, err := readBenchmarks(benchmarks)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return errors.New("no result of BenchmarkPlan in the input")
	}
	recorded, err := readOfficial(strings.NewReader(official))
	if err != nil {
		return err
	}
	lines = append(lines, recorded)
	for name, colors := range map[string]palette{"light": light, "dark": dark} {
		if err := os.WriteFile(out+"-"+name+".svg", []byte(draw(lines, colors)), 0o600); err != nil {
			return err
		}
	}
	return nil
}
