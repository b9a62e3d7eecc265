package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Validators whose texts say more than those of the framework's library: what to write
// instead.

// stringRule is a validator of strings. Its problem function says what is wrong with a
// known value, and returns "" if nothing is. The text goes on after the argument's name.
type stringRule struct {
	undescribed
	summary string // Default: "Invalid", and the argument's name.
	problem func(value string) string
}

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := r.problem(req.ConfigValue.ValueString()); problem != "" {
		argument := argumentName(req.Path)
		resp.Diagnostics.AddAttributeError(req.Path, cmp.Or(r.summary, invalid(argument)), argument+" "+problem)
	}
}

// undescribed leaves out a validator's descriptions, which nothing reads.
type undescribed struct{}

func (undescribed) Description(context.Context) string         { return "" }
func (undescribed) MarkdownDescription(context.Context) string { return "" }

// rule refuses values that aren't valid, and says what to write.
func rule(summary string, valid func(string) bool, remedy string) validator.String {
	return stringRule{summary: summary, problem: func(value string) string {
		if valid(value) {
			return ""
		}
		return fmt.Sprintf("is %q. %s", value, remedy)
	}}
}

// argumentName is an argument as people write it, such as filter.tags; for an element
// of a set or map, that of the whole.
func argumentName(at path.Path) string {
	name, _, _ := strings.Cut(at.String(), "[")
	return name
}

// invalid is the summary for an argument, or an argument in a block.
func invalid(argument string) string {
	return "Invalid " + argument[strings.LastIndex(argument, ".")+1:]
}

var emptyFilter = notEmpty("Empty Filter", "is empty. The API would ignore it and return everything. To turn the filter off, leave it out or set it to null.")

func notEmpty(summary, problem string) validator.String {
	return stringRule{summary: summary, problem: func(value string) string {
		if value != "" {
			return ""
		}
		return problem
	}}
}

// enumeration is a fixed set of values. The API takes those of some arguments in any case.
type enumeration struct {
	values  []string
	anyCase bool
}

// otherWords are what other clouds call a value.
var otherWords = map[string]string{
	"completed": "accomplished", "complete": "accomplished", "pending": "progressing", "creating": "progressing", "error": "failed", "manual": "user",
}

// canonical returns the value as the API writes it; "" for none.
func (e enumeration) canonical(given string) string {
	for _, value := range e.values {
		if value == given || e.anyCase && strings.EqualFold(value, given) {
			return value
		}
	}
	return ""
}

func (e enumeration) validator() validator.String {
	return stringRule{problem: func(given string) string {
		if e.canonical(given) != "" {
			return ""
		}
		problem := fmt.Sprintf("is %q. Allowed: \"%s\".", given, strings.Join(e.values, `", "`))
		word := strings.ToLower(given)
		if meant := (enumeration{e.values, true}).canonical(cmp.Or(otherWords[word], word)); meant != "" {
			problem += fmt.Sprintf(" Did you mean %q?", meant)
		}
		return problem
	}}
}

// regularExpression refuses what RE2 can't compile.
func regularExpression() validator.String {
	return stringRule{problem: func(value string) string {
		_, err := regexp.Compile(value)
		var mistake *syntax.Error
		if !errors.As(err, &mistake) {
			return ""
		}
		if mistake.Code == syntax.ErrMissingRepeatArgument {
			literal := strings.Trim(value, "*+?")
			return fmt.Sprintf("is %q. Nothing precedes `%s`, which repeats what it follows. To match \"contains %s\", write %q.", value, mistake.Expr, literal, regexp.QuoteMeta(literal))
		}
		return fmt.Sprintf("is %q, which isn't an RE2 regular expression: %s in `%s`. RE2 has no lookaround and no backreferences.", value, mistake.Code, mistake.Expr)
	}}
}

// timestamp refuses what isn't a time by RFC 3339. The message completes a time that
// lacks its end, unlike that of terraform-plugin-framework-timetypes.
func timestamp() validator.String {
	return stringRule{problem: func(value string) string {
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
	}}
}

// duration refuses what leaves no time for a read. The validator in
// terraform-plugin-framework-timeouts takes zero and less, and its text names no unit.
func duration() validator.String {
	return rule("Invalid Timeout", func(value string) bool {
		d, err := time.ParseDuration(value)
		return err == nil && d > 0
	}, "Write a positive number with a unit, s, m or h, such as \"90s\", \"10m\" or \"1h30m\".")
}

func regionID() validator.String {
	return rule("Invalid Region ID", rpc.ValidRegion,
		"A region ID has lower-case letters and digits joined by hyphens, such as cn-hangzhou or ap-southeast-1.")
}

func endpoint() validator.String {
	return stringRule{summary: "Invalid Endpoint", problem: func(value string) string {
		if _, err := rpc.ParseEndpoint(value); err != nil {
			return fmt.Sprintf("can't be used: %v. Allowed are host, host:port and http(s)://host[:port]; without a scheme, it is https.", err)
		}
		return ""
	}}
}

// ramARN refuses what isn't the ARN of such a thing in RAM, AWS's ARNs for one.
func ramARN(kind string) validator.String {
	form := regexp.MustCompile(`^acs:ram:[^:\s]*:[^:\s]+:` + kind + `/\S+$`)
	return rule("", form.MatchString,
		fmt.Sprintf("Write acs:ram::<account>:%s/<name>, with the number of the account, such as \"acs:ram::1234567890123456:%[1]s/example\".", kind))
}

// sessionName refuses what STS does.
func sessionName() validator.String {
	return rule("", regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`).MatchString, "Write 2 to 64 characters: letters, digits and . @ _ -")
}

func jsonObject() validator.String {
	return stringRule{problem: func(value string) string {
		var object map[string]any
		if err := json.Unmarshal([]byte(value), &object); err != nil {
			return fmt.Sprintf("isn't a JSON object: %v. In HCL, jsonencode() writes one.", err)
		}
		return ""
	}}
}

var reservedTagKey = regexp.MustCompile(`^(aliyun|acs:)|https?://`)

// tagKey refuses what no tag's key can have, or what the API doesn't filter by.
func tagKey() validator.String {
	return stringRule{summary: "Invalid Tag Key", problem: func(key string) string {
		if !reservedTagKey.MatchString(key) {
			return ""
		}
		return "has a key that starts with \"aliyun\" or \"acs:\", or contains \"http://\" or \"https://\". The API doesn't filter by such tags; filter the result in HCL."
	}}
}

// wholeNumber refuses numbers that aren't whole or are out of bounds. Its attributes are
// of Number, since the framework calls a fraction in an Int64 a bug of the provider.
type wholeNumber struct {
	undescribed
	min, max int64
}

func (w wholeNumber) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	number := req.ConfigValue.ValueBigFloat()
	if n, _ := number.Int64(); !number.IsInt() || n < w.min || n > w.max {
		resp.Diagnostics.AddAttributeError(req.Path, invalid(req.Path.String()),
			fmt.Sprintf("%s is %s. Write a whole number from %d to %d.", req.Path, number.Text('g', -1), w.min, w.max))
	}
}
