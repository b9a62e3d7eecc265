package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
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
// known value, and returns "" if nothing is.
type stringRule struct {
	description string
	problem     func(argument, value string) string
	summary     string // Default: "Invalid", and the argument's name.
}

func (r stringRule) Description(context.Context) string         { return r.description }
func (r stringRule) MarkdownDescription(context.Context) string { return r.description }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	summary := r.summary
	if summary == "" {
		summary = "Invalid " + title(lastName(req.Path))
	}
	if problem := r.problem(argumentName(req.Path), req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, summary, problem)
	}
}

// argumentName is an argument as people write it, such as filter.tags; for an element
// of a set or map, that of the whole.
func argumentName(at path.Path) string {
	name, _, _ := strings.Cut(at.String(), "[")
	return name
}

func lastName(at path.Path) string {
	name := argumentName(at)
	return name[strings.LastIndex(name, ".")+1:]
}

const emptyFilter = "%s is empty. The API would ignore it and return everything. To turn the filter off, leave it out or set it to null."

func notEmptyFilter() validator.String { return notEmpty("Empty Filter", emptyFilter) }

// notEmptyArgument refuses an empty argument of the provider: a variable without a value
// would otherwise lead to other credentials than its author meant.
func notEmptyArgument() validator.String {
	return notEmpty("Empty Provider Argument", "%s is an empty string. For the default, or another source of credentials, leave it out or set it to null.")
}

func notEmptyID() validator.String {
	return notEmpty("Empty ID", "An ID in %s is empty. Remove it, in a list for example by compact().")
}

func notEmpty(summary, problem string) validator.String {
	return stringRule{description: "must not be empty", summary: summary, problem: func(argument, value string) string {
		if value != "" {
			return ""
		}
		return fmt.Sprintf(problem, argument)
	}}
}

// regularExpression refuses what RE2 can't compile.
func regularExpression() validator.String {
	return stringRule{description: "must be an RE2 regular expression", problem: func(argument, value string) string {
		if value == "" {
			return fmt.Sprintf(emptyFilter, argument)
		}
		_, err := regexp.Compile(value)
		if err == nil {
			return ""
		}
		var mistake *syntax.Error
		if !errors.As(err, &mistake) {
			return fmt.Sprintf("%s: %v.", argument, err)
		}
		switch literal := strings.Trim(value, "*"); {
		case mistake.Code == syntax.ErrMissingRepeatArgument && literal != value && literal == regexp.QuoteMeta(literal):
			return fmt.Sprintf("%s is %q. Nothing precedes the first `*`, which repeats what it follows. To match \"contains %s\", write %q.", argument, value, literal, literal)
		case mistake.Code == syntax.ErrMissingRepeatArgument:
			return fmt.Sprintf("%s is %q. Nothing precedes `%s`, which repeats what it follows. For any text, write `.*`; for the character itself, \"\\\\%s\".",
				argument, value, mistake.Expr, mistake.Expr)
		case mistake.Code == syntax.ErrInvalidPerlOp:
			return fmt.Sprintf("%s is %q. RE2, the syntax in use, has no `%s`: no lookaround and no backreferences.", argument, value, mistake.Expr)
		}
		return fmt.Sprintf("%s is %q, which isn't an RE2 regular expression: %s in `%s`.", argument, value, mistake.Code, mistake.Expr)
	}}
}

// timeForms are times that people write, and what RFC 3339 wants instead.
var timeForms = []struct{ layout, want, missing string }{
	{time.DateOnly, "2006-01-02T00:00:00+08:00", "Add the time and the UTC offset"},
	{time.DateTime, "2006-01-02T15:04:05+08:00", "Write a T before the time, and add the UTC offset"},
	{"2006-01-02 15:04", "2006-01-02T15:04:05+08:00", "Write a T before the time, and add the seconds and the UTC offset"},
	{"2006-01-02T15:04:05", "2006-01-02T15:04:05+08:00", "Add the UTC offset"},
	{"2006-01-02T15:04", "2006-01-02T15:04:05+08:00", "Add the seconds and the UTC offset"},
	{"2006-01-02T15:04Z07:00", time.RFC3339, "Add the seconds"},
	{"2006-01-02 15:04:05Z07:00", time.RFC3339, "Write a T before the time"},
}

// timestamp refuses what isn't a time by RFC 3339.
func timestamp() validator.String {
	return stringRule{description: "must be a time by RFC 3339", problem: func(argument, value string) string {
		if value == "" {
			return fmt.Sprintf(emptyFilter, argument)
		}
		if _, err := time.Parse(time.RFC3339, value); err == nil {
			return ""
		}
		for _, form := range timeForms {
			if t, err := time.Parse(form.layout, value); err == nil {
				return fmt.Sprintf("%s is %q. %s, such as %q.", argument, value, form.missing, t.Format(form.want))
			}
		}
		return fmt.Sprintf("%s is %q, which isn't a time by RFC 3339. Write date, time and UTC offset, such as \"2024-01-01T00:00:00+08:00\".", argument, value)
	}}
}

