package serve

import (
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/quay/quay/core/internal/plugin/plugintest"
)

// TestControlDirectory proves that the directory of the usual control socket is made, for
// the server's user alone, and that the one of a socket that was named is not.
func TestControlDirectory(t *testing.T) {
	for _, usual := range []bool{true, false} {
		dir := filepath.Join(plugintest.RunDir(t), "quay")
		h := &host{opts: Options{ControlSocket: filepath.Join(dir, "control.sock"), ControlOptional: usual, Logger: slog.New(slog.DiscardHandler)}}
		if err := h.openControl(); (err == nil) != usual {
			t.Errorf("the usual one %v: %v", usual, err)
		}
		info, err := os.Stat(dir)
		if usual && (err != nil || info.Mode() != fs.ModeDir|0o700) {
			t.Errorf("the directory is %v, error %v", info, err)
		}
		if !usual && err == nil {
			t.Error("the directory of a socket that was named is made")
		}
		if err := h.close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
