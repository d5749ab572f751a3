package plugin

import "time"

// Delay is Backoff.delay with the defaults set.
func Delay(b Backoff, failures int) time.Duration {
	b.setDefaults()
	return b.delay(failures)
}
