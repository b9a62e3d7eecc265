// Package ecs lists snapshots by the API's DescribeSnapshots: all that match, over
// all pages and in an order of its own, or none and an error.
package ecs

import (
	"context"
	"log/slog"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Client lists snapshots. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	endpoint rpc.Endpoint // Zero for each region's own.
	logger   *slog.Logger
	reads    flights
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

// describe gets one page of what q asks for, and checks that it is one.
func (r *read) describe(ctx context.Context, q Query, at position) (*page, error) {
	endpoint := r.endpoint
	if endpoint == (rpc.Endpoint{}) {
		endpoint = regionEndpoint(q.RegionID)
	}
	p := &page{at: at, asked: time.Now()}
	err := r.rpc.Do(ctx, rpc.Call{
		Endpoint: endpoint,
		Region:   q.RegionID,
		New:      func() rpc.Signable { return newRequest(q, at) },
		Attrs:    []slog.Attr{slog.Int("page", at.number), slog.Bool("by_token", at.byToken)},
		Retried:  r.progress.retry,
	}, &p.reply)
	if err != nil {
		return nil, err
	}
	if problem := p.problem(); problem != "" {
		return nil, &rpc.Error{
			Kind: rpc.KindReply, Action: action, Host: endpoint.Host,
			Status: p.Status, RequestID: string(p.RequestID), Message: problem,
		}
	}
	if err := r.checkValues(ctx, p); err != nil {
		return nil, err
	}
	if at.number == 1 || at.byToken {
		r.progress.expect(1)
	}
	r.progress.page(len(p.list()))
	return p, nil
}
