package e2e

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// TestShutdownFinishesWork proves that a pull and a push which are under way when
// the server is asked to end are finished, that it takes no new connections
// meanwhile, ends with success and leaves no driver behind.
func TestShutdownFinishesWork(t *testing.T) {
	t.Run("SIGTERM", func(t *testing.T) { shutdown(t, (*server.Server).Terminate) })
	t.Run("Ctrl-C", func(t *testing.T) { shutdown(t, (*server.Server).Interrupt) })
}

func shutdown(t *testing.T, ask func(*server.Server, testing.TB)) {
	t.Helper()
	const size = 96 << 20 // more than the kernel buffers for a slow reader
	s := server.Start(t, server.Options{})
	const repo = "team/slow"
	stored := oci.StreamDigest(91, size)
	if err := s.Client.PushStream(t.Context(), repo, stored, oci.Stream(91, size), size); err != nil {
		t.Fatal(err)
	}

	pull, err := s.Client.Open(t.Context(), oci.Request{Method: http.MethodGet, Path: "/v2/" + repo + "/blobs/" + stored})
	if err != nil {
		t.Fatal(err)
	}
	defer pull.Body.Close()
	var head bytes.Buffer
	if _, err := io.CopyN(&head, pull.Body, 1<<20); err != nil {
		t.Fatal(err)
	}

	data := oci.Bytes(92, 32<<20)
	location, err := s.Client.StartUpload(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	body, feed := io.Pipe()
	pushed := make(chan error, 1)
	go func() {
		r, err := s.Client.Do(t.Context(), oci.Request{
			Method: http.MethodPut, Path: oci.WithDigest(location, oci.Digest(data)), Body: body, Length: int64(len(data)),
		})
		if err == nil && r.Status != http.StatusCreated {
			t.Errorf("the push that was under way: %s", r)
		}
		pushed <- err
	}()
	// More than the kernel buffers: the server has the request when this returns. A
	// connection that it believes idle it would close.
	const first = 16 << 20
	if _, err := feed.Write(data[:first]); err != nil {
		t.Fatal(err)
	}

	driver := s.DriverPID()
	ask(s, t)
	time.Sleep(500 * time.Millisecond)
	if !s.Running() {
		t.Fatal("the server ended under a pull and a push")
	}
	if conn, err := net.DialTimeout("tcp", s.Addr, time.Second); err == nil {
		conn.Close()
		t.Error("the server takes new connections while it ends")
	}
	if _, err := feed.Write(data[first:]); err != nil {
		t.Errorf("rest of the push: %v", err)
	}
	feed.Close()
	if err := <-pushed; err != nil {
		t.Errorf("the push that was under way: %v", err)
	}
	if got, n, err := oci.DigestOf(io.MultiReader(&head, pull.Body)); err != nil || got != stored {
		t.Errorf("the pull that was under way: %d of %d bytes, digest %s: %v", n, size, got, err)
	}
	if code := s.Wait(t, 15*time.Second); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if driver != 0 && server.Alive(driver) {
		t.Error("the driver is still there")
	}

	s.Restart(t)
	r, err := s.Client.Get(t.Context(), "/v2/"+repo+"/blobs/"+oci.Digest(data))
	if err != nil || oci.Digest(r.Body) != oci.Digest(data) {
		t.Errorf("what was pushed during the shutdown: status %d, %v", r.Status, err)
	}
}
