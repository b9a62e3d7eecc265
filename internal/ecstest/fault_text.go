package ecstest

import (
	"fmt"
	"strings"
)

// HostileText is what must not reach a terminal: escape sequences that colour the text and rename the window, characters
// that turn the direction of the text or can't be seen, line breaks, and a control character of the second set.
const HostileText = "\x1b[31m\x1b]0;renamed\x07\u202e\u2066\u200b\u200f\ufeff\r\n\b\u009b"

// HostileFields ends fields of every snapshot with HostileText: those that are named, or without a name all that are
// strings, times and numbers apart, with the keys and values of tags.
func HostileFields(names ...string) Fault {
	return AlterSnapshots(func(snapshot map[string]any) {
		if len(names) == 0 {
			spoil(snapshot)
			return
		}
		for _, name := range names {
			text, _ := snapshot[name].(string)
			snapshot[name] = text + HostileText
		}
	})
}

// spoil ends all strings within a value with HostileText, but for those of which a client reads more than text.
func spoil(value any) any {
	switch value := value.(type) {
	case string:
		return value + HostileText
	case []any:
		for i := range value {
			value[i] = spoil(value[i])
		}
	case map[string]any:
		for name := range value {
			if !strings.HasSuffix(name, "Time") && name != "Progress" && name != "SourceDiskSize" {
				value[name] = spoil(value[name])
			}
		}
	}
	return value
}

// HostileError refuses with a code, a message and a request id that each end with HostileText.
func HostileError(status int, code string) Fault {
	refusal := ErrorCode(status, code+HostileText, "The request is refused."+HostileText)
	return func(x *Exchange, next Handler) *Reply {
		reply := refusal(x, next)
		reply.Fields["RequestId"] = x.requestID + HostileText
		return reply
	}
}

// EchoRequest refuses with a message that holds the whole request in an encoding, such as
// base64.StdEncoding.EncodeToString: its first line, its header and its parameters, with everything that is secret among
// them.
func EchoRequest(encode func([]byte) string) Fault {
	return func(x *Exchange, _ Handler) *Reply {
		var request strings.Builder
		fmt.Fprintf(&request, "%s %s\r\n", x.Request.Method, x.Request.URL)
		_ = x.Request.Header.Write(&request) // A builder takes everything.
		request.WriteString("\r\n" + x.Request.Form.Encode())
		return x.errorReply(invalidParameter("The request can't be served: %s", encode([]byte(request.String()))))
	}
}
