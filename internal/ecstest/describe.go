package ecstest

// describeSnapshots answers a call whose sender is known.
func (x *Exchange) describeSnapshots() *Reply {
	q, err := x.query()
	if err != nil {
		return x.errorReply(err)
	}
	found := x.Service.match(q)
	if !found.linkKnown {
		return x.errorReply(errSnapshotLink)
	}
	if q.dryRun {
		return x.errorReply(errDryRun)
	}
	order := x.Service.replyOrder()
	if q.paging.byToken {
		return x.tokenReply(q, found.entries, order)
	}
	page := q.paging.numberedPage(arrange(found.entries, order), x.longPage)
	return jsonReply(map[string]any{
		"RequestId":  x.requestID,
		"TotalCount": len(found.entries),
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
		next.filters = fingerprint(q.text)
		token = next.token()
	}
	return jsonReply(map[string]any{
		"RequestId":  x.requestID,
		"TotalCount": 0,
		"NextToken":  token,
		"Snapshots":  map[string]any{"Snapshot": bodies(arrange(page, order))},
	})
}

func (s *Service) replyOrder() Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.order
}
