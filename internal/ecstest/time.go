package ecstest

import "time"

// The layouts of times in requests and replies, always UTC.
const (
	secondLayout = "2006-01-02T15:04:05Z"
	minuteLayout = "2006-01-02T15:04Z"
)

// parseTime reads a time that has one of the layouts to the letter.
func parseTime(text string, layouts ...string) (t time.Time, ok bool) {
	for _, layout := range layouts {
		// The length shows fractions of a second, which time.Parse accepts in any layout.
		if t, err := time.Parse(layout, text); err == nil && len(text) == len(layout) {
			return t, true
		}
	}
	return time.Time{}, false
}
