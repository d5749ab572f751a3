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
	setDurations([]durationDefault{
		{&b.First, 250 * time.Millisecond},
		{&b.Max, 30 * time.Second},
		{&b.Stable, time.Minute},
	})
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
	return jitter(min(d, b.Max))
}

// jitter returns a random duration from the upper half of d.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// Quarantine says when a plugin that fails is left alone.
type Quarantine struct {
	// InRow is the number of failures, with no stable time between them, after
	// which the plugin is quarantined. Zero means 10, which takes about a minute.
	InRow int
	// Crashes is the number of failures within Window that has the same effect,
	// however long the plugin ran between them. Zero means 30.
	Crashes int
	// Window is ten minutes when zero.
	Window time.Duration
	// Retry is about how long a quarantine lasts before one more start is tried.
	// Zero means ten minutes; a negative duration means until a person acts.
	Retry time.Duration
}

func (q *Quarantine) setDefaults() {
	if q.InRow == 0 {
		q.InRow = 10
	}
	if q.Crashes == 0 {
		q.Crashes = 30
	}
	setDurations([]durationDefault{{&q.Window, 10 * time.Minute}, {&q.Retry, 10 * time.Minute}})
}

// record is a plugin's record of failures: crashes and starts that failed.
type record struct {
	inRow  int
	recent []time.Time // within the window, the oldest first
}

// add counts a failure at a time.
func (r *record) add(now time.Time, window time.Duration) {
	r.inRow++
	recent := r.recent[:0]
	for _, t := range r.recent {
		if now.Sub(t) < window {
			recent = append(recent, t)
		}
	}
	r.recent = append(recent, now)
}

// exceeds reports whether the record is bad enough for a quarantine.
func (r *record) exceeds(q Quarantine) bool {
	return r.inRow >= q.InRow || len(r.recent) >= q.Crashes
}
