package plugin_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// role is the configuration that makes an instance of the test's driver play it.
func role(name string) json.RawMessage { return json.RawMessage(`{"role":"` + name + `"}`) }

// state waits for a state.
func state(t *testing.T, sup *plugin.Supervisor, within time.Duration, want plugin.State) plugin.Status {
	t.Helper()
	plugintest.Eventually(t, within, "the plugin is "+string(want), func() bool { return sup.Status().State == want })
	return sup.Status()
}

// A store that is down when the server starts stops neither the server nor the
// plugin's other instances, and is used when it is back.
func TestStoreDownAtStart(t *testing.T) {
	plugintest.Leaks(t)
	gate := filepath.Join(t.TempDir(), "gate")
	opts := testOptions(t, "plain")
	opts.Health.RetryEvery = 20 * time.Millisecond
	opts.Instances = append(opts.Instances, plugin.Instance{Name: "far", Config: json.RawMessage(`{"gate":"` + gate + `"}`)})
	sup := start(t, opts)
	st := sup.Status()
	if st.State != plugin.Degraded || !strings.Contains(st.Reason, `far does not work`) || !strings.Contains(st.Reason, "the store is down") {
		t.Errorf("the state is %s: %s", st.State, st.Reason)
	}
	if _, err := stat(t.Context(), sup, plugin.Call{Instance: "default"}, "x"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a call of the healthy instance: %v", err)
	}
	none := func(context.Context, *plugin.Generation) error { return nil }
	if err := sup.Do(t.Context(), plugin.Call{Instance: "far"}, none); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a call of the sick instance: %v", err)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	st = state(t, sup, 5*time.Second, plugin.Healthy)
	if len(st.Instances) != 2 || !st.Instances[1].Healthy {
		t.Errorf("the instances are %+v", st.Instances)
	}
	if err := sup.Do(t.Context(), plugin.Call{Instance: "far"}, none); err != nil {
		t.Errorf("a call of the instance that is back: %v", err)
	}
}

// A plugin whose calls fail, or whose probe does, is degraded and says why; it is
// healthy again when they do not.
func TestDegraded(t *testing.T) {
	t.Run("probe", func(t *testing.T) {
		plugintest.Leaks(t)
		opts := testOptions(t, "sick")
		sup := start(t, opts)
		if st := sup.Status(); st.State != plugin.Degraded || !strings.Contains(st.Reason, "the store is sick") {
			t.Errorf("the state is %s: %s", st.State, st.Reason)
		}
	})
	t.Run("errors", func(t *testing.T) {
		plugintest.Leaks(t)
		sup := start(t, testOptions(t, "broken"))
		for range 30 {
			_, _ = stat(t.Context(), sup, plugin.Call{}, "x") // They fail: it is what counts.
		}
		if st := state(t, sup, 3*time.Second, plugin.Degraded); !strings.Contains(st.Reason, "30 of its last 30 calls failed") {
			t.Errorf("the reason is %s", st.Reason)
		}
		state(t, sup, 15*time.Second, plugin.Healthy)
	})
	t.Run("latency", func(t *testing.T) {
		plugintest.Leaks(t)
		opts := testOptions(t, "plain")
		opts.Health.Latency = 20 * time.Millisecond
		sup := start(t, opts)
		var group sync.WaitGroup
		for range 30 {
			group.Go(func() { _, _ = stat(context.Background(), sup, plugin.Call{}, "sleep/100ms") })
		}
		group.Wait()
		if st := state(t, sup, 3*time.Second, plugin.Degraded); !strings.Contains(st.Reason, "on average") {
			t.Errorf("the reason is %s", st.Reason)
		}
	})
}

