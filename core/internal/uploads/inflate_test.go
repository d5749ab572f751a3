package uploads_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/uploads"
)

// packed compresses zeros.
func packed(t *testing.T, n int, make func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := make(&b)
	_, err := w.Write(bytes.Repeat([]byte{0}, n))
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// TestInflated proves of which uploads the inflated size is found out: of compressed
// ones that came in one piece, and of what is too short to be anything else. The sizes
// are what Python's zlib makes of the same bytes (util/registry/gzipstream.py).
func TestInflated(t *testing.T) {
	gz := packed(t, 1<<20, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	z := packed(t, 1<<20, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })
	damaged := bytes.Clone(gz)
	damaged[len(damaged)-5] ^= 1 // in the checksum or the length
	damaged[len(damaged)/2] ^= 0xff
	for _, tc := range []struct {
		what   string
		chunks [][]byte
		off    bool
		want   int64
	}{
		{"gzip", [][]byte{gz}, false, 1 << 20},
		{"zlib", [][]byte{z}, false, 1 << 20},
		{"two streams, of which the product counts one", [][]byte{append(bytes.Clone(gz), gz...)}, false, 1 << 20},
		{"more after it", [][]byte{append(bytes.Clone(gz), "more"...)}, false, 1 << 20},
		{"in two pieces", [][]byte{gz[:100], gz[100:]}, false, -1},
		{"plain", [][]byte{random(5000)}, false, -1},
		{"damaged", [][]byte{damaged}, false, -1},
		{"not asked for", [][]byte{gz}, true, -1},
		{"one byte", [][]byte{{0x1f}}, false, 0},
		{"one byte that no stream begins with", [][]byte{{'a'}}, false, 0},
		{"no byte", [][]byte{{}}, false, 0},
		{"no byte, then all", [][]byte{{}, gz}, false, -1},
		{"all, then no byte", [][]byte{gz, {}}, false, 1 << 20},
		{"half a header", [][]byte{gz[:5]}, false, 0},
		{"half a header of zlib", [][]byte{z[:2]}, false, 0},
		{"without its end", [][]byte{gz[:len(gz)-8]}, false, 1 << 20},
	} {
		r := open(t, uploads.Policy{Measure: !tc.off})
		id := r.begin()
		var whole []byte
		for _, c := range tc.chunks {
			whole = append(whole, c...)
			if _, err := r.add(id, chunk(c)); err != nil {
				t.Fatalf("%s: %v", tc.what, err)
			}
		}
		up, err := r.Get(t.Context(), r.repo, id)
		must(t, err)
		got := int64(-1)
		if up.Inflated != nil {
			got = *up.Inflated
		}
		if got != tc.want {
			t.Errorf("%s: inflated %d, want %d", tc.what, got, tc.want)
		}
		must(t, r.finish(id, chunk(nil), domain.SHA256.Of(whole)))
	}
}

// TestFirstState proves that a session which has no byte yet can be gone on with by
// the Python product: it needs the state of a hash that has seen nothing.
func TestFirstState(t *testing.T) {
	r := open(t, uploads.Policy{})
	up, err := r.Get(t.Context(), r.repo, r.begin())
	if must(t, err); up.HashState == "" {
		t.Error("there is no state")
	}
}
