package plugintest

import (
	"context"
	"errors"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
)

// Start runs a plugin until the test ends. Where opts do not say more, its lines go to
// the test's log and it has one instance, called "default", without a configuration.
func Start(t testing.TB, opts plugin.Options) *plugin.Supervisor {
	t.Helper()
	if opts.RunDir == "" {
		opts.RunDir = RunDir(t)
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	if len(opts.Instances) == 0 {
		opts.Instances = []plugin.Instance{{Name: "default"}}
	}
	sup, err := plugin.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		sup.Close(ctx)
	})
	return sup
}

// Kill kills the process of the generation that serves, as a crash does.
func Kill(t testing.TB, sup *plugin.Supervisor) {
	t.Helper()
	pid := sup.Status().PID
	if pid == 0 {
		t.Fatal("no generation serves")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}
