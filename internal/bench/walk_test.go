//go:build linux

package bench

import (
	"context"
	"fmt"
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
func newClient(b *testing.B, service *ecstest.Server, maxConcurrent int) *ecs.Client {
	b.Helper()
	endpoint, err := rpc.ParseEndpoint(service.URL)
	if err != nil {
		b.Fatal(err)
	}
	return ecs.NewClient(rpc.Config{Credentials: staticKey{}, MaxConcurrent: maxConcurrent}, endpoint)
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
					client := newClient(b, service, inFlight)
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
				listAll(b, newClient(b, service, inFlight))
			}
		})
	}
}
