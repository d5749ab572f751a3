package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/test/server"
)

// certificate is what the tests look at of a certificate.
type certificate struct {
	Verdict string `json:"verdict"`
	Suite   struct {
		Name string `json:"name"`
	} `json:"suite"`
	Plugin struct {
		Name         string   `json:"name"`
		Capabilities []string `json:"capabilities"`
	} `json:"plugin"`
	Binary *struct {
		SHA256 string `json:"sha256"`
	} `json:"binary"`
	Counts struct {
		Passed int `json:"passed"`
		Failed int `json:"failed"`
	} `json:"counts"`
	Cases []struct {
		Name     string   `json:"name"`
		Verdict  string   `json:"verdict"`
		Problems []string `json:"problems"`
	} `json:"cases"`
}

// decode reads a certificate.
func decode(t *testing.T, text string) certificate {
	t.Helper()
	var c certificate
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return c
}

// TestPluginTest proves that "quay plugin test" certifies a driver that keeps its
// promises, says of every case what became of it, and fails for one that does not.
func TestPluginTest(t *testing.T) {
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "local.json")
	out, err := quay(t, "plugin", "test", filepath.Join(bin, "quay-storage-local"), "--short", "--certificate", file)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := decode(t, string(text))
	if c.Verdict != "passed" || c.Suite.Name != "storage" || c.Plugin.Name != "local" || c.Counts.Failed != 0 || c.Counts.Passed < 40 {
		t.Errorf("the certificate is %s", text)
	}
	contains(t, "the report", out, c.Binary.SHA256)
	contains(t, "the report", out, "PASSED: ")
	for _, k := range c.Cases {
		contains(t, "the report", out, k.Name)
	}

	static := filepath.Join(t.TempDir(), "quay-auth-static")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", static, "github.com/quay/quay/test/plugins/quay-auth-static")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	config := filepath.Join(t.TempDir(), "users.yaml")
	if err := os.WriteFile(config, []byte("users: [{username: ada}]\nconformance: {username: ada, password: nobody-knows}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = quay(t, "plugin", "test", static, "--config", config)
	if err == nil {
		t.Errorf("a plugin that fails has the status 0:\n%s", out)
	}
	contains(t, "the report", out, "FAILED   the-right-password")
	contains(t, "the report", out, "FAILED: ")
	contains(t, "the report", out, "the plugin failed ")
	// The certificate comes before the error.
	out, err = quay(t, "plugin", "test", static, "--config", config, "--output", "json")
	text = []byte(out[:strings.LastIndex(out, "}")+1])
	if c := decode(t, string(text)); err == nil || c.Verdict != "failed" || c.Counts.Failed == 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
