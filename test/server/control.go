package server

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Driver is the path of the storage driver that the server starts.
func (s *Server) Driver() string { return filepath.Join(filepath.Dir(s.program), "quay-storage-local") }

// Try runs a command of quay that looks after the running server, and returns what
// it printed.
func (s *Server) Try(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.program, args...)
	cmd.Env = append(os.Environ(), "QUAY_CONTROL_SOCKET="+filepath.Join(s.DataDir, "control.sock"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Quay is Try for a command that has to succeed.
func (s *Server) Quay(t testing.TB, args ...string) string {
	t.Helper()
	out, err := s.Try(t.Context(), args...)
	if err != nil {
		t.Fatalf("quay %q: %v\n%s\n%s", args, err, out, s.Logs())
	}
	return out
}

// Plugin is what the server says of its storage driver.
type Plugin struct {
	State      string `json:"state"`
	Reason     string `json:"reason"`
	PID        int    `json:"pid"`
	Generation int    `json:"generation"`
	Crashes    int    `json:"crashes"`
}

// Plugin asks the server about its storage driver.
func (s *Server) Plugin(t testing.TB) Plugin {
	t.Helper()
	var p Plugin
	if err := json.Unmarshal([]byte(s.Quay(t, "plugin", "info", "local", "--output", "json")), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// AwaitPlugin waits until what the server says of its storage driver satisfies ok.
func (s *Server) AwaitPlugin(t testing.TB, within time.Duration, ok func(Plugin) bool) Plugin {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(10 * time.Millisecond) {
		p := s.Plugin(t)
		if ok(p) {
			return p
		}
		if time.Now().After(end) {
			t.Fatalf("after %v the driver is %+v\n%s", within, p, s.Logs())
		}
	}
}

// Check lets `quay db check` look at everything that the running server has stored and
// logged, and fails the test for what it finds.
func (s *Server) Check(t testing.TB) {
	t.Helper()
	args := []string{
		"db", "check", "--mode=mirror", "--data-dir", s.DataDir, "--plugin-dir", s.pluginDir, "--read-bytes=all",
		"--grace=2s", "--settle=1s",
	}
	log := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(log, []byte(s.Logs()), 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, "--log", log)
	if s.configDir != "" {
		args = append(args, "--config-dir", s.configDir)
	}
	begun := time.Now()
	out, err := s.Try(t.Context(), args...)
	t.Logf("quay db check, in %v: %v\n%s", time.Since(begun).Round(time.Millisecond), err, out)
	if err != nil {
		t.Errorf("quay db check: %v", err)
	}
}
