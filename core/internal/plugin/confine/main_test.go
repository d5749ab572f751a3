package confine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
)

// roleKey makes the test binary a program that does what the variable says: the
// steps of hostile_test.go, one on a line.
const roleKey = "QUAY_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleKey); role != "" {
		for step := range strings.SplitSeq(role, "\n") {
			fmt.Println(attempt(step))
		}
		return
	}
	os.Exit(m.Run())
}

// self opens the test binary.
func self(t testing.TB) *binary.Binary {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := binary.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// hostile is a command that attempts steps, and the policy's needs for it.
func hostile(b *binary.Binary, dir string, steps ...string) (*exec.Cmd, confine.Needs) {
	cmd := exec.Command(b.Exec())
	cmd.Env = []string{roleKey + "=" + strings.Join(steps, "\n")}
	return cmd, confine.Needs{Dir: dir, Loader: b.Loader}
}

// run runs a confined process that attempts steps, and returns what came of each
// and what became of the policy.
func run(t testing.TB, b *binary.Binary, policy confine.Policy, dir string, steps ...string) (results []string, applied []confine.Applied) {
	t.Helper()
	cmd, needs := hostile(b, dir, steps...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = 10 * time.Second // A child of its own must not keep the test waiting.
	c, err := confine.Start(cmd, policy, needs)
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if err := c.Release(); err != nil {
		t.Error(err)
	}
	results = strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if err != nil || len(results) != len(steps) {
		t.Fatalf("%d steps gave %q, error %v", len(steps), out.String(), err)
	}
	return results, c.Applied()
}

// ok is the result of an attempt that succeeded.
const ok = "ok"

// expect runs steps, each with the result that it must have: an exact one, or one
// of several that are separated by "|".
func expect(t *testing.T, b *binary.Binary, policy confine.Policy, dir string, want [][2]string) []confine.Applied {
	t.Helper()
	steps := make([]string, len(want))
	for i, w := range want {
		steps[i] = w[0]
	}
	results, applied := run(t, b, policy, dir, steps...)
	for i, w := range want {
		if !strings.Contains("|"+w[1]+"|", "|"+results[i]+"|") {
			t.Errorf("%s: %s, not %s", w[0], results[i], w[1])
		}
	}
	return applied
}

// state returns what became of a part of a policy.
func state(applied []confine.Applied, name string) confine.Applied {
	for _, a := range applied {
		if a.Name == name {
			return a
		}
	}
	return confine.Applied{Name: name, State: "missing"}
}

// needRoot skips a test of what only root's host can do.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
}

// ownDir is a directory for the process's socket that its user can reach.
func ownDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "own")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
