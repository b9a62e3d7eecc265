package rpc

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// fullJitter waits a random time from nothing to a bound that doubles from 1 s
// to 20 s. A randomization factor of 1 spreads the library's interval from zero
// to twice its value, hence the halves.
func fullJitter() backoff.BackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval:     500 * time.Millisecond,
		RandomizationFactor: 1,
		Multiplier:          2,
		MaxInterval:         10 * time.Second,
	}
}

// atLeast lengthens the waits to what the service asked for last.
type atLeast struct {
	backoff.BackOff
	least time.Duration
}

// NextBackOff implements [backoff.BackOff].
func (b *atLeast) NextBackOff() time.Duration {
	wait := b.BackOff.NextBackOff()
	if wait == backoff.Stop {
		return wait
	}
	return max(wait, b.least)
}

// retryAfter reads how long the service, or a gateway, asks to wait: the
// milliseconds of x-acs-retry-after or of a TimeLeft in x-ratelimit-user*, or
// HTTP's own Retry-After, in seconds or as a date. 0 means that none of them says.
func retryAfter(header http.Header) time.Duration {
	longest := max(
		parseDelay(header.Get("X-Acs-Retry-After"), time.Millisecond),
		parseDelay(header.Get("Retry-After"), time.Second),
	)
	if date, err := http.ParseTime(header.Get("Retry-After")); err == nil {
		longest = max(longest, time.Until(date))
	}
	for name := range header {
		if strings.HasPrefix(name, "X-Ratelimit-User") {
			_, after, _ := strings.Cut(header.Get(name), "TimeLeft:")
			left, _, _ := strings.Cut(after, ",")
			longest = max(longest, parseDelay(left, time.Millisecond))
		}
	}
	return longest
}

// parseDelay reads a number of units; 0 where the text is no such number.
func parseDelay(text string, unit time.Duration) time.Duration {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * unit
}
