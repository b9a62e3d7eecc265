// Package ecs lists snapshots by ECS's DescribeSnapshots: all of them, over all
// pages, in an order of its own, or none and an error.
package ecs

import (
	"context"
	"log/slog"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// The layer above knows the calls' errors, endpoints and credentials by these
// names, and nothing else of how a call is made.
type (
	// Error is a failed call.
	Error = rpc.Error
	// Kind tells where on its way a call failed.
	Kind = rpc.Kind
	// Endpoint is where a service answers.
	Endpoint = rpc.Endpoint
	// Config is what a client needs to know.
	Config = rpc.Config
)

// The kinds of failed calls.
const (
	KindService     = rpc.KindService
	KindStatus      = rpc.KindStatus
	KindRedirect    = rpc.KindRedirect
	KindReply       = rpc.KindReply
	KindNetwork     = rpc.KindNetwork
	KindTLS         = rpc.KindTLS
	KindCredentials = rpc.KindCredentials
)

// ParseEndpoint reads "host", "host:port" or "http(s)://host[:port]".
func ParseEndpoint(text string) (Endpoint, error) { return rpc.ParseEndpoint(text) }

// Client lists snapshots. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	endpoint Endpoint // Zero for each region's own.
	logger   *slog.Logger
	reads    flights[Result]   // Identical reads share one walk,
	probes   flights[struct{}] // and so do probes of the same filter.
}

// NewClient makes a client. It makes no call. A zero endpoint stands for the
// public one of the region that a query names.
func NewClient(config Config, endpoint Endpoint) *Client {
	logger := config.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Client{rpc: rpc.NewClient(config), endpoint: endpoint, logger: logger}
}

// describe gets the query's part at the position, and checks that it is a list.
func (c *Client) describe(ctx context.Context, q Query, at position, p *walkProgress) (*describeSnapshotsReply, error) {
	endpoint := c.endpoint
	if endpoint == (Endpoint{}) {
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
		return nil, &Error{
			Kind: KindReply, Action: action, Host: endpoint.Host,
			Status: reply.Status, RequestID: string(reply.RequestID), Message: problem,
		}
	}
	return &reply, nil
}
