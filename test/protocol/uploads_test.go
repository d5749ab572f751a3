package protocol

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// patch sends one chunk; contentRange is left out when empty.
func patch(t *testing.T, location, contentRange string, data []byte) oci.Reply {
	t.Helper()
	header := map[string]string{"Content-Type": "application/octet-stream"}
	if contentRange != "" {
		header["Content-Range"] = contentRange
	}
	return do(t, oci.Request{Method: http.MethodPatch, Path: location, Header: header, Body: bytes.NewReader(data)})
}

// next returns where the next request of a session goes.
func next(t *testing.T, location string, r oci.Reply) string {
	t.Helper()
	if r.Header.Get("Location") == "" {
		return location
	}
	u, err := registry.Client.Resolve(r.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

var rangeForm = regexp.MustCompile(`^0-(\d+)$`)

// offset asks a session how many bytes it has. The protocol cannot tell none from
// one byte, so no test stops after one.
func offset(t *testing.T, s *server.Server, location string) int {
	t.Helper()
	r, err := s.Client.Do(t.Context(), oci.Request{Method: http.MethodGet, Path: location})
	if err != nil {
		t.Fatal(err)
	}
	m := rangeForm.FindStringSubmatch(r.Header.Get("Range"))
	if r.Status != http.StatusNoContent || m == nil {
		t.Fatalf("state of the upload: %s, range %q", r, r.Header.Get("Range"))
	}
	end, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	if end == 0 {
		return 0
	}
	return end + 1
}

// complete sends what a session still lacks of data, finishes it and checks that
// the blob is whole. The session holds at most atMost bytes.
func complete(t *testing.T, s *server.Server, repo, location string, data []byte, atMost int) {
	t.Helper()
	n := offset(t, s, location)
	if n > atMost {
		t.Fatalf("the session says it has %d bytes, it was sent %d at most", n, atMost)
	}
	r, err := s.Client.Do(t.Context(), oci.Request{
		Method: http.MethodPut, Path: oci.WithDigest(location, oci.Digest(data)), Body: bytes.NewReader(data[n:]),
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != http.StatusCreated {
		t.Fatalf("finish after %d of %d bytes: %s", n, len(data), r)
	}
	r, err = s.Client.Get(t.Context(), "/v2/"+repo+"/blobs/"+oci.Digest(data))
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != http.StatusOK || !bytes.Equal(r.Body, data) {
		t.Fatalf("pull after the push: status %d, %d bytes, want %d", r.Status, len(r.Body), len(data))
	}
}

// TestContentRanges proves that a chunk which does not continue where the session
// is, or does not say so properly, is refused and changes nothing.
func TestContentRanges(t *testing.T) {
	data := oci.Bytes(10, 3000)
	for what, contentRange := range map[string]string{
		"overlap":         "500-1499",
		"again":           "0-999",
		"gap":             "2000-2999",
		"reversed":        "1999-1000",
		"negative":        "-1000-1999",
		"2^63":            "9223372036854775808-9223372036854776807",
		"end is 2^63":     "1000-9223372036854775808",
		"more than 2^64":  "99999999999999999999999-99999999999999999999999",
		"shorter body":    "1000-2999",
		"longer body":     "1000-1499",
		"words":           "one-two",
		"no end":          "1000-",
		"no start":        "-1999",
		"no numbers":      "-",
		"plus signs":      "+1000-+1999",
		"spaces":          "1000 - 1999",
		"two ranges":      "1000-1499,1500-1999",
		"hexadecimal":     "0x3e8-0x7cf",
		"very many words": strings.Repeat("9", 3000),
	} {
		t.Run(what, func(t *testing.T) {
			repo := newRepo()
			location := startUpload(t, repo)
			r := patch(t, location, "0-999", data[:1000])
			if r.Status != http.StatusAccepted {
				t.Fatalf("first chunk: %s", r)
			}
			location = next(t, location, r)
			refused(t, patch(t, location, contentRange, data[1000:2000]),
				http.StatusBadRequest, http.StatusRequestedRangeNotSatisfiable)
			if n := offset(t, registry, location); n != 1000 {
				t.Errorf("the session has %d bytes after the refusal, want 1000", n)
			}
			r = patch(t, location, "1000-1999", data[1000:2000])
			if r.Status != http.StatusAccepted {
				t.Fatalf("proper chunk after the refusal: %s", r)
			}
			complete(t, registry, repo, next(t, location, r), data, 2000)
		})
	}
}

// TestStreamedChunks proves that PATCH without a range appends.
func TestStreamedChunks(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(11, 3000)
	location := startUpload(t, repo)
	for at := 0; at < 3000; at += 1000 {
		r := patch(t, location, "", data[at:at+1000])
		if r.Status != http.StatusAccepted {
			t.Fatalf("chunk at %d: %s", at, r)
		}
		location = next(t, location, r)
	}
	complete(t, registry, repo, location, data, 3000)
}

// TestBadFinish proves that a last PUT with a wrong range is refused and that the
// session can be finished after it.
func TestBadFinish(t *testing.T) {
	data := oci.Bytes(12, 2000)
	for _, contentRange := range []string{"0-999", "1500-1999", "1999-1000", "1000-9223372036854775808"} {
		t.Run(contentRange, func(t *testing.T) {
			repo := newRepo()
			location := startUpload(t, repo)
			r := patch(t, location, "0-999", data[:1000])
			location = next(t, location, r)
			refused(t, do(t, oci.Request{
				Method: http.MethodPut, Path: oci.WithDigest(location, oci.Digest(data)), Body: bytes.NewReader(data[1000:]),
				Header: map[string]string{"Content-Range": contentRange},
			}), http.StatusBadRequest, http.StatusRequestedRangeNotSatisfiable)
			lacks(t, repo, oci.Digest(data))
			complete(t, registry, repo, location, data, 1000)
		})
	}
}

// TestBrokenBodies proves that a body which ends early or goes on too long leaves
// a session that can be continued, and no blob.
func TestBrokenBodies(t *testing.T) {
	data := oci.Bytes(13, 200_000)
	path := func(location string) string { return strings.TrimPrefix(location, registry.URL) }
	head := func(method, target, framing string) string {
		return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/octet-stream\r\n%s\r\n\r\n",
			method, target, registry.Addr, framing)
	}
	part := string(data[:100_000])
	tests := []struct {
		name, method, framing, body string
		atMost                      int
	}{
		{"PATCH shorter than its length", http.MethodPatch, "Content-Length: 200000", part, 100_000},
		{"PUT shorter than its length", http.MethodPut, "Content-Length: 200000", part, 100_000},
		{"PATCH longer than its length", http.MethodPatch, "Content-Length: 50000", part, 50_000},
		{"PATCH chunked without end", http.MethodPatch, "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n", len(part), part), 100_000},
		{"PUT chunked without end", http.MethodPut, "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n", len(part), part), 100_000},
		{"PATCH with half a chunk", http.MethodPatch, "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s", 2*len(part), part), 100_000},
		{"PATCH with a bad chunk size", http.MethodPatch, "Transfer-Encoding: chunked", "xyz\r\n" + part, 0},
		{"PATCH with a huge chunk size", http.MethodPatch, "Transfer-Encoding: chunked", "ffffffffffffffffff\r\n" + part, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			repo := newRepo()
			location := startUpload(t, repo)
			target := path(location)
			if tt.method == http.MethodPut {
				target = path(oci.WithDigest(location, oci.Digest(data)))
			}
			// The server may close the connection instead of answering.
			if r, err := raw(t, true, head(tt.method, target, tt.framing)+tt.body); err == nil {
				if r.Status == http.StatusCreated || r.Status >= 500 {
					t.Errorf("broken body: %s", r)
				}
			}
			lacks(t, repo, oci.Digest(data))
			complete(t, registry, repo, location, data, tt.atMost)
		})
	}
}

