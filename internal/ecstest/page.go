package ecstest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"net/url"
	"slices"
	"time"
)

// The sizes of pages, the same in both styles but for the smallest.
const (
	maxPageSize     = 100
	defaultPageSize = 10
	// minMaxResults is what a smaller MaxResults is taken for.
	minMaxResults = 10
)

// paging is which page is asked for, by number or by token.
type paging struct {
	byToken bool
	number  int
	size    int
	cursor  cursor
}

// parsePaging reads both styles. A call may mix them: the official provider sends PageNumber, PageSize and MaxResults at
// first, and a token beside them later. Then the token style decides, and what the page style says is only checked.
func (x *Exchange) parsePaging(q *query) (err *apiError) {
	if q.paging.number, err = x.number("PageNumber", math.MaxInt32, 1); err != nil {
		return err
	}
	if q.paging.size, err = x.number("PageSize", maxPageSize, defaultPageSize); err != nil {
		return err
	}
	q.paging.byToken = x.Params.Has("NextToken") || x.Params.Has("MaxResults")
	if q.paging.byToken {
		size, err := x.number("MaxResults", maxPageSize, defaultPageSize)
		if err != nil {
			return err
		}
		q.paging.size = max(size, minMaxResults)
	}
	if x.pageCap > 0 {
		q.paging.size = min(q.paging.size, x.pageCap)
	}
	if token := x.Params.Get("NextToken"); token != "" {
		c, parseErr := parseToken(token)
		if parseErr != nil || c.filters != fingerprint(q.text) {
			return invalidParameter("The parameter NextToken is not valid.")
		}
		q.paging.cursor = c
	}
	return nil
}

// numberedPage cuts a page out of the snapshots that match.
func (p paging) numberedPage(matches []*entry, extra int) []*entry {
	first := min((p.number-1)*p.size, len(matches))
	return matches[first:min(first+p.size+extra, len(matches))]
}

// tokenPage cuts a page that begins behind the cursor; next is the cursor for the page after it, or nil.
func (p paging) tokenPage(matches []*entry, extra int) (page []*entry, next *cursor) {
	first := 0
	if p.cursor.id != "" {
		behind := &entry{rank: p.cursor.rank, snapshot: Snapshot{SnapshotID: p.cursor.id}}
		first, _ = slices.BinarySearchFunc(matches, behind, func(e, behind *entry) int {
			if byRank(e, behind) <= 0 {
				return -1
			}
			return 1
		})
	}
	end := min(first+p.size+extra, len(matches))
	page = matches[first:end]
	if end < len(matches) {
		last := matches[end-1]
		next = &cursor{page: max(p.cursor.page, 1) + 1, rank: last.rank, id: last.snapshot.SnapshotID}
	}
	return page, next
}

// cursor is a place in the order of all snapshots: behind one that was there when the token was made, whether it still
// is or not. So neither births nor deletions move it.
type cursor struct {
	filters [8]byte // Of the call that the token was made for.
	page    int     // The number of the page that begins here.
	rank    time.Time
	id      string
}

// token encodes the cursor with a checksum, so that a made-up token is recognized.
func (c *cursor) token() string {
	var b bytes.Buffer
	b.Write(c.filters[:])
	var n [8]byte
	b.Write(binary.BigEndian.AppendUint32(n[:0], uint32(c.page)))
	b.Write(binary.BigEndian.AppendUint64(n[:0], uint64(c.rank.Unix())))
	b.WriteString(c.id)
	sum := sha256.Sum256(b.Bytes())
	b.Write(sum[:8])
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

func parseToken(token string) (c cursor, err error) {
	const fixed = 8 + 4 + 8
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return c, err
	}
	if len(b) < fixed+8 {
		return c, errors.New("too short")
	}
	b, check := b[:len(b)-8], b[len(b)-8:]
	if sum := sha256.Sum256(b); !bytes.Equal(sum[:8], check) {
		return c, errors.New("wrong sum")
	}
	c.filters = [8]byte(b)
	c.page = int(binary.BigEndian.Uint32(b[8:]))
	c.rank = time.Unix(int64(binary.BigEndian.Uint64(b[12:])), 0).UTC()
	c.id = string(b[fixed:])
	return c, nil
}

var pagingParameters = []string{"PageNumber", "PageSize", "NextToken", "MaxResults"}

// filtersOf is everything in a call that decides which snapshots match, as one string.
func filtersOf(params url.Values) string {
	filters := url.Values{}
	for name, values := range params {
		if name == "RegionId" || !slices.Contains(commonParameters, name) && !slices.Contains(pagingParameters, name) {
			filters[name] = values
		}
	}
	return filters.Encode()
}

// fingerprint stands for filters in a token.
func fingerprint(filters string) [8]byte {
	sum := sha256.Sum256([]byte(filters))
	return [8]byte(sum[:])
}

// bodies are the snapshots of a page as JSON.
func bodies(page []*entry) []json.RawMessage {
	list := make([]json.RawMessage, 0, len(page))
	for _, e := range page {
		list = append(list, e.body())
	}
	return list
}
