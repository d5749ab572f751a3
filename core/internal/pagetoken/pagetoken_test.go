package pagetoken

import (
	"testing"
	"time"
)

// TestFernetVector is the product's example: key of 32 bytes, time 1700000000,
// IV 00..0f.
func TestFernetVector(t *testing.T) {
	// The default key of the product is not secret: it is in its configuration
	// module. Only the layout is compared here, with a key of our own.
	k := NewKey()
	var iv [16]byte
	for i := range iv {
		iv[i] = byte(i)
	}
	token := k.seal([]byte(`{"start_id": 42}`), time.Unix(1700000000, 0), iv)
	const head = "gAAAAABlU_EAAAECAwQFBgcICQoLDA0OD" // version, time, IV
	if token[:len(head)] != head {
		t.Errorf("token %s does not begin with %s", token, head)
	}
	var p map[string]int
	if k.Open(token, &p) {
		t.Error("a token of 2023 was accepted")
	}
}

func TestRoundTrip(t *testing.T) {
	k := NewKey()
	token, err := k.Seal(map[string]int{"start_id": 42})
	if err != nil {
		t.Fatal(err)
	}
	var p map[string]int
	if !k.Open(token, &p) || p["start_id"] != 42 {
		t.Errorf("got %v", p)
	}
	if NewKey().Open(token, &p) {
		t.Error("another key opened it")
	}
}

func FuzzOpen(f *testing.F) {
	token, err := NewKey().Seal(map[string]int{"start_id": 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	other := NewKey()
	f.Fuzz(func(t *testing.T, s string) {
		var p map[string]int
		if other.Open(s, &p) {
			t.Errorf("opened a forged token %q", s)
		}
	})
}
