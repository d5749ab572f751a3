package launch_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// roleKey makes the test binary a plugin that does what the variable says.
const roleKey = "QUAY_TEST_ROLE"

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleKey); role {
	case "":
	case "serve", "debug":
		serveHostile()
	default:
		misbehave(role)
		return
	}
	os.Exit(m.Run())
}

// misbehave does the steps of a role, which are separated by semicolons: "print
// TEXT", "complain TEXT", "exit STATUS", "signal NUMBER" and "sleep".
func misbehave(role string) {
	for step := range strings.SplitSeq(role, ";") {
		verb, argument, _ := strings.Cut(step, " ")
		switch n, _ := strconv.Atoi(argument); verb {
		case "print":
			fmt.Println(argument)
		case "complain":
			fmt.Fprintln(os.Stderr, argument)
		case "exit":
			os.Exit(n)
		case "signal":
			_ = syscall.Kill(os.Getpid(), syscall.Signal(n)) // It is what ends the sleep.
			time.Sleep(time.Minute)
		case "sleep":
			time.Sleep(time.Minute)
		}
	}
}

// self opens the test binary as the binary of a plugin.
func self(t testing.TB) *binary.Binary {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := binary.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// Every way in which a plugin fails to start has an error of the right kind that
// says what to do, and leaves nothing behind.
func TestStartFailures(t *testing.T) {
	b := self(t)
	tests := []struct {
		name  string
		role  string
		kind  errs.Kind
		parts []string // of the error
	}{
		{"garbage", "print Hello, this is not a plugin;sleep", errs.Invalid, []string{"does not speak the plugin protocol", "Hello, this is not a plugin", "sdk"}},
		{"garbage and an end", "print usage: nginx;exit 1", errs.Invalid, []string{"does not speak", "usage: nginx"}},
		{"a wrong protocol", "print 1|9|unix|/nowhere|grpc|;sleep", errs.Invalid, []string{"does not speak"}},
		{"net/rpc", "print 1|1|unix|/nowhere|netrpc|;sleep", errs.Invalid, []string{"does not speak"}},
		{"nobody at the address", "print 1|1|unix|/nowhere/socket|grpc|;sleep", errs.Unavailable, []string{"serves nothing"}},
		{"ends at once", "complain cannot find my library;exit 7", errs.Unavailable, []string{"before its handshake", "status 7", "cannot find my library", "describe"}},
		{"is killed", "signal 15", errs.Unavailable, []string{"before its handshake", "SIGTERM"}},
		{"says nothing", "sleep", errs.Unavailable, []string{"did not shake hands within", "start timeout"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plugintest.Leaks(t)
			t.Setenv(roleKey, test.role)
			run := plugintest.RunDir(t)
			begin := time.Now()
			p, err := launch.Start(t.Context(), launch.Spec{
				Binary: b, RunDir: run, Env: []string{roleKey}, Logger: slog.New(slog.DiscardHandler), StartTimeout: 2 * time.Second,
			})
			if err == nil {
				p.Kill()
				t.Fatal("it started")
			}
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if !errs.Is(err, test.kind) {
				t.Errorf("the kind is %v: %v", errs.KindOf(err), err)
			}
			for _, part := range test.parts {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q is not in the error: %v", part, err)
				}
			}
			if left, _ := os.ReadDir(run); len(left) > 0 {
				t.Errorf("%v is left in the run directory", left)
			}
		})
	}
}

// A run directory in which no socket can be made, or not safely, is refused
// before anything is started.
func TestRunDirectory(t *testing.T) {
	b := self(t)
	plugintest.Leaks(t)
	open := filepath.Join(t.TempDir(), "open")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(plugintest.RunDir(t), link); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, run string
		kind      errs.Kind
		part      string
	}{
		{"a link", link, errs.Invalid, "no directory"},
		{"a long run directory", "/tmp/" + strings.Repeat("x", 100), errs.Invalid, "choose a shorter one"},
		{"an open run directory", open, errs.Denied, "chmod 0700"},
	}
	for _, test := range tests {
		_, err := launch.Start(t.Context(), launch.Spec{Binary: b, RunDir: test.run, Logger: slog.New(slog.DiscardHandler)})
		if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A run directory that belongs to another user is refused: its owner decides what is
// executed, for the name of the sealed copy lies in it.
func TestRunDirectoryOfOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	dir := plugintest.RunDir(t)
	if err := os.Chown(dir, 64127, 64127); err != nil {
		t.Fatal(err)
	}
	_, err := launch.Start(t.Context(), launch.Spec{Binary: self(t), RunDir: dir, Logger: slog.New(slog.DiscardHandler)})
	if !errs.Is(err, errs.Denied) || !strings.Contains(err.Error(), "belongs to the user 64127") {
		t.Errorf("the error is %v", err)
	}
}

