// Package protocol sends what no well-behaved client sends and proves that the
// answer is a proper refusal, never a server error, and that nothing which was
// stored before is lost.
package protocol

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// registry is the server that all tests share; each test has repositories of its
// own, so that they may run in any order and at once.
var registry *server.Server

func TestMain(m *testing.M) { os.Exit(server.Shared(m, &registry)) }

var repositories atomic.Int64

// newRepo returns the name of a repository that no other test uses.
func newRepo() string { return fmt.Sprintf("protocol/r%d", repositories.Add(1)) }

// do makes a request that has to be answered.
func do(t *testing.T, r oci.Request) oci.Reply {
	t.Helper()
	reply, err := registry.Client.Do(t.Context(), r)
	if err != nil {
		t.Fatalf("%s %.120s: %v", r.Method, r.Path, err)
	}
	return reply
}

// get reads a path.
func get(t *testing.T, path string, accept ...string) oci.Reply {
	t.Helper()
	reply, err := registry.Client.Get(t.Context(), path, accept...)
	if err != nil {
		t.Fatalf("GET %.120s: %v", path, err)
	}
	return reply
}

// put stores a manifest and returns whatever the answer is.
func put(t *testing.T, repo, reference, mediaType string, body []byte) oci.Reply {
	t.Helper()
	reply, err := registry.Client.PutManifest(t.Context(), repo, reference, mediaType, body)
	if err != nil {
		t.Fatalf("PUT of manifest %s: %v", reference, err)
	}
	return reply
}

// mustPut stores a manifest that is as it should be.
func mustPut(t *testing.T, repo, reference, mediaType string, body []byte) {
	t.Helper()
	if r := put(t, repo, reference, mediaType, body); r.Status != http.StatusCreated {
		t.Fatalf("PUT of manifest %s: %s", reference, r)
	}
}

// pushBlob stores a blob that is as it should be.
func pushBlob(t *testing.T, repo string, data []byte) string {
	t.Helper()
	digest, err := registry.Client.PushBlob(t.Context(), repo, data)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// pushImage stores an image that is as it should be under a tag.
func pushImage(t *testing.T, repo, tag string, seed uint64) oci.Image {
	t.Helper()
	image := oci.NewImage(seed, 2000)
	if err := registry.Client.PushImage(t.Context(), repo, tag, image); err != nil {
		t.Fatal(err)
	}
	return image
}

// startUpload opens an upload session.
func startUpload(t *testing.T, repo string) string {
	t.Helper()
	location, err := registry.Client.StartUpload(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

// refused checks that an answer is a proper refusal: one of the statuses given,
// or any of the 4xx where none is, with the error body of the specification.
func refused(t *testing.T, r oci.Reply, statuses ...int) {
	t.Helper()
	if r.Status < 400 || r.Status > 499 || len(statuses) > 0 && !slices.Contains(statuses, r.Status) {
		t.Errorf("got %s; want a refusal with %v", r, statuses)
		return
	}
	if _, err := r.Problems(); err != nil {
		t.Errorf("refusal %s: %v", r, err)
	}
}

// acceptedOrRefused checks that an answer is a success or a proper refusal, where
// the specification leaves it open which.
func acceptedOrRefused(t *testing.T, r oci.Reply) {
	t.Helper()
	if r.Status >= 200 && r.Status < 300 {
		return
	}
	refused(t, r)
}

// holds checks that a blob is there and is what its digest says.
func holds(t *testing.T, repo, digest string) {
	t.Helper()
	r := get(t, "/v2/"+repo+"/blobs/"+digest)
	if r.Status != http.StatusOK || oci.Digest(r.Body) != digest {
		t.Errorf("blob %s of %s: status %d, content %s", digest, repo, r.Status, oci.Digest(r.Body))
	}
}

// lacks checks that a blob is not there.
func lacks(t *testing.T, repo, digest string) {
	t.Helper()
	if r := do(t, oci.Request{Method: http.MethodHead, Path: "/v2/" + repo + "/blobs/" + digest}); r.Status != http.StatusNotFound {
		t.Errorf("HEAD of blob %s: %d, want 404", digest, r.Status)
	}
}

// holdsManifest checks that a manifest is there byte for byte.
func holdsManifest(t *testing.T, repo, reference, mediaType string, want []byte) {
	t.Helper()
	r := get(t, "/v2/"+repo+"/manifests/"+reference, mediaType)
	if r.Status != http.StatusOK || !bytes.Equal(r.Body, want) {
		t.Errorf("manifest %s of %s: %s", reference, repo, r)
		return
	}
	if ct := r.Header.Get("Content-Type"); ct != mediaType {
		t.Errorf("manifest %s: content type %q, want %q", reference, ct, mediaType)
	}
	if d := r.Header.Get("Docker-Content-Digest"); d != oci.Digest(want) {
		t.Errorf("manifest %s: digest header %q, want %s", reference, d, oci.Digest(want))
	}
}

// raw sends bytes that no HTTP library would, and reads one answer. With half
// set, the client's side is closed first, as by a client that died.
func raw(t *testing.T, half bool, request string) (oci.Reply, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", registry.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return oci.Reply{}, err
	}
	if half {
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			return oci.Reply{}, err
		}
	}
	method, _, _ := strings.Cut(request, " ")
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return oci.Reply{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	line, _, _ := strings.Cut(request, " HTTP/1.1")
	return oci.Reply{Request: line, Status: resp.StatusCode, Header: resp.Header, Body: body}, err
}

// rawGet is a GET of a path exactly as it is written.
func rawGet(t *testing.T, path string) oci.Reply {
	t.Helper()
	r, err := raw(t, false, "GET "+path+" HTTP/1.1\r\nHost: "+registry.Addr+"\r\nConnection: close\r\n\r\n")
	if err != nil {
		t.Fatalf("GET %.120q: %v", path, err)
	}
	return r
}
