package ecstest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Reply is an answer that is not sent yet.
type Reply struct {
	Status int    // Zero if the client gets no status line.
	Code   string // The error's code; empty on success.
	Header http.Header

	// Fields is the body as a JSON object; Body, when it is not nil, is the body as it is.
	Fields map[string]any
	Body   []byte

	// send replaces the usual way of writing the answer, for faults of the connection.
	send func(w http.ResponseWriter, r *http.Request, reply *Reply)
}

func (reply *Reply) body() []byte {
	if reply.Body != nil {
		return reply.Body
	}
	list, _ := reply.Fields["Snapshots"].(map[string]any)
	bodies, ok := list["Snapshot"].([]json.RawMessage)
	if !ok || len(list) > 1 {
		return encode(reply.Fields)
	}
	return encodePage(reply.Fields, bodies)
}

// encodePage writes snapshots that no fault has altered as they are. They are in JSON already, and encoding/json would read
// through them again, which was most of what a call took.
func encodePage(fields map[string]any, bodies []json.RawMessage) []byte {
	others := maps.Clone(fields)
	delete(others, "Snapshots")
	b := bytes.TrimSuffix(encode(others), []byte("}"))
	if len(others) > 0 {
		b = append(b, ',')
	}
	size := 0
	for _, body := range bodies {
		size += len(body) + 1
	}
	b = slices.Grow(b, size+100)
	b = append(b, `"Snapshots":{"Snapshot":[`...)
	for i, body := range bodies {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, body...)
	}
	return append(b, "]}}"...)
}

func (reply *Reply) writeTo(w http.ResponseWriter, r *http.Request) {
	if reply.send != nil {
		reply.send(w, r, reply)
		return
	}
	body := reply.body()
	reply.writeHeader(w, len(body))
	_, _ = w.Write(body) // The client may be gone.
}

func (reply *Reply) writeHeader(w http.ResponseWriter, length int) {
	header := w.Header()
	for name, values := range reply.Header {
		header[name] = values
	}
	header.Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(reply.Status)
}

func newReply(contentType string, body []byte) *Reply {
	return &Reply{Status: http.StatusOK, Header: http.Header{"Content-Type": {contentType}}, Body: body}
}

const jsonType = "application/json;charset=utf-8"

func jsonReply(fields map[string]any) *Reply {
	reply := newReply(jsonType, nil)
	reply.Fields = fields
	return reply
}

func plainReply(status int, text string) *Reply {
	reply := newReply("text/plain;charset=utf-8", []byte(text))
	reply.Status = status
	return reply
}

// errorReply has the form that all of the gateway's errors have.
func (x *Exchange) errorReply(err *apiError) *Reply {
	reply := jsonReply(map[string]any{
		"RequestId": x.requestID,
		"HostId":    x.Request.Host,
		"Code":      err.code,
		"Message":   err.message,
		"Recommend": "https://api.aliyun.com/troubleshoot?q=" + err.code + "&product=Ecs&requestId=" + x.requestID,
	})
	if err.code == codeForbidden {
		reply.Fields["AccessDeniedDetail"] = map[string]any{
			"PolicyType":   "AccountLevelIdentityBasedPolicy",
			"AuthAction":   "ecs:" + x.Action,
			"NoPermission": "ImplicitDeny",
		}
	}
	reply.Status, reply.Code = err.status, err.code
	return reply
}

// newRequestID is unique and the same in every run.
func (s *Service) newRequestID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "request %d", s.nextSerial()))
	return fmt.Sprintf("%X-%X-%X-%X-%X", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func (s *Service) nextSerial() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	return s.serial
}
