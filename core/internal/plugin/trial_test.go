package plugin_test

import (
	"context"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// A new generation that hangs in its trial is killed when the old one takes over again,
// as any other that hangs: calls that may be repeated are.
func TestRollBackOfAHungGenerationFreesItsCalls(t *testing.T) {
	opts := testOptions(t, "plain")
	opts.Trial = 20 * time.Second
	opts.CallTimeout = 6 * time.Second
	opts.Health = plugin.Health{PingEvery: 50 * time.Millisecond, PingTimeout: 100 * time.Millisecond, Pings: 2}
	sup := start(t, opts)
	result := make(chan error, 1)
	go func() { result <- sup.Replace(context.Background(), plugin.Replacement{}) }()
	plugintest.Eventually(t, 5*time.Second, "the new one serves", func() bool { return sup.Status().Generation == 2 })
	pid := sup.Status().PID
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	_, err := stat(t.Context(), sup, plugin.Call{Idempotent: true}, "x")
	if took := time.Since(begin); !errs.Is(err, errs.NotFound) || took > 4*time.Second {
		t.Errorf("the call took %v: %v", took, err)
	}
	if err := <-result; err == nil {
		t.Error("it was not rolled back")
	}
	if st := sup.Status(); st.LastCrash == nil {
		t.Error("there is no report of the generation that hung")
	}
	plugintest.Eventually(t, 5*time.Second, "the hung process is gone", func() bool { return gone(pid) })
}

// A new generation whose probe fails in its trial is rolled back although nobody calls.
func TestRollBackOnAFailedProbe(t *testing.T) {
	var n atomic.Int64
	sup := plugintest.Start(t, plugin.Options{
		Name: "slow", Trial: time.Second,
		Health: plugin.Health{ProbeEvery: 50 * time.Millisecond, RetryEvery: 50 * time.Millisecond},
		Launch: func(ctx context.Context, spec launch.Spec) (plugin.Process, error) {
			return plugintest.InProcess(sdk.Plugin{Name: "slow", Version: "1", Storage: fadingDriver{n.Add(1) == 1}})(ctx, spec)
		},
	})
	err := sup.Replace(t.Context(), plugin.Replacement{})
	if st := sup.Status(); err == nil || st.Generation != 1 {
		t.Errorf("generation %d serves, and is %s: %s (error %v)", st.Generation, st.State, st.Reason, err)
	}
}

// fadingDriver's stores work for ever where it is the good one, else for one probe.
type fadingDriver struct{ good bool }

func (fadingDriver) Validate(storage.Config) []storage.Problem { return nil }

func (d fadingDriver) Open(context.Context, storage.Config) (storage.Store, error) {
	return &fadingStore{good: d.good}, nil
}

type fadingStore struct {
	store
	good bool
	n    atomic.Int64
}

func (s *fadingStore) Probe(context.Context) error {
	if s.n.Add(1) > 1 && !s.good {
		return errs.New(errs.Unavailable, "the store is sick")
	}
	return nil
}
