package ecstest

import (
	"math/rand/v2"
	"slices"
	"sync/atomic"
)

// Fault stands between a call and its answer. It may wait, answer by itself, change what is asked (Exchange.Params)
// before it calls next, or change the reply that next gives. It runs for many calls at once and without any lock of the
// service.
type Fault func(x *Exchange, next Handler) *Reply

// Inject adds faults to DescribeSnapshots. The first is the outermost: it sees the call first and the reply last.
func (s *Service) Inject(faults ...Fault) {
	s.InjectInto(ActionDescribeSnapshots, faults...)
}

// InjectInto adds faults to one action, by one of the Action constants.
func (s *Service) InjectInto(action string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[action] = append(slices.Clone(s.faults[action]), faults...)
}

// ClearFaults takes all faults away, from every action.
func (s *Service) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

func (s *Service) faultsOf(action string) []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults[action]
}

// through leads a call through faults to its handler.
func through(faults []Fault, handle Handler) Handler {
	for _, fault := range slices.Backward(faults) {
		next := handle
		handle = func(x *Exchange) *Reply { return fault(x, next) }
	}
	return handle
}

// When applies a fault to the calls that meet a condition.
func When(condition func(*Exchange) bool, fault Fault) Fault {
	return func(x *Exchange, next Handler) *Reply {
		if !condition(x) {
			return next(x)
		}
		return fault(x, next)
	}
}

// FirstN applies a fault to the first n calls that come to it.
func FirstN(n int, fault Fault) Fault {
	var calls atomic.Int64
	return When(func(*Exchange) bool { return calls.Add(1) <= int64(n) }, fault)
}

// AfterN applies a fault to all but the first n calls that come to it.
func AfterN(n int, fault Fault) Fault {
	var calls atomic.Int64
	return When(func(*Exchange) bool { return calls.Add(1) > int64(n) }, fault)
}

// OnPage applies a fault to the calls for page k, from 1, in either paging style.
func OnPage(k int, fault Fault) Fault {
	return When(func(x *Exchange) bool { return x.Page() == k }, fault)
}

// FromPage applies a fault to the calls for page k and the pages after it, in either paging style.
func FromPage(k int, fault Fault) Fault {
	return When(func(x *Exchange) bool { return x.Page() >= k }, fault)
}

// WithProbability applies a fault to a call by chance. Whether the n-th call of an action is hit depends on the seed and n
// alone.
func WithProbability(seed uint64, p float64, fault Fault) Fault {
	return When(func(x *Exchange) bool {
		random := rand.New(rand.NewPCG(seed, uint64(x.Call)))
		return random.Float64() < p
	}, fault)
}

// Churn runs before the answer to every call, with the call's number from 1, to put and delete snapshots between pages.
func Churn(change func(call int, s *Service)) Fault {
	return func(x *Exchange, next Handler) *Reply {
		change(x.Call, x.Service)
		return next(x)
	}
}
