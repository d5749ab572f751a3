package secret_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

type keyCase struct {
	Secret string
	Repeat int
	Key    string
	Error  bool
}

func vectors(tb testing.TB) []keyCase {
	tb.Helper()
	b, err := os.ReadFile("testdata/keys.json")
	if err != nil {
		tb.Fatal(err)
	}
	var v struct{ Cases []keyCase }
	if err := json.Unmarshal(b, &v); err != nil || len(v.Cases) == 0 {
		tb.Fatal(err)
	}
	for i, c := range v.Cases {
		v.Cases[i].Secret = strings.Repeat(c.Secret, max(1, c.Repeat))
	}
	return v.Cases
}

// TestParseKeyExamples proves the worked examples of the format.
func TestParseKeyExamples(t *testing.T) {
	for text, unit := range map[string]string{
		"12345678901234567890": "ab54a98ceb1f0ad2", "100": "64", "4096": "1000", " 42 ": "2a", "-5": "2d35",
		"ae5b8b1e-0b8e-4b38-8a0c-5a8b2d1a9a11":   "ae5b8b1e0b8e4b388a0c5a8b2d1a9a11",
		"{ae5b8b1e-0b8e-4b38-8a0c-5a8b2d1a9a11}": "ae5b8b1e0b8e4b388a0c5a8b2d1a9a11",
		"test1234":                               "7465737431323334", "é1": "e931", "256": "323536", "1_000": "315f303030",
	} {
		key, err := secret.ParseKey(text)
		want := strings.Repeat(unit, 64/len(unit)+1)[:64]
		if got := hex.EncodeToString(key.Reveal()); err != nil || got != want {
			t.Errorf("%q: got %s, %v, want %s", text, got, err, want)
		}
		if got := hex.EncodeToString(key.RevealMaterial()); got != unit {
			t.Errorf("%q: material %s, want %s", text, got, unit)
		}
	}
}

// TestParseKeyVectors proves that keys are those that the product made of the same
// secrets, and that what it refuses is refused.
func TestParseKeyVectors(t *testing.T) {
	for _, c := range vectors(t) {
		key, err := secret.ParseKey(c.Secret)
		if c.Error {
			if !errs.Is(err, errs.Invalid) || key.IsSet() {
				t.Errorf("%q: got %x, %v; the product refuses it", c.Secret, key.Reveal(), err)
			}
			continue
		}
		if got := hex.EncodeToString(key.Reveal()); err != nil || got != c.Key {
			t.Errorf("%q: got %s, %v, want %s", c.Secret, got, err, c.Key)
		}
	}
}

// TestKeyOfNothing proves that the zero key is no key, and that what is returned is
// nobody else's.
func TestKeyOfNothing(t *testing.T) {
	var none secret.Key
	if none.IsSet() || none.Reveal() != nil || none.RevealMaterial() != nil {
		t.Error("the zero key is one")
	}
	key, err := secret.ParseKey("test1234")
	if err != nil {
		t.Fatal(err)
	}
	clear(key.Reveal())
	clear(key.RevealMaterial())
	if string(key.RevealMaterial()) != "test1234" || string(key.Reveal()) != strings.Repeat("test1234", 4) {
		t.Error("a caller changed the key")
	}
}

// FuzzParseKey proves that every text is a key of 32 bytes or refused.
func FuzzParseKey(f *testing.F) {
	for _, c := range vectors(f) {
		f.Add(c.Secret)
	}
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, s string) {
		key, err := secret.ParseKey(s)
		if err == nil && (len(key.Reveal()) != secret.KeySize || len(key.RevealMaterial()) == 0) {
			t.Errorf("%q: %d bytes", s, len(key.Reveal()))
		}
		if err != nil && (!errs.Is(err, errs.Invalid) || key.IsSet()) {
			t.Errorf("%q: %v", s, err)
		}
	})
}

// TestText proves what a secret text is equal to.
func TestText(t *testing.T) {
	var none secret.Text
	empty, some := secret.New(""), secret.New("some")
	if none.IsSet() || !empty.IsSet() || none.Reveal() != "" || empty.Reveal() != "" || some.Reveal() != "some" {
		t.Error("wrong texts")
	}
	if none.Equal("") || !empty.Equal("") || empty.Equal("x") || !some.Equal("some") || some.Equal("Some") || some.Equal("som") {
		t.Error("wrong comparisons")
	}
	if got := secret.Enclose(7).Reveal(); got != 7 || (secret.Box[string]{}).Reveal() != "" {
		t.Errorf("got %d", got)
	}
}

// TestNothingPrints proves that no way of printing, logging or encoding shows a secret,
// alone or within other values.
func TestNothingPrints(t *testing.T) {
	const value = "12345678901234567890123456789012345678"
	key, err := secret.ParseKey(value + "x")
	if err != nil {
		t.Fatal(err)
	}
	text := secret.New(value)
	type holder struct {
		Text   secret.Text
		Key    secret.Key
		Texts  []secret.Text
		Map    map[string]secret.Key
		hidden secret.Text
		key    secret.Key
		at     *secret.Text
		box    secret.Box[[]byte]
	}
	box := secret.Enclose([]byte(value))
	h := holder{text, key, []secret.Text{text}, map[string]secret.Key{"k": key}, text, key, &text, box}
	for _, v := range []any{text, &text, key, &key, h, &h, []any{text, key, box}, box, &box, [1]secret.Text{text}} {
		for _, verb := range "vTtbcdoOqxXUeEfFgGsp" {
			for _, flag := range []string{"", "+", "#", "-", " ", "0", "50.40"} {
				unshown(t, value, fmt.Sprintf("%"+flag+string(verb), v))
			}
		}
		unshown(t, value, fmt.Sprint(v)+fmt.Sprintln(v))
		var b bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewJSONHandler(&b, nil), slog.NewTextHandler(&b, nil)} {
			slog.New(handler).Info("m", "v", v, slog.Group("g", "v", v))
		}
		j, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		unshown(t, value, b.String()+string(j))
	}
	x, err := xml.Marshal(h.Texts)
	if err != nil {
		t.Error(err)
	}
	unshown(t, value, string(x))
	if got := fmt.Sprintf("%v %s %#v %d", text, key, key, text) + text.String() + key.GoString(); got != strings.Repeat("[secret] ", 3)+strings.Repeat("[secret]", 3) {
		t.Errorf("got %s", got)
	}
}

func unshown(t *testing.T, value, printed string) {
	t.Helper()
	for _, form := range []string{value, hex.EncodeToString([]byte(value)), "49 50 51 52 53 54 55 56 57 48"} {
		if strings.Contains(strings.ToLower(printed), form) {
			t.Errorf("it shows: %s", printed)
		}
	}
}

func BenchmarkParseKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = secret.ParseKey("contract-secret-key-8d1f4b0a")
	}
}
