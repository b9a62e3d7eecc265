package ecstest

// describeSnapshots answers a call whose sender is known.
func (x *Exchange) describeSnapshots() *Reply {
	q, err := x.query()
	if err != nil {
		return x.errorReply(err)
	}
	matches, linkKnown := x.Service.match(q, x.Params.Get("SnapshotLinkId"))
	if !linkKnown {
		return x.errorReply(errSnapshotLink)
	}
	if q.dryRun {
		return x.errorReply(errDryRun)
	}
	order := x.Service.replyOrder()
	if q.paging.byToken {
		return x.tokenReply(q, matches, order)
	}
	page := q.paging.numberedPage(arrange(matches, order), x.longPage)
	return jsonReply(map[string]any{
		"RequestId":  x.requestID,
		"TotalCount": len(matches),
		"PageNumber": q.paging.number,
		"PageSize":   q.paging.size,
		"Snapshots":  map[string]any{"Snapshot": bodies(page)},
	})
}

// tokenReply has a TotalCount that says nothing, and an empty NextToken at the end.
func (x *Exchange) tokenReply(q *query, matches []*entry, order Order) *Reply {
	if x.shortToken > 0 {
		q.paging.size = min(q.paging.size, x.shortToken)
	}
	page, next := q.paging.tokenPage(matches, x.longPage)
	token := ""
	if next != nil {
		next.filters = fingerprint(x.Params)
		token = next.token()
	}
	return jsonReply(map[string]any{
		"RequestId":  x.requestID,
		"TotalCount": 0,
		"NextToken":  token,
		"Snapshots":  map[string]any{"Snapshot": bodies(arrange(page, order))},
	})
}

// match lists the snapshots of the region that pass all filters, and tells whether the link asked for is one of the
// region's.
func (s *Service) match(q *query, link string) (matches []*entry, linkKnown bool) {
	linkKnown = link == ""
	ceiling := s.resourceCeiling()
	resources := 0
	for _, e := range s.snapshotEntries() {
		if region := e.snapshot.RegionID; region != "" && region != q.region {
			continue
		}
		linkKnown = linkKnown || e.snapshot.SnapshotLinkID == link
		if !passes(&e.snapshot, q.resources) {
			continue
		}
		resources++
		if len(q.resources) > 0 && ceiling > 0 && resources > ceiling {
			continue
		}
		if passes(&e.snapshot, q.filters) {
			matches = append(matches, e)
		}
	}
	return matches, linkKnown
}

func passes(s *Snapshot, filters []predicate) bool {
	for _, filter := range filters {
		if !filter(s) {
			return false
		}
	}
	return true
}

func (s *Service) resourceCeiling() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ceiling
}

func (s *Service) replyOrder() Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.order
}
