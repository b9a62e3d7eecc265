package ecstest

// matches is which snapshots match the filters of a call, in the order of byRank.
type matches struct {
	entries   []*entry
	linkKnown bool // Whether the link that is asked for is one of the region's; true where none is.
}

// match finds the snapshots of the region that match all filters. What it finds is kept until anything changes, for the
// pages of a list come one by one, and a hundred thousand snapshots are a thousand pages.
func (s *Service) match(q *query) matches {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found, ok := s.found[q.text]; ok {
		return found
	}
	found := find(s.entries, q, s.ceiling)
	if q.version == s.version {
		s.found[q.text] = found
	}
	return found
}

// forgetMatches is for whatever changes which snapshots match. The caller has the lock.
func (s *Service) forgetMatches() {
	s.version++
	clear(s.found)
}

func (s *Service) currentVersion() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

func find(entries []*entry, q *query, ceiling int) matches {
	found := matches{entries: make([]*entry, 0, len(entries)), linkKnown: q.link == ""}
	resources := 0
	for _, e := range entries {
		if e.region != "" && e.region != q.region {
			continue
		}
		found.linkKnown = found.linkKnown || e.snapshot.SnapshotLinkID == q.link
		if !all(q.resources, e) {
			continue
		}
		resources++
		if len(q.resources) > 0 && ceiling > 0 && resources > ceiling {
			continue
		}
		if all(q.filters, e) {
			found.entries = append(found.entries, e)
		}
	}
	return found
}

func all(filters []predicate, e *entry) bool {
	for _, matches := range filters {
		if !matches(e) {
			return false
		}
	}
	return true
}
