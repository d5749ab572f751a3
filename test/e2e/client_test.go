// Package e2e uses a server through the clients that people use.
package e2e

import (
	"archive/tar"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// shell runs the programs of one test, away from the user's own settings and
// credentials.
type shell struct {
	t   *testing.T
	dir string
	env []string
}

// newShell returns a shell for a test that needs the given programs.
func newShell(t *testing.T, programs ...string) *shell {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed: make setup", p)
		}
	}
	dir := t.TempDir()
	s := &shell{t: t, dir: dir, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "XDG_RUNTIME_DIR=" + dir,
		"DOCKER_CONFIG=" + filepath.Join(dir, "docker"), "REGISTRY_AUTH_FILE=" + filepath.Join(dir, "auth.json"),
	}}
	s.file("auth.json", []byte("{}")) // podman wants it to exist
	return s
}

// with returns a shell that has one more variable.
func (s *shell) with(variable string) *shell {
	c := *s
	c.env = append(append([]string{}, s.env...), variable)
	return &c
}

// try runs a program and returns what it printed and whether it succeeded.
func (s *shell) try(program string, args ...string) (stdout, stderr string, err error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	err = cmd.Run()
	return strings.TrimSpace(out.String()), problems.String(), err
}

// run runs a program that has to succeed and returns what it printed.
func (s *shell) run(program string, args ...string) string {
	s.t.Helper()
	stdout, stderr, err := s.try(program, args...)
	if err != nil {
		s.t.Fatalf("%s %s: %v\n%s\n%s", program, strings.Join(args, " "), err, stdout, stderr)
	}
	return stdout
}

// refused runs a program that has to fail, and returns all that it printed.
func (s *shell) refused(program string, args ...string) string {
	s.t.Helper()
	stdout, stderr, err := s.try(program, args...)
	if err == nil {
		s.t.Fatalf("%s %s succeeded, want a refusal\n%s", program, strings.Join(args, " "), stdout)
	}
	return stdout + stderr
}

// file writes a file into the shell's directory and returns its name.
func (s *shell) file(name string, data []byte) string {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), data, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return name
}

// tarball writes a layer with one file and returns its name.
func (s *shell) tarball(name, content string) string {
	s.t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "content", Mode: 0o644, Size: int64(len(content))}); err != nil {
		s.t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		s.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.file(name, b.Bytes())
}

// same checks that two things which clients printed are equal.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// contains checks that a client printed something.
func contains(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: %q is not in\n%s", what, want, got)
	}
}
