package plugin

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Generation is one process of a plugin with its instances configured.
type Generation struct {
	number    int
	opts      *Options
	version   version
	policy    confine.Policy // under which the process was started
	process   Process
	lifecycle basev1.LifecycleClient
	health    healthv1.HealthClient
	names     []string             // of the instances, in the order of the configuration
	instances map[string]*instance // not written after the start
	born      time.Time            // when it began to serve
	took      time.Duration        // until then
	calls     window

	mu      sync.Mutex
	users   int
	retired bool
	unused  chan struct{} // closed when retired and without users
	closed  bool          // unused is closed
}

// plan says how to start a generation.
type plan struct {
	number    int
	version   version
	instances []Instance
	// tolerates reports whether a generation is good enough although an instance
	// cannot be used for the reason.
	tolerates func(instance string, problem error) bool
}

// startGeneration starts, configures and probes a generation. On failure nothing
// of it is left.
func startGeneration(ctx context.Context, opts *Options, p plan) (*Generation, error) {
	logger := opts.Logger.With("plugin", opts.id(), "generation", p.number)
	begin := time.Now()
	policy := p.version.confine(opts.Confine, p.instances)
	process, err := opts.Launch(ctx, launch.Spec{
		Binary:       p.version.binary,
		Confine:      policy,
		RunDir:       opts.RunDir,
		Env:          opts.Env,
		Logger:       logger,
		StartTimeout: opts.StartTimeout,
		DialOptions:  opts.DialOptions,
	})
	if err != nil {
		return nil, err
	}
	g := &Generation{
		number:    p.number,
		opts:      opts,
		version:   p.version,
		policy:    policy,
		process:   process,
		lifecycle: basev1.NewLifecycleClient(process.Conn()),
		health:    healthv1.NewHealthClient(process.Conn()),
		instances: make(map[string]*instance, len(p.instances)),
		unused:    make(chan struct{}),
	}
	for _, spec := range p.instances {
		g.names = append(g.names, spec.Name)
		g.instances[spec.Name] = new(instance)
	}
	if err := g.configureAll(ctx, p); err != nil {
		lost, _ := g.Failure(ctx, err)
		exit := g.kill()
		if lost {
			return nil, errs.Wrap(errs.Unavailable, &startCrash{g.crash(exit, 0)}, "the plugin crashed while it was configured")
		}
		return nil, err
	}
	g.born, g.took = time.Now(), time.Since(begin)
	logger.InfoContext(ctx, "the plugin is up", "pid", process.PID(), "took", g.took)
	return g, nil
}

// startCrash is the crash of a generation that never served.
type startCrash struct{ *Crash }

func (c *startCrash) Error() string {
	lines := c.Stderr
	if len(lines) > 5 {
		lines = lines[len(lines)-5:]
	}
	return fmt.Sprintf("%s; its last lines: %q", c.Reason, lines)
}

// crash is the report of the generation's end.
func (g *Generation) crash(exit launch.Exit, lived time.Duration) *Crash {
	return &Crash{
		Generation: g.number,
		PID:        g.process.PID(),
		At:         time.Now(),
		Lived:      lived,
		Reason:     exit.Reason,
		Stderr:     exit.Stderr,
	}
}

// killTimeout is how long the kernel may take to end a process.
const killTimeout = 4 * time.Second

// kill ends the process. One that the kernel does not end, for instance because it
// waits for a file server that is gone, is left to it: nobody else must wait.
func (g *Generation) kill() launch.Exit {
	ended := make(chan launch.Exit, 1)
	go func() { ended <- g.process.Kill() }() // It ends with the process.
	timer := time.NewTimer(killTimeout)
	defer timer.Stop()
	select {
	case exit := <-ended:
		return exit
	case <-timer.C:
		return launch.Exit{Reason: "it cannot be killed: the kernel may be waiting for a disk or a file server on its behalf"}
	}
}

// configureAll configures the instances, several at a time.
func (g *Generation) configureAll(ctx context.Context, p plan) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(32)
	for _, spec := range p.instances {
		group.Go(func() error {
			state := g.configure(ctx, spec)
			g.instances[spec.Name].state.Store(state)
			if state.problem == nil {
				return nil
			}
			if died, err := g.Failure(ctx, state.problem); died || !p.tolerates(spec.Name, err) {
				return state.problem
			}
			return nil
		})
	}
	return group.Wait()
}

// confined reports whether the process may use the paths that instances need.
func (g *Generation) confined(instances []Instance) bool {
	policy := g.version.confine(g.opts.Confine, instances)
	subset := func(paths, of []string) bool {
		return !slices.ContainsFunc(paths, func(p string) bool { return !slices.Contains(of, p) })
	}
	return policy.Off || subset(policy.ReadOnly, g.policy.ReadOnly) && subset(policy.ReadWrite, g.policy.ReadWrite)
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
	in := g.instances[instance]
	return in != nil && slices.Contains(in.state.Load().capabilities, capability)
}

// usable fails with errs.Unavailable when the plugin never accepted an instance.
func (g *Generation) usable(instance string) error {
	in := g.instances[instance]
	if in == nil {
		return errs.New(errs.Internal, "the plugin has no instance %q", instance)
	}
	if state := in.state.Load(); !state.configured {
		return errs.Wrap(errs.Unavailable, state.problem, "%s is not usable now", instance)
	}
	return nil
}

// sick returns the problems of the instances that do not work, by name.
func (g *Generation) sick() map[string]error {
	var problems map[string]error
	for name, in := range g.instances {
		if problem := in.state.Load().problem; problem != nil {
			if problems == nil {
				problems = make(map[string]error)
			}
			problems[name] = problem
		}
	}
	return problems
}

// ping asks whether the process is alive. Whatever it answers, it is.
func (g *Generation) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, g.opts.Health.PingTimeout)
	defer cancel()
	_, err := g.health.Check(ctx, &healthv1.HealthCheckRequest{})
	switch status.Code(err) {
	case codes.DeadlineExceeded, codes.Unavailable, codes.Canceled:
		return err
	}
	return nil
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

// retire admits no more users.
func (g *Generation) retire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.retired = true
	g.signal()
}

// signal closes unused when it is time. g.mu is held.
func (g *Generation) signal() {
	if g.retired && g.users == 0 && !g.closed {
		g.closed = true
		close(g.unused)
	}
}

// drained waits until the retired generation has no users. It returns false when
// ctx ends or the process is lost before.
func (g *Generation) drained(ctx context.Context) bool {
	select {
	case <-g.unused:
		return true
	case <-g.process.Done():
	case <-ctx.Done():
	}
	return false
}

// stop retires the generation, waits for its calls until ctx ends and ends it.
func (g *Generation) stop(ctx context.Context) launch.Exit {
	g.retire()
	if g.drained(ctx) {
		// No call of ours is under way: what the plugin still does is its own.
		_, _ = g.lifecycle.Drain(ctx, &basev1.DrainRequest{})
	}
	return g.kill()
}
