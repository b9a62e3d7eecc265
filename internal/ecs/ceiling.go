package ecs

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"golang.org/x/sync/errgroup"
)

// The service matches the Tag and ResourceGroupId parameters against at most
// 1,000 resources and passes over the rest without a word, before it applies the
// other parameters. So a short list says nothing: what counts is how many
// resources such a parameter matches by itself.

// errCeiling means that a filter reached the ceiling.
var errCeiling = errors.New("more resources match than the service's filter sees")

// walkBelowCeiling lists the query's snapshots. Where a filter reaches the
// service's ceiling it lists without such filters and applies them here.
func (c *Client) walkBelowCeiling(ctx context.Context, q Query, p *Progress) ([]Snapshot, error) {
	var snapshots []Snapshot
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		snapshots, err = c.walkBatches(groupCtx, q, p)
		return err
	})
	for _, probe := range q.probes() {
		group.Go(func() error {
			err := c.probe(groupCtx, probe)
			var interrupted *InterruptedReadError
			if errors.As(err, &interrupted) {
				p.failed(interrupted.Last)
			}
			return err
		})
	}
	err := group.Wait()
	if !errors.Is(err, errCeiling) {
		return snapshots, err
	}
	c.logger.LogAttrs(ctx, slog.LevelInfo, "The service's tag and resource group filters see at most 1,000 resources; "+
		"listing without them and applying them here", slog.String("region", q.RegionID))
	p.restart()
	snapshots, err = c.walkBatches(ctx, q.withoutCeiling(), p)
	return slices.DeleteFunc(snapshots, func(s Snapshot) bool { return !q.keepCeilinged(&s) }), err
}

// probes gives the queries that tell how much each filter with a ceiling matches
// by itself. A query that is nothing but such a filter is its own probe.
func (q Query) probes() []Query {
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
	q.NameRegex, q.Limit = nil, 0
	if len(probes) == 1 && probes[0].key() == q.key() {
		return nil
	}
	return probes
}

// probe fails with errCeiling if the query's filter reaches the ceiling.
// Identical probes at the same time, of many data sources with the same tags,
// are one.
func (c *Client) probe(ctx context.Context, q Query) error {
	_, err := c.probed.do(ctx, q.key(), func(ctx context.Context, p *Progress) (struct{}, error) {
		page, err := c.describe(ctx, q, position{number: 1, size: 1}, p.walk())
		switch {
		case refusesPageNumbers(err):
			_, err = c.walkTokens(ctx, q, true, p.walk())
		case err == nil && !page.TotalCount.Valid:
			_, err = c.walkTokens(ctx, q, false, p.walk())
		case err == nil && reachesCeiling(q, page.TotalCount.Value):
			err = errCeiling
		}
		return struct{}{}, err
	})
	return err
}

// reachesCeiling tells whether a list of the query's is as long as the service's
// filters see.
func reachesCeiling(q Query, total int64) bool {
	return total >= ceiling && (len(q.Tags) > 0 || q.ResourceGroupID != "")
}
