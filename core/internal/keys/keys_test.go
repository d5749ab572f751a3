package keys

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestThumbprint is the example of RFC 7638, section 3.1.
func TestThumbprint(t *testing.T) {
	const n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMst" +
		"n64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbI" +
		"SD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
	b, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil {
		t.Fatal(err)
	}
	got := Thumbprint(&rsa.PublicKey{N: new(big.Int).SetBytes(b), E: 65537})
	if want := "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestJWK proves that a public key survives the form in which the database has it.
func TestJWK(t *testing.T) {
	j := publicJWK(&shared().PublicKey)
	got, err := j.publicKey()
	if err != nil || !got.Equal(&shared().PublicKey) {
		t.Errorf("got %v, %v", got, err)
	}
	j.KID = "id"
	text, err := json.Marshal(j)
	if want := `{"e":"AQAB","kid":"id","kty":"RSA","n":"` + j.N + `"}`; err != nil || string(text) != want {
		t.Errorf("got %s, %v", text, err)
	}
}

// TestLoadMakesKey proves that a missing key is made, published as approved, and
// loaded again under the same id by the next start, which only moves its end.
func TestLoadMakesKey(t *testing.T) {
	dir, s := t.TempDir(), newStore()
	first := load(t, s, dir)
	token, err := first.Sign(t.Context(), Entity{}, host, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"quay.pem", "quay.kid"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 2 {
		t.Errorf("files %v, %v", files, err)
	}
	second := load(t, s, dir)
	if _, err := second.Verify(t.Context(), token); err != nil {
		t.Errorf("a token from before the restart: %v", err)
	}
	if second.kid != first.kid || first.kid != Thumbprint(&first.private.Reveal().PublicKey) {
		t.Errorf("ids %s and %s", first.kid, second.kid)
	}
	if len(s.keys) != 1 || len(s.published) != 2 {
		t.Errorf("%d keys were published %d times", len(s.keys), len(s.published))
	}
	if k := s.keys[first.kid]; k.Service != service || k.Name != "web" || time.Until(k.Expires) < lifetime-time.Minute {
		t.Errorf("published as %+v", k)
	}
	if first.Failed() != nil {
		t.Error(first.Failed())
	}
}

// TestLoadProductKey proves that a key file of the product is used as it is, with
// the id that is in the file beside it, byte for byte.
func TestLoadProductKey(t *testing.T) {
	dir, s := t.TempDir(), newStore()
	writeKey(t, dir, "an id of the product's")
	k := load(t, s, dir)
	if err := k.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if k.kid != "an id of the product's" || s.keys[k.kid].JWK == nil {
		t.Errorf("the id is %q, published are %v", k.kid, s.keys)
	}
}

func writeKey(t *testing.T, dir, kid string) {
	t.Helper()
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(shared())}
	for name, content := range map[string][]byte{"quay.pem": pem.EncodeToMemory(block), "quay.kid": []byte(kid)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLoadBadFiles proves that a key which cannot be used is never replaced by
// another one, that requests are told so before long, and that it is used once it
// is repaired.
func TestLoadBadFiles(t *testing.T) {
	for name, damage := range map[string]func(pemFile, kidFile string) error{
		"not PEM": func(pemFile, _ string) error { return os.WriteFile(pemFile, []byte("x"), 0o600) },
		"empty":   func(pemFile, _ string) error { return os.Truncate(pemFile, 0) },
		"cut off": func(pemFile, _ string) error { return os.Truncate(pemFile, 500) },
		"not RSA": func(pemFile, _ string) error {
			return os.WriteFile(pemFile, pem.EncodeToMemory(&pem.Block{Type: "X"}), 0o600)
		},
		"without id": func(_, kidFile string) error { return os.Remove(kidFile) },
	} {
		dir := t.TempDir()
		writeKey(t, dir, "kid")
		pemFile := filepath.Join(dir, "quay.pem")
		if err := damage(pemFile, filepath.Join(dir, "quay.kid")); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(pemFile)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Test(t, func(t *testing.T) {
			k := load(t, newStore(), dir)
			if _, err := k.Sign(t.Context(), Entity{}, host, nil); !errs.Is(err, errs.Unavailable) {
				t.Errorf("%s: sign: %v", name, err)
			}
			if _, err := k.Verify(t.Context(), "a.b.c"); !errs.Is(err, errs.Unavailable) {
				t.Errorf("%s: verify: %v", name, err)
			}
			if k.Failed() == nil {
				t.Errorf("%s: nothing failed", name)
			}
			if after, err := os.ReadFile(pemFile); err != nil || string(after) != string(before) {
				t.Errorf("%s: the file was changed, %v", name, err)
			}
			writeKey(t, dir, "kid")
			time.Sleep(2 * time.Minute)
			if _, err := k.Sign(t.Context(), Entity{}, host, nil); err != nil || k.Failed() != nil {
				t.Errorf("%s: after the repair: %v, %v", name, err, k.Failed())
			}
		})
	}
}

// TestLoadWithoutDatabase proves that a key which cannot be published is not used
// to sign, until it can be.
func TestLoadWithoutDatabase(t *testing.T) {
	dir, s := t.TempDir(), newStore()
	writeKey(t, dir, "kid")
	s.fail = errs.New(errs.Unavailable, "the database is away")
	synctest.Test(t, func(t *testing.T) {
		k := load(t, s, dir)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := k.Wait(ctx); !errs.Is(err, errs.Timeout) {
			t.Errorf("the caller's patience: %v", err)
		}
		if err := k.Wait(t.Context()); !errs.Is(err, errs.Unavailable) {
			t.Errorf("ours: %v", err)
		}
		s.set(func(s *fakeStore) { s.fail = nil })
		time.Sleep(2 * time.Minute)
		if err := k.Wait(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestKeyStaysTrusted proves that the key's end is always ahead, also when one
// attempt to move it on fails.
func TestKeyStaysTrusted(t *testing.T) {
	dir, s := t.TempDir(), newStore()
	writeKey(t, dir, "kid")
	synctest.Test(t, func(t *testing.T) {
		k := load(t, s, dir)
		if err := k.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		for minute := range 24 * 60 {
			time.Sleep(time.Minute)
			s.set(func(s *fakeStore) {
				s.fail = nil
				if minute/60%4 == 1 { // an hour of four without a database
					s.fail = errs.New(errs.Unavailable, "the database is away")
				}
				if left := time.Until(s.keys["kid"].Expires); left <= 0 {
					t.Errorf("minute %d: the key ended %v ago", minute, -left)
				}
			})
		}
	})
}

// TestBootName proves that a key's name has a port in any case.
func TestBootName(t *testing.T) {
	for _, tc := range [][3]string{
		{"http", "quay.example.test", "http://quay.example.test:80"},
		{"https", "quay.example.test", "https://quay.example.test:443"},
		{"https", "quay.example.test:8443", "https://quay.example.test:8443"},
	} {
		if got := BootName(tc[0], tc[1]); got != tc[2] {
			t.Errorf("got %s, want %s", got, tc[2])
		}
	}
}

// TestReadOnly proves that a registry in which nothing may be written uses a key that
// the database knows and that has not ended, and writes nothing.
func TestReadOnly(t *testing.T) {
	for name, tc := range map[string]struct {
		stored *domain.ServiceKey
		file   bool
		good   bool
	}{
		"known":         {&domain.ServiceKey{KID: "kid", Service: service}, true, true},
		"known, ends":   {&domain.ServiceKey{KID: "kid", Service: service, Expires: time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)}, true, true},
		"has ended":     {&domain.ServiceKey{KID: "kid", Service: service, Expires: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}, true, false},
		"of another":    {&domain.ServiceKey{KID: "kid", Service: "other"}, true, false},
		"unknown":       {nil, true, false},
		"no key at all": {nil, false, false},
	} {
		dir, s := t.TempDir(), newStore()
		if tc.file {
			writeKey(t, dir, "kid")
		}
		if tc.stored != nil {
			s.keys["kid"] = *tc.stored
		}
		synctest.Test(t, func(t *testing.T) {
			opts := options(dir)
			opts.ReadOnly = true
			ctx, cancel := context.WithCancel(t.Context())
			k := Load(ctx, s, opts)
			_, err := k.Sign(t.Context(), Entity{}, host, nil)
			time.Sleep(3 * time.Hour)
			cancel()
			if closed := k.Close(context.Background()); closed != nil {
				t.Error(closed)
			}
			if tc.good != (err == nil) || len(s.published) != 0 {
				t.Errorf("%s: %v, published %v", name, err, s.published)
			}
			if _, err := os.Stat(filepath.Join(dir, "quay.pem")); tc.file != (err == nil) {
				t.Errorf("%s: the key's file: %v", name, err)
			}
		})
	}
}
