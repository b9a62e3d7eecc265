package ecstest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// entry is a stored snapshot. Entries are replaced, never changed, so a list of them may be read without the lock.
type entry struct {
	snapshot Snapshot
	rank     time.Time
	body     json.RawMessage
}

// uncutRank puts snapshots that are not cut yet before all others.
var uncutRank = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// byRank is the total order in which snapshots are listed: newest first, equal times by id. A snapshot keeps the rank it
// was first put with, so that a token's position means the same when a snapshot's time becomes known between two calls.
func byRank(a, b *entry) int {
	return cmp.Or(b.rank.Compare(a.rank), cmp.Compare(a.snapshot.SnapshotID, b.snapshot.SnapshotID))
}

// Put adds snapshots; one with the id of a stored snapshot replaces it.
func (s *Service) Put(snapshots ...Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	byID := make(map[string]int, len(s.entries))
	for i, e := range s.entries {
		byID[e.snapshot.SnapshotID] = i
	}
	for _, snapshot := range snapshots {
		e := newEntry(snapshot)
		if i, ok := byID[snapshot.SnapshotID]; ok {
			e.rank = s.entries[i].rank
			s.entries[i] = e
			continue
		}
		byID[snapshot.SnapshotID] = len(s.entries)
		s.entries = append(s.entries, e)
	}
	slices.SortFunc(s.entries, byRank)
}

// Delete removes the snapshots with these ids; unknown ids are ignored.
func (s *Service) Delete(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = slices.DeleteFunc(s.entries, func(e *entry) bool {
		return slices.Contains(ids, e.snapshot.SnapshotID)
	})
}

// Snapshots is what the service holds, newest first, equal times by id.
func (s *Service) Snapshots() []Snapshot {
	entries := s.snapshotEntries()
	snapshots := make([]Snapshot, 0, len(entries))
	for _, e := range entries {
		snapshots = append(snapshots, e.snapshot)
	}
	return snapshots
}

func (s *Service) snapshotEntries() []*entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.entries)
}

func newEntry(snapshot Snapshot) *entry {
	rank, ok := snapshot.created()
	if !ok {
		rank = uncutRank
	}
	return &entry{snapshot: snapshot, rank: rank, body: encode(snapshot.fields())}
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
