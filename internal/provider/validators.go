package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// stringRule is a validator of strings: it says what is wrong with a known value, or ""
// if nothing is, and what to write instead, which the framework's library doesn't. The
// text goes on after the argument's name.
type stringRule func(value string) (problem string)

func (r stringRule) Description(context.Context) string         { return "" } // Nothing reads it.
func (r stringRule) MarkdownDescription(context.Context) string { return "" }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := r(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.Append(invalidArgument(req.Path, problem))
	}
}

// invalidArgument is the error for an argument's value. The argument is written as people
// write it, such as filter.tags; for an element of a set or map, that of the whole. The
// problem may repeat a part of the value.
func invalidArgument(at path.Path, problem string) diag.Diagnostic {
	argument, _, _ := strings.Cut(at.String(), "[")
	return newError(at, "Invalid "+argument, argument+" "+rpc.Printable(problem))
}

func notEmpty(problem string) stringRule {
	return func(value string) string {
		if value == "" {
			return problem
		}
		return ""
	}
}

var emptyFilter = notEmpty("is empty. The API would ignore it and return everything. To turn the filter off, leave it out or set it to null.")

// enumeration is a fixed set of values. The API takes those of some arguments in any case.
type enumeration struct {
	values  []string
	anyCase bool
}

// otherWords are what other clouds call a value.
var otherWords = map[string]string{
	"completed": "accomplished", "complete": "accomplished", "pending": "progressing", "creating": "progressing", "error": "failed", "manual": "user",
}

// canonical returns the value as the API writes it; one that is none as it is.
func (e enumeration) canonical(given string) string {
	for _, value := range e.values {
		if e.anyCase && strings.EqualFold(value, given) {
			return value
		}
	}
	return given
}

func (e enumeration) problem(given string) string {
	if slices.Contains(e.values, e.canonical(given)) {
		return ""
	}
	problem := fmt.Sprintf("is %q. Allowed: \"%s\".", given, strings.Join(e.values, `", "`))
	word := strings.ToLower(given)
	meant := enumeration{e.values, true}.canonical(cmp.Or(otherWords[word], word))
	if slices.Contains(e.values, meant) {
		problem += fmt.Sprintf(" Did you mean %q?", meant)
	}
	return problem
}

// regularExpression refuses what RE2 can't compile.
func regularExpression(value string) string {
	_, err := regexp.Compile(value)
	mistake, ok := errors.AsType[*syntax.Error](err)
	switch {
	case value == "":
		return emptyFilter(value)
	case !ok:
		return ""
	case mistake.Code == syntax.ErrMissingRepeatArgument:
		literal := strings.Trim(value, "*+?")
		return fmt.Sprintf("is %q. Nothing precedes `%s`, which repeats what it follows. To match \"contains %s\", write %q.", value, mistake.Expr, literal, regexp.QuoteMeta(literal))
	}
	return fmt.Sprintf("is %q, which isn't an RE2 regular expression: %s in `%s`. RE2 has no lookaround and no backreferences.", value, mistake.Code, mistake.Expr)
}

// timestamp refuses what isn't a time by RFC 3339. The message completes a time that
// lacks its end, unlike that of terraform-plugin-framework-timetypes.
func timestamp(value string) string {
	if _, err := time.Parse(time.RFC3339, value); err == nil {
		return ""
	}
	example := "2024-01-01T00:00:00+08:00"
	if n := len(value); n < len(example) {
		completed := strings.Replace(value, " ", "T", 1) + example[n:]
		if _, err := time.Parse(time.RFC3339, completed); err == nil {
			example = completed
		}
	}
	return fmt.Sprintf("is %q, which isn't a time by RFC 3339. Write date, T, time with seconds and UTC offset, such as %q.", value, example)
}

// duration refuses what leaves no time for a read. The validator in
// terraform-plugin-framework-timeouts takes zero and less, and its text names no unit.
func duration(value string) string {
	if d, err := time.ParseDuration(value); err == nil && d > 0 {
		return ""
	}
	return fmt.Sprintf("is %q. Write a positive number with a unit, s, m or h, such as \"90s\", \"10m\" or \"1h30m\".", value)
}

func regionID(value string) string {
	if rpc.ValidRegion(value) {
		return ""
	}
	return fmt.Sprintf("is %q. A region ID has lower-case letters and digits joined by hyphens, such as cn-hangzhou or ap-southeast-1.", value)
}

func endpoint(value string) string {
	if _, err := rpc.ParseEndpoint(value); err != nil {
		return fmt.Sprintf("can't be used: %v. Allowed are host, host:port and http(s)://host[:port]; without a scheme, it is https.", err)
	}
	return ""
}

func matches(expression, remedy string) stringRule {
	form := regexp.MustCompile(expression)
	return func(value string) string {
		if form.MatchString(value) {
			return ""
		}
		return fmt.Sprintf("is %q. %s", value, remedy)
	}
}

// ramARN refuses what isn't the ARN of such a thing in RAM, AWS's ARNs for one.
func ramARN(kind string) stringRule {
	return matches(`^acs:ram:[^:\s]*:[^:\s]+:`+kind+`/\S+$`,
		fmt.Sprintf("Write acs:ram::<account>:%s/<name>, with the number of the account, such as \"acs:ram::1234567890123456:%[1]s/example\".", kind))
}

// sessionName refuses what STS does.
var sessionName = matches(`^[A-Za-z0-9.@_-]{2,64}$`, "Write 2 to 64 characters: letters, digits and . @ _ -")

func jsonObject(value string) string {
	var object map[string]any
	if err := json.Unmarshal([]byte(value), &object); err != nil {
		return fmt.Sprintf("isn't a JSON object: %v. In HCL, jsonencode() writes one.", err)
	}
	return ""
}

var reservedTagKey = regexp.MustCompile(`^(aliyun|acs:)|https?://`)

// tagKey refuses what no tag's key can have, or what the API doesn't filter by.
func tagKey(key string) string {
	if !reservedTagKey.MatchString(key) {
		return ""
	}
	return "has a key that starts with \"aliyun\" or \"acs:\", or contains \"http://\" or \"https://\". The API doesn't filter by such tags; filter the result in HCL."
}

// wholeNumber refuses numbers that aren't whole or are out of bounds. Its attributes are
// of Number, since the framework calls a fraction in an Int64 a bug of the provider.
type wholeNumber struct{ min, max int64 }

func (w wholeNumber) Description(context.Context) string         { return "" } // Nothing reads it.
func (w wholeNumber) MarkdownDescription(context.Context) string { return "" }

func (w wholeNumber) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	if n, _ := number.Int64(); !number.IsInt() || n < w.min || n > w.max {
		resp.Diagnostics.Append(invalidArgument(req.Path, fmt.Sprintf("is %s. Write a whole number from %d to %d.", number.Text('g', -1), w.min, w.max)))
	}
}
