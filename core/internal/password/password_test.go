package password

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

type vectors struct {
	Bcrypt    []struct{ Password, Hash string }
	Encrypted []struct{ Secret, IV, Password, Sent string }
	Other     []struct{ Name, Sent string }
}

func read(tb testing.TB) vectors {
	tb.Helper()
	var v vectors
	b, err := os.ReadFile("testdata/passwords.json")
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func keyOf(tb testing.TB, text string) secret.Key {
	tb.Helper()
	k, err := secret.ParseKey(text)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// TestMatches proves that hashes of the product's library and of its database are
// compared as it compares them.
func TestMatches(t *testing.T) {
	cases := read(t).Bcrypt
	// Rows of a database that the product wrote: a user and an OAuth code. At the full
	// cost, each takes seconds with the race detector.
	for _, row := range []struct{ password, hash string }{
		{"password", "$2b$12$afYT5qsUXVXMcEq4JBpod.oFws6f76hi606XpuyXtBnher/jJbKsC"},
		{"dswfhasdf1", "$2b$12$3IAxz95c/TNXAuQMIfzBFeiGWtW81Fm/3ZcFwzM7rp4w2r6EyspV6"},
	} {
		cases = append(cases, struct{ Password, Hash string }{row.password, row.hash})
	}
	for _, c := range cases {
		if !Matches(c.Hash, c.Password) {
			t.Errorf("%q is refused for %s", c.Password, c.Hash)
		}
	}
	long := strings.Repeat("a", 72)
	of72, err := hash(long, bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	of, err := hash("secret", bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, hash, password string
		want                 bool
	}{
		{"right", of, "secret", true},
		{"wrong", of, "Secret", false},
		{"empty", of, "", false},
		{"73 bytes, of which 72 count", of72, long + "x", true},
		{"72 bytes, the last another", of72, long[1:] + "b", false},
		{"71 bytes", of72, long[1:], false},
		{"a mebibyte", of72, strings.Repeat("a", 1<<20), true},
		{"NUL behind it", of, "secret\x00", false},
		{"NUL beyond 72 bytes", of72, long + "\x00", false},
		{"2a", "$2a" + of[3:], "secret", true},
		{"2y", "$2y" + of[3:], "secret", true},
		{"2x, whose bug nobody has", "$2x" + of[3:], "secret", false},
		{"2", "$2" + of[3:], "secret", false},
		{"no hash", "", "", false},
		{"no hash, but the password", "secret", "secret", false},
		{"cut", of[:59], "secret", false},
		{"longer", of + "x", "secret", false},
		{"no cost", "$2b$xx" + of[6:], "secret", false},
	} {
		if got := Matches(c.hash, c.password); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

// TestHash proves the form of new hashes, and what of a password counts.
func TestHash(t *testing.T) {
	h, err := Hash("secret")
	if err != nil || len(h) != 60 || !strings.HasPrefix(h, fmt.Sprintf("$2b$%02d$", Cost)) {
		t.Errorf("got %s, %v", h, err)
	}
	long := strings.Repeat("a", 71) + "é" // two bytes, of which one counts
	h, err = hash(long, bcrypt.MinCost)
	if err != nil || !Matches(h, long) || !Matches(h, long[:72]) || Matches(h, long[:71]) {
		t.Errorf("a long password: %v", err)
	}
	if h, err := Hash("a\x00b"); !errors.Is(err, ErrNUL) || !errs.Is(err, errs.Invalid) || h != "" {
		t.Errorf("with NUL: %s, %v", h, err)
	}
	if cost, err := bcrypt.Cost([]byte(Decoy)); err != nil || cost != Cost || !strings.HasPrefix(Decoy, "$2b$") {
		t.Errorf("the decoy costs %d, %v", cost, err)
	}
}

// TestEncrypted proves that passwords which the product encrypted are read, and that
// ours are the same bytes.
func TestEncrypted(t *testing.T) {
	const example = "AAECAwQFBgcICQoLDA0ODwKNg4hvnpsPNF8YLp1zD3cXr+NnT8wQkU/2Pw6+vMft"
	v := read(t)
	if v.Encrypted[0].Sent != example || v.Encrypted[0].Password != "secret" {
		t.Error("the worked example is not among the vectors")
	}
	for _, c := range v.Encrypted {
		key := keyOf(t, c.Secret)
		got, encrypted, err := Decrypt(key, c.Sent)
		if err != nil || !encrypted || !got.Equal(c.Password) {
			t.Errorf("%s: got %q, %v, %v, want %q", c.Sent, got.Reveal(), encrypted, err, c.Password)
		}
		iv, err := hex.DecodeString(c.IV)
		if err != nil {
			t.Fatal(err)
		}
		if ours, err := encrypt(key, secret.New(c.Password), [16]byte(iv)); err != nil || !ours.Equal(c.Sent) {
			t.Errorf("%q: got %s, %v, want %s", c.Password, ours.Reveal(), err, c.Sent)
		}
	}
}

// TestFallThrough proves what a text means that is no encrypted password: itself, and
// whether it passes for encrypted.
func TestFallThrough(t *testing.T) {
	key := keyOf(t, "anothercrazykey!")
	want := map[string]struct {
		password  string // empty is what was sent
		encrypted bool
	}{
		"no password": {"", true}, "another case": {"", true},
		"number": {}, "null": {}, "list": {}, "JSON null": {}, "text": {}, "no UTF-8": {},
		"twice": {"b", true}, "more": {"a", true},
	}
	other := read(t).Other
	if len(other) != len(want) {
		t.Errorf("%d vectors", len(other))
	}
	for _, c := range other {
		w := want[c.Name]
		if w.password == "" {
			w.password = c.Sent
		}
		got, encrypted, err := Decrypt(key, c.Sent)
		if err != nil || encrypted != w.encrypted || !got.Equal(w.password) {
			t.Errorf("%s: got %q, %v, %v", c.Name, got.Reveal(), encrypted, err)
		}
	}
	sent, err := Encrypt(key, secret.New("secret"))
	if err != nil {
		t.Fatal(err)
	}
	whole := sent.Reveal()
	for _, plain := range []string{
		"", "secret", "пароль", "AAAA", strings.Repeat("A", 43) + "=", strings.Repeat("A", 64), whole[:len(whole)-4], "AAAA" + whole,
		whole[:30] + "é" + whole[30:], strings.Repeat("A", 1<<20), "password\x00",
	} {
		if got, encrypted, err := Decrypt(key, plain); err != nil || encrypted || !got.Equal(plain) {
			t.Errorf("%.50q: got %.50q, %v, %v", plain, got.Reveal(), encrypted, err)
		}
	}
	if got, encrypted, err := Decrypt(keyOf(t, "another key"), whole); err != nil || encrypted || !got.Equal(whole) {
		t.Errorf("another key: %v, %v", encrypted, err)
	}
	block, err := newBlock(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, padding := range []string{"\x00", "\x11", "\x02\x03\x03", "", "x\x0e"} {
		text := []byte(`{"password": "` + strings.Repeat("p", 32-16-len(padding)) + `"}` + padding)
		iv := make([]byte, aes.BlockSize)
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
		sent := base64.StdEncoding.EncodeToString(append(iv, text...))
		if got, encrypted, err := Decrypt(key, sent); err != nil || encrypted || !got.Equal(sent) {
			t.Errorf("padding %q: %q, %v, %v", padding, got.Reveal(), encrypted, err)
		}
	}
	copied := " " + whole[:20] + "\r\n\t" + whole[20:] + "\n"
	if got, encrypted, err := Decrypt(key, copied); err != nil || !encrypted || !got.Equal("secret") {
		t.Errorf("copied with line breaks: %q, %v, %v", got.Reveal(), encrypted, err)
	}
	if _, _, err := Decrypt(secret.Key{}, whole); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := Encrypt(secret.Key{}, secret.New("x")); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a key: %v", err)
	}
}

// FuzzDecrypt proves that what a client sends is itself unless it was encrypted.
func FuzzDecrypt(f *testing.F) {
	v := read(f)
	for _, c := range v.Encrypted {
		f.Add(c.Sent)
	}
	key := keyOf(f, "a key that nothing was encrypted with")
	f.Fuzz(func(t *testing.T, sent string) {
		if got, encrypted, err := Decrypt(key, sent); err != nil || encrypted || !got.Equal(sent) {
			t.Errorf("%q: got %q, %v, %v", sent, got.Reveal(), encrypted, err)
		}
		again, err := Encrypt(key, secret.New(sent))
		if err != nil {
			t.Fatal(err)
		}
		if got, encrypted, err := Decrypt(key, again.Reveal()); err != nil || !encrypted || !got.Equal(string([]rune(sent))) {
			t.Errorf("%q: got %q, %v, %v", sent, got.Reveal(), encrypted, err)
		}
	})
}

// FuzzMatches proves that a hash which somebody wrote into the database by hand matches
// nothing, and harms nothing.
func FuzzMatches(f *testing.F) {
	f.Add("$2b$04$", "x")
	f.Add(Decoy[:28], "\x00")
	f.Fuzz(func(t *testing.T, hash, password string) {
		if len(hash) > 6 && hash[4:6] > "05" {
			hash = hash[:4] + "04" + hash[6:] // or it would take long
		}
		if len(hash) < 60 && Matches(hash, password) {
			t.Errorf("%q matches %q", hash, password)
		}
	})
}

func BenchmarkMatches(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Matches(Decoy, "secret")
	}
}

// BenchmarkDecrypt is what a client's plain password, and what an encrypted one costs
// before it is compared.
func BenchmarkDecrypt(b *testing.B) {
	key := keyOf(b, "anothercrazykey!")
	for name, sent := range map[string]string{"plain": "correct horse battery", "encrypted": read(b).Encrypted[0].Sent} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _, _ = Decrypt(key, sent)
			}
		})
	}
}
