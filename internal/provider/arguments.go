package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// arguments are the values of a configuration, or of a block in it, by name. A getter
// returns the zero value where an argument is null or unknown.
type arguments map[string]attr.Value

func readArguments(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) arguments {
	var values types.Object
	diags.Append(config.Get(ctx, &values)...)
	return values.Attributes()
}

func (a arguments) block(name string) arguments {
	block, _ := a[name].(types.Object)
	return block.Attributes()
}

func (a arguments) isSet(name string) bool {
	value, ok := a[name]
	return ok && !value.IsNull()
}

func (a arguments) text(name string) string { return stringOf(a[name]) }

func (a arguments) flag(name string) bool {
	value, _ := a[name].(types.Bool)
	return value.ValueBool()
}

// number returns a number that wholeNumber has checked.
func (a arguments) number(name string) int {
	value, _ := a[name].(types.Number)
	if value.IsNull() || value.IsUnknown() {
		return 0
	}
	n, _ := value.ValueBigFloat().Int64()
	return int(n)
}

// stringOf returns a string element; "" for null.
func stringOf(element attr.Value) string {
	text, _ := element.(types.String)
	return text.ValueString()
}

// pathOf is where an argument is that is written like "assume_role.role_arn"; empty for "".
func pathOf(argument string) path.Path {
	at := path.Empty()
	for name := range strings.SplitSeq(argument, ".") {
		if name != "" {
			at = at.AtName(name)
		}
	}
	return at
}
