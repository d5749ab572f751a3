package sdk

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/protocol"
)

// TestDebugDirectory proves that a plugin does not wait for hosts in a directory that
// others could take from it.
func TestDebugDirectory(t *testing.T) {
	p := Plugin{Name: "x", Version: "1", Storage: noDriver{}}
	name := "quay-storage-x-debug-" + strconv.Itoa(os.Geteuid())
	tests := []struct {
		name string
		make func(path string) error
	}{
		{"open to others", func(path string) error {
			if err := os.Mkdir(path, 0o700); err != nil {
				return err
			}
			return os.Chmod(path, 0o755)
		}},
		{"a link", func(path string) error { return os.Symlink(t.TempDir(), path) }},
		{"a file", func(path string) error { return os.WriteFile(path, nil, 0o700) }},
	}
	for _, test := range tests {
		dir := t.TempDir()
		t.Setenv("TMPDIR", dir)
		if err := test.make(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		status := run(p, []string{protocol.DebugArgument}, func(string) string { return "" }, &stdout, &stderr)
		if status != 1 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "TMPDIR") {
			t.Errorf("%s: status %d, stdout %q, stderr %q", test.name, status, &stdout, &stderr)
		}
	}
}

// TestOneConn proves that the listener gives its connection once, ends when it is
// closed, and closes a connection that nobody has accepted.
func TestOneConn(t *testing.T) {
	for _, accepted := range []bool{true, false} {
		ours, theirs := net.Pipe()
		l := newOneConn(ours)
		if accepted {
			if conn, err := l.Accept(); conn != ours || err != nil {
				t.Errorf("the connection is %v, error %v", conn, err)
			}
			ours.Close()
		}
		for range 2 {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		}
		if conn, err := l.Accept(); err == nil {
			t.Errorf("after the end there is %v", conn)
		}
		if _, err := theirs.Read(make([]byte, 1)); err == nil {
			t.Errorf("accepted %v: the connection was left open", accepted)
		}
	}
}
