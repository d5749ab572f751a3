package protocol

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quay/quay/test/oci"
)

// part is a piece of a blob that an answer carries.
type part struct {
	from int
	data []byte
}

// partsOf reads the pieces of an answer with status 206.
func partsOf(r oci.Reply) ([]part, error) {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(mediaType, "multipart/") {
		from, err := start(r.Header.Get("Content-Range"))
		return []part{{from, r.Body}}, err
	}
	var parts []part
	for m := multipart.NewReader(bytes.NewReader(r.Body), params["boundary"]); ; {
		p, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		from, err := start(p.Header.Get("Content-Range"))
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{from, data})
	}
}

func start(contentRange string) (int, error) {
	first, _, ok := strings.Cut(strings.TrimPrefix(contentRange, "bytes "), "-")
	if !ok {
		return 0, fmt.Errorf("content range %q", contentRange)
	}
	return strconv.Atoi(first)
}

// TestRanges proves that a part of a blob is exactly what was asked for, and that
// no range makes the server send much more than the blob.
func TestRanges(t *testing.T) {
	const size = 100_000
	repo, data := newRepo(), oci.Bytes(40, size)
	path := "/v2/" + repo + "/blobs/" + pushBlob(t, repo, data)
	const whole, some, none = http.StatusOK, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable
	many := func(n int, f func(i int) string) string {
		var list []string
		for i := range n {
			list = append(list, f(i))
		}
		return "bytes=" + strings.Join(list, ",")
	}
	tests := []struct {
		name, header string
		length       int // of all parts together; -1 where it is open
		statuses     []int
	}{
		{"everything", "bytes=0-", size, []int{whole, some}},
		{"first byte", "bytes=0-0", 1, []int{some}},
		{"inside", "bytes=100-199", 100, []int{some}},
		{"last five", "bytes=-5", 5, []int{some}},
		{"last of more than there are", "bytes=-200000", size, []int{whole, some}},
		{"last byte and more", "bytes=99999-200000", 1, []int{some}},
		{"to 2^63", "bytes=99990-9223372036854775808", -1, []int{whole, some, none, http.StatusBadRequest}},
		{"no bytes", "bytes=-0", 0, []int{none}},
		{"behind the end", "bytes=100000-", 0, []int{none}},
		{"far behind the end", "bytes=9223372036854775807-", 0, []int{none}},
		{"reversed", "bytes=5-2", -1, []int{whole, none, http.StatusBadRequest}},
		{"not a number", "bytes=a-b", -1, []int{whole, none, http.StatusBadRequest}},
		{"negative", "bytes=--5", -1, []int{whole, none, http.StatusBadRequest}},
		{"nothing", "bytes=", -1, []int{whole, none, http.StatusBadRequest}},
		{"other unit", "items=0-5", size, []int{whole}},
		{"two parts", "bytes=0-9,100-109", 20, []int{some}},
		{"three parts, one behind the end", "bytes=0-9,200000-,50-59", 20, []int{some}},
		{"64 parts", many(64, func(i int) string { return fmt.Sprintf("%d-%d", i*100, i*100+9) }), 640, []int{some}},
		{"1000 parts", many(1000, func(i int) string { return fmt.Sprintf("%d-%d", i*20, i*20) }), -1, []int{whole, some, none, http.StatusBadRequest}},
		{"2000 times everything", many(2000, func(int) string { return "0-" }), -1, []int{whole, some, none, http.StatusBadRequest}},
		{"500 overlapping", many(500, func(i int) string { return fmt.Sprintf("%d-", i) }), -1, []int{whole, some, none, http.StatusBadRequest}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := do(t, oci.Request{Method: http.MethodGet, Path: path, Header: map[string]string{"Range": tt.header}})
			if !slices.Contains(tt.statuses, r.Status) {
				t.Fatalf("status %d, want one of %v", r.Status, tt.statuses)
			}
			if len(r.Body) > 2*size {
				t.Errorf("%d bytes for a blob of %d", len(r.Body), size)
			}
			switch r.Status {
			case whole:
				if !bytes.Equal(r.Body, data) {
					t.Error("the whole is not the blob")
				}
			case some:
				parts, err := partsOf(r)
				if err != nil {
					t.Fatal(err)
				}
				total := 0
				for _, p := range parts {
					total += len(p.data)
					if p.from < 0 || p.from+len(p.data) > size || !bytes.Equal(p.data, data[p.from:p.from+len(p.data)]) {
						t.Errorf("the part at %d, %d bytes, is not of the blob", p.from, len(p.data))
					}
				}
				if tt.length >= 0 && total != tt.length {
					t.Errorf("%d bytes, want %d", total, tt.length)
				}
			default:
				refused(t, r)
				if want := fmt.Sprintf("bytes */%d", size); r.Status == none && r.Header.Get("Content-Range") != want {
					t.Errorf("content range %q, want %q", r.Header.Get("Content-Range"), want)
				}
			}
		})
	}
}

// TestHeadAndConditions proves what HEAD and the conditional headers do.
func TestHeadAndConditions(t *testing.T) {
	repo, data := newRepo(), oci.Bytes(41, 1000)
	path := "/v2/" + repo + "/blobs/" + pushBlob(t, repo, data)
	head := do(t, oci.Request{Method: http.MethodHead, Path: path, Header: map[string]string{"Range": "bytes=0-9"}})
	if head.Status != http.StatusOK && head.Status != http.StatusPartialContent {
		t.Errorf("HEAD with a range: %s", head)
	}
	full := get(t, path)
	etag := full.Header.Get("Etag")
	if etag == "" {
		t.Fatal("a blob never changes, but its answer has no ETag")
	}
	for _, tt := range []struct {
		name   string
		header map[string]string
		status int
	}{
		{"same", map[string]string{"If-None-Match": etag}, http.StatusNotModified},
		{"any", map[string]string{"If-None-Match": "*"}, http.StatusNotModified},
		{"one of many", map[string]string{"If-None-Match": `"x", ` + etag}, http.StatusNotModified},
		{"other", map[string]string{"If-None-Match": `"x"`}, http.StatusOK},
		{"range of the same", map[string]string{"If-Range": etag, "Range": "bytes=0-9"}, http.StatusPartialContent},
		{"range of another", map[string]string{"If-Range": `"x"`, "Range": "bytes=0-9"}, http.StatusOK},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r := do(t, oci.Request{Method: http.MethodGet, Path: path, Header: tt.header}); r.Status != tt.status {
				t.Errorf("status %d, want %d", r.Status, tt.status)
			}
		})
	}
	empty := "/v2/" + repo + "/blobs/" + pushBlob(t, repo, nil)
	r := do(t, oci.Request{Method: http.MethodGet, Path: empty, Header: map[string]string{"Range": "bytes=0-"}})
	if r.Status != http.StatusOK && r.Status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("range of an empty blob: %s", r)
	}
}
