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

const cappedWhy = "the service's tag and resource group filters see at most 1,000 resources"

// errCapped means that a filter reached that cap.
var errCapped = errors.New("more resources match than the service's filter sees")

// reachesCap tells whether a list of the query's is as long as the service's filters
// see.
func (q *Query) reachesCap(total int64) bool {
	return total >= filterCap && (len(q.Tags) > 0 || q.ResourceGroupID != "")
}

// probes gives the queries that tell how much each filter with a cap matches by
// itself. A query that is nothing but such a filter is its own probe.
func (q Query) probes() (probes []Query) {
	if len(q.Tags) > 0 {
		probes = append(probes, Query{RegionID: q.RegionID, Tags: q.Tags})
	}
	if q.ResourceGroupID != "" {
		probes = append(probes, Query{RegionID: q.RegionID, ResourceGroupID: q.ResourceGroupID})
	}
	if len(probes) == 1 && probes[0].key() == q.key() {
		return nil
	}
	return probes
}

// firstPageBesideProbes begins a read while the probes find out whether a filter
// reaches the cap, and fails with errCapped where one does.
func (r *read) firstPageBesideProbes(ctx context.Context, q Query) (first *page, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		first, err = r.firstPage(ctx, q, false)
		return err
	})
	for _, probe := range q.probes() {
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
