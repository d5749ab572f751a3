package shastate

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
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

// TestVectors shows that states of the product after many lengths, with stale bytes of
// earlier blocks in them, are continued to the right digest, that they are saved as they
// were, and that what we save of the same bytes is the same state.
func TestVectors(t *testing.T) {
	b, err := os.ReadFile("testdata/states.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Total  string
		States []struct {
			Bytes    int
			State    string
			InPieces string `json:"in_pieces"`
		}
	}
	if err := json.Unmarshal(b, &v); err != nil || len(v.States) == 0 {
		t.Fatal(err)
	}
	message := make([]byte, 1000)
	for i := range message {
		message[i] = byte(i*7 + 3)
	}
	for _, c := range v.States {
		for _, state := range []string{c.State, c.InPieces} {
			h, n, err := Load(state)
			if err != nil || n != int64(c.Bytes) {
				t.Fatalf("%d bytes: %d, %v", c.Bytes, n, err)
			}
			ours, err := Save(h)
			if err != nil || ours != state {
				t.Errorf("%d bytes: saved as %s, %v; want %s", c.Bytes, ours, err, state)
			}
			h.Write(message[c.Bytes:])
			if got := hex.EncodeToString(h.Sum(nil)); got != v.Total {
				t.Errorf("%d bytes: digest %s", c.Bytes, got)
			}
		}
		h := New()
		h.Write(message[:c.Bytes])
		if ours, err := Save(h); err != nil || ours != c.State {
			t.Errorf("%d bytes: got %s, %v; want %s", c.Bytes, ours, err, c.State)
		}
	}
}

// TestRefused shows that nothing but the one shape is a state, whatever else a pickle
// could say, and that no other hash is saved as SHA-256.
func TestRefused(t *testing.T) {
	whole, err := base64.StdEncoding.DecodeString(afterHello)
	if err != nil {
		t.Fatal(err)
	}
	refused := []string{
		"x", afterHello[4:], afterHello + "AAAA", afterHello[:len(afterHello)-4], strings.Repeat("A", 1<<20),
		"gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==", // another class
	}
	for i := range whole { // every byte of the pickle, and impossible lengths
		changed := bytes.Clone(whole)
		switch at := i - len(prefix); {
		case at < 0, at >= structSize:
			changed[i] ^= 1
		case at == 64: // 64 pending bytes
			changed[i] = 64
		case at == 65:
			changed[i] = 1
		case at == 72: // 8 bits
			changed[i] = 8
		default:
			continue
		}
		refused = append(refused, base64.StdEncoding.EncodeToString(changed))
	}
	for _, state := range refused {
		if _, _, err := Load(state); err == nil {
			t.Errorf("%.80s is loaded", state)
		}
	}
	if h, n, err := Load(""); err != nil || n != 0 || hex.EncodeToString(h.Sum(nil))[:8] != "e3b0c442" {
		t.Errorf("no state: %d, %v", n, err)
	}
	if s, err := Save(sha512.New()); err == nil {
		t.Errorf("saved as %s", s)
	}
	if s, err := Save(sha1.New()); err == nil {
		t.Errorf("saved as %s", s)
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