// duration refuses what leaves no time for a read.
func duration() validator.String {
	return stringRule{description: "must be a positive duration", summary: "Invalid Timeout", problem: func(argument, value string) string {
		if d, err := time.ParseDuration(value); err == nil && d > 0 {
			return ""
		}
		return fmt.Sprintf("%s is %q. Write a positive number with a unit, s, m or h, such as \"90s\", \"10m\" or \"1h30m\".", argument, value)
	}}
}

func regionID() validator.String {
	return stringRule{description: "must be a region ID", summary: "Invalid Region ID", problem: func(argument, value string) string {
		if rpc.ValidRegion(value) {
			return ""
		}
		return fmt.Sprintf("%s is %q. A region ID has lower-case letters and digits joined by hyphens, such as cn-hangzhou or ap-southeast-1.", argument, value)
	}}
}

func endpoint() validator.String {
	return stringRule{description: "must be host, host:port or http(s)://host[:port]", summary: "Invalid Endpoint", problem: func(argument, value string) string {
		if _, err := rpc.ParseEndpoint(value); err != nil {
			return fmt.Sprintf("%s: %v. Allowed are host, host:port and http(s)://host[:port]; without a scheme, it is https.", argument, err)
		}
		return ""
	}}
}

// ramARN refuses what isn't the ARN of such a thing in RAM, AWS's ARNs for one.
func ramARN(kind string) validator.String {
	form := regexp.MustCompile(`^acs:ram:[^:\s]*:[^:\s]+:` + kind + `/\S+$`)
	return stringRule{description: "must be an ARN of RAM", problem: func(argument, value string) string {
		if form.MatchString(value) {
			return ""
		}
		return fmt.Sprintf("%s is %q. Write acs:ram::<account>:%s/<name>, with the number of the account, such as \"acs:ram::1234567890123456:%s/example\".",
			argument, value, kind, kind)
	}}
}

func jsonObject() validator.String {
	return stringRule{description: "must be a JSON object", problem: func(argument, value string) string {
		var object map[string]any
		if err := json.Unmarshal([]byte(value), &object); err != nil {
			return fmt.Sprintf("%s isn't a JSON object: %v. In HCL, jsonencode() writes one.", argument, err)
		}
		return ""
	}}
}

// tagKey refuses what no tag's key can have.
func tagKey() validator.String {
	return stringRule{description: "must be a tag's key", summary: "Invalid Tag Key", problem: func(argument, key string) string {
		for _, prefix := range []string{"aliyun", "acs:"} {
			if strings.HasPrefix(key, prefix) {
				return fmt.Sprintf("%s has a key that starts with %q. The API doesn't filter by such tags, which are the system's own; filter the result in HCL.", argument, prefix)
			}
		}
		for _, scheme := range []string{"http://", "https://"} {
			if strings.Contains(key, scheme) {
				return fmt.Sprintf("%s has a key that contains %q, which no tag's key can.", argument, scheme)
			}
		}
		return ""
	}}
}

// tagCount refuses a map without tags or with more than the API takes.
func tagCount() validator.Map { return tagCountRule{} }

type tagCountRule struct{}

func (tagCountRule) Description(context.Context) string               { return "must have 1 to 20 tags" }
func (r tagCountRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (tagCountRule) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	n := len(req.ConfigValue.Elements())
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || n >= 1 && n <= 20 {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid Number of Tags",
		fmt.Sprintf("%s has %d tags; 1 to 20 are possible. To turn the filter off, leave it out or set it to null.", req.Path, n))
}

// wholeNumber refuses numbers that aren't whole or are out of bounds. Its attributes are
// of Number, since the framework calls a fraction in an Int64 a bug of the provider.
type wholeNumber struct{ min, max int64 } // A max of 0 is none.

func (w wholeNumber) Description(context.Context) string {
	if w.max == 0 {
		return fmt.Sprintf("a whole number of at least %d", w.min)
	}
	return fmt.Sprintf("a whole number of at least %d and at most %d", w.min, w.max)
}

func (w wholeNumber) MarkdownDescription(ctx context.Context) string { return w.Description(ctx) }

func (w wholeNumber) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	n := req.ConfigValue.ValueBigFloat()
	if !n.IsInt() || n.Cmp(big.NewFloat(float64(w.min))) < 0 || w.max != 0 && n.Cmp(big.NewFloat(float64(w.max))) > 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+title(lastName(req.Path)), fmt.Sprintf("%s is %s. Write %s.", req.Path, n.Text('g', -1), w.Description(ctx)))
	}
}
