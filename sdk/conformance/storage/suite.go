// Package storage is the conformance suite of storage plugins: each case checks
// one promise of the API quay.plugin.storage.v1, through the process boundary or a
// pipe. A driver's author runs it from go test by Run; a command runs it by Test.
//
// The suite stores objects below a prefix of its own and removes them. It writes
// some 100 MB, one object at a time mostly, and, unless it is to be short, 10,000
// small objects and one of 5 GiB, which is a sparse file where the driver's uploads
// are files.
package storage

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// Version of the suite. It changes with every case that comes or goes.
const Version = "1.1.0"

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
	// Absent is a good configuration with the same secrets, and a path that does not
	// exist and that Open would make. The zero value leaves out the check that
	// Validate makes nothing.
	Absent Absent
	// Prefix begins the paths of the suite's objects. Empty means one that no other
	// run has.
	Prefix string
	// Restart ends the plugin as a crash would and starts it again, unconfigured or
	// with the instances that it had. Without it the cases about crashes are
	// skipped.
	Restart func(ctx context.Context) (Target, error)
	// Timeout bounds each case; long ones have five times as much. Zero means two
	// minutes.
	Timeout time.Duration
	// Short leaves out what takes long.
	Short bool
	// Only names the cases to run. Nil means all.
	Only []string
}

// Absent is a configuration that nothing uses.
type Absent struct {
	Config json.RawMessage
	// Path is the file or directory that its Open would make.
	Path string
}

// Case is one promise.
type Case = runner.Case[*check]

// Result is the outcome of a case.
type Result = runner.Result

// parts are those of a check that the cases of the lifecycle need.
func parts(c *check) runner.Parts {
	return runner.Parts{Check: c.Check, Plugin: c.Plugin, Call: func(instance string) error {
		_, err := c.storage.Delete(c.Ctx, &storagev1.DeleteRequest{Instance: instance, Paths: []string{c.prefix + "missing"}})
		return err
	}}
}

// Cases returns all cases in the order in which they are run. The last one drains
// the plugin.
func Cases() []Case {
	return slices.Concat(
		runner.Beginning(parts), lifecycleCases(),
		objectCases(), pathCases(), cancelCases(), togetherCases(),
		listCases(), copyCases(), signCases(), localCases(),
		uploadCases(), commitCases(), largeCases(), crashCases(), drainCases(),
	)
}

// Run runs the suite as subtests. Cases of capabilities that the plugin does not
// have, and those that Short leaves out, are no subtests: they are logged.
func Run(t *testing.T, opts Options) {
	t.Helper()
	s, err := open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Run(t)
}

// Test runs the suite and calls report after each case. It fails only when the
// location cannot be configured, a case of Only is unknown, or ctx ends.
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
	s := runner.Suite[*check]{
		Cases:   Cases(),
		Has:     p.Has,
		Timeout: p.Timeout,
		Short:   p.Short,
		After:   (*check).cleanUp,
	}
	if opts.Prefix == "" {
		opts.Prefix = "conformance-" + rand.Text() + "/"
	}
	s.Check = func(c *runner.Check) *check {
		return &check{
			Check:   c,
			Plugin:  p,
			storage: storagev1.NewStorageClient(p.Target.Conn),
			absent:  opts.Absent,
			prefix:  opts.Prefix + c.Name + "/",
		}
	}
	if err == nil && opts.Only != nil {
		s, err = s.Only(opts.Only)
	}
	return s, err
}
