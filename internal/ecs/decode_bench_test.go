package ecs

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// repeated answers each request with the body of the first response.
type repeated struct {
	first http.RoundTripper
	body  []byte
}

func (r *repeated) RoundTrip(request *http.Request) (*http.Response, error) {
	if r.body == nil {
		response, err := r.first.RoundTrip(request)
		if err != nil {
			return nil, err
		}
		if r.body, err = io.ReadAll(response.Body); err != nil {
			return nil, err
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(r.body)), Request: request}, nil
}

// BenchmarkDecode gets a full page without a network or a service's work: most of it is to decode the response.
func BenchmarkDecode(b *testing.B) {
	transport := &repeated{first: ecstest.New(ecstest.Sample(100)...).Transport()}
	client := NewClient(rpc.Config{Credentials: staticKey{}, MaxConcurrent: 1, Transport: transport}, rpc.Endpoint{Scheme: "https", Host: "ecs.example.com"})
	q := Query{RegionID: testRegion}
	b.ReportAllocs()
	for b.Loop() {
		p, err := newRead(client, q).describe(b.Context(), q, position{number: 1, size: pageSize})
		if err != nil || len(p.list) != pageSize {
			b.Fatalf("%d snapshots, %v", len(p.list), err)
		}
	}
	b.SetBytes(int64(len(transport.body)))
}
