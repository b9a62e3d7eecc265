package ecstest

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// unfoldedBlock is how much of what a body repeats is compressed at once. A gzip body is a series of such blocks, so
// that a body which unfolds to gigabytes is made in no time.
const unfoldedBlock = 1 << 20

// GzipBomb answers with a small gzip body that unfolds to start, n times unit, and end.
func GzipBomb(start, unit string, n int, end string) Fault {
	body := sync.OnceValue(func() []byte {
		perBlock := max(unfoldedBlock/len(unit), 1)
		b := bytes.NewBuffer(compress(start))
		if n >= perBlock {
			block := compress(strings.Repeat(unit, perBlock))
			for range n / perBlock {
				b.Write(block)
			}
		}
		b.Write(compress(strings.Repeat(unit, n%perBlock) + end))
		return b.Bytes()
	})
	return func(*Exchange, Handler) *Reply {
		reply := newReply(jsonType, body())
		reply.Header.Set("Content-Encoding", "gzip")
		return reply
	}
}

// ManyEmptySnapshots answers with a page that claims n snapshots without a field, in gzip: five million are 16 KB.
func ManyEmptySnapshots(n int) Fault {
	const start, unit, end = `{"TotalCount":1,"PageNumber":1,"PageSize":100,"Snapshots":{"Snapshot":[`, "{},", "{}]}}"
	return GzipBomb(start, unit, n-1, end)
}

// EndlessBody answers with start and then unit again and again, until the client goes away.
func EndlessBody(start, unit string) Fault {
	return endless("", []byte(start), []byte(strings.Repeat(unit, unfoldedBlock/16/len(unit)+1)))
}

// EndlessGzip is EndlessBody in gzip: what the client reads is a thousand times what it gets.
func EndlessGzip(start, unit string) Fault {
	block := sync.OnceValue(func() []byte { return compress(strings.Repeat(unit, unfoldedBlock/len(unit)+1)) })
	return func(x *Exchange, next Handler) *Reply {
		return endless("gzip", compress(start), block())(x, next)
	}
}

func endless(encoding string, start, block []byte) Fault {
	return sendBy(func(w http.ResponseWriter, _ *http.Request, _ *Reply) {
		w.Header().Set("Content-Type", jsonType)
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		// Writing fails once the client or the server has closed the connection.
		_, err := w.Write(start)
		for err == nil {
			_, err = w.Write(block)
		}
	})
}

// LongError refuses in the gateway's form with a message of size bytes, which comes before the code.
func LongError(status int, code string, size int) Fault {
	return func(x *Exchange, _ Handler) *Reply {
		reply := newReply(jsonType, []byte(`{"RequestId":"`+x.requestID+`","Message":"`+strings.Repeat("long ", size/5)+`","Code":"`+code+`"}`))
		reply.Status, reply.Code = status, code
		return reply
	}
}

func compress(text string) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // The level is one that there is.
	_, _ = w.Write([]byte(text))                          // A buffer takes everything.
	_ = w.Close()
	return b.Bytes()
}
