package httpd

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// TestSelfSigned proves that a certificate is made once and used again, that it
// is good for the names that were asked for, and that its key is readable by
// nobody else.
func TestSelfSigned(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "for", "it")
	names := []string{"registry.example.com", "localhost", "127.0.0.1", "::1"}
	first, err := SelfSigned(dir, names)
	if err != nil {
		t.Fatal(err)
	}
	again, err := SelfSigned(dir, []string{"another.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	der := first.Certificates[0].Certificate[0]
	if !bytes.Equal(der, again.Certificates[0].Certificate[0]) {
		t.Error("a second certificate was made")
	}
	if info, err := os.Stat(filepath.Join(dir, "key.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	for name, good := range map[string]bool{
		"registry.example.com": true, "localhost": true, "127.0.0.1": true, "[::1]": true,
		"another.example.com": false, "127.0.0.2": false,
	} {
		_, err := cert.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, CurrentTime: time.Now().AddDate(1, 0, 0)})
		if good != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSelfSignedPartial proves that one file without the other, or a pair that
// does not fit, is refused and left alone.
func TestSelfSignedPartial(t *testing.T) {
	pair := func() (dir, cert, key string) {
		dir = t.TempDir()
		if _, err := SelfSigned(dir, []string{"localhost"}); err != nil {
			t.Fatal(err)
		}
		return dir, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	}
	_, otherCert, _ := pair()
	for name, damage := range map[string]func(cert, key string) error{
		"no key":              func(_, key string) error { return os.Remove(key) },
		"no certificate":      func(cert, _ string) error { return os.Remove(cert) },
		"an empty key":        func(_, key string) error { return os.Truncate(key, 0) },
		"another certificate": func(cert, _ string) error { return os.Rename(otherCert, cert) },
		"exchanged":           func(cert, key string) error { return os.Rename(cert, key) },
	} {
		dir, cert, key := pair()
		if err := damage(cert, key); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := SelfSigned(dir, []string{"localhost"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadDir(dir); err != nil || len(after) != len(before) {
			t.Errorf("%s: files were made or removed: %v, %v", name, after, err)
		}
	}
}

// TestListenTLS proves that a client which trusts the certificate is served over
// TLS 1.2 and later, and that no older version is spoken.
func TestListenTLS(t *testing.T) {
	conf, err := SelfSigned(t.TempDir(), []string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Listen(t.Context(), Options{
		Address: "127.0.0.1:0", TLS: conf, Logger: slog.New(slog.DiscardHandler),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-s.Done(); err != nil {
			t.Error(err)
		}
	}()
	cert, err := x509.ParseCertificate(conf.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	for version, good := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: version, MaxVersion: version}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+s.Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Client{Transport: transport}).Do(req)
		if good != (err == nil) {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			resp.Body.Close()
		}
		transport.CloseIdleConnections()
	}
	// The address is taken.
	_, err = Listen(t.Context(), Options{Address: s.Addr().String(), Logger: slog.New(slog.DiscardHandler)})
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("a second server on one address: %v", err)
	}
}
