package v2_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	v2 "github.com/quay/quay/core/internal/registry/v2"
	"github.com/quay/quay/core/internal/uploads"
)

const (
	html    = "text/html; charset=utf-8"
	host    = "http://quay.example.test"
	session = host + "/v2/devtable/simple/blobs/uploads/"
	blob    = host + "/v2/devtable/simple/blobs/"
	nowhere = "00000000-0000-4000-8000-000000000000"
)

func digest(content string) string { return string(domain.SHA256.Of([]byte(content))) }

// TestUploadAnswers proves that the answers of a push in chunks have the product's
// statuses and headers, odd as they are (endpoints/v2/blob.py).
func TestUploadAnswers(t *testing.T) {
	each(t, settings{}, func(t *testing.T, reg *registry) {
		a := reg.send("POST", "uploads/", "")
		id := a.header.Get("Docker-Upload-Uuid")
		a.want(t, "begin", 202, "Location", session+id, "Docker-Upload-Uuid", id, "Range", "bytes=0--1", "Content-Type", html)
		here := []string{"Location", session + id, "Docker-Upload-Uuid", id, "Content-Type", html, "Range"}
		status := func(what, bytes string) {
			t.Helper()
			reg.send("GET", "uploads/"+id, "").want(t, what, 204, "Docker-Upload-Uuid", id, "Content-Type", html, "Range", bytes)
		}
		status("state of nothing", "bytes=0-0")
		reg.send("PATCH", "uploads/"+id, "").want(t, "no bytes", 202, append(here, "0--1")...)
		reg.send("PATCH", "uploads/"+id, "gap", "Content-Range", "1-3").want(t, "a gap", 416, append(here, "0-0")...)
		// Clients of the product take the end for exclusive.
		reg.send("PATCH", "uploads/"+id, "hello ", "Content-Range", "0-6").want(t, "first", 202, append(here, "0-5")...)
		status("state after the first", "bytes=0-6")
		reg.send("PATCH", "uploads/"+id, "hello ", "Content-Range", "0-5").want(t, "again", 416, append(here, "0-6")...)
		reg.send("PATCH", "uploads/"+id, "lo wor", "Content-Range", "3-8").want(t, "an overlap", 202, append(here, "0-8")...)
		reg.send("PATCH", "uploads/"+id, "XXX", "Content-Range", "9-8").want(t, "a range of nothing", 202, append(here, "0-8")...)
		reg.send("PATCH", "uploads/"+id, "ld!", "Content-Range", "9-10").want(t, "more than its range", 202, append(here, "0-10")...)
		reg.send("PATCH", "uploads/"+id, "x", "Content-Range", "99999999999999999999-99999999999999999999").
			want(t, "far away", 416, append(here, "0-11")...)
		status("state after all", "bytes=0-11")
		d := digest("hello world")
		created := []string{"Location", blob + d, "Docker-Content-Digest", d, "Content-Type", html}
		reg.send("PUT", "uploads/"+id+"?digest="+d, "").want(t, "finish", 201, created...)
		reg.holds("hello world")
		for _, method := range []string{"GET", "PATCH", "DELETE"} {
			reg.send(method, "uploads/"+id, "").refused(t, method+" afterwards", 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", "{}")
		}

		d = digest("at once")
		created[1], created[3] = blob+d, d
		reg.send("POST", "uploads/?digest="+d, "at once").want(t, "one request", 201, created...)
		reg.send("PUT", "uploads/"+reg.begin()+"?digest="+d, "at once").want(t, "all in the last one", 201, created...)
		reg.holds("at once")
		reg.send("DELETE", "uploads/"+reg.begin(), "").want(t, "cancel", 204, "Content-Type", html)
	})
}

// TestUploadRefusals proves what is said of uploads that are wrong, and whether their
// sessions go on: as in the product, not after the refusal of a last chunk.
func TestUploadRefusals(t *testing.T) {
	const invalid, text = "BLOB_UPLOAD_INVALID", "blob upload invalid"
	d := digest("hello")
	for _, tc := range []struct {
		what, method, query, contentRange, code, message, detail string
		status                                                   int
		ends                                                     bool
	}{
		{"no digest", "PUT", "", "", invalid, text, `{"reason":"Missing digest arg on monolithic upload"}`, 400, false},
		{"an empty digest", "PUT", "?digest=", "", invalid, text, "{}", 400, true},
		{"no digest at all", "PUT", "?digest=latest", "", invalid, text, "{}", 400, true},
		{"an unknown algorithm", "PUT", "?digest=md5:d41d8cd98f00b204e9800998ecf8427e", "", invalid, text, "{}", 400, true},
		{"capital letters", "PUT", "?digest=" + strings.ToUpper(d), "", invalid, text, "{}", 400, true},
		{"another digest", "PUT", "?digest=" + digest("other"), "", invalid, text, "{}", 400, true},
		{"another digest of 512 bits", "PUT", "?digest=" + string(domain.SHA512.Of([]byte("other"))), "", invalid, text, "{}", 400, true},
		{"a range with a unit", "PATCH", "", "bytes=2-4", "INVALID_REQUEST", "Invalid range header", "{}", 400, false},
		{"a range with a unit and a size", "PATCH", "", "bytes 2-4/5", "INVALID_REQUEST", "Invalid range header", "{}", 400, false},
		{"a reversed range", "PATCH", "", "4-2", "INVALID_REQUEST", "Invalid range header", "{}", 400, false},
		{"a negative range", "PATCH", "", "-2-4", "INVALID_REQUEST", "Invalid range header", "{}", 400, false},
		{"a bad last range", "PUT", "?digest=" + d, "4-2", "INVALID_REQUEST", "Invalid range header", "{}", 400, true},
	} {
		t.Run(tc.what, func(t *testing.T) {
			reg := startSQLite(t, settings{})
			id := reg.begin()
			if a := reg.send("PATCH", "uploads/"+id, "he"); a.status != 202 {
				t.Fatalf("%+v", a)
			}
			var header []string
			if tc.contentRange != "" {
				header = []string{"Content-Range", tc.contentRange}
			}
			reg.send(tc.method, "uploads/"+id+tc.query, "llo", header...).refused(t, tc.what, tc.status, tc.code, tc.message, tc.detail)
			_, there := reg.file("uploads/" + id)
			if a := reg.send("GET", "uploads/"+id, ""); a.status == 204 == tc.ends || there == tc.ends {
				t.Errorf("afterwards: %d, the bytes are there: %v", a.status, there)
			}
			if tc.ends {
				return
			}
			if a := reg.send("PUT", "uploads/"+id+"?digest="+d, "llo", "Content-Range", "2-4"); a.status != 201 {
				t.Errorf("going on: %+v", a)
			}
			reg.holds("hello")
		})
	}
}

// TestLastGap proves that a last chunk which leaves a gap is told where the session
// stood, and ends it.
func TestLastGap(t *testing.T) {
	reg := startSQLite(t, settings{})
	id := reg.begin()
	reg.send("PUT", "uploads/"+id+"?digest="+digest("hello"), "llo", "Content-Range", "2-4").
		want(t, "a gap", 416, "Location", session+id, "Docker-Upload-Uuid", id, "Range", "0-0", "Content-Type", html)
	if a := reg.send("GET", "uploads/"+id, ""); a.status != 404 {
		t.Errorf("afterwards: %+v", a)
	}
}

// TestUnknownUploads proves that what is no session of the repository is unknown, before
// anything else is said of the request, and that a digest is asked for before that.
func TestUnknownUploads(t *testing.T) {
	reg := startSQLite(t, settings{})
	for _, id := range []string{nowhere, "fake-upload", "x", uuid.NewString()} {
		for _, method := range []string{"GET", "PATCH", "PUT", "DELETE"} {
			query := ""
			if method == "PUT" {
				query = "?digest=x"
			}
			reg.send(method, "uploads/"+id+query, "x", "Content-Range", "4-2").
				refused(t, method+" "+id, 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", "{}")
		}
		if a := reg.send("PUT", "uploads/"+id, "x"); a.status != 400 {
			t.Errorf("no digest: %+v", a)
		}
	}
}

// TestTooLarge proves that a blob which is larger than allowed is refused as such, in
// whichever form its length comes.
func TestTooLarge(t *testing.T) {
	reg := startSQLite(t, settings{policy: uploads.Policy{MaxBlob: 10}})
	const code, text = "BLOB_UPLOAD_INVALID", "Uploaded blob is larger than allowed by this registry"
	long := strings.Repeat("x", 11)
	reg.send("PATCH", "uploads/"+reg.begin(), long).refused(t, "length", 413, code, text, "{}")
	reg.send("PATCH", "uploads/"+reg.begin(), "x", "Content-Range", "0-9223372036854775807").refused(t, "range", 413, code, text, "{}")
	reg.send("POST", "uploads/?digest="+digest(long), long).refused(t, "one request", 413, code, text, "{}")
	if a := reg.send("POST", "uploads/?digest="+digest(long[1:]), long[1:]); a.status != 201 {
		t.Errorf("as large as allowed: %+v", a)
	}
}

// TestSpecAnswers proves the same of the answers that the specification has otherwise,
// and that a session outlives a refusal there.
func TestSpecAnswers(t *testing.T) {
	reg := startSQLite(t, settings{options: v2.Options{Spec: true}, policy: uploads.Policy{Strict: true}})
	id := reg.begin()
	d := digest("hello")
	if a := reg.send("PATCH", "uploads/"+id, "he", "Content-Range", "0-1"); a.status != 202 || a.header.Get("Range") != "0-1" {
		t.Errorf("first: %+v", a)
	}
	for _, contentRange := range []string{"0-1", "1-2", "3-4"} {
		for _, method := range []string{"PATCH", "PUT"} {
			a := reg.send(method, "uploads/"+id+"?digest="+d, "xx", "Content-Range", contentRange)
			if a.status != 416 || a.header.Get("Range") != "0-1" || a.header.Get("Location") != session+id {
				t.Errorf("%s %s: %+v", method, contentRange, a)
			}
		}
	}
	for _, contentRange := range []string{"2-3", "2-5", "2-1", "4-2"} {
		reg.send("PUT", "uploads/"+id+"?digest="+d, "llo", "Content-Range", contentRange).
			refused(t, contentRange, 400, "INVALID_REQUEST", "Invalid range header", "{}")
	}
	reg.send("GET", "uploads/"+id, "").
		want(t, "state", 204, "Location", session+id, "Docker-Upload-Uuid", id, "Range", "0-1", "Content-Type", html)
	reg.send("PUT", "uploads/"+id+"?digest="+digest("other"), "llo").
		refused(t, "another digest", 400, "DIGEST_INVALID", "provided digest did not match uploaded content", "{}")
}

// TestMountAnswers proves what mounts fall back to.
func TestMountAnswers(t *testing.T) {
	reg := startSQLite(t, settings{})
	d := digest("hello")
	if a := reg.send("POST", "uploads/?digest="+d, "hello"); a.status != 201 {
		t.Fatalf("%+v", a)
	}
	for what, query := range map[string]string{
		"unknown blob":     "mount=" + digest("other") + "&from=devtable/simple",
		"no digest":        "mount=sha256:unknown&from=devtable/simple",
		"empty":            "mount=&from=devtable/simple",
		"unknown source":   "mount=" + d + "&from=devtable/nowhere",
		"source no name":   "mount=" + d + "&from=..%2F..",
		"source in tokens": "mount=" + d + "&from=devtable/simple:latest",
	} {
		if a := reg.send("POST", "uploads/?"+query, ""); a.status != 202 || a.header.Get("Docker-Upload-Uuid") == "" {
			t.Errorf("%s: %+v", what, a)
		}
	}
	reg.send("POST", "uploads/?mount="+d+"&from=devtable/simple", "").
		want(t, "mount", 201, "Location", blob+d, "Docker-Content-Digest", d, "Content-Type", html)
}

// TestReadOnly proves which requests a registry refuses that takes no changes, or no
// pushes: in the latter an upload that has begun may end.
func TestReadOnly(t *testing.T) {
	const (
		readOnly = `{"errors":[{"code":"DENIED","message":"System is currently read-only. Pulls will succeed but all write operations are currently suspended.","detail":{},"is_readonly":true}]}`
		noPushes = `{"errors":[{"code":"METHOD NOT ALLOWED","message":"Pushes to the registry are currently disabled. Please contact the administrator for more information.","detail":{}}]}`
	)
	for body, options := range map[string]v2.Options{readOnly: {ReadOnly: true}, noPushes: {NoPushes: true}} {
		reg := startSQLite(t, settings{options: options})
		for _, r := range [][2]string{
			{"POST", "uploads/"},
			{"PATCH", "uploads/" + nowhere},
			{"PUT", "uploads/" + nowhere + "?digest=x"},
			{"DELETE", "uploads/" + nowhere},
			{"DELETE", digest("x")},
			{"PUT", "/manifests/latest"},
			{"DELETE", "/manifests/latest"},
		} {
			a := reg.send(r[0], r[1], "")
			if strings.HasPrefix(r[1], "uploads/"+nowhere+"?") && options.NoPushes {
				if a.status != 404 {
					t.Errorf("the end of an upload: %+v", a)
				}
				continue
			}
			if a.status != 405 || strings.TrimSpace(a.body) != body {
				t.Errorf("%s %s: %+v, want %s", r[0], r[1], a, body)
			}
		}
		if a := reg.send("GET", "uploads/"+nowhere, ""); a.status != 404 {
			t.Errorf("a look: %+v", a)
		}
	}
}

// TestBytesLost proves that a client is told to begin anew where a part of what was
// acknowledged is gone, after a loss of power say, and can do so: no session stays that
// nothing can be done with.
func TestBytesLost(t *testing.T) {
	for _, method := range []string{"PATCH", "PUT", "PUT of nothing"} {
		for what, lose := range map[string]func(file string) error{
			"shorter": func(file string) error { return os.Truncate(file, 2) },
			"empty":   func(file string) error { return os.Truncate(file, 0) },
			"gone":    os.Remove,
		} {
			t.Run(method+" "+what, func(t *testing.T) {
				reg := startSQLite(t, settings{})
				id := reg.begin()
				first := uuid.NewString() // no object has it
				if a := reg.send("PATCH", "uploads/"+id, first); a.status != 202 {
					t.Fatalf("%+v", a)
				}
				must(t, lose(filepath.Join(reg.dir, "uploads", id)))
				verb, body := method, " and more"
				if strings.HasSuffix(verb, "nothing") {
					verb, body = "PUT", ""
				}
				all := first + body
				reg.send(verb, "uploads/"+id+"?digest="+digest(all), body).
					refused(t, "going on", 404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry", "{}")
				if a := reg.send("GET", "uploads/"+id, ""); a.status != 404 {
					t.Errorf("afterwards: %+v", a)
				}
				if _, there := reg.file("uploads/" + id); there {
					t.Error("what is left of the bytes is there")
				}
				if a := reg.send("HEAD", digest(all), ""); a.status != 404 {
					t.Errorf("the blob: %+v", a)
				}
				if a := reg.send("PUT", "uploads/"+reg.begin()+"?digest="+digest(all), all); a.status != 201 {
					t.Errorf("anew: %+v", a)
				}
				reg.holds(all)
			})
		}
	}
}
