package launch_test

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
)

// debugged is a plugin as a person would run it.
type debugged struct {
	cmd  *exec.Cmd
	line string
}

// runDebugged runs the hostile plugin until the test ends; its socket is below dir.
func runDebugged(t *testing.T, dir string) *debugged {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	d := &debugged{cmd: exec.CommandContext(t.Context(), exe, protocol.DebugArgument)}
	d.cmd.Env = append(os.Environ(), roleKey+"=debug", "TMPDIR="+dir)
	d.cmd.Stderr = t.Output()
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.kill)
	if d.line, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return d
}

// kill ends the plugin as a debugger does.
func (d *debugged) kill() {
	_ = d.cmd.Process.Kill() // It may have ended.
	_ = d.cmd.Wait()         // It was killed.
}

func (d *debugged) address(t *testing.T) string {
	t.Helper()
	var line protocol.Debugged
	if err := json.Unmarshal([]byte(d.line), &line); err != nil {
		t.Fatalf("%q: %v", d.line, err)
	}
	return line.Address
}

func attach(t *testing.T, address string) *launch.Attached {
	t.Helper()
	a, err := launch.Attach(t.Context(), address, launch.Spec{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Kill() })
	return a
}

// configure gives an attached plugin the instance x, and stat asks it for an object of
// that.
func configure(t *testing.T, a *launch.Attached) {
	t.Helper()
	if _, err := basev1.NewLifecycleClient(a.Conn()).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "x"}); err != nil {
		t.Fatal(err)
	}
}

func stat(ctx context.Context, a *launch.Attached) error {
	_, err := storagev1.NewStorageClient(a.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: "x", Path: "y"})
	return grpcerr.From(err)
}

// A plugin that a person runs is attached to by the line that it prints or the address
// in it. It knows nothing of the host that was attached before, or of another one that
// is attached beside it, and lives on when they detach.
func TestAttach(t *testing.T) {
	d := runDebugged(t, plugintest.RunDir(t))
	plugintest.Leaks(t)
	var line protocol.Debugged
	if err := json.Unmarshal([]byte(d.line), &line); err != nil {
		t.Fatal(err)
	}
	want := protocol.Debugged{Protocol: protocol.Version, Kind: "storage", Name: "hostile", PID: d.cmd.Process.Pid, Address: line.Address}
	if line != want {
		t.Errorf("the line is %+v", line)
	}
	if description, err := launch.DescribeAttached(d.line); err != nil || description.Name != "hostile" || description.Version != "1.0.0" {
		t.Errorf("the description is %+v, error %v", description, err)
	}

	first, second := attach(t, d.line), attach(t, line.Address)
	configure(t, first)
	if err := stat(t.Context(), first); err != nil {
		t.Error(err)
	}
	if err := stat(t.Context(), second); !errs.Is(err, errs.Conflict) {
		t.Errorf("an instance of the first host, asked for by the second: %v", err)
	}
	if first.PID() != line.PID {
		t.Errorf("the process is %d, not %d", first.PID(), line.PID)
	}
	if c := first.Confinement(); len(c) != 1 || c[0].State != confine.StateOff || !strings.Contains(c[0].Detail, line.Address) {
		t.Errorf("the confinement is %+v", c)
	}
	// What one host drains is drained for that one.
	if _, err := basev1.NewLifecycleClient(first.Conn()).Drain(t.Context(), &basev1.DrainRequest{}); err != nil {
		t.Error(err)
	}
	for range 2 {
		if exit := first.Kill(); !strings.Contains(exit.Reason, "detached") {
			t.Errorf("the end is %+v", exit)
		}
	}
	configure(t, second)
	if err := stat(t.Context(), second); err != nil {
		t.Error(err)
	}
	third := attach(t, d.line)
	if err := stat(t.Context(), third); !errs.Is(err, errs.Conflict) {
		t.Errorf("an instance of a host that has detached: %v", err)
	}
}

