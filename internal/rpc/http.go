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
)

const (
	// maxBodySize bounds what a body unfolds to. Only a page of results may be longer.
	maxBodySize = 1 << 20
	// usualSize is more than ordinary bodies have. One after the other is read beyond it,
	// and decoded: 32 side by side, of the most that each may have, would take 1 GB.
	usualSize = 256 << 10
)

// HTTPClient sends requests by one policy, for ECS, STS and every source of
// credentials: no redirect is followed, a response is read whole and is bounded, and
// the request's context ends the exchange at any stage. It is safe for concurrent use.
type HTTPClient struct {
	client    http.Client
	userAgent string
	long      chan struct{} // Has room for whoever reads a body longer than usual.
}

// NewHTTPClient makes a client. A nil transport stands for [NewTransport](1).
func NewHTTPClient(userAgent string, transport http.RoundTripper) *HTTPClient {
	if transport == nil {
		transport = NewTransport(1)
	}
	return &HTTPClient{
		client: http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		userAgent: userAgent,
		long:      make(chan struct{}, 1),
	}
}

// HTTPResponse is a response whose body was read and closed.
type HTTPResponse struct {
	Status int
	Header http.Header
	Body   []byte // Unfolded, and without white space around it.

	done func() // Says that the body was decoded. It must be called.
	cut  bool   // Whether the body was longer than what was read of it.
}

func (r *HTTPResponse) success() bool { return r.Status >= 200 && r.Status <= 299 }

// Exchange sends a request and reads its response. The error is an [*Error] without
// the secrets, of the kinds that say that there is no response, or no acceptable one; a
// status like 404 or 500 is no error here. Of the body of such a status no more than
// 1 MiB is read; a longer one of a success is an error.
func (c *HTTPClient) Exchange(request *http.Request, secrets ...string) (*HTTPResponse, error) {
	response, failure := c.exchange(request, maxBodySize)
	if failure != nil {
		failure.Host = request.URL.Host
		failure.redact(secrets)
		return nil, failure
	}
	response.done()
	return response, nil
}

// exchange is Exchange with a bound for the body of a success. The failure's texts
// aren't redacted yet.
func (c *HTTPClient) exchange(request *http.Request, limit int) (*HTTPResponse, *Error) {
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", c.userAgent)
	}
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
	response, err := c.client.Do(request.WithContext(ctx))
	if err != nil {
		return nil, slow(networkError(err, *request.URL))
	}
	defer response.Body.Close() //nolint:errcheck // Nothing is lost: the body was read, or is of no use.
	if response.StatusCode >= 300 && response.StatusCode <= 399 {
		return nil, &Error{Kind: KindRedirect, Status: response.StatusCode, Message: "the server redirects elsewhere; redirects aren't followed"}
	}
	read := &HTTPResponse{Status: response.StatusCode, Header: response.Header, done: func() {}}
	if !read.success() {
		limit = maxBodySize
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, usualSize))
	if err == nil && len(body) == usualSize {
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case c.long <- struct{}{}:
			read.done = func() { <-c.long }
			var rest []byte
			rest, err = io.ReadAll(io.LimitReader(response.Body, int64(limit-usualSize)+1))
			body = append(body, rest...)
		}
	}
	if err != nil {
		read.done()
		failure := networkError(err, *request.URL)
		failure.Status = response.StatusCode
		failure.Transient = failure.Transient || ctx.Err() == nil // Whatever ends a body early, the connection broke.
		return nil, slow(failure)
	}
	if len(body) > limit && read.success() {
		read.done()
		return nil, &Error{Kind: KindReply, Status: response.StatusCode, Message: fmt.Sprintf("the response is larger than %d MiB", limit>>20)}
	}
	read.cut = len(body) > limit
	read.Body = bytes.TrimSpace(body[:min(len(body), limit)])
	return read, nil
}
