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

// Value is a value of a reply that isn't a text. The API's document calls some of them
// strings that real replies give as numbers, and the reverse; both are read.
type Value[T int64 | bool | time.Time] struct {
	Value  T
	Valid  bool   // False where the service left it out, sent it empty, or it can't be read.
	unread string // What can't be read, in JSON.
}

// Int is a whole number of a reply. A percent sign behind it is ignored.
type Int = Value[int64]

// Bool is a boolean of a reply.
type Bool = Value[bool]

// Time is a time of a reply in UTC, to the second. The service sends none of a snapshot
// that is not cut yet.
type Time = Value[time.Time]

// UnmarshalJSON implements [json.Unmarshaler].
func (v *Value[T]) UnmarshalJSON(data []byte) (err error) {
	var text Text
	if err := text.UnmarshalJSON(data); err != nil || text == "" {
		return err
	}
	v.Valid = true
	switch value := any(&v.Value).(type) {
	case *int64:
		*value, err = strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(string(text), "%")), 10, 64)
	case *bool:
		*value, err = strconv.ParseBool(strings.ToLower(string(text)))
	case *time.Time:
		*value, err = readTime(string(text))
	}
	if err != nil {
		*v = Value[T]{unread: string(data)}
	}
	return nil
}

func (v *Value[T]) unreadable() string { return v.unread }

// readTime reads the seconds that real replies have, or the minutes of the API's
// document. A time without a zone is none: it may be Beijing's.
func readTime(text string) (time.Time, error) {
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		parsed, err = time.Parse("2006-01-02T15:04Z07:00", text)
	}
	return parsed.UTC().Truncate(time.Second), err
}
