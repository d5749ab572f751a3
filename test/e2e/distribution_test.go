package e2e

import (
	"path/filepath"
	"testing"

	"github.com/quay/quay/test/server"
)

// TestDistribution proves that a server keeps images with a driver of distribution, in
// the layout that every driver has, and gives them back after a restart: a push goes
// through the host's spool, as these drivers take no uploads in pieces.
func TestDistribution(t *testing.T) {
	sh := newShell(t, "crane")
	root := filepath.Join(sh.dir, "registry")
	s := server.Start(t, server.Options{Config: `
DISTRIBUTED_STORAGE_CONFIG:
  default:
    - distribution
    - filesystem:
        rootdirectory: ` + root + `
DISTRIBUTED_STORAGE_PREFERENCE: [default]
`})
	repo := s.Addr + "/library/app"
	sh.run("crane", "--insecure", "append", "--oci-empty-base", "-f", sh.tarball("layer.tar", "hello"), "-t", repo+":1")
	sh.run("crane", "--insecure", "validate", "--remote", repo+":1")
	blobs, err := filepath.Glob(filepath.Join(root, "sha256", "*", "*"))
	if err != nil || len(blobs) < 2 {
		t.Errorf("the driver has %q, %v", blobs, err)
	}
	if left, err := filepath.Glob(filepath.Join(root, "_xtmp", "*")); err != nil || len(left) > 0 {
		t.Errorf("left over are %q, %v", left, err)
	}
	s.Restart(t)
	sh.run("crane", "--insecure", "validate", "--remote", repo+":1")
}
