package session

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// key is that of the worked examples.
const key = "anothercrazykey!"

var then = time.Unix(1700000000, 0)

func signer() *Signer { return NewSigner(secret.New(key)) }

type vector struct {
	Name, Key, Cookie, JSON string
	Time                    int64
}

// vectors are cookies that the product's libraries made; testdata/cookies.json names
// their versions.
func vectors(t testing.TB) []vector {
	t.Helper()
	b, err := os.ReadFile("testdata/cookies.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Cases []vector }
	if err := json.Unmarshal(b, &v); err != nil || len(v.Cases) == 0 {
		t.Fatal(err)
	}
	return v.Cases
}

// TestKeyDerivation is the worked example of the format.
func TestKeyDerivation(t *testing.T) {
	if got := hex.EncodeToString(signer().key.Reveal()); got != "e16ea4eaa6414f690042706bc9186e926325754e" {
		t.Errorf("got %s", got)
	}
}

// TestOpenProductCookies proves that what the product signed is read to the last
// member, and that what we sign of it has the same text and is read again.
func TestOpenProductCookies(t *testing.T) {
	for _, tc := range vectors(t) {
		s := NewSigner(secret.New(tc.Key))
		at := time.Unix(tc.Time, 0)
		value, stamp, err := s.Open(tc.Cookie, time.Hour, at.Add(time.Hour))
		if err != nil || !stamp.Equal(at) {
			t.Errorf("%s: %v, %v", tc.Name, stamp, err)
			continue
		}
		if got := string(pyjson.Form{Compact: true}.Append(nil, value)); got != tc.JSON {
			t.Errorf("%s: got %s, want %s", tc.Name, got, tc.JSON)
		}
		sealed := s.Seal(value, at)
		// zlib's output is its own; what is not compressed is the same text.
		if !strings.HasPrefix(tc.Cookie, ".") && !strings.HasPrefix(sealed, ".") && sealed != tc.Cookie {
			t.Errorf("%s: sealed %s, want %s", tc.Name, sealed, tc.Cookie)
		}
		again, _, err := s.Open(sealed, 0, at)
		if err != nil || string(pyjson.Form{Compact: true}.Append(nil, again)) != tc.JSON {
			t.Errorf("%s: read again: %v, %v", tc.Name, again, err)
		}
	}
}

// TestOpenRefuses proves that nothing counts but what was signed, in time.
func TestOpenRefuses(t *testing.T) {
	s := signer()
	good := s.Seal(pyjson.Object{{Name: "a", Value: "b"}}, then)
	parts := strings.Split(good, ".")
	resign := func(text string) string {
		mac := s.mac([]byte(text))
		return text + "." + b64.EncodeToString(mac[:])
	}
	bomb := func(n int) string {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		_, _ = w.Write(append([]byte{'"'}, bytes.Repeat([]byte{'a'}, n)...))
		_, _ = w.Write([]byte{'"'})
		_ = w.Close()
		return resign("." + b64.EncodeToString(b.Bytes()) + "." + parts[1])
	}
	if _, _, err := s.Open(bomb(maxPlain-2), time.Hour, then); err != nil {
		t.Errorf("the largest text: %v", err)
	}
	for name, tc := range map[string]struct {
		text  string
		after time.Duration
	}{
		"too old by a second":    {good, time.Hour + time.Second},
		"from the future":        {good, -time.Second},
		"empty":                  {"", 0},
		"dots":                   {"...", 0},
		"no signature":           {parts[0] + "." + parts[1], 0},
		"an empty signature":     {parts[0] + "." + parts[1] + ".", 0},
		"a cut signature":        {good[:len(good)-2], 0},
		"other payload":          {"e30." + parts[1] + "." + parts[2], 0},
		"other time":             {parts[0] + ".ZVPxAQ." + parts[2], 0},
		"padded":                 {good + "=", 0},
		"a blank behind":         {good + " ", 0},
		"standard alphabet":      {strings.NewReplacer("-", "+", "_", "/").Replace(example), 0},
		"another key's":          {NewSigner(secret.New("other")).Seal(nil, then), 0},
		"signed without time":    {resign(parts[0]), 0},
		"signed with empty time": {resign(parts[0] + "."), 0},
		"signed with long time":  {resign(parts[0] + ".AAAAAAAAAAAAAAAA"), 0},
		"signed before 1970":     {resign(parts[0] + "." + b64.EncodeToString(bytes.Repeat([]byte{0xff}, 8))), 0},
		"signed without JSON":    {resign("eA." + parts[1]), 0},
		"signed without base64":  {resign("*." + parts[1]), 0},
		"signed without zlib":    {resign(".e30." + parts[1]), 0},
		"a bomb":                 {bomb(8 << 20), 0},
		"a mebibyte":             {strings.Repeat("a", 1<<20), 0},
	} {
		value, _, err := s.Open(tc.text, time.Hour, then.Add(tc.after))
		if !errs.Is(err, errs.Unauthenticated) || value != nil {
			t.Errorf("%s: got %v, %v", name, value, err)
		}
	}
	if _, _, err := s.Open(good, time.Hour, then.Add(time.Hour)); err != nil {
		t.Errorf("in its last second: %v", err)
	}
}

// TestBombAllocations proves that opening a text costs memory in proportion to what it
// may become, not to what it says.
func TestBombAllocations(t *testing.T) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(make([]byte, 16<<20))
	_ = w.Close()
	payload := "." + b64.EncodeToString(b.Bytes())
	if len(payload) > MaxText {
		t.Fatalf("it has %d bytes", len(payload))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := open(payload); err == nil {
		t.Error("it was accepted")
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 8*maxPlain {
		t.Errorf("%d bytes were allocated", n)
	}
}

// TestNothingPrints proves that neither a key nor a session gets into a log.
func TestNothingPrints(t *testing.T) {
	s := signer()
	session := s.Read(s.Seal(pyjson.Object{{Name: "_user_id", Value: "hidden-user"}}, then), time.Hour, then)
	secrets := []string{key, hex.EncodeToString(s.key.Reveal()), string(s.key.Reveal()), fmt.Sprintf("%d", s.key.Reveal()), fmt.Sprintf("%#v", s.key.Reveal()), "hidden-user"}
	type holder struct {
		S *Signer
		s *Signer
		N *Session
	}
	h := holder{s, s, session}
	var texts []string
	for _, v := range []any{s, *s, session, h, &h, []any{s, session}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%t", "%b", "%o", "%c", "%e", "%U"} {
			texts = append(texts, fmt.Sprintf(verb, v))
		}
		j, _ := json.Marshal(v)
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "v", v)
		texts = append(texts, string(j), log.String())
	}
	for _, text := range texts {
		for _, hidden := range secrets {
			if strings.Contains(strings.ToLower(text), strings.ToLower(hidden)) {
				t.Errorf("printed %q", text)
			}
		}
	}
}

