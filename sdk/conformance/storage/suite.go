// Package storage is the conformance suite of storage plugins: each case checks
// one promise of the API quay.plugin.storage.v1, through the process boundary or a
// pipe. A driver's author runs it from go test by Run; a command runs it by Test.
//
// The suite stores objects below a prefix of its own and removes them. It writes
// some 30 MB, one object at a time mostly.
package storage

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// Version of the suite. It changes with every case that comes or goes.
const Version = "1.0.0"

// Target is a running plugin. Without its Receive the cases about descriptors are
// skipped.
type Target = runner.Target

// Options says what to test. Target and Config must be set.
type Options struct {
	Target Target
	// Config is the configuration of a location that the suite may write to, and
	// Secrets are its secrets.
	Config  json.RawMessage
	Secrets map[string]string
	// Prefix begins the paths of the suite's objects. Empty means one that no other
	// run has.
	Prefix string
	// Restart ends the plugin as a crash would and starts it again, unconfigured or
	// with the instances that it had. Without it the cases about crashes are
	// skipped.
	Restart func(ctx context.Context) (Target, error)
	// Timeout bounds each case. Zero means two minutes.
	Timeout time.Duration
	// Short leaves out what takes long.
	Short bool
}

// Case is one promise.
type Case struct {
	// Name is unique and stable.
	Name string
	// Capability that the case needs; empty means every plugin keeps the promise.
	Capability string
	run        func(*check)
	// long cases are left out by Options.Short.
	long bool
}

// Result is the outcome of a case.
type Result = runner.Result

// Cases returns all cases in the order in which they are run. The last one drains
// the plugin.
func Cases() []Case {
	return slices.Concat(lifecycleCases(), objectCases(), moreCases(), localCases(), uploadCases(), crashCases(), drainCases())
}

// Run runs the suite as subtests. Cases of capabilities that the plugin does not
// have are no subtests: they are logged.
func Run(t *testing.T, opts Options) {
	t.Helper()
	s, err := open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	s.cases().Run(t)
}

// Test runs the suite and calls report after each case. It fails only when the
// location cannot be configured, or ctx ends.
func Test(ctx context.Context, opts Options, report func(Result)) error {
	s, err := open(ctx, opts)
	if err != nil {
		return err
	}
	return s.cases().Test(ctx, report)
}

// instance is the suite's name of the location.
const instance = "conformance"

// suite is one run.
type suite struct {
	opts         Options
	capabilities []string
	lifecycle    basev1.LifecycleClient
	storage      storagev1.StorageClient
}

func open(ctx context.Context, opts Options) (*suite, error) {
	if opts.Prefix == "" {
		opts.Prefix = "conformance-" + rand.Text() + "/"
	}
	if opts.Timeout == 0 {
		opts.Timeout = 2 * time.Minute
	}
	s := &suite{opts: opts}
	return s, s.connect(ctx, opts.Target)
}

// connect configures a target and makes it the one that is tested.
func (s *suite) connect(ctx context.Context, target Target) error {
	s.opts.Target = target
	s.lifecycle = basev1.NewLifecycleClient(target.Conn)
	s.storage = storagev1.NewStorageClient(target.Conn)
	resp, err := s.lifecycle.Configure(ctx, s.configuration(instance))
	if err != nil {
		return fmt.Errorf("the location cannot be configured: %w", err)
	}
	s.capabilities = resp.GetCapabilities()
	return nil
}

func (s *suite) configuration(name string) *basev1.ConfigureRequest {
	return &basev1.ConfigureRequest{Instance: name, Config: s.opts.Config, Secrets: s.opts.Secrets}
}

func (s *suite) has(capability string) bool { return slices.Contains(s.capabilities, capability) }

// cases returns the cases as the runner of all kinds runs them.
func (s *suite) cases() runner.Suite[*runner.Check] {
	all := runner.Suite[*runner.Check]{
		Has:     s.has,
		Check:   func(c *runner.Check) *runner.Check { return c },
		Timeout: s.opts.Timeout,
		Short:   s.opts.Short,
	}
	for _, c := range Cases() {
		all.Cases = append(all.Cases, runner.Case[*runner.Check]{
			Name: c.Name, Capability: c.Capability, Long: c.long,
			Run: func(r *runner.Check) { s.run(c, r) },
		})
	}
	return all
}

// run runs one case and removes what it has made.
func (s *suite) run(c Case, r *runner.Check) {
	k := &check{suite: s, ctx: r.Ctx, prefix: s.opts.Prefix + c.Name + "/"}
	k.guard(func() { c.run(k) })
	k.guard(k.cleanUp)
	for _, p := range k.problems {
		r.Errorf("%s", p)
	}
	if k.skipped != "" {
		r.Skip(k.skipped)
	}
}
