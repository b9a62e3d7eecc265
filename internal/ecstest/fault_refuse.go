package ecstest

import (
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Respond answers with a body as it is.
func Respond(status int, contentType string, body []byte) Fault {
	return func(*Exchange, Handler) *Reply {
		reply := newReply(contentType, append([]byte{}, body...))
		reply.Status = status
		return reply
	}
}

// BadGatewayHTML answers as a proxy in between does.
func BadGatewayHTML() Fault {
	return Respond(http.StatusBadGateway, "text/html", []byte(
		"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"+
			"</body>\r\n</html>\r\n"))
}

// ErrorCode refuses with an error in the gateway's form.
func ErrorCode(status int, code, message string) Fault {
	return refuse(&apiError{status, code, message})
}

// Status500 refuses with the document's InternalError.
func Status500() Fault { return refuse(errInternal) }

// RefuseSignature refuses with SignatureDoesNotMatch, whose message repeats what was signed.
func RefuseSignature() Fault {
	return func(x *Exchange, _ Handler) *Reply {
		return x.errorReply(badSignature(stringToSign(x.Request.Method, x.Params)))
	}
}

func refuse(err *apiError) Fault {
	return func(x *Exchange, _ Handler) *Reply { return x.errorReply(err) }
}

// Throttle refuses with a throttling code, such as Throttling.User, and headers that may say how long to wait.
func Throttle(code string, header http.Header) Fault {
	err := &apiError{http.StatusBadRequest, code, "Request was denied due to user flow control."}
	return func(x *Exchange, _ Handler) *Reply {
		reply := x.errorReply(err)
		for name, values := range header {
			reply.Header[http.CanonicalHeaderKey(name)] = values
		}
		return reply
	}
}

// throttlingUser is the code of the throttling that counts for itself.
const throttlingUser = "Throttling.User"

// ThrottleFirst throttles the first n calls.
func ThrottleFirst(n int, code string, header http.Header) Fault {
	return FirstN(n, Throttle(code, maps.Clone(header)))
}

// ThrottleConcurrent throttles calls that come while limit others are being answered. Latency injected after it makes
// answers take time.
func ThrottleConcurrent(limit int) Fault {
	var inFlight atomic.Int64
	throttle := Throttle(throttlingUser, nil)
	return func(x *Exchange, next Handler) *Reply {
		defer inFlight.Add(-1)
		if inFlight.Add(1) > int64(limit) {
			return throttle(x, next)
		}
		return next(x)
	}
}

// ThrottleRate serves limit calls in each period of the service's clock and throttles the rest, as the real service does
// with periods of a minute.
func ThrottleRate(limit int, period time.Duration) Fault {
	var (
		mu     sync.Mutex
		start  time.Time
		served int
	)
	return When(func(x *Exchange) bool {
		now := x.Service.clock().Truncate(period)
		mu.Lock()
		defer mu.Unlock()
		if now.After(start) {
			start, served = now, 0
		}
		served++
		return served > limit
	}, Throttle(throttlingUser, nil))
}

// ThrottleMinute throttles every call from the first one on until the next minute of the service's clock, and none
// after it.
func ThrottleMinute() Fault {
	var (
		once sync.Once
		end  time.Time
	)
	return When(func(x *Exchange) bool {
		now := x.Service.clock()
		once.Do(func() { end = now.Truncate(time.Minute).Add(time.Minute) })
		return now.Before(end)
	}, Throttle(throttlingUser, nil))
}