// TestWrongDigest proves that a blob is only stored under the digest of what came.
func TestWrongDigest(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(14, 1000)
	wrong := oci.Digest([]byte("other"))
	r := do(t, oci.Request{
		Method: http.MethodPut, Path: oci.WithDigest(startUpload(t, repo), wrong), Body: bytes.NewReader(data),
	})
	refused(t, r, http.StatusBadRequest)
	if p, err := r.Problems(); err == nil && p[0].Code != "DIGEST_INVALID" {
		t.Errorf("code %s, want DIGEST_INVALID", p[0].Code)
	}
	lacks(t, repo, wrong)
	lacks(t, repo, oci.Digest(data))
	r = do(t, oci.Request{
		Method: http.MethodPost, Path: oci.WithDigest("/v2/"+repo+"/blobs/uploads/", wrong), Body: bytes.NewReader(data),
		Header: map[string]string{"Content-Type": "application/octet-stream"},
	})
	if r.Status != http.StatusAccepted { // one request for all is optional; a session is the other answer
		refused(t, r, http.StatusBadRequest)
	}
	lacks(t, repo, wrong)
	refused(t, do(t, oci.Request{Method: http.MethodPut, Path: startUpload(t, repo), Body: bytes.NewReader(data)}),
		http.StatusBadRequest) // no digest at all
}

