package ecstest

import (
	"math/rand/v2"
	"sync"
)

// Order rearranges the snapshots that match a call, in place, before page numbers cut them into pages. In the token
// style it rearranges each page by itself, for a token is a position in the order of Snapshots.
type Order func([]Snapshot)

// SetOrder replaces the order of replies; nil restores the default, newest first.
func (s *Service) SetOrder(order Order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.order = order
}

// ShuffleAll puts the snapshots in another random order at every call.
func ShuffleAll(seed uint64) Order {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(seed, seed))
	return func(snapshots []Snapshot) {
		mu.Lock()
		defer mu.Unlock()
		random.Shuffle(len(snapshots), func(i, j int) { snapshots[i], snapshots[j] = snapshots[j], snapshots[i] })
	}
}

// ShuffleTies puts the snapshots of one creation time in another random order at every call. Otherwise they are newest
// first.
func ShuffleTies(seed uint64) Order {
	shuffle := ShuffleAll(seed)
	return func(snapshots []Snapshot) {
		for first := 0; first < len(snapshots); {
			end := first + 1
			for end < len(snapshots) && snapshots[end].CreationTime == snapshots[first].CreationTime {
				end++
			}
			shuffle(snapshots[first:end])
			first = end
		}
	}
}

// arrange applies an order to entries.
func arrange(entries []*entry, order Order) []*entry {
	if order == nil {
		return entries
	}
	byID := make(map[string]*entry, len(entries))
	snapshots := make([]Snapshot, 0, len(entries))
	for _, e := range entries {
		byID[e.snapshot.SnapshotID] = e
		snapshots = append(snapshots, e.snapshot)
	}
	order(snapshots)
	arranged := make([]*entry, 0, len(snapshots))
	for _, snapshot := range snapshots {
		arranged = append(arranged, byID[snapshot.SnapshotID])
	}
	return arranged
}
