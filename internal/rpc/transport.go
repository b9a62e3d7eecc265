package rpc

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// NewTransport keeps as many connections to a host as there are calls in flight,
// so that no call after the first ones waits for TLS; and no more, which net/http
// would open while a connection is on its way back to the idle ones. HTTP/1 alone
// is spoken: what breaks an HTTP/2 stream has no types by which to tell whether
// it passes.
func NewTransport(maxConcurrent int) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return &proxyError{proxy: proxy.Host, status: answer.StatusCode}
			}
			return nil
		},
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		Protocols:             &protocols,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		IdleConnTimeout:       30 * time.Second,
		MaxIdleConnsPerHost:   maxConcurrent,
		MaxConnsPerHost:       maxConcurrent,
	}
}

// proxyError is a proxy's refusal to connect to the service.
type proxyError struct {
	proxy  string // Its host.
	status int
}

func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy %s refuses to connect: %d %s", e.proxy, e.status, http.StatusText(e.status))
}
