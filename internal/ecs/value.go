package ecs

import (
	"fmt"
	"math"
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
		// Such as 40.0 or 4e1, which JSON allows for a whole number.
		f, floatErr := strconv.ParseFloat(text, 64)
		if floatErr != nil || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
			return fmt.Errorf("%q is not a whole number", text)
		}
		value = int64(f)
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

// timeLayouts are the forms of a time: with seconds in real replies, with minutes in
// the API's document, and without a zone, which is UTC, in those of other products.
var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", time.DateTime}

// The milliseconds since 1970 of years that are likely and that can be written: from
// 1973 to 9999.
const (
	minEpochMillis = 100_000_000_000
	maxEpochMillis = 253_402_300_799_999
)

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Time) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil || text == "" {
		return err
	}
	for _, layout := range timeLayouts {
		if parsed, err := time.Parse(layout, text); err == nil {
			t.Time = parsed.UTC().Truncate(time.Second)
			return nil
		}
	}
	if millis, err := strconv.ParseInt(text, 10, 64); err == nil && millis >= minEpochMillis && millis <= maxEpochMillis {
		t.Time = time.UnixMilli(millis).UTC().Truncate(time.Second)
		return nil
	}
	return fmt.Errorf("%q is not a time", text)
}

// scalar gives the text of a JSON string, number or boolean, and "" for null. An
// object or a list stays as it is, which is none of them.
func scalar(data []byte) (string, error) {
	var text rpc.Text
	err := text.UnmarshalJSON(data)
	return string(text), err
}
