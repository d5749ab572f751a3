package route

import (
	"net/http"
	"testing"
)

// TestMatch shows that names keep their slashes, whatever words they are made of.
func TestMatch(t *testing.T) {
	paths := []string{
		"/v2/", "/v2/{name...}/tags/list", "/v2/{name...}/manifests/{reference}",
		"/v2/{name...}/blobs/uploads/", "/v2/{name...}/blobs/uploads/{upload}", "/v2/{name...}/blobs/{digest}",
	}
	rows := make([]Row, len(paths))
	for i, p := range paths {
		rows[i] = Row{Method: http.MethodGet, Path: p}
	}
	table := New(rows)
	for _, tc := range []struct{ path, row, name, value string }{
		{"/v2/", "/v2/", "", ""},
		{"/v2/a/b/tags/list", "/v2/{name...}/tags/list", "a/b", ""},
		{"/v2/a/b/c/d/manifests/latest", "/v2/{name...}/manifests/{reference}", "a/b/c/d", "latest"},
		{"/v2/a/manifests/manifests/x", "/v2/{name...}/manifests/{reference}", "a/manifests", "x"},
		{"/v2/a/tags/list/manifests/x", "/v2/{name...}/manifests/{reference}", "a/tags/list", "x"},
		{"/v2/a/b/blobs/uploads", "/v2/{name...}/blobs/uploads/", "a/b", ""},
		{"/v2/a/b/blobs/uploads/", "/v2/{name...}/blobs/uploads/", "a/b", ""},
		{"/v2/a/b/blobs/uploads/u", "/v2/{name...}/blobs/uploads/{upload}", "a/b", "u"},
		{"/v2/a/b/blobs/sha256:1", "/v2/{name...}/blobs/{digest}", "a/b", "sha256:1"},
		{"/v2/tags/list", "", "", ""},
		{"/v2/a/manifests/", "", "", ""},
		{"/v1/a/manifests/x", "", "", ""},
		{"/", "", "", ""},
	} {
		row, p, known, _ := table.Match(http.MethodGet, tc.path)
		if known != (tc.row != "") {
			t.Errorf("%s: known %v", tc.path, known)
			continue
		}
		if known && (row.Path != tc.row || p.Name != tc.name || p.Value != tc.value) {
			t.Errorf("%s: %s %+v", tc.path, row.Path, p)
		}
	}
	if _, _, known, allowed := table.Match(http.MethodPost, "/v2/a/b/tags/list"); !known || len(allowed) != 1 {
		t.Errorf("POST on a GET path: %v %v", known, allowed)
	}
	if row, _, _, _ := table.Match(http.MethodHead, "/v2/a/b/tags/list"); row == nil {
		t.Error("HEAD is not answered by GET's row")
	}
}

func BenchmarkMatch(b *testing.B) {
	table := New([]Row{
		{Method: "GET", Path: "/v2/{name...}/blobs/{digest}"}, {Method: "GET", Path: "/v2/{name...}/manifests/{reference}"},
	})
	b.ReportAllocs()
	for b.Loop() {
		table.Match("GET", "/v2/library/deep/name/manifests/latest")
	}
}
