package ecs

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Result is what a read gives. It is shared between identical reads and not to be
// changed.
type Result struct {
	Snapshots    []Snapshot // Newest first; see [Sort].
	Unusable     []Snapshot // With UsableOnly: those that match otherwise but can't be used, newest first, as far as read.
	Count        int        // How many match. With a limit or Unique, Snapshots may be fewer.
	AtLeast      bool       // Count is a lower bound: the rest wasn't read.
	DryRunPassed bool       // A dry run passed; nothing was listed.
}

// List gives all snapshots that the query asks for, or an error: never a part of
// them. Identical reads that run at the same time are one.
//
// Errors are an [*rpc.Error] for a failed call, an [*InterruptedReadError] where the
// context ended, an [*IncompleteError] where the service's answers contradict each
// other or lack what a filter needs, and a [*ValueError] where a value can't be read
// on which the result depends.
func (c *Client) List(ctx context.Context, q Query) (Result, error) {
	q = q.normalized()
	return c.reads.do(ctx, q.key(), func(ctx context.Context, p *progress) (Result, error) {
		start := time.Now()
		result, err := (&read{Client: c, query: q, progress: p}).run(ctx)
		outcome := "Read snapshots"
		if err != nil {
			outcome = "Could not read snapshots"
		}
		c.logger.LogAttrs(ctx, slog.LevelInfo, outcome,
			slog.String("region", q.RegionID),
			slog.String("progress", p.String()),
			slog.Int("pages", p.pages),
			slog.Int("snapshots", len(result.Snapshots)),
			slog.Int("retries", p.retries),
			slog.Int64("duration_ms", time.Since(start).Milliseconds()))
		return result, err
	})
}

// read is one read of a query.
type read struct {
	*Client
	query    Query
	progress *progress
	unasked  unasked
	byToken  atomic.Bool // The service is known to page by token.
}

// unasked tells which filters the service is not asked for. They are applied here
// alone.
type unasked struct {
	capped   bool // Tags and resource group: more match than these filters of the service see.
	times    bool // The time window: the service refuses such a filter.
	nonASCII bool // Name and tags that aren't ASCII: nothing has their very bytes.
}

// run reads what the query asks for. Where a filter of the service turns out to be of
// no use, it reads again without.
func (r *read) run(ctx context.Context) (Result, error) {
	for {
		result, err := r.attempt(ctx)
		none := err == nil && len(result.Snapshots)+len(result.Unusable) == 0 && !result.DryRunPassed
		var why string
		switch {
		case errors.Is(err, errCapped) && !r.unasked.capped:
			r.unasked.capped = true
			why = "its tag and resource group filters see at most 1,000 resources"
		case r.filtersTime() && !r.unasked.times && refusesTimeFilter(err):
			r.unasked.times = true
			why = "it refuses its time filter"
		case none && !r.unasked.nonASCII && r.filtersNonASCII():
			r.unasked.nonASCII = true
			why = "it compares names and tags byte by byte, and these may be written in another Unicode form"
		default:
			return result, err
		}
		r.logger.LogAttrs(ctx, slog.LevelInfo, "Listing without a filter of the service and applying it here",
			slog.String("region", r.query.RegionID), slog.String("reason", why))
	}
}

// asked is the query that the service gets.
func (r *read) asked() Query {
	q := r.query
	if r.unasked.capped {
		q.Tags, q.ResourceGroupID = nil, ""
	}
	if r.unasked.times {
		q.CreatedFrom, q.CreatedTo = time.Time{}, time.Time{}
	}
	if r.unasked.nonASCII {
		q = q.withoutNonASCII()
	}
	return q
}

func (r *read) filtersTime() bool {
	return !r.query.CreatedFrom.IsZero() || !r.query.CreatedTo.IsZero()
}

func (r *read) filtersNonASCII() bool {
	q := r.asked()
	return q.SnapshotIDs == nil && q.key() != q.withoutNonASCII().key()
}

// attempt reads once, by the filters that the service is asked for now.
func (r *read) attempt(ctx context.Context) (Result, error) {
	asked := r.asked()
	if asked.DryRun {
		return r.dryRun(ctx, asked)
	}
	probes := asked.probes()
	var first *page
	if asked.SnapshotIDs == nil && (asked.Limit > 0 || asked.Unique) {
		err := r.beside(ctx, probes, func(ctx context.Context) (err error) {
			first, err = r.firstPage(ctx, asked)
			return err
		})
		if err != nil {
			return Result{}, err
		}
		if first.hasMore() {
			if result, found, err := r.fromFirstPage(ctx, asked, first); found || err != nil {
				return result, err
			}
		}
		probes = nil
	}
	var list []Snapshot
	err := r.beside(ctx, probes, func(ctx context.Context) (err error) {
		list, err = r.whole(ctx, asked, first)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	return r.result(list)
}

// whole reads the whole list, in any order, batches of ids side by side. The first
// page may be there already.
func (r *read) whole(ctx context.Context, asked Query, first *page) ([]Snapshot, error) {
	batches := asked.batches()
	lists := make([][]Snapshot, len(batches))
	group, ctx := errgroup.WithContext(ctx)
	for i, batch := range batches {
		group.Go(func() (err error) {
			lists[i], err = r.walk(ctx, batch, first)
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(lists...), err
}

// result applies the filters and puts what is left in order. It takes the list over.
func (r *read) result(list []Snapshot) (Result, error) {
	if r.unasked.capped && slices.ContainsFunc(list, func(s Snapshot) bool { return len(s.Tags) > 0 }) {
		// The service does show tags: a snapshot without them has none.
		for i := range list {
			if list[i].Tags == nil {
				list[i].Tags = Tags{}
			}
		}
	}
	var result Result
	kept := list[:0]
	for i := range list {
		s := &list[i]
		switch keep, err := r.query.keep(s, r.unasked); {
		case err != nil:
			return Result{}, err
		case !keep:
		case r.query.UsableOnly && !s.Usable():
			result.Unusable = append(result.Unusable, *s)
		default:
			kept = append(kept, *s)
		}
	}
	Sort(kept)
	Sort(result.Unusable)
	result.Count = len(kept)
	if r.query.Limit > 0 {
		kept = kept[:min(len(kept), r.query.Limit)]
	}
	result.Snapshots = slices.Clip(kept)
	return result, nil
}

// Sort puts the newest first. Equal times are ordered by id, and snapshots that
// are not cut yet, which have no time, come last.
func Sort(snapshots []Snapshot) {
	slices.SortFunc(snapshots, func(a, b Snapshot) int {
		if c := b.CreationTime.Compare(a.CreationTime.Time); c != 0 {
			return c
		}
		return strings.Compare(string(a.SnapshotID), string(b.SnapshotID))
	})
}

// dryRun makes the query's requests as dry runs.
func (r *read) dryRun(ctx context.Context, asked Query) (Result, error) {
	var result Result
	for _, batch := range asked.batches() {
		_, err := r.firstPage(ctx, batch)
		var failure *rpc.Error
		if errors.As(err, &failure) && failure.Code == "DryRunOperation" {
			err = nil // The service's way to say that all is well.
		}
		if err != nil && !errors.Is(err, errCapped) {
			return Result{}, err
		}
		result.DryRunPassed = true
	}
	return result, nil
}
