package certify

import (
	"time"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
)

// Certificate says what a run of a conformance suite has found out about a plugin.
// It is written as JSON.
type Certificate struct {
	Verdict Verdict `json:"verdict"`
	// Ended says why the run ended before its last case: the plugin's process died.
	// Empty when it did not.
	Ended string `json:"ended,omitempty"`
	Suite Suite  `json:"suite"`
	// Plugin is what the binary says of itself.
	Plugin Plugin `json:"plugin"`
	// Binary is what the binary is found to be; nil for a plugin that was running
	// already.
	Binary *Binary `json:"binary,omitempty"`
	// Confinement is under what the plugin ran.
	Confinement []confine.Applied `json:"confinement"`
	// Quay is the version of the program that ran the suite.
	Quay    string    `json:"quay"`
	Started time.Time `json:"started"`
	// Seconds is how long the run took.
	Seconds float64 `json:"seconds"`
	Counts  Counts  `json:"counts"`
	Cases   []Case  `json:"cases"`
}

// Suite is what was run.
type Suite struct {
	// Name is the kind of the plugins that the suite is for.
	Name    string `json:"name"`
	Version string `json:"version"`
	// Short is whether what takes long was left out.
	Short bool `json:"short"`
}

// Plugin is what a plugin says of itself.
type Plugin struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Version string   `json:"version"`
	API     []string `json:"api"`
	// Capabilities are those of the instance that was tested.
	Capabilities []string `json:"capabilities"`
}

// Binary is what was run, as the host read it.
type Binary struct {
	SHA256 string       `json:"sha256"`
	Size   int64        `json:"size"`
	Build  binary.Build `json:"build"`
	FIPS   bool         `json:"fips"`
}

// Verdict is the outcome of a case or of a run.
type Verdict string

// The verdicts. A run passes when no case fails.
const (
	Passed  Verdict = "passed"
	Failed  Verdict = "failed"
	Skipped Verdict = "skipped"
)

// Counts are the numbers of cases by verdict.
type Counts struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

// Case is the outcome of one case.
type Case struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	// Reason is why a case was skipped.
	Reason string `json:"reason,omitempty"`
	// Problems are what a case that failed has found.
	Problems []string `json:"problems,omitempty"`
	Seconds  float64  `json:"seconds"`
}

// add notes the outcome of a case.
func (c *Certificate) add(r result) Case {
	k := Case{Name: r.Name, Verdict: Passed, Reason: r.Skipped, Problems: r.Problems, Seconds: r.Took.Seconds()}
	switch {
	case len(r.Problems) > 0:
		k.Verdict = Failed
		c.Counts.Failed++
	case r.Skipped != "":
		k.Verdict = Skipped
		c.Counts.Skipped++
	default:
		c.Counts.Passed++
	}
	c.Cases = append(c.Cases, k)
	return k
}
