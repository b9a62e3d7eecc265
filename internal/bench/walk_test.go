//go:build linux

package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// staticKey is the key that every service knows.
type staticKey struct{}

func (staticKey) Retrieve(context.Context) (rpc.Credentials, error) {
	return rpc.Credentials{AccessKeyID: ecstest.AccessKeyID, AccessKeySecret: ecstest.AccessKeySecret}, nil
}

func (staticKey) Invalidate(rpc.Credentials) bool { return false }

// newClient makes a client of the service.
func newClient(b *testing.B, service *ecstest.Server, maxConcurrent int, transport http.RoundTripper) *ecs.Client {
	b.Helper()
	endpoint, err := rpc.ParseEndpoint(service.URL)
	if err != nil {
		b.Fatal(err)
	}
	return ecs.NewClient(rpc.Config{Credentials: staticKey{}, MaxConcurrent: maxConcurrent, Transport: transport}, endpoint)
}

func listAll(b *testing.B, client *ecs.Client) []ecs.Snapshot {
	b.Helper()
	result, err := client.List(b.Context(), ecs.Query{RegionID: ecstest.SampleRegion})
	if err != nil {
		b.Fatal(err)
	}
	return result.Snapshots
}

// BenchmarkWalk lists all snapshots, over all pages.
func BenchmarkWalk(b *testing.B) {
	for _, latency := range []time.Duration{0, 20 * time.Millisecond} {
		for _, snapshots := range []int{100, 1000, 10_000} {
			for _, inFlight := range []int{1, 8} {
				b.Run(fmt.Sprintf("latency=%s/snapshots=%d/in_flight=%d", latency, snapshots, inFlight), func(b *testing.B) {
					service := ecstest.Start(b, ecstest.Sample(snapshots)...)
					service.Inject(ecstest.Latency(latency))
					client := newClient(b, service, inFlight, nil)
					listAll(b, client) // Connects.
					b.ReportAllocs()
					for b.Loop() {
						if got := len(listAll(b, client)); got != snapshots {
							b.Fatalf("%d snapshots, want %d", got, snapshots)
						}
					}
				})
			}
		}
	}
}

// BenchmarkThrottledWalk lists from a service that answers one call at a time and
// refuses the others: eight in flight must not take longer than one.
func BenchmarkThrottledWalk(b *testing.B) {
	for _, inFlight := range []int{1, 8} {
		b.Run(fmt.Sprintf("in_flight=%d", inFlight), func(b *testing.B) {
			service := ecstest.Start(b, ecstest.Sample(2000)...)
			service.Inject(ecstest.ThrottleConcurrent(1), ecstest.Latency(200*time.Millisecond))
			for b.Loop() {
				listAll(b, newClient(b, service, inFlight, nil))
			}
		})
	}
}

// recorder keeps the longest body of a reply.
type recorder struct{ longest []byte }

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // It was read.
	body, err := io.ReadAll(response.Body)
	if len(body) > len(r.longest) {
		r.longest = body
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

// BenchmarkDecode decodes a reply with a full page.
func BenchmarkDecode(b *testing.B) {
	var reply recorder
	listAll(b, newClient(b, ecstest.Start(b, ecstest.Sample(100)...), 1, &reply))
	b.SetBytes(int64(len(reply.longest)))
	b.ReportAllocs()
	for b.Loop() {
		var page struct {
			Snapshots struct{ Snapshot []ecs.Snapshot }
		}
		if err := json.Unmarshal(reply.longest, &page); err != nil {
			b.Fatal(err)
		}
	}
}
