package ecstest

import "time"

// The document numbers the two filters by what they mean.
const (
	startFilter = "Filter.1"
	endFilter   = "Filter.2"
)

// Bound says whether a time filter takes in the minute that it names.
type Bound int

// The document leaves open which of the two a bound is.
const (
	Inclusive Bound = iota
	Exclusive
)

// SetTimeBounds changes what the creation time filters do with snapshots of the very minute that they name. The default
// is an inclusive start and an exclusive end.
func (s *Service) SetTimeBounds(start, end Bound) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.startBound, s.endBound = start, end
	s.forgetMatches()
}

func (s *Service) timeBounds() (start, end Bound) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.startBound, s.endBound
}

// parseTimes reads the bounds of the creation time. They name minutes, so seconds in them are cut off; a snapshot that
// is not cut yet has no creation time and matches neither.
func (x *Exchange) parseTimes(q *query) *apiError {
	startBound, endBound := x.Service.timeBounds()
	for _, bound := range []struct {
		filter, key string
		matches     func(minute, bound time.Time) bool
	}{
		{startFilter, "CreationStartTime", func(minute, start time.Time) bool {
			return minute.After(start) || startBound == Inclusive && minute.Equal(start)
		}},
		{endFilter, "CreationEndTime", func(minute, end time.Time) bool {
			return minute.Before(end) || endBound == Inclusive && minute.Equal(end)
		}},
	} {
		key, value := x.Params.Get(bound.filter+".Key"), x.Params.Get(bound.filter+".Value")
		if key == "" && value == "" {
			continue
		}
		if key != bound.key {
			return errFilterKey
		}
		limit, ok := parseTime(value, minuteLayout, secondLayout)
		if !ok {
			return errFilterValue
		}
		limit = limit.Truncate(time.Minute)
		q.filters = append(q.filters, func(e *entry) bool { return !e.minute.IsZero() && bound.matches(e.minute, limit) })
	}
	return nil
}
