package e2e

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// TestOras proves that artifacts, what is attached to them and whole graphs are
// pushed, found, copied and pulled.
func TestOras(t *testing.T) {
	sh := newShell(t, "oras")
	s := server.Start(t, server.Options{})
	oras := func(args ...string) string { t.Helper(); return sh.run("oras", args...) }
	artifact := s.Addr + "/team/artifact"

	sh.file("chart", []byte("chart"))
	sh.file("sbom", []byte("sbom"))
	sh.file("signature", []byte("signature"))
	oras("push", "--plain-http", "--artifact-type", "application/vnd.example.chart", artifact+":v1", "chart:text/plain")
	oras("attach", "--plain-http", "--artifact-type", "application/vnd.example.sbom", artifact+":v1", "sbom:text/plain")
	oras("attach", "--plain-http", "--artifact-type", "application/vnd.example.signature", artifact+":v1", "signature:text/plain")

	all := oras("discover", "--plain-http", "--format=json", "--distribution-spec=v1.1-referrers-api", artifact+":v1")
	contains(t, "all referrers", all, "application/vnd.example.sbom")
	contains(t, "all referrers", all, "application/vnd.example.signature")
	contains(t, "referrers of a type",
		oras("discover", "--plain-http", "--format=json", "--artifact-type=application/vnd.example.sbom", artifact+":v1"), "vnd.example.sbom")

	oras("copy", "--recursive", "--from-plain-http", "--to-plain-http", artifact+":v1", s.Addr+"/team/copy:v1")
	contains(t, "referrers of the copy", oras("discover", "--plain-http", "--format=json", s.Addr+"/team/copy:v1"), "vnd.example.signature")
	contains(t, "repositories", oras("repo", "ls", "--plain-http", s.Addr), "team/artifact")
	same(t, "tags", oras("repo", "tags", "--plain-http", artifact), "v1")

	oras("pull", "--plain-http", "--output=pulled", artifact+":v1")
	same(t, "what was pulled", sh.run("cat", "pulled/chart"), "chart")
	oras("manifest", "delete", "--plain-http", "--force", artifact+":v1")
	sh.refused("oras", "manifest", "fetch", "--plain-http", artifact+":v1")
}

// TestHugeLayer proves that a layer of 1 GiB comes back as it went.
func TestHugeLayer(t *testing.T) {
	const size = 1 << 30
	sh := newShell(t, "oras")
	s := server.Start(t, server.Options{})
	huge, err := os.Create(filepath.Join(sh.dir, "huge"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(huge, oci.Stream(90, size)); err != nil {
		t.Fatal(err)
	}
	if err := huge.Close(); err != nil {
		t.Fatal(err)
	}
	sh.run("oras", "push", "--plain-http", s.Addr+"/team/huge:v1", "huge:application/octet-stream")
	if err := os.Remove(huge.Name()); err != nil {
		t.Fatal(err)
	}
	sh.run("oras", "pull", "--plain-http", s.Addr+"/team/huge:v1")
	pulled, err := os.Open(huge.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer pulled.Close()
	got, n, err := oci.DigestOf(pulled)
	if err != nil || n != size || got != oci.StreamDigest(90, size) {
		t.Errorf("pulled %d bytes with digest %s (%v), want %d with %s", n, got, err, size, oci.StreamDigest(90, size))
	}
}
