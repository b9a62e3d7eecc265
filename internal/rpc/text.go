package rpc

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Text is a JSON value read as text whatever its type: a string as it is, null
// as nothing, and a number, object or list as its JSON. Gateways have answered
// all of these where the document promises a string.
type Text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Text) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	if data[0] == '"' && (bytes.IndexByte(data, '\\') >= 0 || !utf8.Valid(data)) {
		return json.Unmarshal(data, (*string)(t))
	}
	*t = Text(bytes.Trim(data, `"`))
	return nil
}
