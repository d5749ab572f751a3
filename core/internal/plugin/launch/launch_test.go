package launch_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

func TestStartFailures(t *testing.T) {
	script := func(lines ...string) string { return "#!/bin/sh\n" + strings.Join(lines, "\n") + "\n" }
	tests := []struct {
		name    string
		content string
		mode    os.FileMode
		kind    errs.Kind
		parts   []string // of the error
	}{
		{"not executable", script("exit 0"), 0o644, errs.Denied, []string{"not executable", "chmod 0755"}},
		{"garbage", script("echo Hello, this is not a plugin", "sleep 60"), 0o755, errs.Invalid, []string{"does not speak the plugin protocol", "Hello, this is not a plugin", "sdk"}},
		{"garbage and an end", script("echo usage: nginx", "exit 1"), 0o755, errs.Invalid, []string{"does not speak", "usage: nginx"}},
		{"a wrong protocol", script("echo '1|9|unix|/nowhere|grpc|'", "sleep 60"), 0o755, errs.Invalid, []string{"does not speak"}},
		{"net/rpc", script("echo '1|1|unix|/nowhere|netrpc|'", "sleep 60"), 0o755, errs.Invalid, []string{"does not speak"}},
		{"nobody at the address", script("echo '1|1|unix|/nowhere/socket|grpc|'", "sleep 60"), 0o755, errs.Unavailable, []string{"serves nothing"}},
		{"ends at once", script("echo cannot find my library >&2", "exit 7"), 0o755, errs.Unavailable, []string{"before its handshake", "status 7", "cannot find my library", "describe"}},
		{"is killed", script("kill -SEGV $$"), 0o755, errs.Unavailable, []string{"before its handshake", "SIGSEGV"}},
		{"says nothing", script("sleep 60"), 0o755, errs.Unavailable, []string{"did not shake hands within", "start timeout"}},
		{"no program", "\x7fELF nonsense", 0o755, errs.Invalid, []string{"no program for", "install the build"}},
		{"no interpreter", "#!/no/such/interpreter\n", 0o755, errs.Invalid, []string{"interpreter"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plugintest.Leaks(t)
			path := filepath.Join(t.TempDir(), "quay-storage-bad")
			if err := os.WriteFile(path, []byte(test.content), test.mode); err != nil {
				t.Fatal(err)
			}
			run := plugintest.RunDir(t)
			begin := time.Now()
			p, err := launch.Start(t.Context(), launch.Spec{
				Path: path, RunDir: run, Logger: slog.New(slog.DiscardHandler), StartTimeout: 500 * time.Millisecond,
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

func TestStartChecks(t *testing.T) {
	plugintest.Leaks(t)
	good := filepath.Join(t.TempDir(), "quay-storage-x")
	if err := os.WriteFile(good, []byte("#!/bin/sh\nsleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(t.TempDir(), "open")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path, run string
		kind            errs.Kind
		part            string
	}{
		{"no binary", "/no/such/plugin", plugintest.RunDir(t), errs.NotFound, "install it"},
		{"a directory", t.TempDir(), plugintest.RunDir(t), errs.Invalid, "not a regular file"},
		{"a long run directory", good, "/tmp/" + strings.Repeat("x", 100), errs.Invalid, "choose a shorter one"},
		{"an open run directory", good, open, errs.Denied, "chmod 0700"},
	}
	for _, test := range tests {
		_, err := launch.Start(t.Context(), launch.Spec{Path: test.path, RunDir: test.run, Logger: slog.New(slog.DiscardHandler)})
		if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestStartIsGivenUp(t *testing.T) {
	plugintest.Leaks(t)
	path := filepath.Join(t.TempDir(), "quay-storage-slow")
	if err := os.WriteFile(path, []byte("#!/bin/sh\nexec sleep 60\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	// Before the process is started, about then, and after it.
	for _, timeout := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond, 200 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		begin := time.Now()
		_, err := launch.Start(ctx, launch.Spec{Path: path, RunDir: plugintest.RunDir(t), Logger: slog.New(slog.DiscardHandler)})
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
