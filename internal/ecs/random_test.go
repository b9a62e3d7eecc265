package ecs

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// randomSize is a number of snapshots: mostly few, since that is fast, and else
// about the end of a page.
func randomSize(r *rand.Rand) int {
	few, page, many := r.IntN(25), 100*(1+r.IntN(3))+r.IntN(3)-1, r.IntN(350)
	return pick(r, few, few, few, few, few, 99+r.IntN(4), page, many, many)
}

// randomSnapshots is the service's data set, or one of which so much has a tag and a
// group that the service's filters may not see it all.
func randomSnapshots(r *rand.Rand) []ecstest.Snapshot {
	n, crowded := randomSize(r), r.IntN(40) == 0
	if crowded {
		n = 990 + r.IntN(250)
	}
	list := ecstest.Sample(n)
	for i := range list {
		s := &list[i]
		s.Available = pick(r, nil, s.Available, new(true), new(false))
		if crowded && r.IntN(50) > 0 {
			s.ResourceGroupID = "rg-1"
			s.Tags = append(s.Tags, ecstest.Tag{Key: "crowd", Value: "1"})
			s.Raw = nil
		}
	}
	return list
}

// filterParameters are those that a service may ignore. Without the others, there is
// nothing in a reply to go by.
var filterParameters = []string{
	"DiskId", "SnapshotLinkId", "SnapshotName", "SourceDiskType", "Status", "Category", "Encrypted", "KMSKeyId",
	"ResourceGroupId", "SnapshotIds", "Tag", "Filter",
}

// ignore makes the service ignore parameters, of the lists of which the names begin so.
func ignore(parameters ...string) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		for name := range x.Params {
			if base, _, _ := strings.Cut(name, "."); slices.Contains(parameters, base) {
				x.Params.Del(name)
			}
		}
		return next(x)
	}
}

// pick is one of the values.
func pick[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

// randomQuery has few filters, of values that the data set has, or nearly.
func randomQuery(r *rand.Rand, snapshots []ecstest.Snapshot) Query {
	q := Query{RegionID: testRegion}
	some := ecstest.Sample(1)[0]
	if len(snapshots) > 0 {
		some = pick(r, snapshots...)
	}
	filters := []func(){
		func() { q.DiskID = some.SourceDiskID },
		func() { q.InstanceID = some.InstanceID },
		func() { q.SnapshotLinkID = some.SnapshotLinkID },
		func() { q.SnapshotName = some.SnapshotName },
		func() { q.SnapshotType = pick(r, "auto", "user", "all") },
		func() { q.SourceDiskType = pick(r, "System", "Data") },
		func() { q.Status = pick(r, "accomplished", "accomplished", "progressing", "failed", "all") },
		func() { q.Usage = pick(r, "none", "image", "disk", "image_disk") },
		func() { q.Category = some.Category },
		func() { q.Encrypted = new(r.IntN(3) == 0) },
		func() { q.KMSKeyID = some.KMSKeyID },
		func() { q.ResourceGroupID = some.ResourceGroupID },
		func() {
			key := pick(r, "env", "team", "none")
			q.Tags = map[string]*string{key: pick(r, nil, nil, new("prod"), new("web"), new(""), new("数据"))}
		},
		func() { q.NameRegex = regexp.MustCompile(pick(r, "^auto", "nightly", `-1\d*$`, `_\d+$`, "^$", ".")) },
		func() { q.CreationStartTime = createdAt(&some).Add(time.Duration(r.IntN(7)-3) * time.Second) },
		func() { q.CreationEndTime = createdAt(&some).Add(time.Duration(r.IntN(7)-3) * time.Second) },
		func() {
			q.SnapshotIDs = []string{}
			for range pick(r, 0, 1, 5, 150) {
				q.SnapshotIDs = append(q.SnapshotIDs, append(snapshots, some)[r.IntN(len(snapshots)+1)].SnapshotID)
			}
		},
	}
	for range pick(r, 0, 0, 0, 1, 1, 2, 3) {
		pick(r, filters...)()
	}
	if len(snapshots) > 900 && r.IntN(5) > 0 { // What the service's filters may not see all of.
		if r.IntN(2) == 0 {
			q.Tags = map[string]*string{"crowd": pick(r, nil, new("1"))}
		} else {
			q.ResourceGroupID = "rg-1"
		}
	}
	q.UsableOnly = r.IntN(3) == 0
	choices := 8 // Of a longer list, the newest few or the only one are of interest.
	if len(snapshots) > 90 {
		choices = 2
	}
	switch r.IntN(choices) {
	case 0:
		q.Limit = pick(r, 1, 1, 1+r.IntN(20), 1+r.IntN(150))
	case 1:
		q.Unique = true
	}
	return q
}

// named is a fault with a name for the failure of a round.
type named struct {
	name  string
	fault ecstest.Fault
}

// randomFaults are some of those that a service, or what is between, may have. A
// restless service's list changes while it is read, besides.
func randomFaults(r *rand.Rand, restless bool) (faults []ecstest.Fault, names []string) {
	add := func(p float64, n named) {
		faults = append(faults, ecstest.WithProbability(r.Uint64(), p, n.fault))
		names = append(names, fmt.Sprintf("%s (%.2f)", n.name, p))
	}
	for range pick(r, 0, 1, 1, 3) {
		add(0.25*r.Float64(), pick(r, passingFaults(r)...))
	}
	if r.IntN(4) == 0 {
		add(pick(r, 0.1, 0.5, 1), pick(r, wrongReplies(r, restless)...))
	}
	// One way of paging at most: a service has one.
	for _, styles := range [][]named{pagingStyles(r), replyStyles()} {
		if r.IntN(3) == 0 {
			add(1, pick(r, styles...))
		}
	}
	return faults, names
}

func passingFaults(r *rand.Rand) []named {
	return []named{
		{"throttling", ecstest.Throttle("Throttling.User", nil)},
		{"unavailable", ecstest.ErrorCode(http.StatusServiceUnavailable, "ServiceUnavailable", "later")},
		{"nonce used", ecstest.ErrorCode(http.StatusBadRequest, "SignatureNonceUsed", "again")},
		{"500", ecstest.Status500()},
		{"bad gateway", ecstest.BadGatewayHTML()},
		{"reset", ecstest.Reset()},
		{"drop", ecstest.Drop()},
		{"cut body", ecstest.CutBody(r.IntN(2000))},
		{"truncated body", ecstest.TruncateBody(r.IntN(2000))},
	}
}

// wrongReplies never come with a total that lies now and then where the list
// changes: a lie that says today what is true tomorrow deceives every reader.
func wrongReplies(r *rand.Rand, restless bool) []named {
	body := pick(r, `{}`, `null`, `{"Snapshots":{}}`, `[]`, "<a>")
	delta := pick(r, -200, -100, -50, -1, 1, 50, 100)
	replies := []named{
		{body, ecstest.Respond(http.StatusOK, "application/json", []byte(body))},
		{"long pages", ecstest.LongPage(1 + r.IntN(3))},
		{"repeated token", ecstest.RepeatToken()},
		{"looping token", ecstest.LoopingToken(1 + r.IntN(4))},
	}
	if !restless {
		replies = append(replies, named{fmt.Sprintf("total %+d", delta), ecstest.WrongTotal(delta)})
	}
	return replies
}

func pagingStyles(r *rand.Rand) []named {
	short := ecstest.ShortPages(1+r.IntN(100), 1+r.IntN(100))
	return []named{
		{"no page numbers", ecstest.NoPageNumbers()},
		{"token only", ecstest.TokenOnly()},
		{"token only, a total of 0", func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			return zeroTotal(x, func(x *ecstest.Exchange) *ecstest.Reply { return ecstest.TokenOnly()(x, next) })
		}},
		{"no tokens", ecstest.NoTokens()},
		{"offset tokens", ecstest.OffsetTokens()},
		{"offset tokens", ecstest.OffsetTokens()},
		{"page numbers refused later", ecstest.When(func(x *ecstest.Exchange) bool { return x.Page() > 1 && x.Params.Has("PageNumber") },
			ecstest.ErrorCode(http.StatusBadRequest, "InvalidParameter", "The specified PageNumber is not supported."))},
		{"page numbers unsupported", ecstest.When(func(x *ecstest.Exchange) bool { return x.Params.Has("PageNumber") },
			ecstest.ErrorCode(http.StatusBadRequest, "UnsupportedParameter", "Not supported."))},
		{"no time filter", ecstest.When(func(x *ecstest.Exchange) bool { return x.Params.Has("Filter.1.Key") || x.Params.Has("Filter.2.Key") },
			ecstest.ErrorCode(http.StatusBadRequest, "InvalidFilterKey.NotFound", "The specified filter key is not found."))},
		{"capped pages", cappedPages(pick(r, 7, 10, 50, 99))},
		{"short pages by token", func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
			return ecstest.NoPageNumbers()(x, func(x *ecstest.Exchange) *ecstest.Reply { return short(x, next) })
		}},
	}
}

