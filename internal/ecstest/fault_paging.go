package ecstest

import (
	"strconv"
	"sync"
	"sync/atomic"
)

// TokenOnly answers calls of the page style in the token style, from the first page and without a TotalCount.
func TokenOnly() Fault {
	withoutTotal := AlterReply(func(fields map[string]any) { delete(fields, "TotalCount") })
	return func(x *Exchange, next Handler) *Reply {
		if !x.Params.Has("MaxResults") && x.Params.Has("PageSize") {
			x.Params.Set("MaxResults", x.Params.Get("PageSize"))
		}
		if !x.Params.Has("MaxResults") {
			x.Params.Set("MaxResults", strconv.Itoa(defaultPageSize))
		}
		x.Params.Del("PageNumber")
		x.Params.Del("PageSize")
		return withoutTotal(x, next)
	}
}

// RepeatToken answers a call that carries a token with the same token again.
func RepeatToken() Fault {
	return func(x *Exchange, next Handler) *Reply {
		reply := next(x)
		if token := x.Params.Get("NextToken"); token != "" && reply.Code == "" {
			reply.Fields["NextToken"] = token
		}
		return reply
	}
}

// LoopingToken leads from the page with number period, and from the last page, back to the second page.
func LoopingToken(period int) Fault {
	var (
		mu    sync.Mutex
		first string
	)
	return func(x *Exchange, next Handler) *Reply {
		page, reply := x.Page(), next(x)
		token, ok := reply.Fields["NextToken"].(string)
		if !ok || reply.Code != "" {
			return reply
		}
		mu.Lock()
		defer mu.Unlock()
		if first == "" {
			first = token
		}
		if token == "" || page >= period {
			reply.Fields["NextToken"] = first
		}
		return reply
	}
}

// LongPage gives pages that hold extra snapshots beyond what was asked for, as far as there are any.
func LongPage(extra int) Fault {
	return func(x *Exchange, next Handler) *Reply {
		x.longPage = extra
		return next(x)
	}
}

// ShortPages limits pages of the token style to these sizes, in turn. The document allows a page to be short before the
// end.
func ShortPages(sizes ...int) Fault {
	var calls atomic.Int64
	return func(x *Exchange, next Handler) *Reply {
		x.shortToken = sizes[int(calls.Add(1)-1)%len(sizes)]
		return next(x)
	}
}

// OffsetTokens makes tokens offsets into the list as it is when they are used: deletions before one move what it stands
// for to a page that was read. It can't do more than one size of page in a list.
func OffsetTokens() Fault {
	return func(x *Exchange, next Handler) *Reply {
		if !x.Params.Has("NextToken") && !x.Params.Has("MaxResults") {
			return next(x)
		}
		size, err := strconv.Atoi(x.Params.Get("MaxResults"))
		if err != nil {
			size = defaultPageSize
		}
		offset, _ := strconv.Atoi(x.Params.Get("NextToken")) // Zero at the start.
		x.Params.Del("NextToken")
		x.Params.Del("MaxResults")
		x.Params.Set("PageNumber", strconv.Itoa(offset/size+1))
		x.Params.Set("PageSize", strconv.Itoa(size))
		reply := next(x)
		total, ok := reply.Fields["TotalCount"].(int)
		if !ok {
			return reply
		}
		token := ""
		if offset+size < total {
			token = strconv.Itoa(offset + size)
		}
		reply.Fields["NextToken"], reply.Fields["TotalCount"] = token, 0
		return reply
	}
}
