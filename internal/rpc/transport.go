package rpc

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// NewTransport keeps as many connections to a host as there are calls in flight, so that
// no call after the first ones waits for TLS, and no more. It speaks HTTP/1 alone: what
// breaks an HTTP/2 stream has no types by which to tell whether it is transient. The wait
// for a response is bounded by the request's context.
func NewTransport(maxConcurrent int) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy: proxy,
		OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
			if status := answer.StatusCode; status != http.StatusOK {
				refusal := fmt.Sprintf("the proxy %s refuses to connect: %d %s", proxy.Host, status, http.StatusText(status))
				return &Error{Kind: KindNetwork, Message: refusal, Transient: status >= http.StatusInternalServerError}
			}
			return nil
		},
		DialContext:            (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		Protocols:              &protocols,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConnsPerHost:    maxConcurrent,
		MaxConnsPerHost:        maxConcurrent,
	}
}

// proxy is [http.ProxyFromEnvironment] but for what is on this machine or beside it: a
// proxy elsewhere can't reach it, and would see the credentials that it gives.
func proxy(request *http.Request) (*url.URL, error) {
	if isLocal(request.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(request)
}

// isLocal reports whether a host is a loopback or link-local address or the metadata
// service, which has the same address in every region.
func isLocal(host string) bool {
	address, _ := netip.ParseAddr(host) // A name gives one that is none of these.
	address = address.Unmap()
	return strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") ||
		address.IsLoopback() || address.IsLinkLocalUnicast() || address == netip.AddrFrom4([4]byte{100, 100, 100, 200})
}
