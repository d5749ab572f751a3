// Package columns encrypts and decrypts the columns of the product's database that hold
// secrets (data/encryption.py, data/fields.py).
//
// A stored text is a version, "$$", and base64 of nonce, ciphertext and tag:
//
//	v0$$  AES-256-CCM, a nonce of 13 bytes; the key is that of DATABASE_SECRET_KEY
//	v1$$  AES-256-GCM, a nonce of 12 bytes; the key is derived by HKDF with SHA-256 of
//	      the bytes of DATABASE_SECRET_KEY, before they are repeated
//
// The product reads and writes v0. A Cipher reads both and writes v0 unless it is told
// otherwise, which is for databases that no such product will open again. Ciphertexts
// are different each time: never index a column or compare it in SQL.
//
// FIPS: the two parts of CCM, AES in counter mode and single AES blocks, are of Go's
// FIPS module, but their combination here is not, nor was it validated. A FIPS build
// reads and writes v0 all the same, since a database of the product cannot be read
// otherwise, and that is no approved use of the module; v1 is GCM with a random nonce
// and HKDF, both of the module. So an operator who needs approved encryption of columns
// writes v1. With GODEBUG=fips140=only the module refuses to derive v1's key from a
// secret of less than 14 bytes, and so does New if v1 is to be written.
package columns

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Sentinels.
var (
	// ErrDecrypt says that a stored text is not one that this key encrypted: it is
	// damaged, or DATABASE_SECRET_KEY is not the one that it was written with.
	ErrDecrypt = &errs.Error{Kind: errs.Corrupt, Reason: "decryption_failure", Message: "a column of the database cannot be decrypted"}
	// ErrTooLong says that a text does not fit into its column once it is encrypted.
	ErrTooLong = &errs.Error{Kind: errs.Invalid, Reason: "secret_too_long", Message: "the value is too long to be stored encrypted"}
	// ErrNoKey is what the zero Cipher answers.
	ErrNoKey = &errs.Error{Kind: errs.Internal, Reason: "no_database_secret_key", Message: "DATABASE_SECRET_KEY is needed for this"}
	// ErrNotText says that a text is not UTF-8, which no column can hold.
	ErrNotText = &errs.Error{Kind: errs.Invalid, Reason: "secret_not_text", Message: "the value is not UTF-8"}
)

// Version is how a text is encrypted.
type Version string

// Versions.
const (
	V0 Version = "v0"
	V1 Version = "v1"
)

const separator = "$$"

// What v1's key is derived with.
const (
	v1Salt = "quay-field-encryption-v1"
	v1Info = "aes-256-gcm"
)

// Options of New.
type Options struct {
	// Write is the version of new texts; empty is V0.
	Write Version
}

// Cipher encrypts and decrypts columns. It may be used by many goroutines. The zero
// value is for a server without DATABASE_SECRET_KEY: it knows NULL only.
type Cipher struct {
	secret.Opaque
	keys secret.Box[*ciphers]
}

type ciphers struct {
	write Version
	v0    ccm
	// v1 makes and reads the nonce in front of the ciphertext. It is nil where the FIPS
	// module refuses the key.
	v1 cipher.AEAD
}

// New makes a cipher of the key of DATABASE_SECRET_KEY, which must be set.
func New(key secret.Key, opts Options) (Cipher, error) {
	if !key.IsSet() {
		return Cipher{}, errs.New(errs.Invalid, "DATABASE_SECRET_KEY is needed to encrypt and decrypt columns of the database")
	}
	write := opts.Write
	if write == "" {
		write = V0
	}
	if write != V0 && write != V1 {
		return Cipher{}, errs.New(errs.Invalid, "columns are encrypted in version v0 or v1, not %q", write)
	}
	block, err := aes.NewCipher(key.Reveal())
	if err != nil {
		return Cipher{}, errs.Wrap(errs.Internal, err, "encryption of columns, v0")
	}
	v1, err := newV1(key)
	if err != nil && write == V1 {
		return Cipher{}, errs.Wrap(errs.Invalid, err, "encryption of columns, v1, with this DATABASE_SECRET_KEY")
	}
	return Cipher{keys: secret.Enclose(&ciphers{write: write, v0: ccm{block}, v1: v1})}, nil
}

func newV1(key secret.Key) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, key.RevealMaterial(), []byte(v1Salt), v1Info, secret.KeySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Encrypt returns the text to store in a column, nil (NULL) for a value that is not
// set. The errors are ErrTooLong, ErrNotText and ErrNoKey.
func (c Cipher) Encrypt(col Column, value secret.Text) (*string, error) {
	if !value.IsSet() {
		return nil, nil
	}
	k := c.keys.Reveal()
	if k == nil {
		return nil, ErrNoKey
	}
	var nonce [nonceSize]byte
	_, _ = rand.Read(nonce[:]) // never fails
	stored, err := k.encrypt(value.Reveal(), &nonce)
	if err != nil {
		return nil, err
	}
	if col.MaxLength > 0 && len(stored) > col.MaxLength {
		return nil, ErrTooLong
	}
	return &stored, nil
}

func (k *ciphers) encrypt(text string, nonce *[nonceSize]byte) (string, error) {
	if !utf8.ValidString(text) {
		return "", ErrNotText
	}
	if len(text) > maxText {
		return "", ErrTooLong
	}
	var raw []byte
	if k.write == V0 {
		raw = make([]byte, nonceSize, nonceSize+len(text)+tagSize)
		copy(raw, nonce[:])
		raw = k.v0.seal(raw, nonce, []byte(text))
	} else {
		raw = k.v1.Seal(nil, nil, []byte(text), nil)
	}
	return string(k.write) + separator + base64.StdEncoding.EncodeToString(raw), nil
}

// Decrypt returns the value of a column; what is NULL (nil) is not set. The errors
// are ErrDecrypt, which has nothing of the stored text in it, and ErrNoKey.
func (c Cipher) Decrypt(stored *string) (secret.Text, error) {
	if stored == nil {
		return secret.Text{}, nil
	}
	k := c.keys.Reveal()
	if k == nil {
		return secret.Text{}, ErrNoKey
	}
	text, ok := k.decrypt(*stored)
	if !ok {
		return secret.Text{}, ErrDecrypt
	}
	return secret.New(text), nil
}

func (k *ciphers) decrypt(stored string) (string, bool) {
	version, encoded, found := strings.Cut(stored, separator)
	if !found || version != string(V0) && version != string(V1) {
		return "", false
	}
	raw, ok := python.DecodeBase64(encoded)
	if !ok {
		return "", false
	}
	var text []byte
	ok = false
	if version == string(V0) {
		if len(raw) < nonceSize {
			return "", false
		}
		text, ok = k.v0.open((*[nonceSize]byte)(raw), raw[nonceSize:])
	} else if k.v1 != nil {
		var err error
		text, err = k.v1.Open(nil, nil, raw, nil)
		ok = err == nil
	}
	return string(text), ok && utf8.Valid(text)
}