// cappedPages gives less on a page than is asked for by number, and says so.
func cappedPages(size int) ecstest.Fault {
	return func(x *ecstest.Exchange, next ecstest.Handler) *ecstest.Reply {
		if asked, _ := strconv.Atoi(x.Params.Get("PageSize")); asked > size {
			x.Params.Set("PageSize", strconv.Itoa(size))
		}
		return next(x)
	}
}

func replyStyles() []named {
	return []named{
		{"odd types", ecstest.OddTypes()},
		{"unreadable values", ecstest.AlterSnapshots(func(snapshot map[string]any) {
			snapshot["Progress"], snapshot["RemainTime"], snapshot["InstantAccess"] = "99.5%", "soon", "perhaps"
		})},
		{"absent fields", ecstest.AbsentFields("RemainTime", "Progress", "LastModifiedTime", "SourceStorageType")},
	}
}

func randomOrder(r *rand.Rand) ecstest.Order {
	return pick(r, nil, nil, oldestFirst, oldestFirst, ecstest.ShuffleTies(r.Uint64()), ecstest.ShuffleAll(r.Uint64()))
}

// churn changes the service between calls and keeps what it changed.
type churn struct {
	mu      sync.Mutex
	r       *rand.Rand
	rate    float64
	touched map[string]bool // Born, deleted, or changed.
}

func (c *churn) change(call int, s *ecstest.Service) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.r.Float64() < c.rate {
		present := s.Snapshots()
		kind := c.r.IntN(4)
		if len(present) == 0 {
			return
		}
		some := pick(c.r, present...)
		now := time.Now().UTC().Format("2006-01-02T15:04:05Z")
		switch kind {
		case 0, 1:
			s.Delete(some.SnapshotID)
		case 2:
			some.SnapshotID = fmt.Sprintf("s-born-%d-%x", call, c.r.Uint64())
			some.CreationTime = pick(c.r, now, "") // None while it is not cut yet.
			some.LastModifiedTime = now
			s.Put(some)
		case 3:
			some.Status = pick(c.r, "accomplished", "failed")
			some.LastModifiedTime = now
			s.Put(some)
		}
		c.touched[some.SnapshotID] = true
	}
}
