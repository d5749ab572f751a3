package launch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/confine"
)

// flushTime is how long the output of a process that has exited may still come:
// only a child of its own can hold it open longer.
const flushTime = 200 * time.Millisecond

// process is the operating system's side of a plugin, in the form that go-plugin
// wants. It is started once. Unlike go-plugin's own it tells at once when the
// process has exited, and keeps the standard error for itself.
type process struct {
	cmd       *exec.Cmd
	policy    confine.Policy
	loader    string // the dynamic loader that cmd needs
	log       *stderrLog
	socketDir string

	cage   *confine.Confinement // set when started
	stdout *os.File             // read by go-plugin
	exited chan struct{}        // closed when the process is gone and its output is read
	err    error                // of Wait; read after exited

	mu      sync.Mutex
	started bool
	killed  bool   // by us, if need be before the start
	line    []byte // the beginning of the standard output
}

func newProcess(cmd *exec.Cmd, spec Spec) *process {
	return &process{
		cmd:    cmd,
		policy: spec.Confine,
		loader: spec.Binary.Loader,
		log:    newStderrLog(spec.Logger),
		exited: make(chan struct{}),
	}
}

// Start implements runner.Runner.
func (p *process) Start(context.Context) error {
	stdout, stdoutChild, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdoutChild.Close()
	stderr, stderrChild, err := os.Pipe()
	if err != nil {
		stdout.Close()
		return err
	}
	defer stderrChild.Close()
	p.cmd.Stdout, p.cmd.Stderr = stdoutChild, stderrChild
	if err := p.startUnlessKilled(); err != nil {
		stdout.Close()
		stderr.Close()
		return err
	}
	p.stdout = stdout

	logged := make(chan struct{})
	go func() {
		defer close(logged)
		p.log.copy(stderr)
		stderr.Close()
	}()
	go func() {
		defer close(p.exited)
		p.err = reap(p.cmd)
		if err := p.cage.Release(); err != nil {
			p.log.logger.Warn("what confined the plugin is left", "error", err)
		}
		end := time.Now().Add(flushTime)
		stderr.SetReadDeadline(end)
		stdout.SetReadDeadline(end)
		<-logged
	}()
	return nil
}

// reap waits for the end of a process that leads a group of its own, and takes what it
// has left in the group with it.
func reap(cmd *exec.Cmd) error {
	pid := cmd.Process.Pid
	// As long as nobody has waited for the process its number is nobody else's.
	for errors.Is(unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
	_ = unix.Kill(-pid, unix.SIGKILL) // The process itself, which has ended, is in the group.
	return cmd.Wait()
}

// startUnlessKilled holds the lock during the start, so that kill finds either a
// process or none, ever.
func (p *process) startUnlessKilled() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.killed {
		return os.ErrProcessDone
	}
	cage, err := confine.Start(p.cmd, p.policy, confine.Needs{Dir: p.socketDir, Loader: p.loader})
	p.started, p.cage = err == nil, cage
	return err
}

// Wait implements runner.Runner.
func (p *process) Wait(context.Context) error {
	<-p.exited
	return p.err
}

// Kill implements runner.Runner.
func (p *process) Kill(context.Context) error {
	p.kill()
	return nil
}

// kill kills the process, with its group, and waits for its end; if it has not started
// it never will.
func (p *process) kill() {
	select {
	case <-p.exited:
		return
	default:
	}
	p.mu.Lock()
	p.killed = true
	started := p.started
	p.mu.Unlock()
	if !started {
		return
	}
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.log.logger.Error("the plugin cannot be killed", "error", err)
	}
	<-p.exited
}

// wasKilled reports whether the process, which has exited, did so by kill.
func (p *process) wasKilled() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	// It may have been dying by itself already.
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return p.killed && ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// Stdout implements runner.Runner. go-plugin reads it to its end.
func (p *process) Stdout() io.ReadCloser { return firstLine{p} }

// firstLine is the standard output, the beginning of which is kept.
type firstLine struct{ p *process }

func (f firstLine) Read(b []byte) (int, error) {
	n, err := f.p.stdout.Read(b)
	f.p.mu.Lock()
	if room := 200 - len(f.p.line); room > 0 {
		f.p.line = append(f.p.line, b[:min(n, room)]...)
	}
	f.p.mu.Unlock()
	if err != nil {
		f.p.stdout.Close()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			err = io.EOF
		}
	}
	return n, err
}

func (f firstLine) Close() error { return f.p.stdout.Close() }

// closeOutput closes the standard output where go-plugin has stopped reading before
// its end: it does so after a line that is too long for it.
func (p *process) closeOutput() {
	if p.stdout != nil {
		p.stdout.Close()
	}
}

// firstLine returns the first line of the standard output as far as it is kept.
func (p *process) firstLine() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, line, _ := bufio.ScanLines(p.line, true)
	return string(line)
}

// Stderr implements runner.Runner. There is nothing for go-plugin to read.
func (p *process) Stderr() io.ReadCloser { return io.NopCloser(eof{}) }

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// Name implements runner.Runner.
func (p *process) Name() string { return p.cmd.Path }

// ID implements runner.Runner.
func (p *process) ID() string { return strconv.Itoa(p.pid()) }

func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.started {
		return 0
	}
	return p.cmd.Process.Pid
}

// Diagnose implements runner.Runner. Launch's errors say it better.
func (p *process) Diagnose(context.Context) string { return "" }

// PluginToHost implements runner.AddrTranslator: both are in one namespace.
func (p *process) PluginToHost(network, address string) (string, string, error) {
	return network, address, nil
}

// HostToPlugin implements runner.AddrTranslator.
func (p *process) HostToPlugin(network, address string) (string, string, error) {
	return network, address, nil
}

// exit says how the process ended.
func (p *process) exit() Exit {
	select {
	case <-p.exited:
	default:
		return Exit{Reason: "it is running", Stderr: p.log.last()}
	}
	e := Exit{Stderr: p.log.last()}
	state := p.cmd.ProcessState
	switch status, ok := state.Sys().(syscall.WaitStatus); {
	case ok && status.Signaled():
		e.Reason = "it was killed by the signal " + unix.SignalName(status.Signal())
	default:
		e.Reason = fmt.Sprintf("it exited with status %d", state.ExitCode())
	}
	return e
}
