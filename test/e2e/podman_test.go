package e2e

import (
	"path/filepath"
	"testing"

	"github.com/quay/quay/test/server"
)

// TestPodman proves that podman builds an image, pushes it and pulls it again by
// tag and by digest.
func TestPodman(t *testing.T) {
	sh := containerShell(t, "podman")
	s := server.Start(t, server.Options{})
	podman := func(args ...string) string { t.Helper(); return sh.run("podman", args...) }
	image := s.Addr + "/team/built"

	sh.file("Containerfile", []byte("FROM scratch\nCOPY hello /hello\nLABEL made=here\nCMD [\"/hello\"]\n"))
	sh.file("hello", []byte("hello"))
	podman("build", "--isolation=chroot", "--signature-policy=policy.json", "-t", image+":v1", ".")
	podman("push", "--signature-policy=policy.json", "--tls-verify=false", "--digestfile=digest", image+":v1")
	digest := sh.run("cat", "digest")
	id := podman("image", "inspect", "--format={{.Id}}", image+":v1")
	for _, reference := range []string{image + ":v1", image + "@" + digest} {
		podman("rmi", "--all", "--force")
		same(t, "pull of "+reference, podman("pull", "--quiet", "--signature-policy=policy.json", "--tls-verify=false", reference), id)
		same(t, "label", podman("image", "inspect", `--format={{index .Labels "made"}}`, reference), "here")
	}
	podman("push", "--signature-policy=policy.json", "--tls-verify=false", "--format=v2s2", id, image+":docker")
	podman("pull", "--quiet", "--signature-policy=policy.json", "--tls-verify=false", image+":docker")
}

// containerShell is newShell for programs of the podman family.
func containerShell(t *testing.T, programs ...string) *shell {
	t.Helper()
	sh := newShell(t, programs...)
	// Neither cgroups nor a graph driver of the kernel are needed for an image
	// that runs nothing while it is built.
	sh.file("containers.conf", []byte(`[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`))
	sh.file("storage.conf", []byte("[storage]\ndriver = \"vfs\"\nrunroot = \""+sh.dir+"/run\"\ngraphroot = \""+sh.dir+"/graph\"\n"))
	sh.file("policy.json", []byte(`{"default":[{"type":"insecureAcceptAnything"}]}`))
	return sh.with("CONTAINERS_CONF=" + filepath.Join(sh.dir, "containers.conf")).
		with("CONTAINERS_STORAGE_CONF=" + filepath.Join(sh.dir, "storage.conf"))
}
