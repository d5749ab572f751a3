package trust_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
)

// signer is a private key that signs as cosign does.
type signer struct {
	name    string
	private crypto.Signer
}

func signers(t testing.TB) []signer {
	t.Helper()
	p256, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, err2 := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, ed, err3 := ed25519.GenerateKey(rand.Reader)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	return []signer{{"p256", p256}, {"p384", p384}, {"ed25519", ed}}
}

// key is the public key, by way of its PEM.
func (s signer) key(t testing.TB) trust.Key {
	t.Helper()
	k, err := trust.ParseKey(s.name+".pub", publicPEM(t, s.private.Public()))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sign returns a signature over content in base64.
func (s signer) sign(t testing.TB, content []byte) string {
	t.Helper()
	sum := sha256.Sum256(content)
	message, opts := sum[:], crypto.SignerOpts(crypto.SHA256)
	if _, ok := s.private.(ed25519.PrivateKey); ok {
		message, opts = content, crypto.Hash(0)
	}
	signature, err := s.private.Sign(rand.Reader, message, opts)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(signature)
}

func publicPEM(t testing.TB, public crypto.PublicKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// Signatures that openssl made, in the formats of cosign's sign-blob, are
// verified: by the right key, over the right bytes, and else not. The files were
// made by "openssl dgst -sha256 -sign" and "openssl pkeyutl -sign -rawin".
func TestOpenSSLSignatures(t *testing.T) {
	read := func(name string) []byte {
		t.Helper()
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	content := read("program")
	names := []string{"p256", "p384", "ed25519"}
	for _, name := range names {
		key, err := trust.ParseKey(name, read(name+".pub"))
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range names {
			signature, err := trust.ParseSignature(append(read(other+".sig"), '\n'))
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := key.Verifies(content, signature); ok != (name == other) || err != nil {
				t.Errorf("the key %s, the signature of %s: %v, error %v", name, other, ok, err)
			}
			if ok, err := key.Verifies(append(bytes.Clone(content), '.'), signature); ok || err != nil {
				t.Errorf("the key %s, other bytes: %v, error %v", name, ok, err)
			}
			for _, wrong := range [][]byte{nil, signature[:len(signature)-1], append(bytes.Clone(signature), 0)} {
				if ok, err := key.Verifies(content, wrong); ok || err != nil {
					t.Errorf("the key %s, a signature of %d bytes: %v, error %v", name, len(wrong), ok, err)
				}
			}
		}
	}
}

// The zero key verifies nothing.
func TestEmptyKey(t *testing.T) {
	if ok, err := (trust.Key{}).Verifies([]byte("x"), []byte("y")); ok || !errs.Is(err, errs.Invalid) {
		t.Errorf("%v, error %v", ok, err)
	}
}

// Keys of other kinds, private keys and what is no PEM are refused.
func TestParseKeyRefuses(t *testing.T) {
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := publicPEM(t, signers(t)[0].private.Public())
	private, err := x509.MarshalPKCS8PrivateKey(p224)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		data []byte
		part string
	}{
		{"empty", nil, "no PEM block"},
		{"text", []byte("ssh-ed25519 AAAA"), "no PEM block"},
		{"a small curve", publicPEM(t, p224.Public()), "P-224"},
		{"RSA", publicPEM(t, rsaKey.Public()), "another algorithm"},
		{"a private key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), "PRIVATE KEY"},
		{"not a key", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")}), "key.pub is no key"},
		{"two keys", append(bytes.Clone(good), good...), "follows"},
	}
	for _, test := range tests {
		if _, err := trust.ParseKey("key.pub", test.data); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), test.part) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// Whatever is read as a signature survives being written and read again, and no
// key takes it for one over some bytes.
func FuzzParseSignature(f *testing.F) {
	for _, seed := range []string{"", "AA==", " AA==\n", "AA=\n=", "A", "AAAA\nAAAA", "MEUCIQ==", strings.Repeat("A", 2000)} {
		f.Add([]byte(seed))
	}
	var keys []trust.Key
	for _, s := range signers(f) {
		keys = append(keys, s.key(f))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		signature, err := trust.ParseSignature(data)
		if err != nil {
			if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.TooLarge) {
				t.Errorf("the kind of %v", err)
			}
			return
		}
		again, err := trust.ParseSignature([]byte(base64.StdEncoding.EncodeToString(signature)))
		if err != nil || !bytes.Equal(again, signature) || len(signature) == 0 {
			t.Errorf("%q gives %x, then %x, error %v", data, signature, again, err)
		}
		for _, k := range keys {
			if ok, err := k.Verifies([]byte("some bytes"), signature); ok || err != nil {
				t.Errorf("%s takes %q for a signature, error %v", k.Name, data, err)
			}
		}
	})
}
