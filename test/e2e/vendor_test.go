package e2e

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/test/server"
)

// TestVendor proves the guide for vendors (docs/plugins/writing.md): the module that
// "quay plugin new" writes builds without a network, its binary passes the suite, and a
// mirror with that driver takes and gives back an image, before and after a restart.
func TestVendor(t *testing.T) {
	sh := newShell(t, "crane", "go", "make")
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	// The modules and what is compiled already are those of the caller.
	caches, err := exec.Command("go", "env", "GOMODCACHE", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	cache := strings.Fields(string(caches))
	sh = sh.with("GOMODCACHE=" + cache[0]).with("GOCACHE=" + cache[1]).with("GOPROXY=off").with("GOFLAGS=-buildvcs=false")

	plugins := filepath.Join(sh.dir, "plugins")
	sh.run(filepath.Join(bin, "quay"), "plugin", "new", "storage", "acme", "--sdk", checkout)
	sh.run("make", "-C", "quay-storage-acme", "build", "install", "PLUGINS="+plugins)
	contains(t, "the report of the test", sh.run(filepath.Join(bin, "quay"), "plugin", "test", "quay-storage-acme/quay-storage-acme", "--short"), "PASSED: ")
	contains(t, "the list of plugins", sh.run(filepath.Join(bin, "quay"), "plugin", "list", "--plugin-dir", plugins), "acme")

	objects := filepath.Join(sh.dir, "objects")
	s := server.Start(t, server.Options{PluginDir: plugins, Config: `
DISTRIBUTED_STORAGE_CONFIG:
  default:
    - acme
    - directory: ` + objects + `
DISTRIBUTED_STORAGE_PREFERENCE: [default]
`})
	repo := s.Addr + "/library/app"
	sh.run("crane", "--insecure", "append", "--oci-empty-base", "-f", sh.tarball("layer.tar", "hello"), "-t", repo+":1")
	sh.run("crane", "--insecure", "validate", "--remote", repo+":1")
	blobs, err := filepath.Glob(filepath.Join(objects, "objects", "sha256", "*", "*"))
	if err != nil || len(blobs) < 2 {
		t.Errorf("the driver has %q, %v", blobs, err)
	}
	s.Restart(t)
	sh.run("crane", "--insecure", "validate", "--remote", repo+":1")
}
