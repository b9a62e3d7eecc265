package provider

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecs"
	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// listedProvider is the provider with lists that were read before.
type listedProvider struct {
	*aliyunProvider
	list *[]ecs.Snapshot
}

func (p listedProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &listedDataSource{list: p.list} }}
}

// listedDataSource is aliyun_ecs_snapshots, but asks the service only once.
type listedDataSource struct {
	snapshotsDataSource
	list *[]ecs.Snapshot
}

func (d *listedDataSource) Read(ctx context.Context, _ datasource.ReadRequest, _ *datasource.ReadResponse) {
	if *d.list == nil {
		result, err := d.provider.client.List(ctx, ecs.Query{RegionID: d.provider.region})
		if err != nil {
			return // The benchmark misses the state.
		}
		*d.list = result.Snapshots
	}
	setResults(ctx, d.provider.region, listResults(*d.list))
}

// BenchmarkState makes the answer to Terraform of snapshots that are there: all
// that a read does but for asking the service.
func BenchmarkState(b *testing.B) {
	for _, snapshots := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("snapshots=%d", snapshots), func(b *testing.B) {
			service := ecstest.Start(b, ecstest.Sample(snapshots)...)
			server := newServer(b.Context(), listedProvider{newTestProvider(nil), new([]ecs.Snapshot)})
			_, err := server.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{Config: &tfprotov6.DynamicValue{
				JSON: fmt.Appendf(nil, `{"region": %q, "access_key": %q, "secret_key": %q, "endpoints": {"ecs": %q}}`,
					ecstest.SampleRegion, ecstest.AccessKeyID, ecstest.AccessKeySecret, service.URL),
			}})
			if err != nil {
				b.Fatal(err)
			}
			read := func() int {
				resp, err := server.ReadDataSource(b.Context(), &tfprotov6.ReadDataSourceRequest{
					TypeName: "aliyun_ecs_snapshots", Config: &tfprotov6.DynamicValue{JSON: []byte("{}")},
				})
				if err != nil || hasError(resp.Diagnostics) {
					b.Fatal(err, printed(resp.Diagnostics))
				}
				return len(resp.State.MsgPack)
			}
			if size := read(); size < 500*snapshots {
				b.Fatalf("the state has %d bytes only", size)
			}
			b.ReportAllocs()
			for b.Loop() {
				read()
			}
		})
	}
}
