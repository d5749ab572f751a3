package shastate

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// afterHello is the product's state after "hello " (resumablesha256 1.0).
const afterHello = "gASVlQAAAAAAAACMD3Jlc3VtYWJsZXNoYTI1NpSMBnNoYTI1NpSTlCmBlENwaGVsbG8gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAYAAAAAAAAAAAAAAAAAAABn5glqha5nu3Lzbjw69U+lf1IOUYxoBZur2YMfGc3gW5RiLg=="

// TestProductState shows that a state of the product is continued to the right
// digest and that ours is the product's, byte for byte.
func TestProductState(t *testing.T) {
	h, n, err := Load(afterHello)
	if err != nil || n != 6 {
		t.Fatalf("Load: %d bytes, %v", n, err)
	}
	h.Write([]byte("world"))
	const want = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	ours := New()
	ours.Write([]byte("hello "))
	if s, err := Save(ours); err != nil || s != afterHello {
		t.Errorf("Save: %s, %v", s, err)
	}
}

// TestRoundTrip cuts a message at every kind of block boundary.
func TestRoundTrip(t *testing.T) {
	message := bytes.Repeat([]byte("0123456789abcdef!"), 40)
	whole := New()
	whole.Write(message)
	for _, cut := range []int{0, 1, 55, 56, 63, 64, 65, 127, 128, 640, len(message)} {
		h := New()
		h.Write(message[:cut])
		s, err := Save(h)
		if err != nil {
			t.Fatal(err)
		}
		again, n, err := Load(s)
		if err != nil || n != int64(cut) {
			t.Fatalf("cut %d: %d bytes, %v", cut, n, err)
		}
		again.Write(message[cut:])
		if !bytes.Equal(again.Sum(nil), whole.Sum(nil)) {
			t.Errorf("cut %d: another digest", cut)
		}
	}
}

// FuzzLoad shows that no stored text makes Load do more than fail.
func FuzzLoad(f *testing.F) {
	f.Add(afterHello)
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		h, _, err := Load(s)
		if err == nil {
			if _, err := Save(h); err != nil {
				t.Fatal(err)
			}
		}
	})
}
