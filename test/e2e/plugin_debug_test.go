package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// debugged is a driver that runs as in a debugger.
type debugged struct {
	cmd     *exec.Cmd
	line    string
	address string
}

// debug runs the local driver as a debugger would; its socket is below dir.
func debug(t *testing.T, dir string) *debugged {
	t.Helper()
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	d := &debugged{cmd: exec.CommandContext(t.Context(), filepath.Join(bin, "quay-storage-local"), "debug")}
	d.cmd.Env = []string{"TMPDIR=" + dir}
	d.cmd.Stderr = t.Output()
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.kill)
	if d.line, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	var line struct {
		PID     int    `json:"pid"`
		Address string `json:"address"`
	}
	if err := json.Unmarshal([]byte(d.line), &line); err != nil || line.PID != d.cmd.Process.Pid {
		t.Fatalf("the line is %q, error %v", d.line, err)
	}
	d.address = line.Address
	return d
}

// kill ends the driver as a debugger does.
func (d *debugged) kill() {
	_ = d.cmd.Process.Kill() // It may have ended.
	_ = d.cmd.Wait()         // It was killed.
}

// TestPluginDebug proves the section about debuggers of the guide for vendors: a driver
// that somebody runs passes the suite where it stands, serves a registry, is found again
// when it was stopped and started, and outlives the registry.
func TestPluginDebug(t *testing.T) {
	dir, err := os.MkdirTemp("", "debug") // Sockets need a short path.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d := debug(t, dir)
	out, err := quay(t, "plugin", "test", "--attach", d.line, "--short", "--output", "json")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if c := decode(t, out); c.Verdict != "passed" || c.Binary != nil || c.Counts.Passed < 40 {
		t.Errorf("the certificate is %s", out)
	}

	s := server.Start(t, server.Options{Arguments: []string{"--dev-plugin", "storage/local=attach:" + d.address}})
	if !strings.Contains(s.Logs(), "under development") {
		t.Errorf("the server does not warn:\n%s", s.Logs())
	}
	if p := s.Plugin(t); p.State != "healthy" || p.PID != d.cmd.Process.Pid {
		t.Errorf("the driver is %+v", p)
	}
	contains(t, "the description of the driver", s.Quay(t, "plugin", "info", "local"), d.address)
	s.Quay(t, "plugin", "reload", "local", "--trial", "1ms")
	s.Quay(t, "plugin", "restart", "local")
	if p := s.Plugin(t); p.State != "healthy" || p.PID != d.cmd.Process.Pid || p.Generation != 3 {
		t.Errorf("after it was attached to anew the driver is %+v", p)
	}
	data := oci.Bytes(1, 100_000)
	digest, err := s.Client.PushBlob(t.Context(), "library/app", data)
	if err != nil {
		t.Fatal(err)
	}

	d.kill()
	// It must be gone for some attempts to attach.
	s.AwaitPlugin(t, 10*time.Second, func(p server.Plugin) bool {
		return p.State == "backoff" && strings.Contains(p.Reason, "there is no plugin to attach to")
	})
	next := debug(t, dir)
	s.AwaitPlugin(t, 10*time.Second, func(p server.Plugin) bool {
		return p.State == "healthy" && p.PID == next.cmd.Process.Pid
	})
	r, err := s.Client.Get(t.Context(), "/v2/library/app/blobs/"+digest)
	if err != nil || r.Status != http.StatusOK || !bytes.Equal(r.Body, data) {
		t.Errorf("the blob is %s, error %v", r, err)
	}

	s.Close(t)
	if err := next.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Errorf("the driver did not outlive the server: %v", err)
	}
	if err := next.cmd.Wait(); err != nil {
		t.Error(err)
	}
}
