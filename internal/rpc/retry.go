package rpc

import (
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
	return max(b.least, b.BackOff.NextBackOff())
}