// TestFinishTwice proves that a session ends with its first success.
func TestFinishTwice(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(15, 1000)
	location := startUpload(t, repo)
	finish := oci.Request{Method: http.MethodPut, Path: oci.WithDigest(location, oci.Digest(data)), Body: bytes.NewReader(data)}
	if r := do(t, finish); r.Status != http.StatusCreated {
		t.Fatalf("finish: %s", r)
	}
	finish.Body = bytes.NewReader(data)
	refused(t, do(t, finish), http.StatusNotFound)
	refused(t, patch(t, location, "", data), http.StatusNotFound)
	refused(t, do(t, oci.Request{Method: http.MethodGet, Path: location}), http.StatusNotFound)
	refused(t, do(t, oci.Request{Method: http.MethodDelete, Path: location}), http.StatusNotFound)
	holds(t, repo, oci.Digest(data))
}

// TestCancel proves that a cancelled session is gone and leaves nothing.
func TestCancel(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(16, 1000)
	location := startUpload(t, repo)
	location = next(t, location, patch(t, location, "", data))
	if r := do(t, oci.Request{Method: http.MethodDelete, Path: location}); r.Status != http.StatusNoContent {
		t.Fatalf("cancel: %s", r)
	}
	refused(t, do(t, oci.Request{Method: http.MethodGet, Path: location}), http.StatusNotFound)
	refused(t, do(t, oci.Request{Method: http.MethodPut, Path: oci.WithDigest(location, oci.Digest(data))}), http.StatusNotFound)
	refused(t, do(t, oci.Request{Method: http.MethodDelete, Path: location}), http.StatusNotFound)
	lacks(t, repo, oci.Digest(data))
}

// TestEmptyBlob proves that a blob may have no bytes, whichever way it comes.
func TestEmptyBlob(t *testing.T) {
	empty := oci.Digest(nil)
	for _, how := range []string{"PUT", "PATCH and PUT"} {
		t.Run(how, func(t *testing.T) {
			repo := newRepo()
			location := startUpload(t, repo)
			if how != "PUT" {
				location = next(t, location, patch(t, location, "", nil))
			}
			if r := do(t, oci.Request{Method: http.MethodPut, Path: oci.WithDigest(location, empty)}); r.Status != http.StatusCreated {
				t.Fatalf("finish: %s", r)
			}
			r := get(t, "/v2/"+repo+"/blobs/"+empty)
			if r.Status != http.StatusOK || len(r.Body) != 0 || r.Header.Get("Content-Length") != "0" {
				t.Errorf("pull: %s, length %q", r, r.Header.Get("Content-Length"))
			}
		})
	}
}

// TestSessionsBelongToOneRepository proves that the session of one repository is
// unknown in every other.
func TestSessionsBelongToOneRepository(t *testing.T) {
	mine, other := newRepo(), newRepo()
	pushBlob(t, other, []byte("so that it exists"))
	data := oci.Bytes(17, 1000)
	location := startUpload(t, mine)
	stolen := strings.Replace(location, mine, other, 1)
	for _, r := range []oci.Request{
		{Method: http.MethodGet, Path: stolen},
		{Method: http.MethodPatch, Path: stolen, Body: bytes.NewReader(data)},
		{Method: http.MethodPut, Path: oci.WithDigest(stolen, oci.Digest(data)), Body: bytes.NewReader(data)},
		{Method: http.MethodDelete, Path: stolen},
	} {
		refused(t, do(t, r), http.StatusNotFound)
	}
	lacks(t, other, oci.Digest(data))
	complete(t, registry, mine, location, data, 0)
	lacks(t, other, oci.Digest(data))
}

// TestUnknownSessions proves that what is no session's name is not found.
func TestUnknownSessions(t *testing.T) {
	repo := newRepo()
	pushBlob(t, repo, []byte("so that it exists"))
	for _, id := range []string{
		"00000000-0000-4000-8000-000000000000", "none", "..%2f..%2fetc", "%00", strings.Repeat("x", 5000), "'%20or%201=1--",
	} {
		path := "/v2/" + repo + "/blobs/uploads/" + id
		for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodPut, http.MethodDelete} {
			target := path
			if method == http.MethodPut {
				target = oci.WithDigest(path, oci.Digest(nil))
			}
			refused(t, do(t, oci.Request{Method: method, Path: target}), http.StatusNotFound, http.StatusBadRequest)
		}
	}
}
