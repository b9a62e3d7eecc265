package rpc

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// maxRetryAfter bounds what a server can ask for: limits are counted by the minute.
const maxRetryAfter = time.Minute

// fullJitter waits a random time up to a bound that doubles from 1 s to 20 s.
func fullJitter(attempt int) time.Duration {
	bound := min(time.Second<<min(attempt-1, 10), 20*time.Second)
	return rand.N(bound) //nolint:gosec // Nothing secret depends on it.
}

// sleep waits, or until the context ends.
func sleep(ctx context.Context, wait time.Duration) {
	waited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	<-waited.Done()
}

// retryAfter reads how long the API, or a gateway, asks to wait: the milliseconds of
// x-acs-retry-after or of a TimeLeft in x-ratelimit-user*, or HTTP's own Retry-After, in
// seconds or as a date. 0 means that none of them says.
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
	return min(longest, maxRetryAfter)
}
