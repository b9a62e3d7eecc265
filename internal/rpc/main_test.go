package rpc

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testKeyID  = "LTAItestAccessKeyId0000"
	testSecret = "testAccessKeySecret000000000000"
	testToken  = "CAIStestSecurityToken+with/odd=characters=="
)

// fixed are credentials that never change.
type fixed struct{ Credentials }

func (f fixed) Retrieve(context.Context) (Credentials, error) { return f.Credentials, nil }

func (fixed) Invalidate(Credentials) bool { return false }

var temporaryCredentials = fixed{Credentials{AccessKeyID: testKeyID, AccessKeySecret: testSecret, SecurityToken: testToken}}

// waits are a backoff that doubles from a second to a bound.
func waits(bound time.Duration) func(attempt int) time.Duration {
	return func(attempt int) time.Duration { return min(time.Second<<min(attempt-1, 20), bound) }
}

type testReply struct {
	Reply
	Value  Text
	Number int
}

// testCall calls an endpoint, given as a URL.
func testCall(t *testing.T, url string) Call {
	t.Helper()
	endpoint, err := ParseEndpoint(url)
	if err != nil {
		t.Fatal(err)
	}
	return Call{
		Endpoint:   endpoint,
		Action:     "DescribeTests",
		Version:    "2014-05-26",
		Parameters: map[string]string{"RegionId": "cn-test", "Text": "a b*c~d+e/f&g=快照"},
	}
}

// newTestClient makes a client that retries without waiting and leaves nothing
// behind. The zero value of a field chooses what suits a test.
func newTestClient(t *testing.T, config Config) *Client {
	t.Helper()
	if config.Credentials == nil {
		config.Credentials = temporaryCredentials
	}
	if config.MaxConcurrent == 0 {
		config.MaxConcurrent = 8
	}
	if config.Backoff == nil {
		config.Backoff = func(int) time.Duration { return 0 }
	}
	if config.Transport == nil {
		config.Transport = NewTransport(config.MaxConcurrent)
	}
	if transport, ok := config.Transport.(*http.Transport); ok {
		t.Cleanup(transport.CloseIdleConnections)
	}
	return NewClient(config)
}

// roundTrip is a server within the process.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// answer is a reply with a header given as "Name: value" lines.
func answer(status int, body string, header ...string) *http.Response {
	response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		response.Header.Set(name, value)
	}
	return response
}

// script answers with one reply after the other, the last one for ever, and
// keeps the requests.
type script struct {
	replies []func() (*http.Response, error)

	mu       sync.Mutex
	requests []*http.Request
	times    []time.Time
}

func (s *script) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.requests), len(s.replies)-1)
	s.requests = append(s.requests, request)
	s.times = append(s.times, time.Now())
	return s.replies[n]()
}

func reply(status int, body string, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return answer(status, body, header...), nil }
}

func failure(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

const served = `{"RequestId":"R-1","Value":"v"}`
