package distributiondriver

import (
	"testing"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"

	"github.com/quay/quay/sdk/storage"
)

// TestEscape proves that the paths of a registry stay as they are, and how others look.
func TestEscape(t *testing.T) {
	for path, want := range map[string]string{
		"sha256/ab/abcdef":                     "/sha256/ab/abcdef",
		"images/f81d4fae-7dec/layer_v2.tar.gz": "/images/f81d4fae-7dec/layer_v2.tar.gz",
		"_manifests/.hidden/..a":               "/_manifests/.hidden/..a",
		"a b":                                  "/a_x20b",
		"ä":                                    "/_xc3_xa4",
		"dot./a.":                              "/dot_x2e/a_x2e",
		"_x20":                                 "/_x5fx20",
		"_xtmp/a":                              "/_x5fxtmp/a",
		"__x":                                  "/__x5fx",
		"a_/x":                                 "/a_/x",
		"..a../\n":                             "/..a._x2e/_x0a",
	} {
		if got := escape(path); got != want {
			t.Errorf("%q is escaped as %q, not %q", path, got, want)
		}
	}
}

// TestUnescapeForeign proves that names which escape never writes belong to nobody's
// object.
func TestUnescapeForeign(t *testing.T) {
	for _, path := range []string{"a", "/_x", "/_x2", "/_xzz", "/_x41", "/_X20_x2E", "/a b", "/a.", tempDir + "/a", "/_x20_"[:5] + "_x"} {
		if got, ok := unescape(path); ok {
			t.Errorf("%q is taken for %q", path, got)
		}
	}
}

// FuzzEscape proves that every good path has an escape that distribution accepts and
// that leads back to it.
func FuzzEscape(f *testing.F) {
	for _, path := range []string{"sha256/ab/abc", "a b", "_x", "__x_x", "_x5fx", "a./.b", "ä/日本", "_x_x", "_", "x_"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if storage.CheckPath(path) != nil {
			return
		}
		escaped := escape(path)
		if !storagedriver.PathRegexp.MatchString(escaped) {
			t.Errorf("distribution refuses %q, of %q", escaped, path)
		}
		if back, ok := unescape(escaped); !ok || back != path {
			t.Errorf("%q is escaped as %q, which leads back to %q", path, escaped, back)
		}
	})
}
