// Package certify runs the conformance suite of a plugin's kind against the plugin's
// binary, as a server would run it: sealed, confined to what its configuration needs,
// in a process of its own, which is also killed and started again. What it finds out
// is a certificate.
package certify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/settings"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/protocol"
)

// Options says what to test. Path or Attach must be set.
type Options struct {
	// Path of the binary.
	Path string
	// Attach is the address of a plugin that a person runs, which is tested as it runs,
	// in place of a binary. It is not killed: the cases about crashes are skipped.
	Attach string
	// Configuration of the instance to test.
	Configuration Configuration
	// Short leaves out what takes long.
	Short bool
	// Quay is the version of this program.
	Quay string
	// Logger gets the plugin's log lines; nil discards them.
	Logger *slog.Logger
	// Begin is called before the first case with the certificate as it is then. May
	// be nil.
	Begin func(Certificate)
	// Report is called after each case. May be nil.
	Report func(Case)
}

// Run tests a plugin. It returns a certificate when the suite has run to its end, or
// the plugin died under it: whether the plugin has passed is the certificate's verdict.
// It fails when the plugin cannot be started or configured, and when ctx ends.
func Run(ctx context.Context, opts Options) (*Certificate, error) {
	opts.setDefaults()
	dir, err := os.MkdirTemp("", "quay-")
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "make a directory for the test")
	}
	defer os.RemoveAll(dir)
	t := &test{opts: opts, dir: dir}
	if opts.Attach != "" {
		return t.attached(ctx)
	}
	return t.launched(ctx)
}

func (o *Options) setDefaults() {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Begin == nil {
		o.Begin = func(Certificate) {}
	}
	if o.Report == nil {
		o.Report = func(Case) {}
	}
}

// test is one run.
type test struct {
	opts        Options
	dir         string // of the run, which is removed at its end
	description protocol.Description
	settings    settings.Settings
	generated   bool // whether the settings are made up
	subject     subject
	restart     func(ctx context.Context) (target, error) // nil when it must not be
	timeout     time.Duration                             // of a case; zero means the suite's
	certificate Certificate
}

// launched tests a binary.
func (t *test) launched(ctx context.Context) (*Certificate, error) {
	b, err := binary.Open(t.opts.Path)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	if t.description, err = launch.Describe(ctx, b); err != nil {
		return nil, err
	}
	if err := t.configure(); err != nil {
		return nil, err
	}
	t.certificate.Binary = &Binary{SHA256: b.SHA256, Size: b.Size, Build: b.Build, FIPS: b.FIPS()}
	t.restart = t.subject.restart
	t.subject.start = func(ctx context.Context) (process, error) {
		p, err := launch.Start(ctx, launch.Spec{
			Binary:  b,
			Confine: t.confinement(),
			RunDir:  filepath.Join(t.dir, "run"),
			Logger:  t.opts.Logger,
		})
		if err != nil {
			return nil, err // Not a nil *launch.Process in a non-nil process.
		}
		return p, nil
	}
	return t.run(ctx)
}

// patience is how long a case may take with a plugin that may stand at a breakpoint.
const patience = time.Hour

// attached tests a plugin that a person runs.
func (t *test) attached(ctx context.Context) (*Certificate, error) {
	var err error
	if t.description, err = launch.DescribeAttached(t.opts.Attach); err != nil {
		return nil, err
	}
	if err := t.configure(); err != nil {
		return nil, err
	}
	t.timeout = patience
	t.subject.start = func(ctx context.Context) (process, error) {
		p, err := launch.Attach(ctx, t.opts.Attach, launch.Spec{Logger: t.opts.Logger})
		if err != nil {
			return nil, err // Not a nil *launch.Attached in a non-nil process.
		}
		return p, nil
	}
	return t.run(ctx)
}

// configure finds the settings of the instance.
func (t *test) configure() error {
	options := t.opts.Configuration.Options
	if options == nil {
		var err error
		if options, err = ownDirectories(t.description.ConfigSchema, t.dir); err != nil {
			return err
		}
		t.generated = true
	}
	var err error
	t.settings, err = settings.Divide(t.description.ConfigSchema, options)
	return err
}

