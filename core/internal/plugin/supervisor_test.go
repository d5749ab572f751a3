package plugin_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	conformance "github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// stat asks the plugin for an object that it does not have.
func stat(ctx context.Context, sup *plugin.Supervisor, call plugin.Call, path string) (size int64, err error) {
	err = sup.Do(ctx, call, func(ctx context.Context, g *plugin.Generation) error {
		resp, err := storagev1.NewStorageClient(g.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: "default", Path: path})
		size = resp.GetSize()
		return err
	})
	return size, err
}

func kill(t testing.TB, sup *plugin.Supervisor) (pid int) {
	t.Helper()
	pid = sup.Status().PID
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestRestart(t *testing.T) {
	plugintest.Leaks(t)
	sup := start(t, options(t))
	for i := 1; i <= 2; i++ {
		begin := time.Now()
		pid := kill(t, sup)
		// The call waits for the next generation, which has its instance.
		if _, err := stat(t.Context(), sup, plugin.Call{Idempotent: true}, "x"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a call after the crash: %v", err)
		}
		took := time.Since(begin)
		t.Logf("back after %v", took)
		if took > time.Second {
			t.Errorf("the plugin was back only after %v", took)
		}
		st := sup.Status()
		if st.State != plugin.Healthy || st.PID == pid || st.Generation != i+1 {
			t.Errorf("the status is %+v", st)
		}
		if st.LastCrash == nil || st.LastCrash.PID != pid || st.LastCrash.Reason != "it was killed by the signal SIGKILL" {
			t.Errorf("the crash is %+v", st.LastCrash)
		}
	}
}

func TestBackoffGrows(t *testing.T) {
	tests := []struct {
		failures int
		min, max time.Duration
	}{
		{0, 0, 0},
		{1, 0, 0},
		{2, 125 * time.Millisecond, 250 * time.Millisecond},
		{3, 250 * time.Millisecond, 500 * time.Millisecond},
		{8, 8 * time.Second, 16 * time.Second},
		{9, 15 * time.Second, 30 * time.Second},
		{1000, 15 * time.Second, 30 * time.Second},
	}
	for _, test := range tests {
		for range 100 {
			if d := plugin.Delay(plugin.Backoff{}, test.failures); d < test.min || d > test.max {
				t.Fatalf("after %d failures the wait is %v", test.failures, d)
			}
		}
	}
}

func TestFailuresOfTheDriver(t *testing.T) {
	tests := []struct {
		role string
		kind errs.Kind
		part string
	}{
		{"invalid", errs.Invalid, "bucket: It is missing."},
		{"refuse", errs.Denied, "the credentials are wrong"},
		{"die", errs.Unavailable, "out of luck"},
	}
	for _, test := range tests {
		t.Run(test.role, func(t *testing.T) {
			plugintest.Leaks(t)
			_, err := plugin.Start(t.Context(), testOptions(t, test.role))
			if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestCalls(t *testing.T) {
	plugintest.Leaks(t)
	t.Setenv("QUAY_TEST_SECRET", "secret")
	t.Setenv("TZ", "Europe/Berlin")
	opts := testOptions(t, "plain")
	sup := start(t, opts)
	twice := plugin.Call{Idempotent: true}
	tests := []struct {
		path string
		call plugin.Call
		size int64
		kind errs.Kind
		ok   bool
		max  time.Duration
	}{
		{path: "sleep/10ms", size: 1, ok: true},
		{path: "panic", call: twice, kind: errs.Internal},
		{path: "missing", call: twice, kind: errs.NotFound},
		{path: "unavailable", call: twice, kind: errs.Unavailable, max: time.Second},
		{path: "sleep/1h", call: plugin.Call{Timeout: 50 * time.Millisecond}, kind: errs.Timeout, max: time.Second},
		{path: "env/TZ", size: int64(len("Europe/Berlin")), ok: true},
		{path: "env/QUAY_TEST_SECRET", kind: errs.NotFound},
		{path: "stdin", ok: true},
	}
	for _, test := range tests {
		begin := time.Now()
		size, err := stat(t.Context(), sup, test.call, test.path)
		switch {
		case test.ok && (err != nil || size != test.size):
			t.Errorf("%s: %d, error %v", test.path, size, err)
		case !test.ok && !errs.Is(err, test.kind):
			t.Errorf("%s: %v", test.path, err)
		}
		if took := time.Since(begin); test.max > 0 && took > test.max {
			t.Errorf("%s took %v", test.path, took)
		}
	}
	if st := sup.Status(); st.Generation != 1 {
		t.Errorf("the status is %+v", st)
	}
}

// A driver that crashes on one request must not do so for ever: the request is
// tried twice, and the next one finds a plugin again.
func TestCrashingCall(t *testing.T) {
	plugintest.Leaks(t)
	sup := start(t, testOptions(t, "plain"))
	if _, err := stat(t.Context(), sup, plugin.Call{Idempotent: true}, "crash"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("the crashing call: %v", err)
	}
	if _, err := stat(t.Context(), sup, plugin.Call{}, "missing"); !errs.Is(err, errs.NotFound) {
		t.Errorf("the call after it: %v", err)
	}
	crash := sup.Status().LastCrash
	if crash == nil || !strings.Contains(strings.Join(crash.Stderr, "\n"), "a bug where nobody catches it") {
		t.Errorf("the crash is %+v", crash)
	}
}

// While there is no generation calls wait for the next, but not for ever, and
// the state says why there is none.
func TestNoGeneration(t *testing.T) {
	plugintest.Leaks(t)
	opts := options(t)
	var broken atomic.Bool
	opts.Launch = func(ctx context.Context, spec launch.Spec) (plugin.Process, error) {
		if broken.Load() {
			return nil, errs.New(errs.Unavailable, "there is no memory left")
		}
		return launch.Start(ctx, spec)
	}
	opts.WaitTimeout = 100 * time.Millisecond
	sup := start(t, opts)
	broken.Store(true)
	kill(t, sup)
	plugintest.Eventually(t, time.Second, "the state is backoff", func() bool { return sup.Status().State == plugin.BackingOff })
	begin := time.Now()
	if _, err := stat(t.Context(), sup, plugin.Call{}, "x"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a call while there is no generation: %v", err)
	}
	if took := time.Since(begin); took < 50*time.Millisecond || took > time.Second {
		t.Errorf("it waited for %v", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := stat(ctx, sup, plugin.Call{}, "x"); !errs.Is(err, errs.Canceled) {
		t.Errorf("a call that was given up: %v", err)
	}
	plugintest.Eventually(t, 3*time.Second, "the reason is told", func() bool {
		return strings.Contains(sup.Status().Reason, "no memory left")
	})
	broken.Store(false)
	plugintest.Eventually(t, 10*time.Second, "the plugin is back", func() bool { return sup.Status().State == plugin.Healthy })
}

// What runs is what was there at the start: a file that is replaced, or gone,
// concerns neither the running process nor the ones after it.
func TestReplacedBinary(t *testing.T) {
	plugintest.Leaks(t)
	opts := options(t)
	original := opts.Path
	opts.Path = filepath.Join(t.TempDir(), "quay-storage-local")
	if err := os.Symlink(original, opts.Path); err != nil {
		t.Fatal(err)
	}
	sup := start(t, opts)
	hostile, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []func() error{
		func() error { return os.Remove(opts.Path) },
		func() error { return os.Link(hostile, opts.Path) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		pid := kill(t, sup)
		if _, err := stat(t.Context(), sup, plugin.Call{Idempotent: true}, "x"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a call after the restart: %v", err)
		}
		if st := sup.Status(); st.State != plugin.Healthy || st.PID == pid {
			t.Errorf("the status is %+v", st)
		}
		comm, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(sup.Status().PID), "comm"))
		if err != nil || !strings.HasPrefix("quay-storage-local", strings.TrimSpace(string(comm))) {
			t.Errorf("the process is called %q, error %v", comm, err)
		}
	}
}

func TestCloseDrains(t *testing.T) {
	plugintest.Leaks(t)
	sup := start(t, testOptions(t, "plain"))
	var wg sync.WaitGroup
	var failed atomic.Int32
	for range 20 {
		wg.Go(func() {
			if _, err := stat(context.Background(), sup, plugin.Call{}, "sleep/300ms"); err != nil {
				t.Error(err)
				failed.Add(1)
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	begin := time.Now()
	stop(sup)
	stop(sup)
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("Close took %v", took)
	}
	wg.Wait()
	if _, err := stat(context.Background(), sup, plugin.Call{}, "x"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a call after Close: %v", err)
	}
	if st := sup.Status(); st.State != plugin.Stopped || st.PID != 0 {
		t.Errorf("the status is %+v", st)
	}
}

func TestCloseIsBounded(t *testing.T) {
	plugintest.Leaks(t)
	t.Run("a call that does not end", func(t *testing.T) {
		opts := testOptions(t, "plain")
		opts.DrainTimeout = 200 * time.Millisecond
		sup := start(t, opts)
		ended := make(chan error, 1)
		go func() {
			_, err := stat(context.Background(), sup, plugin.Call{Timeout: -1}, "sleep/1h")
			ended <- err
		}()
		time.Sleep(50 * time.Millisecond)
		begin := time.Now()
		stop(sup)
		if took := time.Since(begin); took > 4*time.Second {
			t.Errorf("Close took %v", took)
		}
		if err := <-ended; err == nil {
			t.Error("the call succeeded")
		}
	})
	t.Run("a process that does not move", func(t *testing.T) {
		opts := options(t)
		opts.DrainTimeout = 200 * time.Millisecond
		sup := start(t, opts)
		pid := sup.Status().PID
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		stop(sup)
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("Close took %v", took)
		}
		if !gone(pid) {
			t.Error("the process is still there")
		}
	})
}

// gone reports whether a process is gone or a zombie.
func gone(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ESRCH)
	}
	_, after, _ := strings.Cut(string(b), ") ")
	return strings.HasPrefix(after, "Z")
}

// The plugin must not outlive its host, however the host dies.
func TestHostDeath(t *testing.T) {
	plugintest.Leaks(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	host := exec.Command(exe, filepath.Join(plugins, "quay-storage-local"), plugintest.RunDir(t))
	host.Env = append(os.Environ(), roleKey+"=host")
	stdout, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	pid, atoiErr := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || atoiErr != nil {
		t.Errorf("the host says %q, error %v", line, err)
	}
	begin := time.Now()
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = host.Wait() // It was killed.
	if pid > 0 {
		plugintest.Eventually(t, 2*time.Second, "the plugin is gone", func() bool { return gone(pid) })
		t.Logf("gone after %v", time.Since(begin))
	}
}

func TestConformance(t *testing.T) {
	opts := options(t)
	// The suite ends the plugin more often in a row than a host waits for.
	opts.Backoff = plugin.Backoff{Stable: time.Millisecond}
	sup := start(t, opts)
	target := func() conformance.Target {
		lease, err := sup.Lease(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		lease.Release() // The suite itself ends generations.
		return conformance.Target{Conn: lease.Conn(), Receive: lease.Descriptors().Receive}
	}
	conformance.Run(t, conformance.Options{
		Target: target(),
		Config: opts.Instances[0].Config,
		Short:  true, // What takes long is tested over a pipe.
		Restart: func(context.Context) (conformance.Target, error) {
			generation := sup.Status().Generation
			kill(t, sup)
			plugintest.Eventually(t, 5*time.Second, "the next generation", func() bool {
				st := sup.Status()
				return st.Generation > generation && st.State == plugin.Healthy
			})
			return target(), nil
		},
	})
}
