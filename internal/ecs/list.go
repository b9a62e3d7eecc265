package ecs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
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

// read is one read of a query.
type read struct {
	*Client
	query    Query
	progress progress
	size     atomic.Int64 // Of the pages of the walk that goes on, for maxListSize.
	byToken  atomic.Bool  // The service is known to page by token.

	// Filters that the service is not asked for, since it is of no use. They are applied
	// to its replies alone.
	withoutCapped bool // Tags and resource group: more match than the service sees.
	withoutTimes  bool // The time window: the service refuses it.
}

// list reads what the query asks for, and again without a filter of the service that
// turns out to be of no use.
func (r *read) list(ctx context.Context) (Result, error) {
	for {
		asked := r.asked()
		result, err := r.attempt(ctx, asked)
		switch {
		case errors.Is(err, errCapped):
			r.withoutCapped = true
		case asked.filtersTime() && refuses(err, timeFilterNames):
			r.withoutTimes = true
		default:
			return result, err
		}
		r.logger.LogAttrs(ctx, slog.LevelInfo, "Listing without a filter of the service and applying it here",
			slog.String("region", r.query.RegionID), slog.String("reason", err.Error()))
	}
}

// attempt reads once, by the filters that the service is asked for.
func (r *read) attempt(ctx context.Context, asked Query) (Result, error) {
	batches := asked.batches()
	if len(batches) == 0 {
		return Result{}, nil
	}
	if asked.DryRun {
		return r.dryRun(ctx, batches)
	}
	first, err := r.firstPageBesideProbes(ctx, batches[0])
	if err != nil {
		return Result{}, err
	}
	hasMore := first.token() != "" || first.counted() && first.TotalCount.Value > int64(len(first.list))
	if hasMore && (r.query.Limit > 0 || r.query.Unique) && asked.SnapshotIDs == nil {
		if result, found, err := r.fromFirstPage(ctx, asked, first); found || err != nil {
			return result, err
		}
	}
	return r.whole(ctx, batches, first)
}

// whole gives the result of the whole list. The first page of the first batch may be
// there already.
func (r *read) whole(ctx context.Context, batches []Query, first *page) (Result, error) {
	lists := make([][]Snapshot, len(batches))
	group, ctx := errgroup.WithContext(ctx)
	for i, batch := range batches {
		begun := first
		first = nil
		group.Go(func() (err error) {
			lists[i], err = r.walk(ctx, batch, begun)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Result{}, err
	}
	return r.result(slices.Concat(lists...))
}

// result applies the filters and puts what is left in order, each snapshot once: a
// service that ignores ids lists the same for each batch. It takes the list over.
func (r *read) result(list []Snapshot) (Result, error) {
	asked := r.asked()
	if len(asked.Tags) < len(r.query.Tags) && slices.ContainsFunc(list, func(s Snapshot) bool { return len(s.Tags) > 0 }) {
		// The service does show tags: a snapshot without them has none.
		for i := range list {
			if list[i].Tags == nil {
				list[i].Tags = Tags{}
			}
		}
	}
	listed := make(map[Text]bool, len(list))
	var result Result
	kept := list[:0]
	for i := range list {
		s := &list[i]
		switch keep, err := r.keep(s, &asked); {
		case err != nil:
			return Result{}, err
		case !keep || listed[s.SnapshotID]:
		case r.query.UsableOnly && !s.Usable():
			result.Unusable = append(result.Unusable, *s)
		default:
			kept = append(kept, *s)
		}
		listed[s.SnapshotID] = true
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
		return cmp.Or(b.CreationTime.Value.Compare(a.CreationTime.Value), cmp.Compare(a.SnapshotID, b.SnapshotID))
	})
}

// dryRun makes the query's requests as dry runs.
func (r *read) dryRun(ctx context.Context, batches []Query) (Result, error) {
	for _, batch := range batches {
		_, err := r.firstPage(ctx, batch, false)
		ignored := err == nil || errors.Is(err, errCapped)
		if e := refusal(err); !ignored && (e == nil || e.Code != "DryRunOperation") { // Which says that it passed.
			return Result{}, err
		}
	}
	return Result{DryRunPassed: true}, nil
}
