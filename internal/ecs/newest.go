package ecs

import (
	"context"
	"slices"
	"time"
)

// fromFirstPage gives the result of a query for the newest or the only snapshot where
// the first page of several is enough to find it, however long the list is.
//
// Where exactly one is expected, two that match are enough to know that there are
// several. Of the newest N, the N-th newest of any snapshots that match bounds the
// creation times from below: what was created from then on is a list that has the
// whole answer, in whatever order the service lists, and a short one where it lists
// the newest first.
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
	if oldest.IsZero() || r.withoutTimes {
		return Result{}, false, nil
	}
	asked.CreatedFrom = oldest
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
