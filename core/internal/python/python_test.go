package python

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"unicode"
)

func read(tb testing.TB, file string, into any) {
	tb.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

type base64Case struct {
	Text     string
	Std, URL *string
}

func base64Cases(tb testing.TB) []base64Case {
	var v struct{ Cases []base64Case }
	read(tb, "base64.json", &v)
	return v.Cases
}

// TestBase64 proves that base64, with all that Python skips in it, is read as Python
// reads it.
func TestBase64(t *testing.T) {
	for _, c := range base64Cases(t) {
		for name, f := range map[string]struct {
			decode func(string) ([]byte, bool)
			want   *string
		}{"standard": {DecodeBase64, c.Std}, "URL": {DecodeBase64URL, c.URL}} {
			got, ok := f.decode(c.Text)
			if ok != (f.want != nil) || ok && hex.EncodeToString(got) != *f.want {
				t.Errorf("%s, %q: got %x, %v", name, c.Text, got, ok)
			}
		}
	}
}

// FuzzBase64 proves that what was written strictly is read the same, and that nothing
// makes the reader do more than refuse.
func FuzzBase64(f *testing.F) {
	for _, c := range base64Cases(f) {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		DecodeBase64(s)
		DecodeBase64URL(s)
		for _, got := range []func() ([]byte, bool){
			func() ([]byte, bool) { return DecodeBase64(base64.StdEncoding.EncodeToString([]byte(s))) },
			func() ([]byte, bool) { return decodeLax(base64.StdEncoding.EncodeToString([]byte(s)), '+', '/') },
			func() ([]byte, bool) { return DecodeBase64URL(base64.RawURLEncoding.EncodeToString([]byte(s))) },
		} {
			if b, ok := got(); !ok || !bytes.Equal(b, []byte(s)) {
				t.Errorf("%q: got %q, %v", s, b, ok)
			}
		}
	})
}

// TestValues proves that strings are written, and numbers read, as Python does.
func TestValues(t *testing.T) {
	var v struct {
		Strings  []struct{ Text, JSON string }
		Integers []struct {
			Text  string
			Base  int
			Value *string
		}
	}
	read(t, "values.json", &v)
	for _, c := range v.Strings {
		if got := JSONString(c.Text); got != c.JSON {
			t.Errorf("%q: got %s, want %s", c.Text, got, c.JSON)
		}
	}
	for _, c := range v.Integers {
		n, ok := ParseInt(c.Text, c.Base)
		if ok != (c.Value != nil) || ok && n.String() != *c.Value {
			t.Errorf("%q, base %d: got %v, %v", c.Text, c.Base, n, ok)
		}
	}
	if len(v.Strings) == 0 || len(v.Integers) == 0 {
		t.Error("no values")
	}
}

// TestDigits proves what the values of digits are read from: that Unicode has them in
// tens, whole and in order.
func TestDigits(t *testing.T) {
	for _, r := range unicode.Nd.R16 {
		if r.Stride != 1 || (r.Hi-r.Lo+1)%10 != 0 {
			t.Errorf("U+%04X to U+%04X", r.Lo, r.Hi)
		}
	}
	for _, r := range unicode.Nd.R32 {
		if r.Stride != 1 || (r.Hi-r.Lo+1)%10 != 0 {
			t.Errorf("U+%04X to U+%04X", r.Lo, r.Hi)
		}
	}
}

// FuzzJSONString proves that what is written is JSON, in ASCII, of the same text.
func FuzzJSONString(f *testing.F) {
	f.Add("a\"\\\n\x00é\U0001f600\xff")
	f.Fuzz(func(t *testing.T, s string) {
		j := JSONString(s)
		var got string
		if err := json.Unmarshal([]byte(j), &got); err != nil || !isASCII(j) || got != string([]rune(s)) {
			t.Errorf("%q: %s, %q, %v", s, j, got, err)
		}
	})
}
