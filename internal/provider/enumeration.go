package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// oneOf is the validator of an enumeration. The API takes some in any case.
type oneOf struct {
	values  []string
	anyCase bool
}

func (o oneOf) Description(context.Context) string {
	return "must be one of " + strings.Join(o.values, ", ")
}

func (o oneOf) MarkdownDescription(ctx context.Context) string { return o.Description(ctx) }

func (o oneOf) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	given := req.ConfigValue.ValueString()
	if _, ok := o.canonical(given); ok || req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	detail := fmt.Sprintf("%s is %q. Allowed: \"%s\".", req.Path, given, strings.Join(o.values, `", "`))
	if near := o.nearest(given); near != "" {
		detail += fmt.Sprintf(" Did you mean %q?", near)
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+title(lastName(req.Path)), detail)
}

// canonical returns the value as the API writes it.
func (o oneOf) canonical(given string) (string, bool) {
	for _, value := range o.values {
		if value == given || o.anyCase && strings.EqualFold(value, given) {
			return value, true
		}
	}
	return "", false
}

// nearest returns the value that was probably meant: of which no more than half the
// characters differ. "" if there is none.
func (o oneOf) nearest(given string) string {
	best, bestDistance := "", 0
	for _, value := range o.values {
		distance := editDistance(strings.ToLower(given), strings.ToLower(value))
		if distance <= max(len(given), len(value))/2 && (best == "" || distance < bestDistance) {
			best, bestDistance = value, distance
		}
	}
	return best
}

// editDistance is Levenshtein's: how many bytes to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1) // The distances of a's beginning from each beginning of b.
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