// A process that no longer does anything is found out, killed and replaced.
func TestHung(t *testing.T) {
	plugintest.Leaks(t)
	opts := options(t)
	opts.Health = plugin.Health{PingEvery: 20 * time.Millisecond, PingTimeout: 100 * time.Millisecond, Pings: 2}
	sup := start(t, opts)
	pid := sup.Status().PID
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	plugintest.Eventually(t, 10*time.Second, "the next generation serves", func() bool {
		st := sup.Status()
		return st.Generation == 2 && st.State == plugin.Healthy
	})
	if c := sup.Status().LastCrash; c == nil || c.PID != pid || !strings.Contains(c.Reason, "did not answer") {
		t.Errorf("the crash is %+v", c)
	}
	if !gone(pid) {
		t.Error("the process is still there")
	}
}

// A plugin that crashes again and again is left alone, says what to do, refuses
// calls at once, and comes back when a person says so.
func TestQuarantine(t *testing.T) {
	plugintest.Leaks(t)
	opts := options(t)
	opts.Backoff.First = time.Millisecond
	opts.Quarantine = plugin.Quarantine{InRow: 3, Retry: -1}
	sup := start(t, opts)
	for range 3 {
		kill(t, sup)
		generation := sup.Status().Generation
		plugintest.Eventually(t, 5*time.Second, "it is noticed", func() bool {
			st := sup.Status()
			return st.State == plugin.Quarantined || st.State == plugin.Healthy && st.Generation > generation
		})
	}
	st := state(t, sup, 5*time.Second, plugin.Quarantined)
	if !strings.Contains(st.Reason, "failed 3 times") || !strings.Contains(st.Reason, "quay plugin restart storage/local") {
		t.Errorf("the reason is %s", st.Reason)
	}
	begin := time.Now()
	if _, err := stat(t.Context(), sup, plugin.Call{}, "x"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a call: %v", err)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("it was refused after %v", took)
	}
	if err := sup.Restart(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := stat(t.Context(), sup, plugin.Call{}, "x"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a call after the restart: %v", err)
	}
	if err := sup.Quarantine(t.Context(), "it is not trusted any more"); err != nil {
		t.Fatal(err)
	}
	if st := sup.Status(); st.State != plugin.Quarantined || st.PID != 0 {
		t.Errorf("the status is %+v", st)
	}
}

// A quarantine for crashes ends by itself with one more attempt.
func TestQuarantineRetries(t *testing.T) {
	plugintest.Leaks(t)
	opts := options(t)
	opts.Quarantine = plugin.Quarantine{InRow: 1, Retry: 100 * time.Millisecond}
	sup := start(t, opts)
	kill(t, sup)
	plugintest.Eventually(t, 5*time.Second, "it is back", func() bool {
		st := sup.Status()
		return st.State == plugin.Healthy && st.Generation == 2
	})
}

// No more calls than the limit reach a plugin at once; some wait for their turn,
// the others are refused at once. Leases have a limit of their own.
func TestLimits(t *testing.T) {
	plugintest.Leaks(t)
	opts := testOptions(t, "plain")
	opts.Limits = plugin.Limits{Calls: 2, Leases: 1, Queue: 2}
	opts.WaitTimeout = 50 * time.Millisecond
	sup := start(t, opts)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			if _, err := stat(t.Context(), sup, plugin.Call{}, "sleep/400ms"); err != nil {
				t.Error(err)
			}
		})
	}
	plugintest.Eventually(t, time.Second, "two calls are under way", func() bool { return sup.Status().InFlight == 2 })
	var mu sync.Mutex
	texts := map[string]int{}
	for range 4 {
		group.Go(func() {
			_, err := stat(t.Context(), sup, plugin.Call{}, "x")
			if !errs.Is(err, errs.Unavailable) {
				t.Errorf("a call too many: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			texts[err.Error()]++
		})
	}
	group.Wait()
	if len(texts) != 2 {
		t.Errorf("the refusals are %v", texts)
	}
	lease, err := sup.Lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sup.Lease(t.Context()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a second lease: %v", err)
	}
	lease.Release()
	lease.Release()
	if lease, err = sup.Lease(t.Context()); err != nil {
		t.Fatal(err)
	}
	lease.Release()
	if st := sup.Status(); st.InFlight != 0 || st.Queued != 0 {
		t.Errorf("%d are under way, %d wait", st.InFlight, st.Queued)
	}
}
