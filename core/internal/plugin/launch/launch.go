// Package launch starts one process of a plugin and ends it. What is restarted,
// and when, is the supervisor's business: here a process runs once.
package launch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// Spec says what to start.
type Spec struct {
	// Binary to run. It stays the caller's, who closes it after the start at the
	// earliest.
	Binary *binary.Binary
	// Confine says what the plugin may reach.
	Confine confine.Policy
	// RunDir is a directory in which only this user may make or list anything; the
	// plugin's socket is made in a directory of its own in it. It is made when it is
	// missing. Others may pass through it from the first plugin with a user of its
	// own on. Plugins may share it.
	RunDir string
	// Env names variables of the host that the plugin sees beside the default ones.
	Env []string
	// Logger gets the plugin's log lines.
	Logger *slog.Logger
	// StartTimeout bounds the time to the handshake. Zero means 5 s.
	StartTimeout time.Duration
	// DialOptions are for the connection to the plugin, beside those that it needs.
	DialOptions []grpc.DialOption
}

// dialOptions are those of the connection to the plugin.
func (s Spec) dialOptions() []grpc.DialOption {
	return append([]grpc.DialOption{
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(protocol.MaxMessageBytes),
			grpc.MaxCallSendMsgSize(protocol.MaxMessageBytes)),
		// A connection that leaves the state Ready means a lost plugin, so it must
		// not do so for lack of calls.
		grpc.WithIdleTimeout(0),
	}, s.DialOptions...)
}

// killTimeout is how long a plugin that was told to stop may take.
const killTimeout = 2 * time.Second

// Process is a running plugin. Its methods may be called from many goroutines.
type Process struct {
	spec     Spec
	client   *plugin.Client
	runner   *process
	conn     *grpc.ClientConn
	receiver *fd.Receiver

	done    chan struct{} // closed when the plugin is lost
	watched chan struct{} // closed when the watching goroutine has ended
	stop    context.CancelFunc
	kill    sync.Once
}

// Start starts a plugin and shakes hands with it. A failure says what to do about
// it. The caller must Kill the process.
func Start(ctx context.Context, spec Spec) (*Process, error) {
	if spec.StartTimeout == 0 {
		spec.StartTimeout = 5 * time.Second
	}
	if err := checkRunDir(spec.RunDir, spec.Confine.UID != 0); err != nil {
		return nil, err
	}
	host, child, err := fd.Pair()
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "cannot start the plugin")
	}
	defer child.Close()

	cmd := command(spec.Binary)
	cmd.Env = environment(spec)
	cmd.ExtraFiles = []*os.File{child}
	// A group of its own: Ctrl-C in the host's terminal is the host's to act on.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	run := newProcess(cmd, spec)
	p := &Process{
		spec:    spec,
		runner:  run,
		done:    make(chan struct{}),
		watched: make(chan struct{}),
	}
	lines := newLineLogger(spec.Logger)
	p.client = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  protocol.Version,
			MagicCookieKey:   protocol.CookieKey,
			MagicCookieValue: protocol.CookieValue,
		},
		Plugins:          plugin.PluginSet{protocol.ServiceSet: services{}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		SkipHostEnv:      true,
		StartTimeout:     spec.StartTimeout,
		Logger:           hclog.NewNullLogger(), // All that it could say is said by errors.
		SyncStdout:       lines,
		SyncStderr:       lines,
		UnixSocketConfig: &plugin.UnixSocketConfig{TempDir: spec.RunDir},
		GRPCDialOptions:  spec.dialOptions(),
		RunnerFunc: func(_ hclog.Logger, template *exec.Cmd, socketDir string) (runner.Runner, error) {
			// Of the template only the variables matter: the plugin gets no stdin.
			cmd.Env = append(cmd.Env, template.Env...)
			if !spec.Confine.Off {
				cmd.Env = append(cmd.Env, "TMPDIR="+socketDir) // The usual one is out of reach.
			}
			run.socketDir = socketDir
			return run, name(cmd, socketDir)
		},
	})
	p.receiver = fd.NewReceiver(host, spec.Logger)
	if err := p.connect(ctx); err != nil {
		p.end()
		return nil, err
	}
	watch, stop := context.WithCancel(context.Background())
	p.stop = stop
	go p.watch(watch)
	return p, nil
}

// command runs the sealed copy; what runs is called as the file was.
func command(b *binary.Binary, args ...string) *exec.Cmd {
	cmd := exec.Command(b.Exec(), args...)
	cmd.Args[0] = b.Path
	return cmd
}

// name makes ps and top show the name of the binary: they show that of the path
// which is executed, and a descriptor has only a number.
func name(cmd *exec.Cmd, dir string) error {
	link := filepath.Join(dir, filepath.Base(cmd.Args[0]))
	if err := os.Symlink(cmd.Path, link); err != nil {
		return err
	}
	cmd.Path = link
	return nil
}

