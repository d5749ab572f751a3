package plugin_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// An instance whose directory cannot be used any more does not keep the others from
// being served after a crash.
func TestLostDirectoryLeavesTheOthers(t *testing.T) {
	opts := options(t)
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good", "data"), filepath.Join(dir, "bad", "data")
	opts.Instances = []plugin.Instance{{Name: "default", Config: config(good)}, {Name: "bad", Config: config(bad)}}
	opts.Admit = func(ctx context.Context, b *binary.Binary) (plugin.Admission, error) {
		d, err := launch.Describe(ctx, b)
		return plugin.Admission{Description: d, Grant: trust.Grant{Network: true}}, err
	}
	sup := start(t, opts)
	if err := os.RemoveAll(filepath.Join(dir, "bad")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bad"), nil, 0o600); err != nil { // As a mount that is stale.
		t.Fatal(err)
	}
	kill(t, sup)
	plugintest.Eventually(t, 10*time.Second, "the next generation serves", func() bool { return sup.Status().Generation == 2 })
	err := sup.Do(t.Context(), plugin.Call{Idempotent: true, Instance: "default"}, func(ctx context.Context, g *plugin.Generation) error {
		_, err := storagev1.NewStorageClient(g.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: "default", Path: "x"})
		return err
	})
	st := sup.Status()
	if !errs.Is(err, errs.NotFound) || st.State != plugin.Degraded || !strings.Contains(st.Reason, "bad") {
		t.Errorf("the good instance: %v; the state is %s: %s", err, st.State, st.Reason)
	}
}
