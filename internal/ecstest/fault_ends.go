package ecstest

import (
	"strconv"
	"strings"
)

// The faults of this file are what the documents announce to end, and services that are older or newer than them.

// NoPageNumbers refuses the page style, as sibling APIs already do.
func NoPageNumbers() Fault {
	return RefusePageNumbers(errNoPageNumbers.status, errNoPageNumbers.code, errNoPageNumbers.message)
}

// RefusePageNumbers refuses the page style with any status, code and message. A call of neither style is answered with
// a token.
func RefusePageNumbers(status int, code, message string) Fault {
	refusal := ErrorCode(status, code, message)
	return func(x *Exchange, next Handler) *Reply {
		if x.Params.Has("PageNumber") || x.Params.Has("PageSize") {
			return refusal(x, next)
		}
		if !x.Params.Has("MaxResults") {
			x.Params.Set("MaxResults", strconv.Itoa(defaultPageSize))
		}
		return next(x)
	}
}

// RefuseTimeFilters refuses Filter.N, with the code that the document has for a key that is not known.
func RefuseTimeFilters() Fault {
	return When(func(x *Exchange) bool {
		for name := range x.Params {
			if strings.HasPrefix(name, "Filter.") {
				return true
			}
		}
		return false
	}, refuse(errFilterKey))
}

// IgnoreParameters takes no notice of parameters, as a service that does not know them: IgnoreParameters("DiskId"). The
// name "Tag" stands for Tag.1.Key and all others that begin with "Tag.", and "Filter" likewise.
func IgnoreParameters(names ...string) Fault {
	return func(x *Exchange, next Handler) *Reply {
		for param := range x.Params {
			for _, name := range names {
				if param == name || strings.HasPrefix(param, name+".") {
					x.Params.Del(param)
				}
			}
		}
		return next(x)
	}
}

// NoTokens takes no notice of the token style, as a service that does not know it yet: every call that uses it gets the
// first page of the default size.
func NoTokens() Fault {
	return IgnoreParameters("NextToken", "MaxResults")
}

// PageCap serves no more than size snapshots on a page, whatever is asked for. In the page style the reply's PageSize
// says so, and pages are counted by it.
func PageCap(size int) Fault {
	return func(x *Exchange, next Handler) *Reply {
		x.pageCap = size
		return next(x)
	}
}
