package rpc

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// fullJitter waits a random time up to a bound that doubles from 1 s to 20 s.
func fullJitter(attempt int) time.Duration {
	bound := min(time.Second<<min(attempt-1, 10), 20*time.Second)
	return rand.N(bound) //nolint:gosec // Nothing secret depends on it.
}

// retryAfter reads how long the API, or a gateway, asks to wait: milliseconds in
// x-acs-retry-after or x-ratelimit-user*, seconds or a date in Retry-After. 0 is none.
func retryAfter(header http.Header) time.Duration {
	texts := []string{header.Get("X-Acs-Retry-After") + "ms", header.Get("Retry-After") + "s"}
	for name := range header {
		if strings.HasPrefix(name, "X-Ratelimit-User") {
			_, after, _ := strings.Cut(header.Get(name), "TimeLeft:")
			left, _, _ := strings.Cut(after, ",")
			texts = append(texts, strings.TrimSpace(left)+"ms")
		}
	}
	var longest time.Duration
	for _, text := range texts {
		wait, _ := time.ParseDuration(text) // 0 where the text is none.
		longest = max(longest, wait)
	}
	if date, err := http.ParseTime(header.Get("Retry-After")); err == nil {
		longest = max(longest, time.Until(date))
	}
	return min(longest, time.Minute) // Limits are counted by the minute.
}
