// Package ecs lists snapshots by ECS's DescribeSnapshots: all of them, over all
// pages, in an order of its own, or none and an error.
package ecs

import (
	"context"
	"log/slog"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Client lists snapshots. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	endpoint rpc.Endpoint // Zero for each region's own.
	logger   *slog.Logger
	reads    flights[Result]   // Identical reads share one walk,
	probes   flights[struct{}] // and so do probes of the same filter.
}

// NewClient makes a client. It makes no call. A zero endpoint stands for the
// public one of the region that a query names.
func NewClient(config rpc.Config, endpoint rpc.Endpoint) *Client {
	logger := config.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Client{rpc: rpc.NewClient(config), endpoint: endpoint, logger: logger}
}

// describe gets the query's part at the position, and checks that it is a list.
func (c *Client) describe(ctx context.Context, q Query, at position, p *walkProgress) (*describeSnapshotsReply, error) {
	endpoint := c.endpoint
	if endpoint == (rpc.Endpoint{}) {
		endpoint = regionEndpoint(q.RegionID)
	}
	var reply describeSnapshotsReply
	err := c.rpc.Do(ctx, rpc.Call{
		Endpoint: endpoint,
		Region:   q.RegionID,
		New:      func() rpc.Signable { return newRequest(q, at) },
		Attrs:    []slog.Attr{slog.Int("page", at.number), slog.Bool("by_token", at.byToken)},
		Retried:  p.retry,
	}, &reply)
	if err != nil {
		return nil, err
	}
	if problem := reply.problem(at); problem != "" {
		return nil, &rpc.Error{
			Kind: rpc.KindReply, Action: action, Host: endpoint.Host,
			Status: reply.Status, RequestID: string(reply.RequestID), Message: problem,
		}
	}
	return &reply, nil
}
