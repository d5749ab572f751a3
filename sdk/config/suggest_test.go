package config

import "testing"

// TestSuggest proves that a slip finds its name and that a name of its own finds none.
func TestSuggest(t *testing.T) {
	names := []string{"storage_path", "bucket", "key", "secret_key", "region"}
	tests := []struct{ name, want string }{
		{"storage-path", "storage_path"},
		{"storagePath", "storage_path"},
		{"storage_pth", "storage_path"},
		{"buckte", "bucket"},
		{"kex", "key"},
		{"Secret-Key", "secret_key"},
		{"reg", ""},
		{"k", ""},
		{"", ""},
		{"encryption", ""},
	}
	for _, test := range tests {
		want := "."
		if test.want != "" {
			want = `; did you mean "` + test.want + `"?`
		}
		if got := suggest(test.name, names); got != want {
			t.Errorf("%q: the end is %q, want %q", test.name, got, want)
		}
	}
}
