package plugin

import "time"

// State is where a plugin is in its life.
type State string

// The states. A plugin begins as starting.
const (
	// Starting: a generation is being started, configured and probed.
	Starting State = "starting"
	// Healthy: a generation serves.
	Healthy State = "healthy"
	// BackingOff: the last generation failed and the next one waits for its time.
	BackingOff State = "backoff"
	// Draining: the plugin was told to stop and finishes its calls.
	Draining State = "draining"
	// Stopped: no generation runs and none will.
	Stopped State = "stopped"
)

// Status is a snapshot of a plugin.
type Status struct {
	Kind, Name string
	State      State
	// Reason is one sentence that says why the plugin is in its state. Often empty
	// when it is healthy.
	Reason string
	// Since is when it came into the state.
	Since time.Time
	// Generation counts the processes that were started; the first is 1.
	Generation int
	// PID of the generation that serves, 0 when there is none.
	PID int
	// LastCrash is the last generation that went by itself; nil when none did.
	LastCrash *Crash
}

// Crash is the end of a generation that the host did not ask for.
type Crash struct {
	Generation int
	PID        int
	At         time.Time
	// Lived is how long it served.
	Lived time.Duration
	// Reason is one sentence: "it was killed by the signal SIGSEGV".
	Reason string
	// Stderr is the last lines of its standard error, the oldest first.
	Stderr []string
}
