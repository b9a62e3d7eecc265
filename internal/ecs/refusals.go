package ecs

import (
	"errors"
	"regexp"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// The API's document announces that page numbers and the time filter will end,
// without the codes that they will be refused by. Sibling APIs have several, so
// whatever names the parameter counts.
var (
	pageNumberNames = regexp.MustCompile(`(?i)page[ ._-]?(number|size)`)
	timeFilterNames = regexp.MustCompile(`(?i)filter|creation[ ._-]?(start|end)`)
)

// unsupportedParameter is a code that may mean either.
const unsupportedParameter = "UnsupportedParameter"

// refusal gives the service's refusal of a request; nil for any other failure.
func refusal(err error) *rpc.Error {
	var e *rpc.Error
	if errors.As(err, &e) && e.Kind == rpc.KindService && !e.Transient && e.Code != "DryRunOperation" {
		return e
	}
	return nil
}

func isRefusal(err error) bool { return refusal(err) != nil }

// refuses tells whether the service refused a parameter of one of the names.
func refuses(err error, names *regexp.Regexp) bool {
	e := refusal(err)
	return e != nil && (e.Code == unsupportedParameter || names.MatchString(e.Code+" "+e.Message))
}

func refusesPageNumbers(err error) bool { return refuses(err, pageNumberNames) }

func refusesTimeFilter(err error) bool { return refuses(err, timeFilterNames) }
