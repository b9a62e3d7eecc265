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
