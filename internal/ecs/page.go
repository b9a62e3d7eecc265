package ecs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
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
	reply
	at    position
	asked time.Time // By this machine's clock.
}

type reply struct {
	rpc.Reply
	Snapshots  *struct{ Snapshot snapshotList } // Nil where the reply isn't a list at all.
	TotalCount Int
	PageSize   Int
	NextToken  *Text // Nil where the service doesn't page by token; empty at the end.
}

func (p *page) list() []Snapshot { return p.Snapshots.Snapshot.snapshots }

func (p *page) token() string {
	if p.NextToken == nil {
		return ""
	}
	return string(*p.NextToken)
}

// size is how many snapshots a full page has. A service may cap it below what was
// asked for, and says so.
func (p *page) size() int {
	if n := len(p.list()); n > 0 && p.PageSize == (Int{int64(n), true}) {
		return n
	}
	return p.at.size
}

// counted tells whether the page was asked for by number and names a total that goes
// with it. In the style of tokens, a total is absent or means nothing.
func (p *page) counted() bool {
	n, total := int64(len(p.list())), p.TotalCount
	return !p.at.byToken && total.Valid && (total.Value != 0 || n == 0) &&
		(p.token() == "" || n == min(int64(p.size()), total.Value))
}

// hasMore tells whether pages follow, as far as the page says.
func (p *page) hasMore() bool {
	if p.counted() {
		return p.TotalCount.Value > int64(len(p.list()))
	}
	return p.token() != ""
}

// problem says why the reply can't be the page that was asked for; "" where it can.
func (p *page) problem() string {
	if p.Snapshots == nil || p.list() == nil && !p.mayBeEmpty() {
		return "the reply has no Snapshots"
	}
	if n := len(p.list()); n > p.at.size {
		return fmt.Sprintf("the page has more snapshots than the %d that were asked for", p.at.size)
	}
	if n := len(p.token()); n > maxTokenSize {
		return fmt.Sprintf("the token of the next page has %d bytes", n)
	}
	return ""
}

// maxTokenSize is far above any token. Each is sent back, and kept to find loops.
const maxTokenSize = 16 << 10

// mayBeEmpty tells whether a page may be empty, which some gateways write as null
// or nothing: one that the service counts none for, one behind the first, and one by
// token that says what such a page does.
func (p *page) mayBeEmpty() bool {
	return p.TotalCount == Int{Valid: true} || p.at.number > 1 || p.at.byToken && (p.token() != "" || p.TotalCount.Valid)
}

// snapshotList is the snapshots of a page.
type snapshotList struct {
	snapshots []Snapshot // Nil where the list is null. No longer than a page and one more.
	unread    []ValueError
}

// UnmarshalJSON implements [json.Unmarshaler]. It stops behind the largest page, so
// that millions of empty snapshots, which compress well, take no memory.
func (l *snapshotList) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if start, err := d.Token(); err != nil || start == nil {
		return err
	} else if start != json.Delim('[') {
		return json.Unmarshal(data, &l.snapshots) // Which says what is wrong.
	}
	l.snapshots, l.unread = []Snapshot{}, nil // A reply may repeat the list.
	for d.More() && len(l.snapshots) <= pageSize {
		var s Snapshot
		from := d.InputOffset()
		if d.Decode(&s) != nil {
			s = Snapshot{}
			unread, err := s.readEach(bytes.TrimLeft(data[from:d.InputOffset()], ", \t\r\n"))
			if err != nil {
				return err
			}
			l.unread = append(l.unread, unread...)
		}
		switch {
		case s.SnapshotID == "" || isComposite(s.SnapshotID):
			l.unread = append(l.unread, ValueError{Field: "SnapshotId", Value: string(s.SnapshotID)})
		case isComposite(s.Status):
			l.unread = append(l.unread, ValueError{SnapshotID: string(s.SnapshotID), Field: "Status", Value: string(s.Status)})
		}
		s.SnapshotName = Text(norm.NFC.String(string(s.SnapshotName)))
		l.snapshots = append(l.snapshots, s)
	}
	return nil
}

// readEach reads a snapshot member by member, and gives those that can't be read.
func (s *Snapshot) readEach(data []byte) (unread []ValueError, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	for name, value := range members {
		member, err := json.Marshal(map[string]json.RawMessage{name: value})
		if err != nil {
			return nil, err
		}
		if json.Unmarshal(member, s) != nil {
			unread = append(unread, ValueError{Field: name, Value: string(value)})
		}
	}
	for i := range unread {
		unread[i].SnapshotID = string(s.SnapshotID)
	}
	return unread, nil
}

// checkValues fails for a value that can't be read if the result depends on it. Any
// other counts as absent, and the log says so.
func (r *read) checkValues(ctx context.Context, p *page) error {
	for _, unread := range p.Snapshots.Snapshot.unread {
		unread.SnapshotID, unread.RequestID = rpc.Redact(unread.SnapshotID), string(p.RequestID)
		unread.Value = rpc.Redact(unread.Value[:min(len(unread.Value), maxValueSize)])
		if r.query.dependsOn(unread.Field) {
			return &unread
		}
		r.logger.LogAttrs(ctx, slog.LevelWarn, "A value of the reply can't be read and counts as absent",
			slog.String("snapshot", unread.SnapshotID), slog.String("field", unread.Field),
			slog.String("value", unread.Value), slog.String("request_id", unread.RequestID))
	}
	return nil
}

const maxValueSize = 100 // In bytes, of a value that is shown.

// dependsOn tells whether the result's order or a filter goes by the field.
func (q *Query) dependsOn(field string) bool {
	switch strings.ToLower(field) {
	case "snapshotid", "creationtime", "status":
		return true
	case "tags":
		return len(q.Tags) > 0
	case "encrypted":
		return q.Encrypted != nil
	case "available":
		return q.UsableOnly
	}
	return false
}

// isComposite tells whether a text is an object or a list of JSON.
func isComposite(t Text) bool {
	return strings.HasPrefix(string(t), "{") || strings.HasPrefix(string(t), "[")
}
