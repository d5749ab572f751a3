package serve

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
)

// TestTrustStays proves that a host which started with a lock, or with a key, admits
// nothing when the file is gone: neither by a restart of a plugin nor by an upgrade.
func TestTrustStays(t *testing.T) {
	dir := t.TempDir()
	lock, err := trust.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	lockPath, keyPath := filepath.Join(dir, trust.LockName), filepath.Join(dir, "vendor.pub")
	const key = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"
	program, err := binary.Open("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	for name, path := range map[string]string{"a lock": lockPath, "a key": keyPath} {
		t.Run(name, func(t *testing.T) {
			h := &host{cfg: &config.Config{}, opts: Options{PluginDirs: []string{t.TempDir(), dir}}}
			if path == keyPath {
				if err := os.WriteFile(keyPath, []byte(key), 0o600); err != nil {
					t.Fatal(err)
				}
				h.cfg.PluginKeys = []string{keyPath}
			} else if err := lock.Write(lockPath); err != nil {
				t.Fatal(err)
			}
			if _, err := h.policy(); err != nil {
				t.Fatal(err)
			}
			if _, err := h.admit(t.Context(), "storage", "x", program); !errs.Is(err, errs.Denied) {
				t.Errorf("with the file: %v", err)
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if _, err := h.admit(t.Context(), "storage", "x", program); !errs.Is(err, errs.NotFound) {
				t.Errorf("without the file: %v", err)
			}
		})
	}
}
