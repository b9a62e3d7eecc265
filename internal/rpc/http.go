package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	// maxBodySize bounds what a body unfolds to. Only a page of results may be longer.
	maxBodySize = 1 << 20
	// usualSize is more than ordinary bodies have. One after the other is read beyond it,
	// and decoded: 32 side by side, of the most that each may have, would take 1 GB.
	usualSize = 256 << 10
)

// HTTPClient sends requests by one policy: no redirect is followed, a response is read
// whole and is bounded, and the context ends it at any stage. It is safe for concurrent use.
type HTTPClient struct {
	client    http.Client
	userAgent string
	long      *semaphore.Weighted // For whoever reads a body longer than usual.
}

// NewHTTPClient makes a client.
func NewHTTPClient(userAgent string, transport http.RoundTripper) *HTTPClient {
	notFollowed := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &HTTPClient{
		client:    http.Client{Transport: transport, CheckRedirect: notFollowed},
		userAgent: userAgent,
		long:      semaphore.NewWeighted(1),
	}
}

// response is a response whose body was read and closed.
type response struct {
	status     int
	success    bool
	header     http.Header
	body       []byte // Unfolded, and without white space around it.
	longerThan int    // The bound at which the body was cut off; 0 for none.
	done       func() // Says that the body was decoded. It must be called.
}

// Exchange sends a request to a source of credentials, and reads its reply; a nil reply
// takes any body of a success. The error is an [*Error] without the secrets.
func (c *HTTPClient) Exchange(request *http.Request, reply Replier, secrets ...string) ([]byte, error) {
	response, failure := c.exchange(request, maxBodySize)
	if failure == nil {
		failure = readReply(response, reply, sourceMembers, secrets)
	}
	if failure != nil {
		failure.Host = request.URL.Host
		failure.redact(secrets)
		return nil, failure
	}
	return response.body, nil
}

// exchange is Exchange with a bound for the body of a success. The failure's texts
// aren't redacted yet.
func (c *HTTPClient) exchange(request *http.Request, limit int) (*response, *Error) {
	request.Header.Set("User-Agent", c.userAgent)
	start := time.Now()
	var reached atomic.Bool
	ctx := httptrace.WithClientTrace(request.Context(), &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	})
	slow := func(failure *Error) *Error {
		if reached.Load() && errors.Is(failure.Err, context.DeadlineExceeded) {
			failure.Kind = KindTimeout
			failure.Message = fmt.Sprintf("the response didn't come whole within %s", time.Since(start).Round(time.Second))
		}
		return failure
	}
	received, err := c.client.Do(request.WithContext(ctx))
	if err != nil {
		return nil, slow(networkError(err, *request.URL))
	}
	defer received.Body.Close() //nolint:errcheck // Nothing is lost: the body was read, or is of no use.
	if received.StatusCode >= 300 && received.StatusCode <= 399 {
		return nil, &Error{Kind: KindRedirect, Status: received.StatusCode, Message: "the server redirects elsewhere; redirects aren't followed"}
	}
	read := &response{status: received.StatusCode, success: received.StatusCode/100 == 2, header: received.Header, done: func() {}}
	kept := 0 // How much of a body that is too long: an error's code may be there.
	if !read.success {
		limit, kept = maxBodySize, maxBodySize
	}
	body, err := io.ReadAll(io.LimitReader(received.Body, usualSize))
	if err == nil && len(body) == usualSize {
		if err = c.long.Acquire(ctx, 1); err == nil {
			read.done = func() { c.long.Release(1) }
			var rest []byte
			rest, err = io.ReadAll(io.LimitReader(received.Body, int64(limit-usualSize)+1))
			body = append(body, rest...)
		}
	}
	if err != nil {
		read.done()
		failure := networkError(err, *request.URL)
		failure.Status = received.StatusCode
		failure.Transient = failure.Transient || ctx.Err() == nil // Whatever ends a body early, the connection broke.
		return nil, slow(failure)
	}
	if len(body) > limit {
		body, read.longerThan = body[:kept], limit
	}
	read.body = bytes.TrimSpace(body)
	return read, nil
}
