package plugin

import (
	"time"

	"github.com/quay/quay/core/internal/plugin/confine"
)

// State is where a plugin is in its life.
type State string

// The states. A plugin begins as starting.
const (
	// Starting: the first generation is being started, configured and probed.
	Starting State = "starting"
	// Healthy: a generation serves.
	Healthy State = "healthy"
	// Degraded: a generation serves, but not all is well: an instance cannot be
	// used, or too many calls fail or take too long.
	Degraded State = "degraded"
	// BackingOff: the last generation is gone and the next one waits for its time.
	BackingOff State = "backoff"
	// Quarantined: the plugin crashed too often, or a person took it out of
	// service. Calls are refused at once. It leaves the state by Restart or
	// Replace, and after crashes also by itself when Quarantine.Retry is over.
	Quarantined State = "quarantined"
	// Failed: the plugin cannot run as it is installed or configured. Calls are
	// refused at once. It leaves the state by Restart or Replace.
	Failed State = "failed"
	// Draining: the plugin was told to stop and finishes its calls.
	Draining State = "draining"
	// Stopped: no generation runs and none will.
	Stopped State = "stopped"
)

// States returns all states in the order of a plugin's life.
func States() []State {
	return []State{Starting, Healthy, Degraded, BackingOff, Quarantined, Failed, Draining, Stopped}
}

// Serving reports whether calls are answered in the state.
func (s State) Serving() bool { return s == Healthy || s == Degraded }

// refuses reports whether calls need not wait for a generation in the state: none
// comes soon.
func (s State) refuses() bool {
	return s == Quarantined || s == Failed || s == Draining || s == Stopped
}

// Status is a snapshot of a plugin.
type Status struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	State State  `json:"state"`
	// Reason is one sentence that says why the plugin is in its state, and what to
	// do when somebody has to. Often empty when it is healthy.
	Reason string `json:"reason,omitempty"`
	// Since is when it came into the state.
	Since time.Time `json:"since"`
	// Path is the file that the last generation was started from, and Binary what
	// was read from it.
	Path   string       `json:"path"`
	Binary BinaryStatus `json:"binary"`
	// Generation counts the processes that were started; the first is 1.
	Generation int `json:"generation"`
	// PID of the generation that serves, 0 when there is none.
	PID int `json:"pid,omitempty"`
	// Started is when that generation began to serve, and StartTook how long its
	// start, configuration and probe took.
	Started   time.Time     `json:"started,omitzero"`
	StartTook time.Duration `json:"start_took_ns,omitempty"`
	// Crashes counts the generations that went by themselves; Restarts the
	// generations that took the place of such a one.
	Crashes  int `json:"crashes"`
	Restarts int `json:"restarts"`
	// Retries counts the calls that were made once more because their generation
	// died under them.
	Retries int `json:"retries"`
	// Confinement is what keeps the process from reaching more than it is granted.
	Confinement []confine.Applied `json:"confinement,omitempty"`
	// Calls that are under way, among them the leases, and those that wait for
	// their turn.
	InFlight int `json:"in_flight"`
	Queued   int `json:"queued"`
	// Instances in the order of the configuration; none while nothing serves.
	Instances []InstanceStatus `json:"instances,omitempty"`
	// LastCrash is the last generation that went by itself; nil when none did.
	LastCrash *Crash `json:"last_crash,omitempty"`
}

// ID is the plugin's name among those of all kinds: "storage/local".
func (s Status) ID() string { return s.Kind + "/" + s.Name }

// BinaryStatus is what is known of the binary that runs.
type BinaryStatus struct {
	// Version as the binary describes itself.
	Version string `json:"version,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	// FIPS is whether it is a FIPS build.
	FIPS bool `json:"fips"`
	// Locked is whether the lock lists it, and SignedBy the key that signed it, as
	// far as one was asked for.
	Locked   bool   `json:"locked"`
	SignedBy string `json:"signed_by,omitempty"`
}

func (v version) status() BinaryStatus {
	if v.binary == nil {
		return BinaryStatus{Version: v.admission.Description.Version}
	}
	return BinaryStatus{
		Version:  v.admission.Description.Version,
		SHA256:   v.binary.SHA256,
		FIPS:     v.binary.FIPS(),
		Locked:   v.admission.Grant.Locked,
		SignedBy: v.admission.Grant.SignedBy,
	}
}

// InstanceStatus is a snapshot of one instance.
type InstanceStatus struct {
	Name string `json:"name"`
	// Healthy is whether the last attempt to use it succeeded; otherwise Reason is
	// one sentence that says why not.
	Healthy bool   `json:"healthy"`
	Reason  string `json:"reason,omitempty"`
	// Capabilities that it has, and those that it has but is not granted.
	Capabilities []string `json:"capabilities,omitempty"`
	Withheld     []string `json:"withheld,omitempty"`
}

// Crash is the end of a generation that the host did not ask for.
type Crash struct {
	Generation int       `json:"generation"`
	PID        int       `json:"pid"`
	At         time.Time `json:"at"`
	// Lived is how long it served.
	Lived time.Duration `json:"lived_ns"`
	// Reason is one sentence: "it was killed by the signal SIGSEGV".
	Reason string `json:"reason"`
	// Stderr is the last lines of its standard error, the oldest first.
	Stderr []string `json:"stderr,omitempty"`
}
