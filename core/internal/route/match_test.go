package route

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// registry is a table like that of /v2.
func registry() *Table {
	var rows []Row
	for _, path := range []string{
		"/v2/", "/v2/_catalog", "/v2/{name...}/tags/list", "/v2/{name...}/manifests/{reference}",
		"/v2/{name...}/blobs/uploads/", "/v2/{name...}/blobs/uploads/{upload}", "/v2/{name...}/blobs/{digest}",
	} {
		rows = append(rows, Row{Method: http.MethodGet, Path: path}, Row{Method: http.MethodDelete, Path: path})
	}
	return New(rows)
}

// TestMatchAllocations keeps finding a row from costing memory: every request pays
// for it.
func TestMatchAllocations(t *testing.T) {
	table := registry()
	for _, path := range []string{"/v2/", "/v2/acme/web/api/manifests/latest", "/v2/acme/web/blobs/sha256:abc", "/nowhere"} {
		n := testing.AllocsPerRun(1000, func() { table.Match(http.MethodGet, path) })
		if n > 0 { // measured: 0
			t.Errorf("%s allocates %v times", path, n)
		}
	}
}

// TestTwoRowsForOne proves that a table with two rows for one method and path is a
// defect that is found at the start.
func TestTwoRowsForOne(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("the table was made")
		}
	}()
	New([]Row{{Method: "GET", Path: "/v2/"}, {Method: "GET", Path: "/v2/"}})
}

// TestAllowed proves that a path which is there with other methods tells which.
func TestAllowed(t *testing.T) {
	for _, path := range []string{"/v2/", "/v2/acme/web/tags/list"} {
		row, _, known, allowed := registry().Match(http.MethodPost, path)
		slices.Sort(allowed)
		if row != nil || !known || !slices.Equal(allowed, []string{"DELETE", "GET"}) {
			t.Errorf("%s: %v %v %v", path, row, known, allowed)
		}
	}
}

// FuzzMatch proves that a path which matches a row is that row's path with the
// parameters put in: nothing of it is lost.
func FuzzMatch(f *testing.F) {
	for _, path := range []string{"/v2/", "/v2/a/b/blobs/uploads/", "/v2/a/blobs/uploads", "/v2//manifests/x", "/v2/a//tags/list", "/v2/a/blobs/uploads/x/"} {
		f.Add(path)
	}
	table := registry()
	f.Fuzz(func(t *testing.T, path string) {
		row, p, known, _ := table.Match(http.MethodGet, path)
		if known != (row != nil) {
			t.Fatalf("%q: known %v, row %v", path, known, row)
		}
		if row == nil {
			return
		}
		prefix, suffix, _ := strings.Cut(row.Path, "{name...}")
		suffix, _, _ = strings.Cut(suffix, "{")
		want := prefix + p.Name + suffix + p.Value
		if want != path && want != path+"/" {
			t.Errorf("%q matched %s with %+v, which is %q", path, row.Path, p, want)
		}
	})
}
