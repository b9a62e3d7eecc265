package ecs

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

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
	hasMore := first.counted() && first.TotalCount.Value > int64(len(first.list)) || !first.counted() && first.token() != ""
	if hasMore && (r.query.Limit > 0 || r.query.Unique) && asked.SnapshotIDs == nil {
		if result, found, err := r.fromFirstPage(ctx, asked, first); found || err != nil {
			return result, err
		}
	}
	return r.whole(ctx, batches, first)
}

// errCapped means that more resources match a tag or resource group than the service
// sees: it matches these parameters by themselves against at most 1,000, and leaves out
// the rest without a word, before it applies the others.
var errCapped = errors.New("the service's tag and resource group filters see at most 1,000 resources")

// isCapped tells whether the query has such a filter.
func (q *Query) isCapped() bool { return len(q.Tags) > 0 || q.ResourceGroupID != "" }

// firstPageBesideProbes begins a read while probes find out whether one of these filters
// by itself reaches the cap, and fails with errCapped where one does. A query that is
// nothing but such a filter is its own probe.
func (r *read) firstPageBesideProbes(ctx context.Context, q Query) (first *page, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		first, err = r.firstPage(ctx, q, false)
		return err
	})
	for _, probe := range []Query{
		{RegionID: q.RegionID, Tags: q.Tags},
		{RegionID: q.RegionID, ResourceGroupID: q.ResourceGroupID},
	} {
		if !probe.isCapped() || probe.key() == q.key() {
			continue
		}
		group.Go(func() error {
			p, err := r.firstPage(ctx, probe, false)
			if err == nil && !p.counted() {
				_, err = r.walkTokens(ctx, probe, p)
			}
			return err
		})
	}
	err = group.Wait()
	return first, err
}

// fromFirstPage gives the result of a query for the newest or the only snapshot where
// the first page of several is enough to find it, however long the list is.
//
// Where exactly one is expected, two that match are enough. Of the newest N, the N-th
// newest that matches bounds the creation times from below: what was created from then on
// has the whole answer, and is a short list where the service lists the newest first.
func (r *read) fromFirstPage(ctx context.Context, asked Query, first *page) (result Result, found bool, err error) {
	result, err = r.result(slices.Clone(first.list))
	if err != nil {
		return Result{}, false, nil //nolint:nilerr // The whole list may tell what the page doesn't.
	}
	if r.query.Unique {
		if result.AtLeast = !r.countsExactly(first, result); !result.AtLeast {
			result.Count = int(first.TotalCount.Value)
		}
		return result, len(result.Snapshots) > 1, nil
	}
	oldest := result.oldestOf(r.query.Limit)
	if oldest.IsZero() || r.withoutTimes || asked.isCapped() && !first.counted() {
		return Result{}, false, nil // Without a count, only the whole list shows that the cap isn't reached.
	}
	asked.CreationStartTime = oldest
	result, err = r.whole(ctx, []Query{asked}, nil)
	if refusal(err) != nil {
		return Result{}, false, nil //nolint:nilerr // The service serves the list without a time filter.
	}
	result.AtLeast = true
	return result, !result.oldestOf(r.query.Limit).Before(oldest), err // Some may have been deleted since.
}

// oldestOf gives the creation time of the last of n snapshots; zero where there are
// fewer that have one.
func (r *Result) oldestOf(n int) time.Time {
	if len(r.Snapshots) < n {
		return time.Time{}
	}
	return r.Snapshots[n-1].CreationTime.Value
}

// countsExactly tells whether the first page's total counts just what matches: the
// service is asked for every filter that has to match, and all of the page does.
func (r *read) countsExactly(first *page, result Result) bool {
	q := r.query
	q.Unique = false
	return first.counted() && result.Count == len(first.list) && r.asked().key() == q.key() &&
		(q.Encrypted == nil || *q.Encrypted) && !q.filtersTime() && !q.isCapped()
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
	showsTags := len(asked.Tags) < len(r.query.Tags) && slices.ContainsFunc(list, func(s Snapshot) bool { return len(s.Tags) > 0 })
	listed := make(map[Text]bool, len(list))
	var result Result
	kept := list[:0]
	for i := range list {
		s := &list[i]
		if showsTags && s.Tags == nil {
			s.Tags = Tags{} // It has none.
		}
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
