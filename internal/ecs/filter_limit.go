package ecs

import (
	"context"
	"errors"
	"log/slog"

	"golang.org/x/sync/errgroup"
)

// The service matches the Tag and ResourceGroupId parameters against at most
// 1,000 resources and leaves out the rest without a word, before it applies the
// other parameters. So a short list says nothing: what counts is how many
// resources such a parameter matches by itself.

// errFilterLimit means that a filter reached that limit.
var errFilterLimit = errors.New("more resources match than the service's filter sees")

// listBeyondFilterLimit lists the query's snapshots. Where a filter reaches the
// service's limit it lists without such filters and applies them here.
func (c *Client) listBeyondFilterLimit(ctx context.Context, q Query, p *Progress) ([]Snapshot, error) {
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
	if !errors.Is(err, errFilterLimit) {
		return snapshots, err
	}
	c.logger.LogAttrs(ctx, slog.LevelInfo, "The service's tag and resource group filters see at most 1,000 resources; "+
		"listing without them and applying them here", slog.String("region", q.RegionID))
	p.restart()
	all, err := c.walkBatches(ctx, q.withoutLimited(), p)
	if err != nil {
		return nil, err
	}
	return q.keepLimited(all)
}

// probes gives the queries that tell how much each limited filter matches by
// itself. A query that is nothing but such a filter is its own probe.
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
	if len(probes) == 1 && q.onlyLimited() {
		return nil
	}
	return probes
}

// onlyLimited tells whether the service is asked for nothing but limited filters.
func (q Query) onlyLimited() bool {
	q = q.withoutLimited()
	q.NameRegex, q.Limit = nil, 0 // Applied here, as the rest.
	if q.Encrypted != nil && !*q.Encrypted {
		q.Encrypted = nil
	}
	return q.key() == Query{RegionID: q.RegionID}.key()
}

// probe fails with errFilterLimit if the query's filter reaches the limit.
// Identical probes at the same time, of many data sources with the same tags,
// are one.
func (c *Client) probe(ctx context.Context, q Query) error {
	_, err := c.probes.do(ctx, q.key(), func(ctx context.Context, p *Progress) (struct{}, error) {
		walk := p.walk()
		first, err := c.firstPage(ctx, q, walk)
		if err == nil && !first.byNumber {
			_, err = c.walkTokens(ctx, q, first.tokens, walk)
		}
		return struct{}{}, err
	})
	return err
}

// reachesFilterLimit tells whether a list of the query's is as long as the
// service's filters see.
func reachesFilterLimit(q Query, total int64) bool {
	return total >= filterLimit && (len(q.Tags) > 0 || q.ResourceGroupID != "")
}

// withoutLimited is the query without the limited filters.
func (q Query) withoutLimited() Query {
	q.Tags, q.ResourceGroupID = nil, ""
	return q
}

// keepLimited applies the limited filters. It fails where the replies don't have
// what they go by.
func (q Query) keepLimited(all []Snapshot) ([]Snapshot, error) {
	var kept []Snapshot
	for i := range all {
		s := &all[i]
		if q.ResourceGroupID != "" && s.ResourceGroupID == "" {
			return nil, incomplete("the service's filter sees at most 1,000 resources, and its replies don't say which resource group snapshot %s is in", s.SnapshotID)
		}
		if q.matchesLimited(s) {
			kept = append(kept, *s)
		}
	}
	if len(kept) == 0 && q.onlyLimited() {
		return nil, incomplete("the service's filters see at most 1,000 resources, and its replies don't have the tags to filter by")
	}
	return kept, nil
}

// matchesLimited applies the limited filters to one snapshot.
func (q Query) matchesLimited(s *Snapshot) bool {
	if q.ResourceGroupID != "" && string(s.ResourceGroupID) != q.ResourceGroupID {
		return false
	}
	for key, value := range q.Tags {
		if got, ok := s.Tags[key]; !ok || value != nil && got != *value {
			return false
		}
	}
	return true
}
