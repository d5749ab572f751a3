package e2e

import (
	"encoding/json"
	"slices"
	"testing"
)

func useCrane(t *testing.T, a account) {
	sh := newShell(t, "crane")
	crane := func(args ...string) string { t.Helper(); return sh.run("crane", args...) }
	repo, copied := a.repository("crane"), a.repository("crane-copy")

	sh.refused("crane", "append", "--oci-empty-base", "-f", sh.tarball("layer.tar", "crane"), "-t", repo+":v1")
	crane("auth", "login", a.registry, "-u", a.user, "-p", a.password)
	crane("append", "--oci-empty-base", "-f", sh.tarball("layer.tar", "crane"), "-t", repo+":v1")
	crane("validate", "--remote", repo+":v1")
	digest := crane("digest", repo+":v1")
	crane("copy", repo+":v1", copied+":v1")
	same(t, "digest of the copy", crane("digest", copied+":v1"), digest)
	crane("pull", "--format=oci", repo+"@"+digest, "layout")
	crane("push", "layout", copied+":pulled")
	same(t, "digest of what was pulled", crane("digest", copied+":pulled"), digest)
	crane("tag", repo+":v1", "v2")
	same(t, "tags", crane("ls", repo), "v1\nv2")
	contains(t, "what is said to a delete", sh.refused("crane", "delete", repo+":v2"), noDeleteScope)

	crane("auth", "logout", a.registry)
	sh.refused("crane", "digest", repo+":v1")
}

func useSkopeo(t *testing.T, a account) {
	sh := newShell(t, "skopeo", "crane")
	skopeo := func(args ...string) string {
		t.Helper()
		return sh.run("skopeo", append([]string{"--insecure-policy"}, args...)...)
	}
	archive := "docker-archive:" + sh.image("skopeo")
	repo, copied := "docker://"+a.repository("skopeo"), "docker://"+a.repository("skopeo-copy")
	digest := func(image string) string {
		t.Helper()
		return skopeo("inspect", "--tls-verify=false", "--format={{.Digest}}", image)
	}

	sh.refused("skopeo", "--insecure-policy", "copy", "--dest-tls-verify=false", archive, repo+":v1")
	sh.refused("skopeo", "login", "--tls-verify=false", "-u", a.stranger, "-p", "wrong", a.registry)
	skopeo("login", "--tls-verify=false", "-u", a.user, "-p", a.password, a.registry)
	skopeo("copy", "--dest-tls-verify=false", archive, repo+":docker")
	skopeo("copy", "--dest-tls-verify=false", "--format=oci", archive, repo+":oci")
	for _, tag := range []string{":docker", ":oci"} {
		skopeo("copy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false", repo+tag, copied+tag)
		same(t, "digest of the copy of "+tag, digest(copied+tag), digest(repo+tag))
	}
	skopeo("copy", "--src-tls-verify=false", repo+":oci", "oci:layout:oci")
	skopeo("copy", "--preserve-digests", "--dest-tls-verify=false", "oci:layout:oci", copied+":pulled")
	same(t, "digest of what was pulled", digest(copied+":pulled"), digest(repo+":oci"))
	var tags struct{ Tags []string }
	if err := json.Unmarshal([]byte(skopeo("list-tags", "--tls-verify=false", repo)), &tags); err != nil {
		t.Fatal(err)
	}
	slices.Sort(tags.Tags)
	if !slices.Equal(tags.Tags, []string{"docker", "oci"}) {
		t.Errorf("tags are %q", tags.Tags)
	}
	skopeo("delete", "--tls-verify=false", repo+":docker")
	sh.refused("skopeo", "inspect", "--tls-verify=false", repo+":docker")
	skopeo("inspect", "--tls-verify=false", repo+":oci")

	skopeo("logout", a.registry)
	sh.refused("skopeo", "inspect", "--tls-verify=false", repo+":oci")
}

func usePodman(t *testing.T, a account) {
	sh := containerShell(t, "podman")
	podman := func(args ...string) string { t.Helper(); return sh.run("podman", args...) }
	repo, copied := a.repository("podman"), a.repository("podman-copy")
	push := func(id, image string) string {
		t.Helper()
		podman("push", "--signature-policy=policy.json", "--tls-verify=false", "--digestfile=digest", id, image)
		return sh.run("cat", "digest")
	}
	pull := func(image string) string {
		t.Helper()
		return podman("pull", "--quiet", "--signature-policy=policy.json", "--tls-verify=false", image)
	}
	sh.file("Containerfile", []byte("FROM scratch\nCOPY hello /hello\n"))
	sh.file("hello", []byte("podman"))
	podman("build", "--isolation=chroot", "--signature-policy=policy.json", "-t", repo+":v1", ".")
	id := podman("image", "inspect", "--format={{.Id}}", repo+":v1")

	sh.refused("podman", "push", "--signature-policy=policy.json", "--tls-verify=false", repo+":v1")
	podman("login", "--tls-verify=false", "-u", a.user, "-p", a.password, a.registry)
	digest := push(id, repo+":v1")
	for _, reference := range []string{repo + ":v1", repo + "@" + digest} {
		podman("rmi", "--all", "--force")
		same(t, "pull of "+reference, pull(reference), id)
	}
	same(t, "digest of the copy", push(id, copied+":v1"), digest)
	contains(t, "tags", podman("search", "--list-tags", "--tls-verify=false", repo), "v1")

	podman("logout", a.registry)
	podman("rmi", "--all", "--force")
	sh.refused("podman", "pull", "--quiet", "--signature-policy=policy.json", "--tls-verify=false", repo+":v1")
}

func useBuildah(t *testing.T, a account) {
	sh := containerShell(t, "buildah")
	buildah := func(args ...string) string { t.Helper(); return sh.run("buildah", args...) }
	repo, copied := a.repository("buildah"), a.repository("buildah-copy")
	push := func(id, image string) string {
		t.Helper()
		buildah("push", "--signature-policy=policy.json", "--tls-verify=false", "--digestfile=digest", id, "docker://"+image)
		return sh.run("cat", "digest")
	}
	sh.file("Containerfile", []byte("FROM scratch\nCOPY hello /hello\n"))
	sh.file("hello", []byte("buildah"))
	buildah("bud", "--isolation=chroot", "--signature-policy=policy.json", "-t", repo+":v1", ".")
	id := buildah("inspect", "--type=image", "--format={{.FromImageID}}", repo+":v1")

	sh.refused("buildah", "push", "--signature-policy=policy.json", "--tls-verify=false", repo+":v1", "docker://"+repo+":v1")
	buildah("login", "--tls-verify=false", "-u", a.user, "-p", a.password, a.registry)
	digest := push(id, repo+":v1")
	for _, reference := range []string{repo + ":v1", repo + "@" + digest} {
		buildah("rmi", "--all", "--force")
		same(t, "pull of "+reference, buildah("pull", "--quiet", "--signature-policy=policy.json", "--tls-verify=false", "docker://"+reference), id)
	}
	same(t, "digest of the copy", push(id, copied+":v1"), digest)

	buildah("logout", a.registry)
	buildah("rmi", "--all", "--force")
	sh.refused("buildah", "pull", "--quiet", "--signature-policy=policy.json", "--tls-verify=false", "docker://"+repo+":v1")
}
