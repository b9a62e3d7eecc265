package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The JSON is that of `terraform providers schema -json`:
// https://developer.hashicorp.com/terraform/cli/commands/providers/schema

type schemasJSON struct {
	ProviderSchemas map[string]struct {
		Provider    schemaJSON            `json:"provider"`
		DataSources map[string]schemaJSON `json:"data_source_schemas"`
	} `json:"provider_schemas"`
}

type schemaJSON struct {
	Version int64     `json:"version"`
	Block   blockJSON `json:"block"`
}

type blockJSON struct {
	Attributes      map[string]attributeJSON `json:"attributes"`
	BlockTypes      map[string]nestedJSON    `json:"block_types"`
	Description     string                   `json:"description"`
	DescriptionKind string                   `json:"description_kind"`
}

type nestedJSON struct {
	Block       blockJSON `json:"block"`
	NestingMode string    `json:"nesting_mode"`
	MinItems    int64     `json:"min_items"`
	MaxItems    int64     `json:"max_items"`
}

type attributeJSON struct {
	Type       json.RawMessage `json:"type"`
	NestedType *struct {
		Attributes  map[string]attributeJSON `json:"attributes"`
		NestingMode string                   `json:"nesting_mode"`
	} `json:"nested_type"`
	Description     string `json:"description"`
	DescriptionKind string `json:"description_kind"`
	Required        bool   `json:"required"`
	Optional        bool   `json:"optional"`
	Computed        bool   `json:"computed"`
	Sensitive       bool   `json:"sensitive"`
}

// readSchema reads the schema of the one provider that the file describes.
func readSchema(file string) (*tfprotov6.GetProviderSchemaResponse, error) {
	text, err := os.ReadFile(file) //nolint:gosec // The benchmark names the file.
	if err != nil {
		return nil, err
	}
	var schemas schemasJSON
	if err := json.Unmarshal(text, &schemas); err != nil {
		return nil, err
	}
	for _, provider := range schemas.ProviderSchemas {
		response := &tfprotov6.GetProviderSchemaResponse{
			DataSourceSchemas:  map[string]*tfprotov6.Schema{},
			ServerCapabilities: &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true},
		}
		if response.Provider, err = provider.Provider.schema(); err != nil {
			return nil, err
		}
		for name, dataSource := range provider.DataSources {
			if response.DataSourceSchemas[name], err = dataSource.schema(); err != nil {
				return nil, err
			}
		}
		return response, nil
	}
	return nil, fmt.Errorf("%s has no provider", file)
}

func (s schemaJSON) schema() (*tfprotov6.Schema, error) {
	block, err := s.Block.block()
	return &tfprotov6.Schema{Version: s.Version, Block: block}, err
}

func (b blockJSON) block() (*tfprotov6.SchemaBlock, error) {
	attributes, err := attributesOf(b.Attributes)
	if err != nil {
		return nil, err
	}
	block := &tfprotov6.SchemaBlock{Attributes: attributes, Description: b.Description, DescriptionKind: kind(b.DescriptionKind)}
	for name, nested := range b.BlockTypes {
		inner, err := nested.Block.block()
		if err != nil {
			return nil, fmt.Errorf("block %s: %w", name, err)
		}
		block.BlockTypes = append(block.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: blockNestings[nested.NestingMode], MinItems: nested.MinItems, MaxItems: nested.MaxItems,
		})
	}
	return block, nil
}

func attributesOf(described map[string]attributeJSON) ([]*tfprotov6.SchemaAttribute, error) {
	var attributes []*tfprotov6.SchemaAttribute
	for name, a := range described {
		attribute := &tfprotov6.SchemaAttribute{
			Name:            name,
			Description:     a.Description,
			DescriptionKind: kind(a.DescriptionKind),
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
		}
		var err error
		if a.NestedType == nil {
			attribute.Type, err = tftypes.ParseJSONType(a.Type) //nolint:staticcheck // Nothing else reads a type.
		} else {
			attribute.NestedType = &tfprotov6.SchemaObject{Nesting: nestings[a.NestedType.NestingMode]}
			attribute.NestedType.Attributes, err = attributesOf(a.NestedType.Attributes)
		}
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		attributes = append(attributes, attribute)
	}
	return attributes, nil
}

var nestings = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"set":    tfprotov6.SchemaObjectNestingModeSet,
	"map":    tfprotov6.SchemaObjectNestingModeMap,
}

var blockNestings = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
	"group":  tfprotov6.SchemaNestedBlockNestingModeGroup,
}

func kind(name string) tfprotov6.StringKind {
	if name == "markdown" {
		return tfprotov6.StringKindMarkdown
	}
	return tfprotov6.StringKindPlain
}
