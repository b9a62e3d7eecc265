package ecstest

import (
	"regexp"
	"slices"
	"sync"
	"time"
)

// DefaultResourceCeiling is how many resources the real service looks at when a tag or a resource group is asked for.
const DefaultResourceCeiling = 1000

// Service answers as ECS, STS, a credentials URI and the metadata service do. Use New. All methods may be called at any
// time, also from within a fault.
type Service struct {
	done      chan struct{} // Closed when the server goes away, to release calls that hang.
	closeDone sync.Once

	mu      sync.Mutex
	now     func() time.Time
	entries []*entry
	version uint64             // Counts the changes of what decides which snapshots match.
	found   map[string]matches // By filters; empty again after every change.
	order   Order

	regions      []string
	ceiling      int
	defaultGroup string
	startBound   Bound
	endBound     Bound

	faults      map[string][]Fault
	calls       []*Call
	counts      map[string]int // Calls by action.
	inFlight    int
	maxInFlight int
	violations  []string
	nonces      map[string]bool
	serial      uint64 // Makes request ids and issued credentials unlike one another.

	keys        map[string]string
	sessions    map[string]Session // By security token.
	sessionLife time.Duration
	oidcTokens  []string

	metadataTokens        map[string]time.Time
	metadataTokenRequired bool
}

// New makes a service that holds the snapshots and knows the static key of this package.
func New(snapshots ...Snapshot) *Service {
	s := &Service{
		done:           make(chan struct{}),
		now:            time.Now,
		ceiling:        DefaultResourceCeiling,
		found:          map[string]matches{},
		endBound:       Exclusive,
		faults:         map[string][]Fault{},
		counts:         map[string]int{},
		nonces:         map[string]bool{},
		keys:           map[string]string{AccessKeyID: AccessKeySecret},
		sessions:       map[string]Session{},
		metadataTokens: map[string]time.Time{},
	}
	s.Put(snapshots...)
	return s
}

// SetClock replaces the clock that request times, sessions, the Date header and throttling by the minute go by.
func (s *Service) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

func (s *Service) clock() time.Time {
	s.mu.Lock()
	now := s.now
	s.mu.Unlock()
	return now() // Outside the lock, for the clock is a test's own code.
}

// SetRegions confines the known regions. Without it every region of valid syntax is known.
func (s *Service) SetRegions(regions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.regions = slices.Clone(regions)
}

var regionSyntax = regexp.MustCompile(`^[a-z]{2,}(-[a-z0-9]+)+$`)

func (s *Service) knowsRegion(region string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return regionSyntax.MatchString(region) && (len(s.regions) == 0 || slices.Contains(s.regions, region))
}

// SetResourceCeiling changes how many of the resources that match the tags and the resource group of a call are looked at
// by its other filters; zero lifts the ceiling. The reply does not tell that it was reached.
func (s *Service) SetResourceCeiling(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ceiling = n
	s.forgetMatches()
}

// SetDefaultResourceGroup names the account's default resource group. The snapshots in it are then shown by every call
// that asks for a resource group, as the API's page has it; without a name, which is the default, a group is shown alone.
func (s *Service) SetDefaultResourceGroup(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.defaultGroup = id
	s.forgetMatches()
}

func (s *Service) defaultResourceGroup() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.defaultGroup
}

// violate records what a correct client never does.
func (s *Service) violate(violation string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = append(s.violations, violation)
}

// TakeViolations returns the violations recorded so far and forgets them, so that they do not fail the test.
func (s *Service) TakeViolations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	violations := s.violations
	s.violations = nil
	return violations
}

// Close releases the calls that hang or are delayed, so that a server of this service can shut down. It may be called
// more than once.
func (s *Service) Close() {
	s.closeDone.Do(func() { close(s.done) })
}
