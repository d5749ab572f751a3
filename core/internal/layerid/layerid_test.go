package layerid_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/layerid"
)

type vector struct {
	Salt, ID        string
	Manifest, Layer int64
}

func read(tb testing.TB) []vector {
	tb.Helper()
	var v struct{ Cases []vector }
	b, err := os.ReadFile("testdata/ids.json")
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || len(v.Cases) == 0 {
		tb.Fatal(err)
	}
	return v.Cases
}

// TestVectors proves that ids are those of the product, and are read back.
func TestVectors(t *testing.T) {
	for _, c := range read(t) {
		ids := layerid.New(c.Salt)
		if got := ids.Encode(c.Manifest, c.Layer); got != c.ID {
			t.Errorf("%d, %d: got %s, want %s", c.Manifest, c.Layer, got, c.ID)
		}
		if m, l, ok := ids.Decode(c.ID); !ok || m != c.Manifest || l != c.Layer {
			t.Errorf("%s: got %d, %d, %v", c.ID, m, l, ok)
		}
		if _, _, ok := layerid.New("another " + c.Salt).Decode(c.ID); ok {
			t.Errorf("%s: another salt reads it", c.ID)
		}
	}
}

// TestNoIDs proves that nothing else is read.
func TestNoIDs(t *testing.T) {
	ids := layerid.New("salt")
	good := ids.Encode(42, 3)
	for _, s := range []string{
		"", good[1:], good + "0", strings.ToUpper(good), strings.Repeat("0", 64), strings.Repeat("c", 64), strings.Repeat("f", 64),
		strings.Repeat("g", 64), strings.Repeat("é", 32), good[:63] + "\x00", strings.Repeat("0", 1<<20),
	} {
		if _, _, ok := ids.Decode(s); ok {
			t.Errorf("%.70q is read", s)
		}
	}
	if s := fmt.Sprintf("%+v %#v %v %d", ids, ids, struct{ x layerid.IDs }{ids}, ids); strings.Contains(s, "115 97 108 116") || strings.Contains(s, "salt") {
		t.Errorf("the salt shows: %s", s)
	}
}

// FuzzDecode proves that what is read is what is written, and only that.
func FuzzDecode(f *testing.F) {
	ids := layerid.New("0OYrc16oBuksR8T3JGB-xxYSlZ2-7I_zzqrLzggBJ58=")
	for _, c := range read(f) {
		f.Add(c.ID, c.Manifest, c.Layer)
	}
	f.Fuzz(func(t *testing.T, s string, manifest, layer int64) {
		if m, l, ok := ids.Decode(s); ok && ids.Encode(m, l) != s {
			t.Errorf("%s: read as %d, %d", s, m, l)
		}
		if manifest < 0 || layer < 0 {
			return
		}
		id := ids.Encode(manifest, layer)
		if m, l, ok := ids.Decode(id); !ok || m != manifest || l != layer || len(id) != layerid.Size {
			t.Errorf("%d, %d: %s read as %d, %d, %v", manifest, layer, id, m, l, ok)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	ids := layerid.New("0OYrc16oBuksR8T3JGB-xxYSlZ2-7I_zzqrLzggBJ58=")
	b.ReportAllocs()
	for b.Loop() {
		_ = ids.Encode(123456, 7)
	}
}
