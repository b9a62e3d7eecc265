package ecstest

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Latency makes every answer take at least d more.
func Latency(d time.Duration) Fault {
	return func(x *Exchange, next Handler) *Reply {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-x.Request.Context().Done():
		case <-x.Service.done:
		}
		return next(x)
	}
}

// Reset resets the connection instead of answering.
func Reset() Fault {
	return sendBy(func(w http.ResponseWriter, _ *http.Request, _ *Reply) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			reset(conn)
		}
	})
}

func reset(conn net.Conn) {
	if c, ok := conn.(*tls.Conn); ok {
		conn = c.NetConn()
	}
	if c, ok := conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0) // What makes the close a reset.
	}
	_ = conn.Close()
}

// Drop closes the connection instead of answering.
func Drop() Fault {
	return sendBy(func(http.ResponseWriter, *http.Request, *Reply) { panic(http.ErrAbortHandler) })
}

// CutBody promises the whole body and closes the connection after n bytes of it.
func CutBody(n int) Fault {
	return alter(func(reply *Reply) {
		reply.send = func(w http.ResponseWriter, _ *http.Request, reply *Reply) {
			reply.writePart(w, n)
			panic(http.ErrAbortHandler)
		}
	})
}

// TruncateBody sends n bytes of the body as if they were all of it.
func TruncateBody(n int) Fault {
	return alter(func(reply *Reply) {
		body := reply.body()
		reply.Body = body[:min(n, len(body))]
	})
}

// Hang leaves the call without an answer until the client or the server goes away.
func Hang() Fault {
	return func(x *Exchange, _ Handler) *Reply {
		return &Reply{send: func(_ http.ResponseWriter, r *http.Request, _ *Reply) { x.Service.hang(r) }}
	}
}

// HangInBody sends the header and n bytes of the body, and then nothing until the client or the server goes away.
func HangInBody(n int) Fault {
	return func(x *Exchange, next Handler) *Reply {
		reply := next(x)
		reply.send = func(w http.ResponseWriter, r *http.Request, reply *Reply) {
			reply.writePart(w, n)
			x.Service.hang(r)
		}
		return reply
	}
}

// Redirect sends the client elsewhere.
func Redirect(to string) Fault { return RedirectAs(http.StatusFound, to) }

// RedirectAs sends the client elsewhere with one of the statuses for it, such as 307, which has it repeat the body there.
func RedirectAs(status int, to string) Fault {
	return func(*Exchange, Handler) *Reply {
		reply := plainReply(status, http.StatusText(status))
		reply.Header.Set("Location", to)
		return reply
	}
}

func sendBy(send func(http.ResponseWriter, *http.Request, *Reply)) Fault {
	return func(*Exchange, Handler) *Reply { return &Reply{send: send} }
}

// hang never returns to a client: what ends it ends the connection.
func (s *Service) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.done:
	}
	panic(http.ErrAbortHandler)
}

// writePart sends the header of the whole and n bytes of the body.
func (reply *Reply) writePart(w http.ResponseWriter, n int) {
	body := reply.body()
	reply.writeHeader(w, len(body))
	_, _ = w.Write(body[:min(n, len(body))])
	_ = http.NewResponseController(w).Flush() // The client may be gone.
}
