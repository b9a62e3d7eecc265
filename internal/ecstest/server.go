package ecstest

import (
	"crypto/tls"
	"io"
	"log"
	"net/http/httptest"
	"testing"
)

// Server is a service that listens.
type Server struct {
	*Service
	URL string // "http://127.0.0.1:port".
}

// Start starts a service that ends with the test. Violations that the test did not take fail it.
func Start(tb testing.TB, snapshots ...Snapshot) *Server {
	tb.Helper()
	s := New(snapshots...)
	return &Server{Service: s, URL: s.listen(tb, nil)}
}

// StartTLS lets the service listen once more, over TLS, with a certificate for 127.0.0.1 and localhost. The returned
// certificate, in PEM, is the authority that a client has to trust.
func (s *Service) StartTLS(tb testing.TB) (url string, caPEM []byte) {
	tb.Helper()
	certificate, caPEM, err := newCertificate()
	if err != nil {
		tb.Fatalf("certificate of the local service: %v", err)
	}
	return s.listen(tb, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}), caPEM
}

// listen serves until the test ends, in the clear without a configuration.
func (s *Service) listen(tb testing.TB, config *tls.Config) string {
	tb.Helper()
	server := httptest.NewUnstartedServer(s)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // Clients that refuse the certificate are part of tests.
	if config == nil {
		server.Start()
	} else {
		server.TLS = config
		server.StartTLS()
	}
	tb.Cleanup(func() {
		s.Close()
		server.CloseClientConnections()
		server.Close()
		for _, violation := range s.TakeViolations() {
			tb.Errorf("the local service was called wrongly: %s", violation)
		}
	})
	return server.URL
}
