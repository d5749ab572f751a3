// Package notify is the conformance suite of notification plugins: each case checks
// one promise of the API quay.plugin.notify.v1, through the process boundary or a
// pipe. A driver's author runs it from go test by Run; a command runs it by Test.
//
// The suite tells the receiver that the options name of some dozen events.
package notify

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
)

// Version of the suite. It changes with every case that comes or goes.
const Version = "1.0.0"

// Target is a running plugin. Its Receive is not used.
type Target = runner.Target

// Options says what to test. Target and Config must be set.
type Options struct {
	Target Target
	// Config is the configuration of a method, and Secrets are its secrets.
	Config  json.RawMessage
	Secrets map[string]string
	// Known are configurations of notifications. Cases that need what is missing are
	// skipped.
	Known Known
	// Restart ends the plugin as a crash would and starts it again, unconfigured or
	// with the instances that it had. Without it the case about crashes is skipped.
	Restart func(ctx context.Context) (Target, error)
	// Timeout bounds each case. Zero means two minutes.
	Timeout time.Duration
	// Short leaves out what takes long.
	Short bool
}

// Known are configurations of notifications.
type Known struct {
	// Good reaches a receiver that takes every event. Nil when there is none.
	Good json.RawMessage `json:"good,omitempty"`
	// Bad are such that nobody may store. May be nil.
	Bad []json.RawMessage `json:"bad,omitempty"`
	// Unreachable is good, and its receiver does not answer or refuses. Nil when there
	// is none.
	Unreachable json.RawMessage `json:"unreachable,omitempty"`
	// Received returns the ids of the deliveries that the receiver of Good was told
	// of, where the method passes them on, each as often as it was told. Nil when that
	// cannot be known.
	Received func(ctx context.Context) ([]string, error) `json:"-"`
}

// Case is one promise.
type Case = runner.Case[*check]

// Result is the outcome of a case.
type Result = runner.Result

// check is one run of a case.
type check struct {
	*runner.Check
	*runner.Plugin
	notify notifyv1.NotifyClient
	known  Known
}

// parts are those of a check that the cases of the lifecycle need.
func parts(c *check) runner.Parts {
	return runner.Parts{Check: c.Check, Plugin: c.Plugin, Call: func(instance string) error {
		// A new client: a case may have restarted the plugin.
		_, err := notifyv1.NewNotifyClient(c.Target.Conn).Check(c.Ctx, &notifyv1.CheckRequest{
			Instance: instance, Namespace: "conformance", Config: []byte(`{}`),
		})
		return err
	}}
}

// Cases returns all cases in the order in which they are run. The last one drains
// the plugin.
func Cases() []Case {
	return slices.Concat(runner.Beginning(parts), checkCases(), deliverCases(), runner.End(parts))
}

// Run runs the suite as subtests. Cases of capabilities that the plugin does not
// have are no subtests: they are logged.
func Run(t *testing.T, opts Options) {
	t.Helper()
	s, err := open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Run(t)
}

// Test runs the suite and calls report after each case. It fails only when the
// method cannot be configured, or ctx ends.
func Test(ctx context.Context, opts Options, report func(Result)) error {
	s, err := open(ctx, opts)
	if err != nil {
		return err
	}
	return s.Test(ctx, report)
}

func open(ctx context.Context, opts Options) (runner.Suite[*check], error) {
	p, err := runner.Open(ctx, runner.Options{
		Target:  opts.Target,
		Config:  opts.Config,
		Secrets: opts.Secrets,
		Restart: opts.Restart,
		Timeout: opts.Timeout,
		Short:   opts.Short,
	})
	return runner.Suite[*check]{
		Cases:   Cases(),
		Has:     p.Has,
		Timeout: p.Timeout,
		Short:   p.Short,
		Check: func(c *runner.Check) *check {
			return &check{c, p, notifyv1.NewNotifyClient(p.Target.Conn), opts.Known}
		},
	}, err
}
