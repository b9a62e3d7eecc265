package ecs

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testRegion = ecstest.SampleRegion

// newTestClient makes a client of a local service that retries without waiting
// and leaves nothing behind.
func newTestClient(t *testing.T, server *ecstest.Server, changes ...func(*rpc.Config)) *Client {
	t.Helper()
	endpoint, err := rpc.ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	t.Cleanup(transport.CloseIdleConnections)
	config := rpc.Config{
		Credentials:   staticKey{},
		MaxConcurrent: 8,
		Transport:     transport,
		Backoff:       func(int) time.Duration { return 0 },
	}
	for _, change := range changes {
		change(&config)
	}
	return NewClient(config, endpoint)
}

// newDirectClient makes a client of a service that it reaches without a network, for tests with a clock of their own.
func newDirectClient(service *ecstest.Service, maxConcurrent int) *Client {
	config := rpc.Config{Credentials: staticKey{}, MaxConcurrent: maxConcurrent, Transport: service.Transport()}
	return NewClient(config, rpc.Endpoint{Scheme: "https", Host: "ecs.example.com"})
}

// staticKey is the AccessKey of the local service.
type staticKey struct{}

func (staticKey) Retrieve(context.Context) (rpc.Credentials, error) {
	return rpc.Credentials{AccessKeyID: ecstest.AccessKeyID, AccessKeySecret: ecstest.AccessKeySecret}, nil
}

func (staticKey) Invalidate(rpc.Credentials) bool { return false }

// newRead is a read of the query that is not run.
func newRead(client *Client, q Query) *read {
	return &read{Client: client, query: q}
}

// ids are the ids of a list in its order.
func ids(list []Snapshot) []string {
	names := make([]string, 0, len(list))
	for i := range list {
		names = append(names, string(list[i].SnapshotID))
	}
	return names
}

// idsOf are the ids of the service's snapshots, in the order of results.
func idsOf(list []ecstest.Snapshot) []string {
	converted := make([]Snapshot, 0, len(list))
	for _, s := range list {
		var created Time
		if err := created.UnmarshalJSON(fmt.Appendf(nil, "%q", s.CreationTime)); err != nil {
			panic(err)
		}
		converted = append(converted, Snapshot{SnapshotID: Text(s.SnapshotID), CreationTime: created})
	}
	Sort(converted)
	return ids(converted)
}

// list lists the ids or fails the test.
func list(t *testing.T, client *Client, q Query) []string {
	t.Helper()
	q.RegionID = testRegion
	result, err := client.List(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return ids(result.Snapshots)
}

// refuse fails the test if there is a list, and gives the error.
func refuse(t *testing.T, client *Client, q Query) error {
	t.Helper()
	q.RegionID = testRegion
	result, err := client.List(t.Context(), q)
	if err == nil {
		t.Fatalf("got %d snapshots", len(result.Snapshots))
	}
	if len(result.Snapshots) != 0 {
		t.Errorf("got %d snapshots with the error", len(result.Snapshots))
	}
	return err
}

// pagesAsked are the positions that a service was asked for, sorted.
func pagesAsked(server *ecstest.Server) (asked []string) {
	for _, call := range server.Calls() {
		switch {
		case call.Params.Has("PageNumber"):
			asked = append(asked, call.Params.Get("PageNumber")+"/"+call.Params.Get("PageSize"))
		case call.Params.Has("NextToken"):
			asked = append(asked, "token/"+call.Params.Get("MaxResults"))
		default:
			asked = append(asked, "start/"+call.Params.Get("MaxResults"))
		}
	}
	slices.Sort(asked)
	return asked
}

// sample is the service's data set without what isn't cut yet, which comes on a
// page of its own right and makes a walk doubt itself.
func sample(n int) []ecstest.Snapshot {
	list := ecstest.Sample(n + n/20 + 1)
	list = slices.DeleteFunc(list, func(s ecstest.Snapshot) bool { return s.CreationTime == "" })
	return list[:n]
}

// numbered are plain snapshots, created a minute after one another.
func numbered(from, to int) (list []ecstest.Snapshot) {
	for i := from; i < to; i++ {
		list = append(list, ecstest.Snapshot{
			SnapshotID:   fmt.Sprintf("s-%05d", i),
			Status:       "accomplished",
			CreationTime: fmt.Sprintf("2024-%02d-%02dT%02d:%02d:00Z", 1+i/1440/28, 1+i/1440%28, i/60%24, i%60),
		})
	}
	return list
}

// oldestFirst is an order in which the service could list just as well.
func oldestFirst(list []ecstest.Snapshot) {
	slices.SortFunc(list, func(a, b ecstest.Snapshot) int {
		if a.CreationTime == "" || b.CreationTime == "" { // What isn't cut yet is the newest.
			return strings.Compare(b.CreationTime, a.CreationTime)
		}
		return strings.Compare(a.CreationTime, b.CreationTime)
	})
}

// until waits for a condition, or the test's end.
func until(t *testing.T, condition func() bool) {
	for !condition() && t.Context().Err() == nil {
		runtime.Gosched()
	}
}

// canceled is a context that has ended.
func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
