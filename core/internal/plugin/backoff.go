package plugin

import (
	"math/rand/v2"
	"time"
)

// Backoff says how long to wait before a plugin is started again. The first start
// after a stable time is immediate.
type Backoff struct {
	// First is the wait before the second start in a row. It doubles from start to
	// start. Zero means 250 ms.
	First time.Duration
	// Max bounds the wait. Zero means 30 s.
	Max time.Duration
	// Stable is how long a plugin must have run for its failure to count as the
	// first again. Zero means 60 s.
	Stable time.Duration
}

func (b *Backoff) setDefaults() {
	if b.First == 0 {
		b.First = 250 * time.Millisecond
	}
	if b.Max == 0 {
		b.Max = 30 * time.Second
	}
	if b.Stable == 0 {
		b.Stable = time.Minute
	}
}

// delay returns the wait before the next start, given the number of failures in a
// row: nothing after the first. The upper half of the wait is random, so that
// many hosts do not fall upon a store that comes back at the same time.
func (b Backoff) delay(failures int) time.Duration {
	if failures <= 1 {
		return 0
	}
	d := b.First
	for range failures - 2 {
		if d *= 2; d >= b.Max {
			break
		}
	}
	d = min(d, b.Max)
	return d/2 + rand.N(d/2+1)
}
