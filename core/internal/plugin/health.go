package plugin

import (
	"fmt"
	"sync"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Health says how a plugin's health is judged: by the calls that it gets, and by
// probes.
type Health struct {
	// MinCalls is the number of calls within ten seconds below which they prove
	// nothing. Zero means 20.
	MinCalls int
	// ErrorRatio is the part of the calls that the plugin must be at fault for to
	// count as degraded. Zero means 0.5.
	ErrorRatio float64
	// Latency is the mean duration of the calls above which it counts as degraded.
	// Zero means 3 s.
	Latency time.Duration
	// ProbeEvery is the time between two probes of the instances. Zero means 15 s.
	ProbeEvery time.Duration
	// RetryEvery is the time between two attempts to use a sick instance. Zero
	// means 2 s.
	RetryEvery time.Duration
	// ProbeTimeout bounds a probe. Zero means 5 s.
	ProbeTimeout time.Duration
	// PingEvery is the time between two questions whether the process is alive,
	// each of which it has PingTimeout to answer. Zero means 5 s for both.
	PingEvery, PingTimeout time.Duration
	// Pings is the number of unanswered ones after which the process counts as
	// hung and is killed. Zero means 3.
	Pings int
}

func (h *Health) setDefaults() {
	if h.MinCalls == 0 {
		h.MinCalls = 20
	}
	if h.ErrorRatio == 0 {
		h.ErrorRatio = 0.5
	}
	if h.Pings == 0 {
		h.Pings = 3
	}
	setDurations([]durationDefault{
		{&h.Latency, 3 * time.Second},
		{&h.ProbeEvery, 15 * time.Second},
		{&h.RetryEvery, 2 * time.Second},
		{&h.ProbeTimeout, 5 * time.Second},
		{&h.PingEvery, 5 * time.Second},
		{&h.PingTimeout, 5 * time.Second},
	})
}

// faulty reports whether an error speaks against the plugin, not against the
// request or its sender.
func faulty(err error) bool {
	if err == nil {
		return false
	}
	switch errs.KindOf(err) {
	case errs.Internal, errs.Unavailable, errs.Timeout, errs.Corrupt:
		return true
	}
	return false
}

// windowSeconds is how far back calls count.
const windowSeconds = 10

// window counts the calls of the last ten seconds. The zero value is empty.
type window struct {
	mu      sync.Mutex
	buckets [windowSeconds]bucket
}

// bucket is one second of a window.
type bucket struct {
	second int64
	tally
}

// tally is a number of calls.
type tally struct {
	calls, faults int
	took          time.Duration
}

// add counts a call that ended now.
func (w *window) add(now time.Time, took time.Duration, fault bool) {
	second := now.Unix()
	w.mu.Lock()
	defer w.mu.Unlock()
	b := &w.buckets[second%windowSeconds]
	if b.second != second {
		*b = bucket{second: second}
	}
	b.calls++
	b.took += took
	if fault {
		b.faults++
	}
}

// sum returns the calls of the ten seconds before now.
func (w *window) sum(now time.Time) tally {
	oldest := now.Unix() - windowSeconds
	w.mu.Lock()
	defer w.mu.Unlock()
	var t tally
	for _, b := range w.buckets {
		if b.second > oldest {
			t.calls += b.calls
			t.faults += b.faults
			t.took += b.took
		}
	}
	return t
}

// complaint says what is wrong with a plugin that had these calls; nothing when
// they are too few or all is well.
func (t tally) complaint(h Health) string {
	if t.calls < h.MinCalls {
		return ""
	}
	if ratio := float64(t.faults) / float64(t.calls); ratio >= h.ErrorRatio {
		return fmt.Sprintf("%d of its last %d calls failed", t.faults, t.calls)
	}
	if mean := t.took / time.Duration(t.calls); mean >= h.Latency {
		return fmt.Sprintf("its last %d calls took %v on average", t.calls, mean.Round(time.Millisecond))
	}
	return ""
}
