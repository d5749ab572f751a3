package pagetoken

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"
)

type vectors struct {
	Key    string
	Tokens []struct{ Payload, Token string }
}

func read(tb testing.TB) vectors {
	tb.Helper()
	var v vectors
	b, err := os.ReadFile("testdata/tokens.json")
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || len(v.Tokens) == 0 {
		tb.Fatal(err)
	}
	return v
}

func keyOf(tb testing.TB, s string) Key {
	tb.Helper()
	k, err := ParseKey(s)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// made is when, and iv what the vectors were made with.
var (
	made = time.Unix(1700000000, 0)
	iv   = [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
)

// TestVectors proves that tokens of the reference are read and that ours are the same
// bytes.
func TestVectors(t *testing.T) {
	const example = "gAAAAABlU_EAAAECAwQFBgcICQoLDA0ODyEuwPnBttTKMPAf6GtmjC1m0inBMzgHVy6HLAC3SR9imMQkM0y0Fiee45zh5MvixeWGx5kYBTswM7TZS5izIfs="
	v := read(t)
	if v.Tokens[0].Token != example || v.Tokens[0].Payload != `{"start_id": 42}` {
		t.Error("the worked example is not among the vectors")
	}
	k := keyOf(t, v.Key).keys.Reveal()
	for _, c := range v.Tokens {
		if got := k.seal([]byte(c.Payload), made, iv); got != c.Token {
			t.Errorf("%s: got %s", c.Payload, got)
		}
		if got, ok := k.open(c.Token, made); !ok || string(got) != c.Payload {
			t.Errorf("%s: got %s, %v", c.Token, got, ok)
		}
	}
	var p map[string]int
	if keyOf(t, v.Key).Open(example, &p) {
		t.Error("a token of 2023 was accepted")
	}
}

// TestLifetime proves how long a token is good, and how far in the future it may be
// made, to the second.
func TestLifetime(t *testing.T) {
	v := read(t)
	k := keyOf(t, v.Key).keys.Reveal()
	for offset, want := range map[time.Duration]bool{
		0: true, 48 * time.Hour: true, 48*time.Hour + 999*time.Millisecond: true, 48*time.Hour + time.Second: false,
		-60 * time.Second: true, -61 * time.Second: false, 100000 * time.Hour: false,
	} {
		if _, ok := k.open(v.Tokens[0].Token, made.Add(offset)); ok != want {
			t.Errorf("after %v: %v", offset, ok)
		}
	}
	far := k.seal([]byte("{}"), time.Unix(-1, 0), iv) // 2⁶⁴-1 seconds
	if _, ok := k.open(far, made); ok {
		t.Error("a token of the end of time was accepted")
	}
}

// TestRoundTrip proves that a token is good for its key only, from the present on.
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
	if NewKey().Open(token, &p) || (Key{}).Open(token, &p) {
		t.Error("another key opened it")
	}
	if _, ok := k.keys.Reveal().open(token, time.Now().Add(48*time.Hour+2*time.Second)); ok {
		t.Error("it is good for ever")
	}
	if _, err := (Key{}).Seal(1); err == nil {
		t.Error("sealed without a key")
	}
	if _, err := NewKey().Seal(func() {}); err == nil {
		t.Error("sealed what is no JSON")
	}
}

// TestDamaged proves that no token with a changed byte is read, and no key that is none.
func TestDamaged(t *testing.T) {
	v := read(t)
	k := keyOf(t, v.Key).keys.Reveal()
	whole, err := base64.URLEncoding.DecodeString(v.Tokens[1].Token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		whole[i] ^= 1
		if _, ok := k.open(base64.URLEncoding.EncodeToString(whole), made); ok {
			t.Errorf("byte %d does not matter", i)
		}
		whole[i] ^= 1
	}
	for _, token := range []string{"", "gAAA", v.Tokens[0].Token[4:], v.Tokens[0].Token[:96], strings.Repeat("A", 1<<20), "é"} {
		if _, ok := k.open(token, made); ok {
			t.Errorf("%.50q is read", token)
		}
	}
	for _, s := range []string{"", v.Key[4:], v.Key + "AAAA", strings.Replace(v.Key, "-", "+", 1), "x" + v.Key[1:43]} {
		if _, err := ParseKey(s); err == nil {
			t.Errorf("%q is a key", s)
		}
	}
}

// TestPosition proves that positions of the product are read, and read by it.
func TestPosition(t *testing.T) {
	v := read(t)
	k := keyOf(t, v.Key).keys.Reveal()
	at := time.Date(2026, 11, 24, 4, 3, 21, 783532000, time.UTC)
	for i, want := range map[int]Position{
		1: {ID: 7, Page: 1},
		2: {Time: at, Page: 3, Offset: 40},
		3: {Time: at.Truncate(time.Second), Page: 2},
		4: {Page: 1},
	} {
		plain, ok := k.open(v.Tokens[i].Token, made)
		var got Position
		if err := json.Unmarshal(plain, &got); !ok || err != nil || got != want {
			t.Errorf("%s: got %+v, %v", plain, got, err)
		}
		ours, err := json.Marshal(want)
		var a, b any
		_ = json.Unmarshal(ours, &a)
		_ = json.Unmarshal(plain, &b)
		if err != nil || i != 4 && fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%+v: got %s, %v, want %s", want, ours, err, plain)
		}
	}
	nanos := Position{Time: at.Add(999).In(time.FixedZone("east", 7200))}
	if b, err := json.Marshal(nanos); err != nil || !strings.Contains(string(b), `"2026-11-24T04:03:21.783532Z"`) {
		t.Errorf("got %s, %v", b, err)
	}
	for _, s := range []string{
		`{}`, `[]`, `{"start_index": "x"}`, `{"start_index": 1.5}`, `{"start_index": 1, "is_datetime": true}`,
		`{"start_index": "2026", "is_datetime": true}`, `{"start_index": 1, "page_number": "1"}`,
	} {
		p := Position{ID: 9}
		if err := json.Unmarshal([]byte(s), &p); err == nil || p != (Position{ID: 9}) {
			t.Errorf("%s: got %+v, %v", s, p, err)
		}
	}
}

