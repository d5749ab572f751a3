package plugin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Generation is one process of a plugin with its instances configured.
type Generation struct {
	number       int
	process      Process
	lifecycle    basev1.LifecycleClient
	capabilities map[string][]string // by instance; not written after the start
	born         time.Time

	mu       sync.Mutex
	users    int
	retired  bool
	unused   chan struct{} // closed when retired and without users
	unusedOK bool
}

// startGeneration starts, configures and probes a generation. On failure nothing
// of it is left.
func startGeneration(ctx context.Context, opts *Options, number int) (*Generation, error) {
	logger := opts.Logger.With("plugin", opts.Name, "generation", number)
	process, err := opts.Launch(ctx, launch.Spec{
		Binary:       opts.binary,
		Confine:      opts.Confine,
		RunDir:       opts.RunDir,
		Env:          opts.Env,
		Logger:       logger,
		StartTimeout: opts.StartTimeout,
	})
	if err != nil {
		return nil, err
	}
	g := &Generation{
		number:       number,
		process:      process,
		lifecycle:    basev1.NewLifecycleClient(process.Conn()),
		capabilities: make(map[string][]string, len(opts.Instances)),
		born:         time.Now(),
		unused:       make(chan struct{}),
	}
	ctx, cancel := context.WithTimeout(ctx, opts.ConfigureTimeout)
	defer cancel()
	if err := g.configure(ctx, opts.Instances); err != nil {
		lost, _ := g.Failure(ctx, err)
		exit := process.Kill()
		if lost {
			return nil, errs.Wrap(errs.Unavailable, crashError(exit), "the plugin crashed while it was configured")
		}
		return nil, err
	}
	logger.InfoContext(ctx, "the plugin is up", "pid", process.PID(), "took", time.Since(g.born))
	return g, nil
}

// crashError is a cause that shows a crash in a log.
func crashError(exit launch.Exit) error {
	lines := exit.Stderr
	if len(lines) > 5 {
		lines = lines[len(lines)-5:]
	}
	return fmt.Errorf("%s; its last lines: %q", exit.Reason, lines)
}

// configure validates, configures and probes the instances, several at a time.
func (g *Generation) configure(ctx context.Context, instances []Instance) error {
	var mu sync.Mutex // guards capabilities
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for _, in := range instances {
		group.Go(func() error {
			capabilities, err := g.configureOne(ctx, in)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			g.capabilities[in.Name] = capabilities
			return nil
		})
	}
	return group.Wait()
}

func (g *Generation) configureOne(ctx context.Context, in Instance) ([]string, error) {
	wrap := func(err error, what string) error {
		err = grpcerr.From(err)
		return errs.Wrap(errs.KindOf(err), err, "the instance %q cannot be %s", in.Name, what)
	}
	valid, err := g.lifecycle.Validate(ctx, &basev1.ValidateRequest{Config: in.Config, Secrets: in.Secrets})
	if err != nil {
		return nil, wrap(err, "validated")
	}
	if problems := valid.GetProblems(); len(problems) > 0 {
		var text []string
		for _, p := range problems {
			text = append(text, strings.TrimPrefix(p.GetField()+": "+p.GetMessage(), ": "))
		}
		return nil, errs.New(errs.Invalid, "the configuration of the instance %q is wrong: %s", in.Name, strings.Join(text, " "))
	}
	configured, err := g.lifecycle.Configure(ctx, &basev1.ConfigureRequest{Instance: in.Name, Config: in.Config, Secrets: in.Secrets})
	if err != nil {
		return nil, wrap(err, "configured")
	}
	if _, err := g.lifecycle.Probe(ctx, &basev1.ProbeRequest{Instance: in.Name}); err != nil {
		return nil, wrap(err, "used")
	}
	return configured.GetCapabilities(), nil
}

// Number counts the generations of a plugin from 1.
func (g *Generation) Number() int { return g.number }

// Conn is the connection to the plugin's services. Errors of calls are statuses:
// use Failure, or Supervisor.Do.
func (g *Generation) Conn() grpc.ClientConnInterface { return g.process.Conn() }

// Descriptors receives the descriptors that the plugin sends.
func (g *Generation) Descriptors() *fd.Receiver { return g.process.Descriptors() }

// Has reports whether an instance has a capability.
func (g *Generation) Has(instance, capability string) bool {
	return slices.Contains(g.capabilities[instance], capability)
}

// lost reports whether the generation's process is gone.
func (g *Generation) lost() bool {
	select {
	case <-g.process.Done():
		return true
	default:
		return false
	}
}

// enter admits a user unless the generation is retired or lost.
func (g *Generation) enter() bool {
	if g.lost() {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.retired {
		return false
	}
	g.users++
	return true
}

func (g *Generation) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.users--
	g.signal()
}

// signal closes unused when it is time. g.mu is held.
func (g *Generation) signal() {
	if g.retired && g.users == 0 && !g.unusedOK {
		g.unusedOK = true
		close(g.unused)
	}
}

// stop retires the generation, waits for its calls until ctx ends and ends it.
func (g *Generation) stop(ctx context.Context) launch.Exit {
	g.mu.Lock()
	g.retired = true
	g.signal()
	g.mu.Unlock()
	select {
	case <-g.unused:
		// No call of ours is under way: what the plugin still does is its own.
		_, _ = g.lifecycle.Drain(ctx, &basev1.DrainRequest{})
	case <-g.process.Done():
	case <-ctx.Done():
	}
	return g.process.Kill()
}

// Probe does a cheap operation on an instance that shows whether it works.
func (g *Generation) Probe(ctx context.Context, instance string) error {
	_, err := g.lifecycle.Probe(ctx, &basev1.ProbeRequest{Instance: instance})
	return err
}
