package ecs

import (
	"strconv"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Text is a string of a reply. Empty means that the service left it out or sent
// it empty.
type Text = rpc.Text

// Int is a whole number of a reply. The API's document calls some of them strings that
// real replies give as numbers, and the reverse; both are read, and a percent sign is
// ignored.
type Int struct {
	Value  int64
	Valid  bool   // False where the service left it out or sent it empty.
	unread string // What can't be read, in JSON.
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Int) UnmarshalJSON(data []byte) error {
	text := strings.TrimSpace(strings.TrimSuffix(scalar(data), "%"))
	if text == "" {
		return nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if *n = (Int{Value: value, Valid: true}); err != nil {
		*n = Int{unread: string(data)}
	}
	return nil
}

// Bool is a boolean of a reply.
type Bool struct {
	Value  bool
	Valid  bool   // False where the service left it out or sent it empty.
	unread string // What can't be read, in JSON.
}

// UnmarshalJSON implements [json.Unmarshaler].
func (b *Bool) UnmarshalJSON(data []byte) error {
	text := scalar(data)
	if text == "" {
		return nil
	}
	value, err := strconv.ParseBool(strings.ToLower(text))
	if *b = (Bool{Value: value, Valid: true}); err != nil {
		*b = Bool{unread: string(data)}
	}
	return nil
}

// Time is a time of a reply in UTC, to the second; zero where the service left it out
// or sent it empty, as it does for a snapshot that is not cut yet.
type Time struct {
	time.Time

	unread string // What can't be read, in JSON.
}

// UnmarshalJSON implements [json.Unmarshaler]. Real replies have seconds, the API's
// document has minutes. A time without a zone is none: it may be Beijing's.
func (t *Time) UnmarshalJSON(data []byte) error {
	text := scalar(data)
	if text == "" {
		return nil
	}
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		parsed, err = time.Parse("2006-01-02T15:04Z07:00", text)
	}
	if *t = (Time{Time: parsed.UTC().Truncate(time.Second)}); err != nil {
		*t = Time{unread: string(data)}
	}
	return nil
}

// scalar gives the text of a JSON string, number or boolean, and "" for null. An
// object or a list stays as it is, which is none of them.
func scalar(data []byte) string {
	var text Text
	_ = text.UnmarshalJSON(data) // Nothing that is JSON fails.
	return string(text)
}
