// Package chaos kills the host and its driver in the middle of work and proves
// that nothing which was acknowledged is lost and nothing unfinished is seen.
package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

const (
	gib  = 1 << 30
	repo = "chaos/driver"
	// backWithin is how soon a driver that was killed has to be replaced.
	backWithin = time.Second
)

// TestDriverDiesDuringPull proves that a pull of 1 GiB under which the driver is
// killed goes on or succeeds when it is tried again, and that others are served
// meanwhile.
func TestDriverDiesDuringPull(t *testing.T) {
	s := server.Start(t, server.Options{})
	digest := oci.StreamDigest(1, gib)
	if err := s.Client.PushStream(t.Context(), repo, digest, oci.Stream(1, gib), gib); err != nil {
		t.Fatal(err)
	}
	small := pushSmall(t, s, 100, 40)
	s.Restart(t) // so that the host holds no descriptor of anything yet

	resp, err := s.Client.Open(t.Context(), oci.Request{Method: http.MethodGet, Path: "/v2/" + repo + "/blobs/" + digest})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	reader, writer := io.Pipe()
	go func() {
		_, err := io.CopyN(writer, resp.Body, gib/4)
		if err == nil {
			killAndServe(t, s, small)
			_, err = io.Copy(writer, resp.Body)
		}
		writer.CloseWithError(err)
	}()
	got, n, err := oci.DigestOf(reader)
	t.Logf("the pull under which the driver died: %d bytes, %v", n, err)
	if err == nil && got != digest {
		t.Errorf("it ended well with the wrong digest %s", got)
	}
	if err != nil {
		mustPull(t, s, digest, gib)
	}
	intact(t, s)
}

// TestDriverDiesDuringPush proves the same for a push in one request: whatever
// the client is told is true, half a blob is never seen, and a retry succeeds.
func TestDriverDiesDuringPush(t *testing.T) {
	s := server.Start(t, server.Options{})
	digest := oci.StreamDigest(2, gib)
	small := pushSmall(t, s, 200, 40)
	body := io.MultiReader(oci.Stream(2, gib/4), &hook{do: func() {
		absent(t, s, digest)
		killAndServe(t, s, small)
		absent(t, s, digest)
	}}, skip(oci.Stream(2, gib), gib/4))
	err := s.Client.PushStream(t.Context(), repo, digest, body, gib)
	t.Logf("the push under which the driver died: %v", err)
	if err != nil {
		absent(t, s, digest)
		if err := s.Client.PushStream(t.Context(), repo, digest, oci.Stream(2, gib), gib); err != nil {
			t.Fatalf("the retry: %v", err)
		}
	}
	mustPull(t, s, digest, gib)
	intact(t, s)
}

// TestDriverDiesDuringChunks proves that a session whose driver is killed in the
// middle of a chunk goes on from where it says it is.
func TestDriverDiesDuringChunks(t *testing.T) {
	const size, chunk = 256 << 20, 64 << 20
	s := server.Start(t, server.Options{})
	data := oci.Bytes(3, size)
	digest := oci.Digest(data)
	location, err := s.Client.StartUpload(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	kills := 0
	for at := 0; at < size; {
		end := min(at+chunk, size)
		middle := (at + end) / 2
		body := io.MultiReader(newReader(data[at:middle]), &hook{do: func() {
			if kills < 3 {
				kills++
				s.KillDriver(t)
			}
		}}, newReader(data[middle:end]))
		_, err := s.Client.Do(t.Context(), oci.Request{Method: http.MethodPatch, Path: location, Body: body, Length: int64(end - at)})
		if err != nil {
			t.Logf("chunk at %d: %v", at, err)
		}
		absent(t, s, digest)
		if at, err = offset(t.Context(), s, location); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Client.Do(t.Context(), oci.Request{Method: http.MethodPut, Path: oci.WithDigest(location, digest)})
	if err != nil || r.Status != http.StatusCreated {
		t.Fatalf("finish: %s, %v", r, err)
	}
	mustPull(t, s, digest, size)
	intact(t, s)
}

// killAndServe kills the driver and checks that the host goes on: it is healthy,
// has a new driver in time, and serves blobs that it has never opened before.
func killAndServe(t *testing.T, s *server.Server, fresh []string) {
	old := s.KillDriver(t)
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	back := time.Duration(0)
	for i, digest := range fresh {
		if r, err := s.Client.Get(ctx, "/v2/"+repo+"/blobs/"+digest); err != nil || r.Status != http.StatusOK || oci.Digest(r.Body) != digest {
			t.Errorf("pull %d, %s after the driver died: %s, %v", i, time.Since(began), r, err)
		}
		if !s.Healthy() {
			t.Errorf("%s after the driver died the host says that it is not healthy", time.Since(began))
		}
		if pid := s.DriverPID(); back == 0 && pid != 0 && pid != old {
			back = time.Since(began)
		}
	}
	for back == 0 && ctx.Err() == nil {
		if pid := s.DriverPID(); pid != 0 && pid != old {
			back = time.Since(began)
		}
		time.Sleep(time.Millisecond)
	}
	t.Logf("the driver was back after %s, the %d pulls took %s", back, len(fresh), time.Since(began))
	if back == 0 || back > backWithin {
		t.Errorf("the driver was back after %s, want at most %s", back, backWithin)
	}
}

// pushSmall stores small blobs and returns their digests.
func pushSmall(t *testing.T, s *server.Server, seed uint64, n int) []string {
	t.Helper()
	var digests []string
	for i := range n {
		digest, err := s.Client.PushBlob(t.Context(), repo, oci.Bytes(seed+uint64(i), 5000))
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, digest)
	}
	return digests
}

// mustPull reads a blob, which has to be there and right.
func mustPull(t *testing.T, s *server.Server, digest string, size int64) {
	t.Helper()
	resp, err := s.Client.Open(t.Context(), oci.Request{Method: http.MethodGet, Path: "/v2/" + repo + "/blobs/" + digest})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, n, err := oci.DigestOf(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || got != digest || n != size {
		t.Fatalf("pull: status %d, %d bytes, digest %s: %v", resp.StatusCode, n, got, err)
	}
}

// absent checks that nobody can see a blob.
func absent(t *testing.T, s *server.Server, digest string) {
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		r, err := s.Client.Do(context.Background(), oci.Request{Method: method, Path: "/v2/" + repo + "/blobs/" + digest})
		if err != nil || r.Status != http.StatusNotFound {
			t.Errorf("%s of a blob that was not finished: status %d, %v; want 404", method, r.Status, err)
		}
	}
}

// offset asks a session how many bytes it has.
func offset(ctx context.Context, s *server.Server, location string) (int, error) {
	r, err := s.Client.Do(ctx, oci.Request{Method: http.MethodGet, Path: location})
	if err != nil {
		return 0, err
	}
	var end int
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "0-%d", &end); err != nil || r.Status != http.StatusNoContent {
		return 0, errors.Join(err, fmt.Errorf("state of the upload: %s", r))
	}
	if end == 0 {
		return 0, nil
	}
	return end + 1, nil
}
