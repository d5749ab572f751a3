package plugin_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// load calls the plugin without pause until the function it returns is called,
// which says how many calls were made and which errors there were.
func load(sup *plugin.Supervisor, clients int) (end func() (calls int64, failures []error)) {
	var (
		group sync.WaitGroup
		calls atomic.Int64
		mu    sync.Mutex
		fails []error
	)
	ctx, stop := context.WithCancel(context.Background())
	for range clients {
		group.Go(func() {
			for ctx.Err() == nil {
				calls.Add(1)
				if _, err := stat(context.Background(), sup, plugin.Call{}, "x"); !errs.Is(err, errs.NotFound) {
					mu.Lock()
					fails = append(fails, err)
					mu.Unlock()
				}
			}
		})
	}
	return func() (int64, []error) {
		stop()
		group.Wait()
		return calls.Load(), fails
	}
}

// Upgrades and reloads under load lose no call, and what replaced generations hold
// is given back.
func TestUpgradeLosesNothing(t *testing.T) {
	plugintest.Leaks(t)
	opts := options(t)
	opts.Trial = 50 * time.Millisecond
	sup := start(t, opts)
	other := filepath.Join(t.TempDir(), "quay-storage-local")
	if err := os.Link(opts.Path, other); err != nil && os.Symlink(opts.Path, other) != nil {
		t.Fatal(err)
	}
	end := load(sup, 16)
	for i := range 6 {
		var err error
		switch i % 3 {
		case 0:
			err = sup.Replace(t.Context(), plugin.Replacement{Path: other})
		case 1:
			err = sup.Replace(t.Context(), plugin.Replacement{Path: opts.Path})
		default:
			err = sup.Replace(t.Context(), plugin.Replacement{})
		}
		if err != nil {
			t.Errorf("upgrade %d: %v", i, err)
		}
	}
	calls, failures := end()
	if len(failures) > 0 {
		t.Errorf("%d of %d calls failed: %v", len(failures), calls, failures[0])
	}
	if st := sup.Status(); st.Generation != 7 || st.State != plugin.Healthy || st.Crashes != 0 {
		t.Errorf("after %d calls the status is %+v", calls, st)
	}
}

// A long call finishes on the generation that it began on.
func TestUpgradeLetsCallsFinish(t *testing.T) {
	plugintest.Leaks(t)
	opts := testOptions(t, "plain")
	opts.Trial = time.Millisecond
	sup := start(t, opts)
	lease, err := sup.Lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := stat(context.Background(), sup, plugin.Call{}, "sleep/1s")
		ended <- err
	}()
	plugintest.Eventually(t, time.Second, "the call is under way", func() bool { return sup.Status().InFlight == 2 })
	pid := sup.Status().PID
	if err := sup.Replace(t.Context(), plugin.Replacement{}); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the long call: %v", err)
	}
	if err := lease.Probe(t.Context(), "default"); err != nil {
		t.Errorf("the lease is of no use after the upgrade: %v", err)
	}
	if gone(pid) {
		t.Error("the old process ended although it was leased")
	}
	lease.Release()
	plugintest.Eventually(t, 5*time.Second, "the old process is gone", func() bool { return gone(pid) })
}