// The death of an attached plugin is noticed at once, and the next one is at the same
// address.
func TestAttachedDies(t *testing.T) {
	plugintest.Leaks(t)
	dir := plugintest.RunDir(t)
	d := runDebugged(t, dir)
	address := d.address(t)
	a := attach(t, address)
	configure(t, a)
	d.kill()
	select {
	case <-a.Done():
	case <-time.After(5 * time.Second):
		t.Fatal("the death was not noticed")
	}
	if err := stat(t.Context(), a); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a call after the death: %v", err)
	}
	if exit := a.Kill(); !strings.Contains(exit.Reason, "has ended") {
		t.Errorf("the end is %+v", exit)
	}
	spec := launch.Spec{Logger: slog.New(slog.DiscardHandler)}
	if _, err := launch.Attach(t.Context(), address, spec); !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), `"debug"`) {
		t.Errorf("an attempt to attach to a dead plugin: %v", err)
	}
	next := runDebugged(t, dir)
	if got := next.address(t); got != address {
		t.Errorf("the next one is at %s, not %s", got, address)
	}
	b := attach(t, address)
	configure(t, b)
	if err := stat(t.Context(), b); err != nil || b.PID() != next.cmd.Process.Pid {
		t.Errorf("of the process %d: %v", b.PID(), err)
	}
}

// An interrupt ends a plugin that hosts are attached to, with status 0, and nothing of
// it is left that could be attached to. Two at one address are refused.
func TestDebuggedIsInterrupted(t *testing.T) {
	plugintest.Leaks(t)
	dir := plugintest.RunDir(t)
	d := runDebugged(t, dir)
	second := exec.CommandContext(t.Context(), d.cmd.Path, protocol.DebugArgument)
	second.Env = d.cmd.Env
	if out, err := second.CombinedOutput(); err == nil || !strings.Contains(string(out), "end that process first") {
		t.Errorf("a second process: %v\n%s", err, out)
	}
	a := attach(t, d.line)
	if err := d.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Wait(); err != nil {
		t.Error(err)
	}
	<-a.Done()
	left, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("%q is left, error %v", left, err)
	}
}

// Nothing is attached to that could be another user's, or is no plugin, and the error
// says what to do.
func TestAttachRefusals(t *testing.T) {
	plugintest.Leaks(t)
	dir := plugintest.RunDir(t)
	sub := func(name string, mode os.FileMode, owner int) string {
		path := filepath.Join(dir, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, owner, -1); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(path, "socket")
	}
	me := os.Geteuid()
	silent := sub("silent", 0o700, me)
	listener, err := net.ListenUnix("unixpacket", &net.UnixAddr{Name: silent, Net: "unixpacket"})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	link := filepath.Join(dir, "link")
	if err := os.Symlink("silent", link); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, address string
		kind          errs.Kind
		part          string
	}{
		{"open to the group", sub("group", 0o750, me), errs.Denied, "mode 0700"},
		{"open to all", sub("all", 0o701, me), errs.Denied, "mode 0700"},
		{"reached by a link", filepath.Join(link, "socket"), errs.Denied, "mode 0700"},
		{"nobody there", sub("empty", 0o700, me), errs.Unavailable, `"debug"`},
		{"no directory", filepath.Join(dir, "missing", "socket"), errs.Unavailable, `"debug"`},
		{"nobody answers", silent, errs.Unavailable, "let it go on"},
		{"a relative path", "socket", errs.Invalid, "no address"},
		{"nothing", "", errs.Invalid, "no address"},
		{"another line", `{"level": "info"}`, errs.Invalid, "no address"},
		{"a broken line", `{"address"`, errs.Invalid, "cannot be read"},
	}
	if me == 0 {
		tests = append(tests, struct {
			name, address string
			kind          errs.Kind
			part          string
		}{"another user's", sub("others", 0o700, 12345), errs.Denied, "belongs to this user"})
	}
	for _, test := range tests {
		a, err := launch.Attach(t.Context(), test.address, launch.Spec{Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			a.Kill()
			t.Errorf("%s: it is attached to", test.name)
			continue
		}
		if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) {
			t.Errorf("%s: the error, of the kind %q, is %v", test.name, errs.KindOf(err), err)
		}
	}
	if _, err := launch.DescribeAttached(silent); !errs.Is(err, errs.Unavailable) {
		t.Errorf("the description of what has none: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "silent", protocol.DebugFile), []byte(`{"protocol": 9}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := launch.DescribeAttached(silent); !errs.Is(err, errs.Unsupported) {
		t.Errorf("the description of another protocol: %v", err)
	}
}