// The plugins of a host share its run directory: one with a user of its own does not
// keep the others from starting, or starting again.
func TestUsersShareTheRunDirectory(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	b := self(t)
	t.Setenv(roleKey, "serve")
	dir := plugintest.RunDir(t)
	for _, uid := range []uint32{0, 64127, 0} {
		startConfined(t, b, dir, confine.Policy{UID: uid})
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o711 {
		t.Errorf("the run directory is %v, error %v", info.Mode(), err)
	}
}

// A start that is given up ends soon, whatever it has come to.
func TestStartIsGivenUp(t *testing.T) {
	b := self(t)
	plugintest.Leaks(t)
	t.Setenv(roleKey, "sleep")
	// Before the process is started, about then, and after it.
	for _, timeout := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond, 200 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		begin := time.Now()
		_, err := launch.Start(ctx, launch.Spec{Binary: b, RunDir: plugintest.RunDir(t), Env: []string{roleKey}, Logger: slog.New(slog.DiscardHandler)})
		if took := time.Since(begin); !errs.Is(err, errs.Timeout) || took > 2*time.Second {
			t.Errorf("%v: after %v: %v", timeout, took, err)
		}
		cancel()
	}
}

// buffer is a writer that tests may read meanwhile.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestLog(t *testing.T) {
	tests := []struct{ line, want string }{
		{`{"time":"2026-01-02T03:04:05Z","level":"INFO","msg":"from slog","instance":"default","n":1}`, `level=INFO msg="from slog" plugin=x instance=default n=1`},
		{`{"level":"ERROR","msg":"bad","error":"e"}`, `level=ERROR msg=bad plugin=x error=e`},
		{`{"level":"DEBUG","msg":"hidden"}`, ``},
		{`{"@level":"warn","@message":"from hclog","@module":"m","@timestamp":"t"}`, `level=WARN msg="from hclog" plugin=x module=m`},
		{`{"@level":"trace","@message":"hidden"}`, ``},
		{`{"some":"json"}`, `level=INFO msg="{\"some\":\"json\"}" plugin=x`},
		{`{broken`, `level=INFO msg={broken plugin=x`},
		{`plain text`, `level=INFO msg="plain text" plugin=x`},
		{``, ``},
		{"panic: oh\ngoroutine 1", "level=ERROR msg=\"panic: oh\" plugin=x\nlevel=ERROR msg=\"goroutine 1\" plugin=x"},
		{"fatal error: oh", `level=ERROR msg="fatal error: oh" plugin=x`},
	}
	for _, test := range tests {
		var b buffer
		logger := slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}})).With("plugin", "x")
		launch.CopyLog(logger, strings.NewReader(test.line+"\n"))
		if got := strings.TrimSpace(b.String()); got != test.want {
			t.Errorf("%s gives\n%s, not\n%s", test.line, got, test.want)
		}
	}
}

func TestLogKeepsTheLastLines(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := range 120 {
			fmt.Fprintf(w, "line %d\n", i)
		}
		fmt.Fprint(w, strings.Repeat("x", 200<<10), "\nno end of line")
	}()
	last := launch.CopyLog(slog.New(slog.DiscardHandler), r)
	if len(last) != 50 || last[49] != "no end of line" || !strings.HasPrefix(last[0], "line ") {
		t.Errorf("%d lines are kept, from %.20q to %.20q", len(last), last[0], last[len(last)-1])
	}
	for _, line := range last {
		if len(line) > 1024 {
			t.Errorf("a line of %d bytes is kept", len(line))
		}
	}
}

// A plugin that writes without end does not flood the host's log, which says that
// lines are missing. The last ones are kept for the report of a crash all the same.
func TestLogFlood(t *testing.T) {
	var b buffer
	const lines = 20_000
	last := launch.CopyLog(slog.New(slog.NewTextHandler(&b, nil)), io.MultiReader(
		strings.NewReader(strings.Repeat("again\n", lines)), strings.NewReader("the end\n")))
	log := b.String()
	if n := strings.Count(log, "msg=again"); n < 500 || n > lines/2 {
		t.Errorf("%d of %d lines were logged", n, lines)
	}
	if !strings.Contains(log, "lines were dropped") {
		t.Error("it does not say that lines were dropped")
	}
	if len(last) == 0 || last[len(last)-1] != "the end" {
		t.Errorf("the last lines are %q", last)
	}
}
