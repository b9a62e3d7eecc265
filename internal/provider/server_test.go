package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/seed01464933/terraform-provider-aliyun/internal/ecstest"
)

// Terraform gets what the framework's own encoding would give it, but for the
// order of attributes and keys, which has no meaning.
func TestStateIsEncodedAsTheFrameworkDoes(t *testing.T) {
	t.Parallel()
	h := newServiceHarness(t, ecstest.Start(t, ecstest.Sample(300)...))
	tests := map[string]struct {
		dataSource string
		config     object
	}{
		"list":       {"aliyun_ecs_snapshots", object{"limit": 250, "tags": map[string]any{"team": "数据"}}},
		"empty list": {"aliyun_ecs_snapshots", object{"disk_id": "d-unknown"}},
		"one":        {"aliyun_ecs_snapshot", object{"most_recent": true, "filter": object{"status": "accomplished"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schemaType := h.schema.DataSourceSchemas[test.dataSource].ValueType()
			resp, err := h.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
				TypeName: test.dataSource, Config: h.dynamic(schemaType, test.config),
			})
			if err != nil {
				t.Fatal(err)
			}
			wantNoErrors(t, resp.Diagnostics)
			value, err := resp.State.Unmarshal(schemaType)
			if err != nil {
				t.Fatal(err)
			}
			again, err := tfprotov6.NewDynamicValue(schemaType, value)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := len(resp.State.MsgPack), len(again.MsgPack); got != want {
				t.Errorf("the state has %d bytes, the framework's encoding of it %d", got, want)
			}
		})
	}
}