// FuzzOpen proves that nothing but what was signed is accepted, and that reading the
// rest of a signed text, whatever it is, fails cleanly.
func FuzzOpen(f *testing.F) {
	s := signer()
	for _, v := range vectors(f) {
		if len(v.Cookie) < 2000 {
			f.Add(v.Cookie, true)
		}
	}
	f.Add("..", false)
	f.Fuzz(func(t *testing.T, text string, sign bool) {
		if sign {
			mac := s.mac([]byte(text))
			text += "." + b64.EncodeToString(mac[:])
		}
		value, at, err := s.Open(text, 1<<62, time.Unix(1<<40, 0))
		if err != nil {
			if !errs.Is(err, errs.Unauthenticated) {
				t.Error(err)
			}
			return
		}
		signed, signature, _ := cutLast(text)
		if mac := s.mac([]byte(signed)); signature != b64.EncodeToString(mac[:]) {
			t.Errorf("accepted %q", text)
		}
		if _, _, err := s.Open(s.Seal(value, at), 1<<62, time.Unix(1<<40, 0)); err != nil && len(text) < MaxText/2 {
			t.Errorf("sealed again: %v", err)
		}
	})
}

// BenchmarkRead reads the cookie of somebody who is signed in.
func BenchmarkRead(b *testing.B) {
	s := signer()
	for _, v := range vectors(b) {
		if v.Name != "login" {
			continue
		}
		b.ReportAllocs()
		for b.Loop() {
			if s.Read(v.Cookie, DefaultLifetime, then).Empty() {
				b.Fatal("it was not accepted")
			}
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	s, session := signer(), &Session{}
	session.Login(Login{User: "0a1b2c3d-0000-4000-8000-000000000001", Identifier: Identifier("192.0.2.1", "x"), Now: then})
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Write(session, then)
	}
}