// confinement is what a server would confine the plugin to.
func (t *test) confinement() confine.Policy {
	return confine.Policy{
		ReadOnly:  t.settings.Read,
		ReadWrite: t.settings.Write,
		Network:   !t.description.Offline,
		Cgroup:    confine.Delegated(),
	}
}

// run starts the plugin and runs the suite.
func (t *test) run(ctx context.Context) (*Certificate, error) {
	d, c := t.description, &t.certificate
	suite := suites()[d.Kind]
	c.Suite = Suite{Name: d.Kind, Version: suite.version, Short: t.opts.Short}
	c.Plugin = Plugin{Kind: d.Kind, Name: d.Name, Version: d.Version, API: d.API}
	c.Quay = t.opts.Quay
	c.Started = time.Now().UTC()
	if err := t.subject.open(ctx); err != nil {
		return nil, err
	}
	defer t.subject.close()
	c.Confinement = t.subject.current().Confinement()
	if err := t.accept(ctx); err != nil {
		return nil, err
	}
	t.opts.Begin(*c)
	if err := t.judge(ctx, suite); err != nil {
		return nil, err
	}
	c.Seconds = time.Since(c.Started).Seconds()
	return c, nil
}

// instance is the name of the instance that the suites test.
const instance = "conformance"

// configureTimeout bounds the time in which a plugin must have taken its configuration.
const configureTimeout = time.Minute

// accept has the plugin check the configuration and take it, as a server does.
func (t *test) accept(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(t.timeout, configureTimeout))
	defer cancel()
	client := basev1.NewLifecycleClient(t.subject.current().Conn())
	s := t.settings
	valid, err := client.Validate(ctx, &basev1.ValidateRequest{Config: s.Options, Secrets: s.Secrets})
	if err != nil {
		return t.refused(grpcerr.From(err), "validated")
	}
	if problems := valid.GetProblems(); len(problems) > 0 {
		return t.wrong(problems)
	}
	configured, err := client.Configure(ctx, &basev1.ConfigureRequest{Instance: instance, Config: s.Options, Secrets: s.Secrets})
	if err != nil {
		return t.refused(grpcerr.From(err), "configured")
	}
	t.certificate.Plugin.Capabilities = configured.GetCapabilities()
	return nil
}

// refused explains why the instance that is to be tested cannot be.
func (t *test) refused(err error, what string) error {
	if end := t.subject.died(); end != "" {
		return errs.New(errs.Unavailable, "the plugin died while it was %s: %s", what, end)
	}
	if t.generated {
		return t.needsFile(fmt.Sprintf("the instance to test cannot be %s with nothing but new directories (%v)", what, err))
	}
	return errs.Wrap(errs.KindOf(err), err, "the instance to test cannot be %s", what)
}

// wrong says what the plugin does not like about its configuration.
func (t *test) wrong(problems []*basev1.Problem) error {
	text := make([]string, len(problems))
	for i, p := range problems {
		text[i] = strings.TrimPrefix(p.GetField()+": "+p.GetMessage(), ": ")
	}
	why := "the configuration is wrong: " + strings.Join(text, " ")
	if !t.generated {
		return errs.New(errs.Invalid, "%s", why)
	}
	return t.needsFile(why)
}

// needsFile is an error for a plugin that wants more than was made up for it.
func (t *test) needsFile(why string) error {
	s, err := readSchema(t.description.ConfigSchema)
	if err != nil {
		return err
	}
	return needsFile(s, why)
}

// errDied ends a run whose plugin has died.
var errDied = errors.New("the plugin died")

// judge runs the suite and comes to a verdict.
func (t *test) judge(ctx context.Context, s suite) error {
	c := &t.certificate
	testing, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err := s.test(testing, run{
		target:  t.subject.target(),
		config:  t.settings.Options,
		secrets: t.settings.Secrets,
		known:   t.opts.Configuration.Known,
		restart: t.restart,
		timeout: t.timeout,
		short:   t.opts.Short,
		report: func(r result) {
			if len(r.Problems) > 0 {
				// After a death every case fails: the rest would say nothing.
				if c.Ended = t.subject.died(); c.Ended != "" {
					stop(errDied)
				}
			}
			t.opts.Report(c.add(r))
		},
	})
	c.Verdict = Passed
	if c.Counts.Failed > 0 {
		c.Verdict = Failed
	}
	if errors.Is(err, errDied) {
		return nil
	}
	return err
}
