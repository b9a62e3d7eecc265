package ecs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed01464933/terraform-provider-aliyun/internal/rpc"
)

// Text is a string of a reply. Empty means that the service left it out or sent
// it empty.
type Text = rpc.Text

// Int is a whole number of a reply, which may be absent. The API's document
// calls some of them strings that real replies give as numbers, and the reverse;
// both are read, and a percent sign is ignored.
type Int struct {
	Value int64
	Valid bool // False where the service left it out or sent it empty.
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Int) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	text = strings.TrimSpace(strings.TrimSuffix(text, "%"))
	if err != nil || text == "" {
		return err
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a whole number", text)
	}
	*n = Int{Value: value, Valid: true}
	return nil
}

// Bool is a boolean of a reply, which may be absent.
type Bool struct {
	Value bool
	Valid bool // False where the service left it out or sent it empty.
}

// UnmarshalJSON implements [json.Unmarshaler].
func (b *Bool) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil || text == "" {
		return err
	}
	value, err := strconv.ParseBool(strings.ToLower(text))
	if err != nil {
		return fmt.Errorf("%q is neither true nor false", text)
	}
	*b = Bool{Value: value, Valid: true}
	return nil
}

// Time is a time of a reply in UTC, to the second; zero where the service left it out
// or sent it empty, as it does for a snapshot that is not cut yet.
type Time struct{ time.Time }

// UnmarshalJSON implements [json.Unmarshaler]. Real replies have seconds, the API's
// document has minutes. A time without a zone is none: it may be Beijing's.
func (t *Time) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil || text == "" {
		return err
	}
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		parsed, err = time.Parse("2006-01-02T15:04Z07:00", text)
	}
	if err != nil {
		return fmt.Errorf("%q is not a time", text)
	}
	t.Time = parsed.UTC().Truncate(time.Second)
	return nil
}

// scalar gives the text of a JSON string, number or boolean, and "" for null. An
// object or a list stays as it is, which is none of them.
func scalar(data []byte) (string, error) {
	var text rpc.Text
	err := text.UnmarshalJSON(data)
	return string(text), err
}
