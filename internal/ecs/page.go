package ecs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// position is a place in a list: a page's number, or a token.
type position struct {
	number  int    // From 1. By token, the pages are only counted.
	size    int    // The most snapshots to answer with.
	byToken bool   // Whether the token counts, or else the number.
	token   string // Empty at the start.
}

// page is a reply of DescribeSnapshots.
type page struct {
	rpc.Reply
	// Snapshots is nil where the reply isn't a list at all. The array has one more than a
	// page, to see one that is too long; what is beyond an array isn't even decoded, and
	// millions of empty snapshots compress well.
	Snapshots  *struct{ Snapshot *[pageSize + 1]*wireSnapshot }
	TotalCount Int
	PageSize   Int
	NextToken  *Text // Nil where the service doesn't page by token; empty at the end.

	at    position
	asked time.Time // By this machine's clock.
	list  []Snapshot
}

// wireSnapshot tells a name that was sent empty from one that the reply lacks.
type wireSnapshot struct {
	Snapshot
	SnapshotName *Text
}

func (p *page) token() string { return string(*cmp.Or(p.NextToken, new(Text))) }

// size is how many snapshots a full page has. A service may cap it below what was
// asked for, and says so.
func (p *page) size() int {
	if n := len(p.list); n > 0 && p.PageSize == (Int{Value: int64(n), Valid: true}) {
		return n
	}
	return p.at.size
}

// counted tells whether the page was asked for by number and names a total that goes
// with it. In the style of tokens, a total is absent or means nothing.
func (p *page) counted() bool {
	n, total := int64(len(p.list)), p.TotalCount
	return !p.at.byToken && total.Valid && (total.Value != 0 || n == 0) &&
		(p.token() == "" || n == min(int64(p.size()), total.Value))
}

// read takes the snapshots out of the reply. It fails where the reply can't be the page
// that was asked for. Some gateways write an empty list as null, or nothing.
func (p *page) read() error {
	if p.Snapshots == nil || p.Snapshots.Snapshot == nil && !p.TotalCount.Valid {
		return errors.New("the response has no Snapshots")
	}
	if array := p.Snapshots.Snapshot; array != nil {
		n := slices.Index(array[:], nil)
		if n < 0 || n > p.at.size {
			return fmt.Errorf("the page has more snapshots than the %d that were asked for", p.at.size)
		}
		if slices.ContainsFunc(array[n:], func(s *wireSnapshot) bool { return s != nil }) {
			return errors.New("a snapshot of the page is null")
		}
		p.list = make([]Snapshot, n)
		for i := range p.list {
			s := &p.list[i]
			*s = array[i].Snapshot
			if name := array[i].SnapshotName; name != nil {
				s.SnapshotName = Text(norm.NFC.String(string(*name)))
				s.Unnamed = *name == ""
			}
		}
	}
	if n := len(p.token()); n > 16<<10 { // Far above any token. Each is sent back, and signed.
		return fmt.Errorf("the token of the next page has %d bytes", n)
	}
	return nil
}

// checkValues fails for a value that can't be read if the result's order or a filter goes
// by it. Any other counts as absent, and the log says so.
func (r *read) checkValues(ctx context.Context, p *page) error {
	decides := map[string]bool{
		"CreationTime": true,
		"Encrypted":    r.query.Encrypted != nil,
		"Available":    r.query.UsableOnly,
		"Tags":         len(r.query.Tags) > 0,
	}
	for i := range p.list {
		s := &p.list[i]
		if s.SnapshotID == "" {
			return &ValueError{Field: "SnapshotId", RequestID: string(p.RequestID)}
		}
		for field, value := range reflect.ValueOf(s).Elem().Fields() {
			decoded, ok := value.Addr().Interface().(interface{ unreadable() string })
			if !ok || decoded.unreadable() == "" {
				continue
			}
			e := &ValueError{
				SnapshotID: rpc.Redact(string(s.SnapshotID)),
				Field:      field.Name,
				Value:      rpc.Redact(fmt.Sprintf("%.100s", decoded.unreadable())),
				RequestID:  string(p.RequestID),
			}
			if decides[e.Field] {
				return e
			}
			r.logger.LogAttrs(ctx, slog.LevelWarn, "A value of the reply can't be read and counts as absent",
				slog.String("snapshot", e.SnapshotID), slog.String("field", e.Field),
				slog.String("value", e.Value), slog.String("request_id", e.RequestID))
		}
		if s.Tags.unreadable() != "" {
			s.Tags = nil
		}
	}
	return nil
}
