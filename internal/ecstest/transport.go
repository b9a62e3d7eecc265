package ecstest

import (
	"net/http"
	"net/http/httptest"
)

// Transport reaches the service without a network, so that tests can use a clock of their own (testing/synctest).
func (s *Service) Transport() http.RoundTripper { return direct{s} }

type direct struct{ http.Handler }

// RoundTrip implements [http.RoundTripper].
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	answered := make(chan *http.Response, 1)
	go func() { //nolint:contextcheck // The clone has the request's.
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r.Clone(r.Context()))
		answered <- w.Result()
	}()
	select {
	case response := <-answered:
		return response, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}