// connect runs the handshake until ctx ends.
func (p *Process) connect(ctx context.Context) error {
	type result struct {
		client plugin.ClientProtocol
		err    error
	}
	// go-plugin bounds only the wait for the handshake's line, not what follows it.
	ctx, cancel := context.WithTimeoutCause(ctx, p.spec.StartTimeout+time.Second, errUnserved)
	defer cancel()
	shaken := make(chan result, 1)
	go func() {
		client, err := p.client.Client()
		shaken <- result{client, err}
	}()
	var r result
	select {
	case r = <-shaken:
	case <-ctx.Done():
		p.runner.kill() // It makes the handshake fail.
		<-shaken
		return context.Cause(ctx)
	}
	if r.err != nil {
		return p.explain(r.err)
	}
	client, ok := r.client.(*plugin.GRPCClient)
	if !ok {
		return errs.New(errs.Invalid, "the plugin does not speak gRPC")
	}
	p.conn = client.Conn
	// go-plugin takes a connection that nobody accepts for one without streams.
	if !waitReady(ctx, p.conn) {
		return errUnserved
	}
	return nil
}

// waitReady waits until a connection stands, and reports false when it does not come
// about or ctx ends.
func waitReady(ctx context.Context, conn *grpc.ClientConn) bool {
	for state := conn.GetState(); state != connectivity.Ready; state = conn.GetState() {
		if state == connectivity.TransientFailure || !conn.WaitForStateChange(ctx, state) {
			return false
		}
	}
	return true
}

var errUnserved = errs.New(errs.Unavailable, "the plugin shook hands but serves nothing at the address that it named: it is not built with this server's sdk, or its run directory is not this server's")

// watch closes done when the process has exited or the connection is lost, which
// the kernel reports a little earlier.
func (p *Process) watch(ctx context.Context) {
	defer close(p.watched)
	defer close(p.done)
	lost := make(chan struct{})
	go func() {
		defer close(lost)
		waitLost(ctx, p.conn)
	}()
	select {
	case <-lost:
	case <-p.runner.exited:
	}
	p.stop()
	<-lost
}

// waitLost waits until a connection that stood stands no more, or ctx ends.
func waitLost(ctx context.Context, conn *grpc.ClientConn) {
	ready := false
	for {
		state := conn.GetState()
		ready = ready || state == connectivity.Ready
		if ready && state != connectivity.Ready || state == connectivity.Shutdown {
			return
		}
		if !conn.WaitForStateChange(ctx, state) {
			return
		}
	}
}

// Conn is the connection to the plugin's services.
func (p *Process) Conn() grpc.ClientConnInterface { return p.conn }

// Descriptors receives the descriptors that the plugin sends.
func (p *Process) Descriptors() *fd.Receiver { return p.receiver }

// Done is closed when the plugin is lost: its process exited, or its connection
// broke, after which it only remains to Kill it.
func (p *Process) Done() <-chan struct{} { return p.done }

// Confinement says what became of each part of the policy. It must not be changed.
func (p *Process) Confinement() []confine.Applied { return p.runner.cage.Applied() }

// PID is the process id.
func (p *Process) PID() int { return p.runner.pid() }

// Exit is how a process ended.
type Exit struct {
	// Reason is one sentence: "it was killed by the signal SIGSEGV".
	Reason string
	// Stderr is the last lines that it wrote to its standard error.
	Stderr []string
}

// Kill ends the process: it asks it to stop, waits two seconds and kills it. It
// returns when the process is gone, and how it went if that was not our doing.
func (p *Process) Kill() Exit {
	p.kill.Do(func() {
		lostBefore := false
		select {
		case <-p.done:
			lostBefore = true
		default:
		}
		if lostBefore {
			// The connection breaks a little before the exit can be seen.
			select {
			case <-p.runner.exited:
			case <-time.After(killTimeout):
			}
		}
		p.stop()
		p.end()
		<-p.watched
	})
	return p.runner.exit()
}

// end releases what Start has made.
func (p *Process) end() {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// It asks the plugin to stop, without a deadline, and waits two seconds.
		p.client.Kill()
	}()
	select {
	case <-ended:
	case <-time.After(killTimeout + time.Second):
		p.runner.kill()
		<-ended
	}
	p.runner.kill() // Where go-plugin believed that nothing had started.
	p.runner.closeOutput()
	p.receiver.Close()
	if dir := p.runner.socketDir; dir != "" {
		if err := os.RemoveAll(dir); err != nil {
			p.spec.Logger.Warn("the plugin's socket directory is left", "error", err)
		}
	}
}

// explain turns go-plugin's error into one that says what to do.
func (p *Process) explain(err error) error {
	path := p.spec.Binary.Path
	if p.runner.pid() == 0 {
		return explainExec(path, err)
	}
	// By now go-plugin has told the process to end, if it did not do so by itself.
	// What it printed and how it ended says more than the error does.
	p.runner.kill()
	switch first := p.runner.firstLine(); {
	case first != "":
		return errs.Wrap(errs.Invalid, err,
			"%s does not speak the plugin protocol, its first line is %q: put a plugin built with this server's sdk in its place", path, first)
	case p.runner.wasKilled():
		return errs.Wrap(errs.Unavailable, err,
			"the plugin %s did not shake hands within %v; if the machine is merely slow, raise the plugin's start timeout", filepath.Base(path), p.spec.StartTimeout)
	}
	exit := p.runner.exit()
	return errs.Wrap(errs.Unavailable, fmt.Errorf("%w; its last lines: %q", err, exit.Stderr),
		"the plugin %s ended before its handshake: %s; run %q to see why", filepath.Base(path), exit.Reason, path+" describe")
}

// services is the go-plugin side of the host: the services are called on the
// connection itself.
type services struct{ plugin.NetRPCUnsupportedPlugin }

func (services) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("the host serves no plugin")
}

func (services) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, nil
}
