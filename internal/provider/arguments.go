package provider

import (
	"context"
	"math"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// arguments are the values of a data source's configuration, or of a block in it, by
// name. A getter returns the zero value where an argument is null or unknown.
type arguments map[string]attr.Value

func readArguments(ctx context.Context, config tfsdk.Config) (arguments, diag.Diagnostics) {
	var values types.Object
	diags := config.Get(ctx, &values)
	return values.Attributes(), diags
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

func (a arguments) number(name string) int {
	value, _ := a[name].(types.Number)
	return whole(value)
}

// whole returns a number that wholeNumber has checked; 0 for null.
func whole(value types.Number) int {
	if value.IsNull() || value.IsUnknown() {
		return 0
	}
	n, _ := value.ValueBigFloat().Int64() // The nearest where it is larger.
	return int(min(n, math.MaxInt))
}

// stringOf returns a string element; "" for null.
func stringOf(element attr.Value) string {
	text, _ := element.(types.String)
	return text.ValueString()
}
