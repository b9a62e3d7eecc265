package ecstest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// entry is a stored snapshot. Entries are replaced, never changed, and so is the list of them: both may be read without
// the lock.
type entry struct {
	// What every call looks at comes first, in one line of the processor's cache.
	region string
	minute time.Time // Of its creation, which is all that filters see; zero for a snapshot that is not cut yet.
	rank   time.Time

	snapshot Snapshot

	encodeOnce sync.Once
	encoded    []byte
}

// uncutRank puts snapshots that are not cut yet before all others.
var uncutRank = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func newEntry(snapshot Snapshot) *entry {
	e := &entry{region: snapshot.RegionID, snapshot: snapshot, rank: uncutRank}
	if created, ok := snapshot.created(); ok {
		e.minute, e.rank = created.Truncate(time.Minute), created
	}
	if snapshot.Raw != nil {
		e.body() // A value that JSON doesn't have panics where the test has put it.
	}
	return e
}

// body is the snapshot in JSON. It is made when it is first asked for: of a hundred thousand snapshots few may be.
func (e *entry) body() json.RawMessage {
	e.encodeOnce.Do(func() { e.encoded = encode(e.snapshot.fields()) })
	return e.encoded
}

// byRank is the total order in which snapshots are listed: newest first, equal times by id. A snapshot keeps the rank it
// was first put with, so that a token's position means the same when a snapshot's time becomes known between two calls.
func byRank(a, b *entry) int {
	return cmp.Or(b.rank.Compare(a.rank), cmp.Compare(a.snapshot.SnapshotID, b.snapshot.SnapshotID))
}

// Put adds snapshots; one with the id of a stored snapshot replaces it.
func (s *Service) Put(snapshots ...Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := slices.Clone(s.entries)
	byID := make(map[string]int, len(entries)+len(snapshots))
	for i, e := range entries {
		byID[e.snapshot.SnapshotID] = i
	}
	for _, snapshot := range snapshots {
		e := newEntry(snapshot)
		if i, ok := byID[snapshot.SnapshotID]; ok {
			e.rank = entries[i].rank
			entries[i] = e
			continue
		}
		byID[snapshot.SnapshotID] = len(entries)
		entries = append(entries, e)
	}
	slices.SortFunc(entries, byRank)
	s.entries = entries
	s.forgetMatches()
}

// Delete removes the snapshots with these ids; unknown ids are ignored.
func (s *Service) Delete(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = slices.DeleteFunc(slices.Clone(s.entries), func(e *entry) bool {
		return slices.Contains(ids, e.snapshot.SnapshotID)
	})
	s.forgetMatches()
}

// Snapshots is what the service holds, newest first, equal times by id.
func (s *Service) Snapshots() []Snapshot {
	s.mu.Lock()
	entries := s.entries
	s.mu.Unlock()
	snapshots := make([]Snapshot, 0, len(entries))
	for _, e := range entries {
		snapshots = append(snapshots, e.snapshot)
	}
	return snapshots
}

// encode is JSON as the service writes it: without the escapes for HTML that Go adds.
func encode(value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // Only a test's own Raw value can be impossible to encode.
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
