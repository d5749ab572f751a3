package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// TestUserOfTheFirstStart proves who may do what on an address that others can
// reach: everybody pulls, and only the user that the first start printed pushes.
func TestUserOfTheFirstStart(t *testing.T) {
	sh := newShell(t, "crane", "skopeo")
	s := server.Start(t, server.Options{Host: "0.0.0.0"})
	user, password := s.Credentials(t)
	layer := sh.tarball("layer.tar", "hello")
	ref := s.Addr + "/" + user + "/app:v1"
	image := "docker://" + ref

	r, err := s.Client.Do(t.Context(), oci.Request{Method: http.MethodPost, Path: "/v2/" + user + "/app/blobs/uploads/"})
	if err != nil {
		t.Fatal(err)
	}
	if challenge := r.Header.Get("WWW-Authenticate"); r.Status != http.StatusUnauthorized || !strings.HasPrefix(challenge, "Bearer realm=") {
		t.Errorf("push without credentials: %s, challenge %q", r, challenge)
	}
	sh.refused("crane", "--insecure", "append", "--oci-empty-base", "-f", layer, "-t", ref)

	sh.run("crane", "--insecure", "auth", "login", s.Addr, "-u", user, "-p", password)
	sh.run("crane", "--insecure", "append", "--oci-empty-base", "-f", layer, "-t", ref)
	sh.run("crane", "--insecure", "validate", "--remote", ref)
	sh.run("skopeo", "login", "--tls-verify=false", "-u", user, "-p", password, s.Addr)
	sh.run("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", image, "docker://"+s.Addr+"/"+user+"/copy:v1")

	anonymous := newShell(t)
	anonymous.run("crane", "--insecure", "validate", "--remote", ref)
	anonymous.run("skopeo", "inspect", "--tls-verify=false", image)
	anonymous.refused("crane", "--insecure", "tag", ref, "taken")
	anonymous.refused("skopeo", "--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", image, "docker://"+ref+"-stolen")
	anonymous.refused("skopeo", "delete", "--tls-verify=false", image)

	sh.refused("skopeo", "login", "--tls-verify=false", "-u", user, "-p", "wrong "+password, s.Addr)
	sh.refused("skopeo", "login", "--tls-verify=false", "-u", "nobody", "-p", password, s.Addr)
	s.Restart(t)
	afterLockout(t, func() error {
		_, _, err := sh.try("crane", "--insecure", "tag", ref, "v2")
		return err
	})
	anonymous.run("crane", "--insecure", "digest", s.Addr+"/"+user+"/app:v2")
}

// TestAnonymousPushAllowed proves that the setting opens pushes to everybody.
func TestAnonymousPushAllowed(t *testing.T) {
	sh := newShell(t, "crane")
	s := server.Start(t, server.Options{Host: "0.0.0.0", Config: "MIRROR_ANONYMOUS_PUSH: true\n"})
	sh.run("crane", "--insecure", "append", "--oci-empty-base", "-f", sh.tarball("layer.tar", "hello"), "-t", s.Addr+"/team/app:v1")
	sh.run("crane", "--insecure", "validate", "--remote", s.Addr+"/team/app:v1")
}

// TestPodmanLogin proves that podman logs in with the printed user only.
func TestPodmanLogin(t *testing.T) {
	sh := newShell(t, "podman")
	s := server.Start(t, server.Options{Host: "0.0.0.0"})
	user, password := s.Credentials(t)
	contains(t, "login", sh.run("podman", "login", "--tls-verify=false", "-u", user, "-p", password, s.Addr), "Login Succeeded")
	sh.run("podman", "logout", s.Addr)
	sh.refused("podman", "login", "--tls-verify=false", "-u", user, "-p", "wrong", s.Addr)
	afterLockout(t, func() error {
		_, _, err := sh.try("podman", "login", "--tls-verify=false", "-u", user, "-p", password, s.Addr)
		return err
	})
}

// afterLockout waits until something works again. After a wrong password the
// right one is refused too, for as many seconds as make guessing hopeless.
func afterLockout(t *testing.T, f func() error) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still locked out: %v", err)
		}
		time.Sleep(500 * time.Millisecond)
	}
}
