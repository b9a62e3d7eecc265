package ecs

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// The service matches the Tag and ResourceGroupId parameters against at most
// 1,000 resources and leaves out the rest without a word, before it applies the
// other parameters. So a short list says nothing: what counts is how many
// resources such a parameter matches by itself.

// errCapped means that a filter reached that cap.
var errCapped = errors.New("more resources match than the service's filter sees")

// reachesCap tells whether a list of the query's is as long as the service's filters
// see.
func (q *Query) reachesCap(total int64) bool {
	return total >= filterCap && (len(q.Tags) > 0 || q.ResourceGroupID != "")
}

// probes gives the queries that tell how much each filter with a cap matches by
// itself. A query that is nothing but such a filter is its own probe.
func (q *Query) probes() []Query {
	if q.SnapshotIDs != nil && len(q.SnapshotIDs) == 0 {
		return nil // No call is made for it.
	}
	var probes []Query
	if len(q.Tags) > 0 {
		probes = append(probes, Query{RegionID: q.RegionID, Tags: q.Tags})
	}
	if q.ResourceGroupID != "" {
		probes = append(probes, Query{RegionID: q.RegionID, ResourceGroupID: q.ResourceGroupID})
	}
	if len(probes) == 1 && q.asksOnly(probes[0]) {
		return nil
	}
	return probes
}

// asksOnly tells whether the service is asked for nothing but the probe's filter.
func (q Query) asksOnly(probe Query) bool {
	q.NameRegex, q.Limit, q.UsableOnly, q.Unique = nil, 0, false, false // Applied here.
	if q.Encrypted != nil && !*q.Encrypted {
		q.Encrypted = nil
	}
	return q.key() == probe.key()
}

// beside reads while the probes find out whether a filter reaches the cap, and fails
// with errCapped where one does.
func (r *read) beside(ctx context.Context, probes []Query, read func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return read(ctx) })
	for _, probe := range probes {
		group.Go(func() error {
			first, err := r.firstPage(ctx, probe)
			if err == nil && !first.counted() {
				_, err = r.walkTokens(ctx, probe, first)
			}
			return err
		})
	}
	return group.Wait()
}
