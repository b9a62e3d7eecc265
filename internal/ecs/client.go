// Package ecs lists snapshots by the API's DescribeSnapshots: all that match, over
// all pages and in an order of its own, or none and an error.
package ecs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Client lists snapshots. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	endpoint rpc.Endpoint // Zero for each region's own.
	logger   *slog.Logger
	reads    singleflight.Group
}

// NewClient makes a client, without a call.
func NewClient(config rpc.Config, endpoint rpc.Endpoint) *Client {
	return &Client{
		rpc:      rpc.NewClient(config),
		endpoint: endpoint,
		logger:   cmp.Or(config.Logger, slog.New(slog.DiscardHandler)),
	}
}

// List gives all snapshots that the query asks for, or an error: never a part of
// them. Identical reads that run at the same time are one.
//
// Errors are an [*rpc.Error] for a failed call, an [*InterruptedReadError] where the
// context ended, an [*IncompleteError] where the API's answers contradict each other
// or lack what a filter needs, and a [*ValueError] where a value can't be read on which
// the result depends.
func (c *Client) List(ctx context.Context, q Query) (Result, error) {
	r := &read{Client: c, query: q}
	for {
		done := c.reads.DoChan(r.query.key(), func() (any, error) { return r.run(ctx) })
		select {
		case outcome := <-done:
			if errors.As(outcome.Err, new(*InterruptedReadError)) && ctx.Err() == nil {
				continue // Another caller, whose context ended, had begun the read.
			}
			result, _ := outcome.Val.(Result)
			return result, outcome.Err
		case <-ctx.Done():
			return Result{}, r.interrupted(ctx)
		}
	}
}

// run reads and logs how that went.
func (r *read) run(ctx context.Context) (Result, error) {
	start := time.Now()
	result, err := r.list(ctx)
	outcome := "Read snapshots"
	if err != nil {
		outcome = "Could not read snapshots"
		if ctx.Err() != nil {
			err = r.interrupted(ctx)
		}
	}
	r.logger.LogAttrs(ctx, slog.LevelInfo, outcome,
		slog.String("region", r.query.RegionID),
		slog.String("progress", r.progress.String()),
		slog.Int("snapshots", len(result.Snapshots)),
		slog.Int64("retries", r.progress.retries.Load()),
		slog.Int64("duration_ms", time.Since(start).Milliseconds()))
	return result, err
}

// describe gets one page of what q asks for, and checks that it is one.
func (r *read) describe(ctx context.Context, q Query, at position) (*page, error) {
	endpoint := cmp.Or(r.endpoint, regionEndpoint(q.RegionID))
	p, asked := new(page), time.Now()
	err := r.rpc.Do(ctx, rpc.Call{
		Endpoint:   endpoint,
		Action:     action,
		Version:    "2014-05-26",
		Parameters: parametersOf(q, at),
		Attrs:      []slog.Attr{slog.Int("page", at.number), slog.Bool("by_token", at.byToken)},
		Retried:    r.progress.retry,
	}, p)
	if err != nil {
		return nil, err
	}
	p.at, p.asked = at, asked
	if err := p.read(); err != nil {
		return nil, &rpc.Error{
			Kind: rpc.KindReply, Action: action, Host: endpoint.Host,
			Status: p.Status, RequestID: string(p.RequestID), Message: err.Error(),
		}
	}
	if at.number == 1 || at.byToken {
		r.progress.expected.Add(1)
	}
	if r.size.Add(int64(max(p.Size, len(p.list)<<10))) > maxListSize {
		return nil, incomplete("the list is longer than %d MiB, which is too long for Terraform; narrow the filters", maxListSize>>20)
	}
	r.progress.pages.Add(1)
	r.progress.snapshots.Add(int64(len(p.list)))
	return p, r.checkValues(ctx, p)
}

// progress counts what a read has done so far, over all that it read again. It is
// safe for concurrent use.
type progress struct {
	pages     atomic.Int64
	expected  atomic.Int64 // Pages to read, as far as known.
	snapshots atomic.Int64
	retries   atomic.Int64          // Calls that failed and were made again.
	failure   atomic.Pointer[error] // What failed last; nil where nothing did.
}

func (p *progress) failed(err error) { p.failure.Store(&err) }

func (p *progress) retry(failure *rpc.Error) {
	p.failed(failure)
	p.retries.Add(1)
}

// String tells how far the read got.
func (p *progress) String() string {
	if p.expected.Load() == 0 {
		return "no page was read"
	}
	return fmt.Sprintf("%d of %d pages with %d snapshots were read", p.pages.Load(), p.expected.Load(), p.snapshots.Load())
}

// interrupted is the error of a read whose context has ended.
func (r *read) interrupted(ctx context.Context) error {
	e := &InterruptedReadError{Cause: ctx.Err(), Progress: r.progress.String()}
	if failure := r.progress.failure.Load(); failure != nil {
		e.Last = *failure
	}
	return e
}
