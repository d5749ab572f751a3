package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/server"
)

// installed copies the storage driver into a plugin directory of its own, which is
// laid out as an administrator would, and returns the directory.
func installed(t *testing.T) (dir, driver string) {
	t.Helper()
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	driver = filepath.Join(dir, "quay-storage-local")
	copyFile(t, filepath.Join(bin, "quay-storage-local"), driver)
	return dir, driver
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o755); err != nil {
		t.Fatal(err)
	}
}

// quay runs a command of quay that needs no server. A conformance suite takes longest.
func quay(t *testing.T, args ...string) (string, error) {
	t.Helper()
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "quay"), args...).CombinedOutput()
	return string(out), err
}

// refused checks that a server with these plugins does not start, and says why.
func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	out, err := quay(t, append([]string{"serve", "--mode=mirror", "--insecure-http", "--listen", "127.0.0.1:0", "--data-dir", t.TempDir()}, args...)...)
	if err == nil || !strings.Contains(out, want) {
		t.Errorf("the server should have been refused with %q: error %v\n%s", want, err, out)
	}
}

// TestPluginLock proves that a server runs the plugins of the lock and no others, at
// its start and in an upgrade.
func TestPluginLock(t *testing.T) {
	dir, driver := installed(t)
	if out, err := quay(t, "plugin", "lock", "--plugin-dir", dir); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := quay(t, "plugin", "verify", "--plugin-dir", dir); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	other := filepath.Join(t.TempDir(), "quay-storage-local")
	copyFile(t, driver, other)
	tamper(t, other)

	s := server.Start(t, server.Options{PluginDir: dir})
	out, err := s.Try(t.Context(), "plugin", "upgrade", "local", "--to", other)
	if err == nil || !strings.Contains(out, "the lock expects the sha256") {
		t.Errorf("an upgrade to what is not in the lock: %v\n%s", err, out)
	}
	if out, err := quay(t, "plugin", "lock", "--plugin-dir", dir, "--add", other); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.Quay(t, "plugin", "upgrade", "local", "--to", other, "--trial", "100ms")
	if p := s.Plugin(t); p.Generation != 2 || p.State != "healthy" {
		t.Errorf("the driver is %+v", p)
	}
	s.Close(t)

	// The lock has both by now; a third is none of them.
	tamper(t, driver)
	refused(t, "the lock expects the sha256", "--plugin-dir", dir)
	if out, err := quay(t, "plugin", "verify", "--plugin-dir", dir); err == nil || !strings.Contains(out, "may not run") {
		t.Errorf("verify of a binary that is not in the lock: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "plugins.lock"), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, "quay plugin lock", "--plugin-dir", dir)
}

// tamper changes a program so that it still runs.
func tamper(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(rand.Text()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestPluginSignature proves that with a key only signed plugins run, unless one is
// let through by name, which the server shows wherever one looks.
func TestPluginSignature(t *testing.T) {
	dir, driver := installed(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := filepath.Join(t.TempDir(), "vendor.pub")
	if err := os.WriteFile(public, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "has no signature", "--plugin-dir", dir, "--plugin-key", public)

	s := server.Start(t, server.Options{PluginDir: dir, Arguments: []string{"--plugin-key", public, "--allow-unsigned", "storage/local"}})
	if !strings.Contains(s.Logs(), "admitted without a signature") {
		t.Errorf("the server does not warn:\n%s", s.Logs())
	}
	r, err := s.Client.Get(t.Context(), "/health/instance")
	if err != nil || r.Status != http.StatusOK || !strings.Contains(string(r.Body), "admitted without a signature") {
		t.Errorf("the health is %s %s, error %v", r, r.Body, err)
	}
	s.Close(t)

	data, err := os.ReadFile(driver)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	signature, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(driver+".sig", []byte(base64.StdEncoding.EncodeToString(signature)), 0o644); err != nil {
		t.Fatal(err)
	}
	s = server.Start(t, server.Options{PluginDir: dir, Arguments: []string{"--plugin-key", public}})
	if info := s.Quay(t, "plugin", "info", "storage/local"); !strings.Contains(info, "signed by: vendor.pub") {
		t.Errorf("info says\n%s", info)
	}
	s.Close(t)
	tamper(t, driver)
	refused(t, "by none of the keys", "--plugin-dir", dir, "--plugin-key", public)
}

// TestPluginDirectoryOfOthers proves that a plugin which another user could replace
// is not run.
func TestPluginDirectoryOfOthers(t *testing.T) {
	dir, driver := installed(t)
	if err := os.Chmod(driver, 0o775); err != nil {
		t.Fatal(err)
	}
	refused(t, "chmod", "--plugin-dir", dir)
	if err := os.Chmod(driver, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	refused(t, "chmod", "--plugin-dir", dir)
}

// TestPluginFIPS proves that where FIPS is demanded only FIPS builds run, and that no
// exception can be made.
func TestPluginFIPS(t *testing.T) {
	dir, driver := installed(t)
	config := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(config, []byte("FEATURE_FIPS: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "is no FIPS build", "--plugin-dir", dir, "--config", config)
	refused(t, "while FIPS is demanded", "--plugin-dir", dir, "--config", config, "--allow-unsigned", "storage/local")
	refused(t, "while FIPS is demanded", "--plugin-dir", dir, "--config", config, "--dev-plugin", "storage/local="+driver)
	refused(t, "while FIPS is demanded", "--plugin-dir", dir, "--config", config, "--dev-plugin", "storage/local=attach:/run/quay-storage-local-debug/socket")

	build := exec.CommandContext(t.Context(), "go", "build", "-o", driver, "github.com/quay/quay/cmd/plugins/quay-storage-local")
	build.Env = append(os.Environ(), "GOFIPS140=v1.0.0", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := server.Start(t, server.Options{PluginDir: dir, Config: "FEATURE_FIPS: true\n"})
	if info := s.Quay(t, "plugin", "info", "local"); !strings.Contains(info, "FIPS build: yes") {
		t.Errorf("info says\n%s", info)
	}
}

// TestPluginCommands proves that what the commands print for programs is JSON, and
// that their errors name what to do.
func TestPluginCommands(t *testing.T) {
	s := server.Start(t, server.Options{})
	for _, args := range [][]string{
		{"plugin", "list", "--output", "json"},
		{"plugin", "info", "local", "--output", "json"},
		{"plugin", "reload", "local", "--trial", "1ms", "--output", "json"},
		{"plugin", "reload", "local", "--instance", "default", "--output", "json"},
		{"plugin", "restart", "local", "--output", "json"},
		{"plugin", "quarantine", "local", "--reason", "a test", "--output", "json"},
		{"plugin", "restart", "local", "--output", "json"},
		{"plugin", "verify", "--output", "json"},
		{"plugin", "describe", s.Driver()},
	} {
		if out := s.Quay(t, args...); !json.Valid([]byte(out)) {
			t.Errorf("%q prints\n%s", args, out)
		}
	}
	for _, test := range []struct {
		want string
		args []string
	}{
		{"these do: storage/local", []string{"plugin", "info", "other"}},
		{"no plugin binary", []string{"plugin", "upgrade", "local", "--to", "/no/such/file"}},
		{"no instance", []string{"plugin", "reload", "local", "--instance", "other"}},
		{"--control-socket", []string{"plugin", "info", "local", "--control-socket", "/no/such/socket"}},
	} {
		out, err := s.Try(t.Context(), test.args...)
		if err == nil || !strings.Contains(out, test.want) {
			t.Errorf("%q: %v\n%s", test.args, err, out)
		}
	}
	if out := s.Quay(t, "__complete", "plugin", "info", ""); !strings.Contains(out, "storage/local") {
		t.Errorf("the completion is\n%s", out)
	}
}
