package e2e

import (
	"strings"
	"testing"

	"github.com/quay/quay/test/server"
)

// TestCrane proves that crane pushes, copies, lists, validates, pulls and deletes
// images, and an index of two platforms.
func TestCrane(t *testing.T) {
	sh := newShell(t, "crane")
	s := server.Start(t, server.Options{})
	crane := func(args ...string) string {
		t.Helper()
		return sh.run("crane", append([]string{"--insecure"}, args...)...)
	}
	repo := s.Addr + "/team/app"

	crane("append", "--oci-empty-base", "-f", sh.tarball("layer.tar", "hello"), "-t", repo+":amd64")
	crane("mutate", "--set-platform", "linux/arm64", "--label", "for=arm", repo+":amd64", "-t", repo+":arm64")
	crane("index", "append", "-m", repo+":amd64", "-m", repo+":arm64", "-t", repo+":both")
	for _, tag := range []string{"amd64", "arm64", "both"} {
		crane("validate", "--remote", repo+":"+tag)
	}
	same(t, "one platform of the index", crane("digest", "--platform", "linux/arm64", repo+":both"), crane("digest", repo+":arm64"))
	same(t, "tags", crane("ls", repo), "amd64\narm64\nboth")
	contains(t, "catalogue", crane("catalog", s.Addr), "team/app")

	crane("copy", repo+":both", s.Addr+"/other/copy:latest")
	same(t, "digest of the copy", crane("digest", s.Addr+"/other/copy:latest"), crane("digest", repo+":both"))
	crane("tag", repo+":amd64", "again")
	same(t, "digest of the second tag", crane("digest", repo+":again"), crane("digest", repo+":amd64"))

	crane("pull", "--format=oci", repo+":both", "layout")
	crane("push", "--index", "layout", s.Addr+"/team/back:latest")
	crane("validate", "--remote", s.Addr+"/team/back:latest")
	crane("pull", repo+":amd64", "image.tar")
	crane("push", "image.tar", s.Addr+"/team/archive:latest")
	contains(t, "manifest of the archive", crane("manifest", s.Addr+"/team/archive:latest"), "application/vnd.docker.distribution.manifest.v2+json")

	manifest := repo + "@" + crane("digest", repo+":again")
	crane("delete", repo+":again")
	sh.refused("crane", "--insecure", "digest", repo+":again")
	same(t, "what the tag was of", crane("digest", manifest), strings.TrimPrefix(manifest, repo+"@"))
	crane("delete", manifest)
	sh.refused("crane", "--insecure", "manifest", repo+":amd64")
	crane("validate", "--remote", repo+":arm64")
}
