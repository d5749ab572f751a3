package local_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/quay/quay/plugins/storage/local"
	conformance "github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/plugintest"
)

func config(t testing.TB, dir string) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(map[string]string{"storage_path": dir})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestConformance proves that the driver keeps every promise of the storage API, also
// across the death of its process.
func TestConformance(t *testing.T) {
	absent := filepath.Join(t.TempDir(), "absent")
	server := plugintest.Serve(t, local.Plugin())
	target := func(s *plugintest.Server) conformance.Target {
		return conformance.Target{Conn: s.Conn(), Receive: s.Receive}
	}
	conformance.Run(t, conformance.Options{
		Target: target(server),
		Config: config(t, t.TempDir()),
		Absent: conformance.Absent{Config: config(t, absent), Path: absent},
		Restart: func(context.Context) (conformance.Target, error) {
			server.Close()
			next, err := plugintest.Start(local.Plugin(), slog.New(slog.DiscardHandler))
			if err != nil {
				return conformance.Target{}, err
			}
			server = next
			t.Cleanup(next.Close)
			return target(next), nil
		},
	})
}
