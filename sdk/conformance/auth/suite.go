// Package auth is the conformance suite of identity plugins: each case checks one
// promise of the API quay.plugin.auth.v1, through the process boundary or a pipe. A
// driver's author runs it from go test by Run; a command runs it by Test.
//
// The suite asks the provider for users; it changes nothing there. It gives a wrong
// password a few times, which a provider may answer by locking the user.
package auth

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

// Version of the suite. It changes with every case that comes or goes.
const Version = "1.0.0"

// Target is a running plugin. Its Receive is not used.
type Target = runner.Target

// Options says what to test. Target and Config must be set.
type Options struct {
	Target Target
	// Config is the configuration of a provider, and Secrets are its secrets.
	Config  json.RawMessage
	Secrets map[string]string
	// Known is what the provider knows. Cases that need what is missing are skipped.
	Known Known
	// Restart ends the plugin as a crash would and starts it again, unconfigured or
	// with the instances that it had. Without it the case about crashes is skipped.
	Restart func(ctx context.Context) (Target, error)
	// Timeout bounds each case. Zero means two minutes.
	Timeout time.Duration
	// Short leaves out what takes long.
	Short bool
}

// Known is what a provider knows, for the suite to find.
type Known struct {
	// Username and Password are those of a user who may sign in. Empty when there is
	// none.
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
	// Token is one of the user's; empty when there is none.
	Token string `json:"token,omitempty"`
	// Group is one that the user is in; nil when there is none.
	Group json.RawMessage `json:"group,omitempty"`
}

// Case is one promise.
type Case = runner.Case[*check]

// Result is the outcome of a case.
type Result = runner.Result

// check is one run of a case.
type check struct {
	*runner.Check
	*runner.Plugin
	auth  authv1.AuthClient
	known Known
}

// parts are those of a check that the cases of the lifecycle need.
func parts(c *check) runner.Parts {
	return runner.Parts{Check: c.Check, Plugin: c.Plugin, Call: func(instance string) error {
		// A new client: a case may have restarted the plugin.
		_, err := authv1.NewAuthClient(c.Target.Conn).Describe(c.Ctx, &authv1.DescribeRequest{Instance: instance})
		return err
	}}
}

// Cases returns all cases in the order in which they are run. The last one drains
// the plugin.
func Cases() []Case {
	return slices.Concat(runner.Beginning(parts), providerCases(), userCases(), groupCases(), loginCases(), runner.End(parts))
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
// provider cannot be configured, or ctx ends.
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
			return &check{c, p, authv1.NewAuthClient(p.Target.Conn), opts.Known}
		},
	}, err
}
