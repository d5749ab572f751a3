package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/quay/quay/test/server"
)

// TestTLS proves that without options the server speaks TLS, that clients trust
// it by the certificate in its data directory and by nothing else, and that a
// restart keeps the certificate.
func TestTLS(t *testing.T) {
	sh := newShell(t, "crane", "skopeo")
	s := server.Start(t, server.Options{TLS: true})
	cert, err := s.CertFile()
	if err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	trusting := sh.with("SSL_CERT_FILE=" + cert)
	if err := os.Mkdir(filepath.Join(sh.dir, "certs"), 0o700); err != nil {
		t.Fatal(err)
	}
	sh.file("certs/ca.crt", pem)

	layer := sh.tarball("layer.tar", "hello")
	// crane takes a loopback address for plain HTTP, so it is given the name.
	ref := "localhost" + s.Addr[len("127.0.0.1"):] + "/team/app:tls"
	image := "docker://" + s.Addr + "/team/app:tls"
	trusting.run("crane", "append", "--oci-empty-base", "-f", layer, "-t", ref)
	trusting.run("crane", "validate", "--remote", ref)
	contains(t, "without trust", sh.with("SSL_CERT_DIR=/nonexistent").refused("skopeo", "inspect", image), "certificate")
	sh.run("skopeo", "inspect", "--cert-dir=certs", image)
	sh.run("skopeo", "--insecure-policy", "copy", "--src-cert-dir=certs", "--dest-cert-dir=certs", image, "docker://"+s.Addr+"/team/copy:tls")

	s.Restart(t)
	again, err := os.ReadFile(cert)
	if err != nil || !bytes.Equal(again, pem) {
		t.Errorf("the restart changed the certificate (%v)", err)
	}
	sh.run("skopeo", "inspect", "--cert-dir=certs", image)
}
