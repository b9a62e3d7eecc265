package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const schemasText = `{"format_version": "1.0", "provider_schemas": {"registry.terraform.io/seed01464933/aliyun": {
  "provider": {"version": 0, "block": {
    "attributes": {"region": {"type": "string", "optional": true, "description": "Default region.", "description_kind": "markdown"}},
    "block_types": {"endpoints": {"nesting_mode": "single", "block": {
      "attributes": {"ecs": {"type": "string", "optional": true}}, "description": "Other hosts.", "description_kind": "markdown"
    }}}
  }},
  "data_source_schemas": {"aliyun_ecs_snapshots": {"version": 1, "block": {
    "attributes": {"snapshots": {"computed": true, "nested_type": {"nesting_mode": "list", "attributes": {
      "tags": {"type": ["map", "string"], "computed": true}
    }}}}
  }}}
}}}`

func TestReadSchema(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "schema.json")
	if err := os.WriteFile(file, []byte(schemasText), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readSchema(file)
	if err != nil {
		t.Fatal(err)
	}
	want := &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true},
		Provider: &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{
			Attributes: []*tfprotov6.SchemaAttribute{{
				Name: "region", Type: tftypes.String, Optional: true,
				Description: "Default region.", DescriptionKind: tfprotov6.StringKindMarkdown,
			}},
			BlockTypes: []*tfprotov6.SchemaNestedBlock{{
				TypeName: "endpoints", Nesting: tfprotov6.SchemaNestedBlockNestingModeSingle,
				Block: &tfprotov6.SchemaBlock{
					Attributes:  []*tfprotov6.SchemaAttribute{{Name: "ecs", Type: tftypes.String, Optional: true}},
					Description: "Other hosts.", DescriptionKind: tfprotov6.StringKindMarkdown,
				},
			}},
		}},
		DataSourceSchemas: map[string]*tfprotov6.Schema{"aliyun_ecs_snapshots": {Version: 1, Block: &tfprotov6.SchemaBlock{
			Attributes: []*tfprotov6.SchemaAttribute{{
				Name: "snapshots", Computed: true,
				NestedType: &tfprotov6.SchemaObject{
					Nesting:    tfprotov6.SchemaObjectNestingModeList,
					Attributes: []*tfprotov6.SchemaAttribute{{Name: "tags", Type: tftypes.Map{ElementType: tftypes.String}, Computed: true}},
				},
			}},
		}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
