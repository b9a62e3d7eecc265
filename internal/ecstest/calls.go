package ecstest

import (
	"net/http"
	"net/url"
	"time"
)

// Call is one call that came in. Status and Code are zero while it is not answered, and stay so when it never is.
type Call struct {
	Action string // One of the Action constants, or what the caller wrote; empty for a path nobody answers.
	Params url.Values
	Header http.Header
	Status int
	Code   string // The error's code; empty on success.
	Time   time.Time
}

// Calls returns the calls so far, in the order in which they came in.
func (s *Service) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := make([]Call, 0, len(s.calls))
	for _, call := range s.calls {
		calls = append(calls, *call)
	}
	return calls
}

// CallCount tells how many calls of an action came in.
func (s *Service) CallCount(action string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[action]
}

// MaxInFlight tells the most calls that waited for their answers at one time. A call whose answer goes out counts no
// more: its client may already send the next.
func (s *Service) MaxInFlight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.maxInFlight
}

// begin records a call that came in and returns its number among the calls of its action, from 1.
func (s *Service) begin(call *Call) int {
	call.Time = s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
	s.counts[call.Action]++
	s.inFlight++
	s.maxInFlight = max(s.maxInFlight, s.inFlight)
	return s.counts[call.Action]
}

// settle records a call's answer. It comes before the answer is sent, so that whoever has the answer finds it recorded.
func (s *Service) settle(call *Call, reply *Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call.Status, call.Code = reply.Status, reply.Code
	s.inFlight--
}