// TestNothingPrints proves that a key, and what holds one, can be printed and logged.
func TestNothingPrints(t *testing.T) {
	k := newKey([32]byte([]byte("0123456789abcdefghijklmnopqrstuv")))
	for _, v := range []any{k, &k, struct{ k Key }{k}, struct{ K *Key }{&k}} {
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
		for _, verb := range "vsdqxXTU" {
			fmt.Fprintf(&b, "%"+string(verb)+"%+"+string(verb)+"%#"+string(verb), v, v, v)
		}
		for _, word := range []string{"234567", "323334", "50 51 52", "0x32, 0x33"} {
			if strings.Contains(b.String(), word) {
				t.Errorf("%T shows %s: %s", v, word, b.String())
			}
		}
	}
}

// FuzzOpen proves that no forged token opens.
func FuzzOpen(f *testing.F) {
	v := read(f)
	for _, c := range v.Tokens {
		f.Add(c.Token)
	}
	other := NewKey()
	f.Fuzz(func(t *testing.T, s string) {
		var p map[string]int
		if other.Open(s, &p) {
			t.Errorf("opened a forged token %q", s)
		}
	})
}

// FuzzPosition proves that what is read as a position is written as the same one.
func FuzzPosition(f *testing.F) {
	for _, c := range read(f).Tokens {
		f.Add([]byte(c.Payload))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p, again Position
		if json.Unmarshal(b, &p) != nil {
			return
		}
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &again); err != nil || !again.Time.Equal(p.Time.Truncate(time.Microsecond)) || again.ID != p.ID {
			t.Errorf("%s: written as %s, %v", b, out, err)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	k := NewKey()
	token, err := k.Seal(map[string]int{"start_id": 42})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var p map[string]int
		_ = k.Open(token, &p)
	}
}
