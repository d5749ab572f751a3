package e2e

import "testing"

func useOras(t *testing.T, a account) {
	sh := newShell(t, "oras")
	oras := func(args ...string) string { t.Helper(); return sh.run("oras", args...) }
	repo, copied := a.repository("oras"), a.repository("oras-copy")
	sh.file("chart", []byte("oras"))
	sh.file("sbom", []byte("sbom"))
	digest := func(image string) string {
		t.Helper()
		return digestOf(t, oras("manifest", "fetch", "--plain-http", "--descriptor", image))
	}

	sh.refused("oras", "push", "--plain-http", repo+":v1", "chart:text/plain")
	sh.refused("oras", "login", "--plain-http", "-u", a.stranger, "-p", "wrong", a.registry)
	oras("login", "--plain-http", "-u", a.user, "-p", a.password, a.registry)
	oras("push", "--plain-http", "--artifact-type", "application/vnd.example.chart", repo+":v1", "chart:text/plain")
	oras("attach", "--plain-http", "--artifact-type", "application/vnd.example.sbom", repo+":v1", "sbom:text/plain")
	contains(t, "referrers", oras("discover", "--plain-http", "--format=json", repo+":v1"), "application/vnd.example.sbom")
	oras("copy", "--recursive", "--from-plain-http", "--to-plain-http", repo+":v1", copied+":v1")
	same(t, "digest of the copy", digest(copied+":v1"), digest(repo+":v1"))
	contains(t, "referrers of the copy", oras("discover", "--plain-http", "--format=json", copied+":v1"), "application/vnd.example.sbom")
	oras("pull", "--plain-http", "--output=pulled", repo+":v1")
	same(t, "what was pulled", sh.run("cat", "pulled/chart"), "oras")
	same(t, "tags", oras("repo", "tags", "--plain-http", repo), "v1")
	contains(t, "what is said to a delete", sh.refused("oras", "manifest", "delete", "--plain-http", "--force", copied+":v1"), noDeleteScope)

	oras("logout", a.registry)
	sh.refused("oras", "pull", "--plain-http", "--output=pulled", repo+":v1")
}

func useRegctl(t *testing.T, a account) {
	sh := newShell(t, "regctl", "crane")
	regctl := func(args ...string) string { t.Helper(); return sh.run("regctl", args...) }
	repo, copied := a.repository("regctl"), a.repository("regctl-copy")
	image := sh.image("regctl")

	regctl("registry", "set", "--tls=disabled", "--skip-check", a.registry)
	sh.refused("regctl", "image", "import", repo+":v1", image)
	sh.refused("regctl", "registry", "login", "-u", a.stranger, "-p", "wrong", a.registry)
	regctl("registry", "login", "-u", a.user, "-p", a.password, a.registry)
	regctl("image", "import", repo+":v1", image)
	digest := regctl("image", "digest", repo+":v1")
	regctl("image", "copy", repo+":v1", copied+":v1")
	same(t, "digest of the copy", regctl("image", "digest", copied+":v1"), digest)
	regctl("image", "copy", repo+":v1", "ocidir://layout:v1")
	regctl("image", "copy", "ocidir://layout:v1", copied+":pulled")
	same(t, "digest of what was pulled", regctl("image", "digest", copied+":pulled"), digest)
	regctl("image", "copy", repo+":v1", repo+":v2")
	same(t, "tags", regctl("tag", "ls", repo), "v1\nv2")
	regctl("tag", "delete", repo+":v2")
	same(t, "tags after one was deleted", regctl("tag", "ls", repo), "v1")
	regctl("manifest", "delete", copied+"@"+digest)
	sh.refused("regctl", "manifest", "get", copied+":v1")

	regctl("registry", "logout", a.registry)
	sh.refused("regctl", "manifest", "get", repo+":v1")
}
