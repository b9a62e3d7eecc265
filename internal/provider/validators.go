package provider

import (
	"context"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// stringRule is a validator of known strings by a function that says what is
// wrong, or nothing.
type stringRule struct {
	description string
	summary     string
	problem     func(string) string
}

func (r stringRule) Description(context.Context) string         { return r.description }
func (r stringRule) MarkdownDescription(context.Context) string { return r.description }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := r.problem(req.ConfigValue.ValueString()); problem != "" {
		argument, _, _ := strings.Cut(req.Path.String(), "[") // Of a set's element, which has no name.
		resp.Diagnostics.AddAttributeError(req.Path, r.summary, argument+": "+problem)
	}
}

// notEmpty refuses an empty filter.
func notEmpty() validator.String {
	return refuseEmpty("Empty Filter", "the value is empty. The service would ignore it and return everything. "+
		"To not filter by this argument, leave it out or set it to null.")
}

// notBlank refuses an empty argument of the provider: a variable that was not filled
// in would otherwise send the provider on to other credentials than its author meant.
func notBlank() validator.String {
	return refuseEmpty("Empty Provider Argument", "the value is an empty string. To use the default, or another source of credentials, "+
		"leave the argument out or set it to null.")
}

// notEmptyID refuses an empty element of a set of ids.
func notEmptyID() validator.String {
	return refuseEmpty("Empty ID", "an id is empty. Remove it; compact() does that in a list.")
}

func refuseEmpty(summary, problem string) validator.String {
	return stringRule{
		description: "must not be empty",
		summary:     summary,
		problem: func(s string) string {
			if s != "" {
				return ""
			}
			return problem
		},
	}
}

// regularExpression refuses what RE2 can't compile. notEmpty speaks of nothing.
func regularExpression() validator.String {
	return stringRule{
		description: "must be an RE2 regular expression",
		summary:     "Invalid Regular Expression",
		problem: func(s string) string {
			if _, err := regexp.Compile(s); err != nil {
				return fmt.Sprintf("%v. The syntax is RE2's, which has no lookaround and no backreferences.", err)
			}
			return ""
		},
	}
}

// regionID refuses what can't be a region's id.
func regionID() validator.String {
	return stringRule{
		description: "must be a region id",
		summary:     "Invalid Region ID",
		problem: func(s string) string {
			if rpc.ValidRegion(s) {
				return ""
			}
			return fmt.Sprintf("%q is not a valid region id. A region id has lower-case letters and digits joined by hyphens, such as cn-hangzhou or ap-southeast-1.", s)
		},
	}
}

// endpoint refuses what isn't a host or a URL of a host alone.
func endpoint() validator.String {
	return stringRule{
		description: "must be host, host:port or http(s)://host[:port]",
		summary:     "Invalid Endpoint",
		problem: func(s string) string {
			if _, err := rpc.ParseEndpoint(s); err != nil {
				return fmt.Sprintf("%v. Allowed are host, host:port and http(s)://host[:port]; https is meant unless http:// is written.", err)
			}
			return ""
		},
	}
}

// wholeNumber refuses other numbers than whole ones within bounds. Its attributes are
// of Number, since the framework calls a fraction for an Int64 a bug of the provider's.
type wholeNumber struct{ least, most int64 }

func (w wholeNumber) Description(context.Context) string {
	return fmt.Sprintf("must be a whole number of at least %d and at most %d", w.least, w.most)
}

func (w wholeNumber) MarkdownDescription(ctx context.Context) string { return w.Description(ctx) }

func (w wholeNumber) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n, accuracy := req.ConfigValue.ValueBigFloat().Int64(); accuracy != big.Exact || n < w.least || n > w.most {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Number", fmt.Sprintf("%s: the value is %s; it %s.",
			req.Path, req.ConfigValue.ValueBigFloat().Text('g', -1), w.Description(ctx)))
	}
}

// whole gives a number that wholeNumber has checked; 0 for null.
func whole(value types.Number) int {
	if value.IsNull() {
		return 0
	}
	n, _ := value.ValueBigFloat().Int64()
	return int(n)
}

// requiredWithin is the validator of a block: its required arguments. The framework
// would demand them even where the block is left out.
type requiredWithin []string

// requires refuses a block without the arguments.
func requires(arguments ...string) validator.Object { return requiredWithin(arguments) }

func (r requiredWithin) Description(context.Context) string {
	return "must set " + strings.Join(r, " and ")
}

func (r requiredWithin) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r requiredWithin) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	values := req.ConfigValue.Attributes()
	for _, name := range r {
		if values[name].IsNull() {
			resp.Diagnostics.AddAttributeError(req.Path.AtName(name), "Missing Argument",
				fmt.Sprintf("The %s block requires %s, which isn't set or is null.", req.Path, name))
		}
	}
}

// tagMap is the validator of tag filters.
type tagMap struct{}

// tagFilters refuses tags that the service would refuse, or that can't exist.
func tagFilters() validator.Map { return tagMap{} }

func (tagMap) Description(context.Context) string {
	return "must have 1 to 20 tags; keys of 1 to 64 and values of 0 to 128 characters"
}
func (t tagMap) MarkdownDescription(ctx context.Context) string { return t.Description(ctx) }

const maxTags = 20

func (tagMap) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	elements := req.ConfigValue.Elements()
	if n := len(elements); n < 1 || n > maxTags {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Number of Tags",
			fmt.Sprintf("%s: there are %d tags; 1 to %d are possible. To not filter by tags, leave the argument out or set it to null.", req.Path, n, maxTags))
		return
	}
	report := func(at path.Path, problem string) {
		if problem != "" {
			resp.Diagnostics.AddAttributeError(at, "Invalid Tag", fmt.Sprintf("%s: %s.", at, problem))
		}
	}
	for key, element := range elements {
		report(req.Path.AtMapKey(key), tagKeyProblem(key))
		value, _ := element.(types.String) // Null and unknown ones are empty, which is no problem.
		report(req.Path.AtMapKey(key), tagValueProblem(value.ValueString()))
	}
}

// tagKeyProblem says what is wrong with a tag's key, or nothing.
func tagKeyProblem(key string) string {
	if n := utf8.RuneCountInString(key); n < 1 || n > 64 {
		return fmt.Sprintf("the tag's key has %d characters; 1 to 64 are possible", n)
	}
	return tagTextProblem("key", key)
}

// tagValueProblem says what is wrong with a tag's value, or nothing.
func tagValueProblem(value string) string {
	if n := utf8.RuneCountInString(value); n > 128 {
		return fmt.Sprintf("the tag's value has %d characters; at most 128 are possible", n)
	}
	return tagTextProblem("value", value)
}

func tagTextProblem(part, text string) string {
	for _, prefix := range []string{"aliyun", "acs:"} {
		if strings.HasPrefix(text, prefix) {
			return fmt.Sprintf("the tag's %s starts with %q, which is the service's own", part, prefix)
		}
	}
	for _, scheme := range []string{"http://", "https://"} {
		if strings.Contains(text, scheme) {
			return fmt.Sprintf("the tag's %s contains %q, which no tag can", part, scheme)
		}
	}
	return ""
}
