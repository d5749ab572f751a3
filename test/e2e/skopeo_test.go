package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// TestSkopeo proves that skopeo moves images between the registry, an archive of
// docker and a layout of OCI without changing them.
func TestSkopeo(t *testing.T) {
	sh := newShell(t, "skopeo", "crane")
	s := server.Start(t, server.Options{})
	skopeo := func(args ...string) string {
		t.Helper()
		return sh.run("skopeo", append([]string{"--insecure-policy"}, args...)...)
	}
	repo := "docker://" + s.Addr + "/team/app"

	// An archive of docker, made by another client from an image of ours.
	sh.run("crane", "append", "--oci-empty-base", "-f", sh.tarball("layer.tar", "hello"), "-t", s.Addr+"/team/seed:latest")
	sh.run("crane", "pull", s.Addr+"/team/seed:latest", "docker.tar")
	skopeo("copy", "--dest-tls-verify=false", "docker-archive:docker.tar", repo+":docker")
	skopeo("copy", "--dest-tls-verify=false", "--format=oci", "docker-archive:docker.tar", repo+":oci")
	sh.run("crane", "index", "append", "-m", s.Addr+"/team/app:docker", "-m", s.Addr+"/team/app:oci", "-t", s.Addr+"/team/app:both")

	raw := func(image string) string { t.Helper(); return skopeo("inspect", "--raw", "--tls-verify=false", image) }
	back := "docker://" + s.Addr + "/team/back"
	skopeo("copy", "--src-tls-verify=false", repo+":oci", "oci:layout:oci")
	skopeo("copy", "--preserve-digests", "--dest-tls-verify=false", "oci:layout:oci", back+":oci")
	same(t, "image after the round trip", raw(back+":oci"), raw(repo+":oci"))
	skopeo("copy", "--all", "--src-tls-verify=false", repo+":both", "dir:both")
	skopeo("copy", "--all", "--preserve-digests", "--dest-tls-verify=false", "dir:both", back+":both")
	// This skopeo writes an index anew, without the fields that it does not know.
	same(t, "children after the round trip", children(t, raw(back+":both")), children(t, raw(repo+":both")))
	skopeo("copy", "--src-tls-verify=false", "--dest-tls-verify=false", repo+":docker", "docker://"+s.Addr+"/else/where:1")

	var tags struct{ Tags []string }
	if err := json.Unmarshal([]byte(skopeo("list-tags", "--tls-verify=false", repo)), &tags); err != nil || len(tags.Tags) != 3 {
		t.Errorf("tags %v, %v", tags, err)
	}
	var image struct{ Digest, Os string }
	if err := json.Unmarshal([]byte(skopeo("inspect", "--tls-verify=false", repo+":docker")), &image); err != nil || image.Digest == "" {
		t.Errorf("inspect: %+v, %v", image, err)
	}
	skopeo("delete", "--tls-verify=false", repo+":oci")
	sh.refused("skopeo", "inspect", "--tls-verify=false", repo+":oci")
	skopeo("inspect", "--tls-verify=false", repo+":docker")
}

// children returns the digests that an index points at.
func children(t *testing.T, index string) string {
	t.Helper()
	var m oci.Manifest
	if err := json.Unmarshal([]byte(index), &m); err != nil {
		t.Fatal(err)
	}
	var digests []string
	for _, d := range m.Manifests {
		digests = append(digests, d.Digest)
	}
	return strings.Join(digests, " ")
}
