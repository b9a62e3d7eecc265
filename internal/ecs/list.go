package ecs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Result is what a read gives.
type Result struct {
	Snapshots []Snapshot // Newest first; see [Sort]. Shared between identical reads: not to be changed.

	Unusable     []Snapshot // With UsableOnly: what passed every other filter.
	Count        int        // How many match.
	AtLeast      bool       // Count is a lower bound.
	DryRunPassed bool       // Nothing was listed.
}

// List gives all snapshots that the query asks for, or an error: never a part of
// them. Identical reads that run at the same time are one.
//
// Errors are an [*rpc.Error] for a failed call, an [*InterruptedReadError] where the
// context ended, and an [*IncompleteError] where the service's answers contradict
// each other.
func (c *Client) List(ctx context.Context, q Query) (Result, error) {
	return c.reads.do(ctx, q.key(), func(ctx context.Context, p *Progress) (Result, error) {
		start := time.Now()
		result, err := c.list(ctx, q, p)
		outcome := "Read snapshots"
		if err != nil {
			outcome = "Could not read snapshots"
		}
		c.logger.LogAttrs(ctx, slog.LevelInfo, outcome,
			slog.String("region", q.RegionID),
			slog.String("progress", p.String()),
			slog.Int("pages", p.sum().pages),
			slog.Int("snapshots", len(result.Snapshots)),
			slog.Int("retries", p.retries()),
			slog.Int64("duration_ms", time.Since(start).Milliseconds()))
		return result, err
	})
}

// key is equal for equal queries.
func (q Query) key() string {
	text, _ := json.Marshal(q) // Nothing in it can fail. Nil and empty ids differ.
	return string(text)
}

// list reads what the query asks for.
func (c *Client) list(ctx context.Context, q Query, p *Progress) (Result, error) {
	if q.DryRun {
		return c.check(ctx, q, p)
	}
	snapshots, err := c.listBeyondFilterLimit(ctx, q, p)
	if err != nil {
		return Result{}, err
	}
	kept := slices.DeleteFunc(snapshots, func(s Snapshot) bool { return !q.keep(&s) })
	Sort(kept)
	if q.Limit > 0 {
		kept = kept[:min(len(kept), q.Limit)]
	}
	return Result{Snapshots: slices.Clip(kept), Count: len(kept)}, nil
}

// walkBatches walks the query's batches side by side.
func (c *Client) walkBatches(ctx context.Context, q Query, p *Progress) ([]Snapshot, error) {
	batches := q.batches()
	lists := make([][]Snapshot, len(batches))
	group, ctx := errgroup.WithContext(ctx)
	for i, batch := range batches {
		group.Go(func() (err error) {
			lists[i], err = c.walk(ctx, batch, p.walk())
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(lists...), err
}

// check makes the query's requests as dry runs.
func (c *Client) check(ctx context.Context, q Query, p *Progress) (Result, error) {
	var result Result
	walk := p.walk()
	for _, batch := range q.batches() {
		_, err := c.describe(ctx, batch, position{number: 1, size: pageSize}, walk)
		if refusesPageNumbers(err) {
			_, err = c.describe(ctx, batch, position{number: 1, size: pageSize, byToken: true}, walk)
		}
		var failure *rpc.Error
		if errors.As(err, &failure) && failure.Code == "DryRunOperation" {
			err = nil // The service's way to say that all is well.
		}
		if err != nil {
			return Result{}, err
		}
		result.DryRunPassed = true
	}
	return result, nil
}