// A new generation that is not as good as the old one does not take over, or not
// for long, and nobody notices but the person who asked for it.
func TestRollBack(t *testing.T) {
	tests := []struct {
		name string
		role string // of the new generation's instance
		path string // of the binary, when another
		text string
		// during runs once the new generation may serve.
		during func(t *testing.T, sup *plugin.Supervisor)
	}{
		{name: "no binary", path: "/no/such/binary", text: "no plugin binary"},
		{name: "no plugin", path: "/bin/true", text: "ended before its handshake"},
		{name: "refuses the configuration", role: "refuse", text: "the credentials are wrong"},
		{name: "dies when configured", role: "die", text: "out of luck"},
		{name: "fails its probe", role: "sick", text: "the store is sick"},
		{name: "crashes in the trial", role: "plain", text: "it crashed", during: func(t *testing.T, sup *plugin.Supervisor) {
			kill(t, sup)
		}},
		{name: "fails its calls", role: "broken", text: "calls failed", during: func(_ *testing.T, sup *plugin.Supervisor) {
			for range 30 {
				_, _ = stat(context.Background(), sup, plugin.Call{}, "x") // They fail: it is what counts.
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plugintest.Leaks(t)
			opts := testOptions(t, "plain")
			opts.Trial = 10 * time.Second
			sup := start(t, opts)
			before := sup.Status()
			result := make(chan error, 1)
			go func() {
				r := plugin.Replacement{Path: test.path}
				if test.role != "" {
					r.Instances = []plugin.Instance{{Name: "default", Config: role(test.role)}}
				}
				result <- sup.Replace(context.Background(), r)
			}()
			if test.during != nil {
				plugintest.Eventually(t, 5*time.Second, "the new generation serves", func() bool { return sup.Status().Generation == 2 })
				test.during(t, sup)
			}
			err := <-result
			if err == nil || !strings.Contains(err.Error(), test.text) {
				t.Errorf("the error is %v", err)
			}
			st := sup.Status()
			if st.PID != before.PID || st.State != plugin.Healthy {
				t.Errorf("the status is %+v", st)
			}
			if size, err := stat(t.Context(), sup, plugin.Call{}, "role"); err != nil || size != int64(len("plain")) {
				t.Errorf("a call afterwards: %d, error %v", size, err)
			}
			// The next start has the old configuration, too.
			if err := sup.Restart(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// One instance is configured anew in place; a configuration that does not work
// leaves the old one.
func TestReconfigure(t *testing.T) {
	plugintest.Leaks(t)
	opts := testOptions(t, "plain")
	sup := start(t, opts)
	tests := []struct {
		instance, role string
		kind           errs.Kind // zero when it is to succeed
		now            string    // the role afterwards
	}{
		{instance: "default", role: "another", now: "another"},
		{instance: "default", role: "refuse", kind: errs.Denied, now: "another"},
		{instance: "default", role: "sick", kind: errs.Unavailable, now: "another"},
		{instance: "missing", role: "plain", kind: errs.NotFound, now: "another"},
	}
	for _, test := range tests {
		err := sup.Reconfigure(t.Context(), plugin.Instance{Name: test.instance, Config: role(test.role)})
		if test.kind == 0 && err != nil || test.kind != 0 && !errs.Is(err, test.kind) {
			t.Errorf("%s as %s: %v", test.instance, test.role, err)
		}
		if size, err := stat(t.Context(), sup, plugin.Call{}, "role"); err != nil || size != int64(len(test.now)) {
			t.Errorf("after %s: a role of %d letters, error %v", test.role, size, err)
		}
	}
	if st := sup.Status(); st.Generation != 1 {
		t.Errorf("the status is %+v", st)
	}
	kill(t, sup)
	if size, err := stat(t.Context(), sup, plugin.Call{Idempotent: true}, "role"); err != nil || size != int64(len("another")) {
		t.Errorf("after a crash: a role of %d letters, error %v", size, err)
	}
}

// A restart whose binary is gone is refused and changes nothing. One whose
// configuration is refused leaves the plugin visibly failed until it is put right.
func TestFailedRestart(t *testing.T) {
	plugintest.Leaks(t)
	opts := testOptions(t, "plain")
	binary := opts.Path
	opts.Path = filepath.Join(t.TempDir(), "quay-storage-test")
	if err := os.Symlink(binary, opts.Path); err != nil {
		t.Fatal(err)
	}
	sup := start(t, opts)
	if err := os.Remove(opts.Path); err != nil {
		t.Fatal(err)
	}
	if err := sup.Restart(t.Context(), nil); !errs.Is(err, errs.NotFound) {
		t.Errorf("a restart without a binary: %v", err)
	}
	if st := sup.Status(); st.State != plugin.Healthy || st.Generation != 1 {
		t.Errorf("the status is %+v", st)
	}
	if err := os.Symlink("/bin/true", opts.Path); err != nil {
		t.Fatal(err)
	}
	if err := sup.Restart(t.Context(), nil); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a restart with another program: %v", err)
	}
	if st := sup.Status(); st.State != plugin.Failed || !strings.Contains(st.Reason, "quay plugin restart storage/test") {
		t.Errorf("the state is %s: %s", st.State, st.Reason)
	}
	if err := os.Remove(opts.Path); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, opts.Path); err != nil {
		t.Fatal(err)
	}
	if err := sup.Restart(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if st := sup.Status(); st.State != plugin.Healthy {
		t.Errorf("the state is %s: %s", st.State, st.Reason)
	}
}
