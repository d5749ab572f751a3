// Package pagetoken encrypts the position in a listing that a client sends back
// for the next page: Fernet, as the product has it (util/pagination.py).
//
// FIPS: AES in CBC mode and HMAC with SHA-256 are of Go's FIPS module.
package pagetoken

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/quay/quay/core/internal/secret"
)

// Key is a PAGE_TOKEN_KEY. The zero value seals and opens nothing.
type Key struct {
	secret.Opaque
	keys secret.Box[*keys]
}

type keys struct{ sign, encrypt [16]byte }

// ParseKey reads a key as the configuration has it: 32 bytes in URL-safe base64.
func ParseKey(s string) (Key, error) {
	b, err := base64.URLEncoding.DecodeString(s)
	if err != nil || len(b) != 32 {
		return Key{}, fmt.Errorf("a page token key is 32 bytes in URL-safe base64")
	}
	return newKey([32]byte(b)), nil
}

// NewKey returns a random key, good for one process.
func NewKey() Key {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return newKey(b)
}

func newKey(b [32]byte) Key {
	return Key{keys: secret.Enclose(&keys{sign: [16]byte(b[:16]), encrypt: [16]byte(b[16:])})}
}

const (
	version  = 0x80
	lifetime = 2 * 24 * 60 * 60 // seconds
	skew     = 60               // seconds that the clock of who made a token may be ahead
	overhead = 1 + 8 + aes.BlockSize + sha256.Size
)

// Seal encrypts a position, which must be encodable as JSON.
func (k Key) Seal(position any) (string, error) {
	keys := k.keys.Reveal()
	if keys == nil {
		return "", fmt.Errorf("page token: there is no key")
	}
	plain, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("page token: %w", err)
	}
	var iv [aes.BlockSize]byte
	_, _ = rand.Read(iv[:]) // never fails
	return keys.seal(plain, time.Now(), iv), nil
}

func (k *keys) seal(plain []byte, at time.Time, iv [aes.BlockSize]byte) string {
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	out := make([]byte, 0, overhead+len(plain)+pad)
	out = append(out, version)
	out = binary.BigEndian.AppendUint64(out, uint64(at.Unix()))
	out = append(out, iv[:]...)
	out = append(out, plain...)
	out = append(out, bytes.Repeat([]byte{byte(pad)}, pad)...)
	body := out[len(out)-len(plain)-pad:]
	cipher.NewCBCEncrypter(k.block(), iv[:]).CryptBlocks(body, body)
	return base64.URLEncoding.EncodeToString(append(out, k.mac(out)...))
}

// Open decrypts a position into a value. It reports false for what is not a
// token of this key, or an old one: such a token means the first page.
func (k Key) Open(token string, position any) bool {
	keys := k.keys.Reveal()
	if keys == nil {
		return false
	}
	plain, ok := keys.open(token, time.Now())
	return ok && json.Unmarshal(plain, position) == nil
}

func (k *keys) open(token string, now time.Time) ([]byte, bool) {
	b, err := base64.URLEncoding.DecodeString(token)
	if err != nil || len(b) < overhead || b[0] != version {
		return nil, false
	}
	signed, mac := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if !hmac.Equal(mac, k.mac(signed)) {
		return nil, false
	}
	// Whole seconds, as the product counts.
	if at := int64(binary.BigEndian.Uint64(b[1:])); at < now.Unix()-lifetime || at > now.Unix()+skew {
		return nil, false
	}
	iv, body := signed[9:9+aes.BlockSize], signed[9+aes.BlockSize:]
	if len(body) == 0 || len(body)%aes.BlockSize != 0 {
		return nil, false
	}
	cipher.NewCBCDecrypter(k.block(), iv).CryptBlocks(body, body)
	pad := int(body[len(body)-1])
	if pad == 0 || pad > aes.BlockSize {
		return nil, false
	}
	for _, p := range body[len(body)-pad:] {
		if int(p) != pad {
			return nil, false
		}
	}
	return body[:len(body)-pad], true
}

func (k *keys) block() cipher.Block {
	b, err := aes.NewCipher(k.encrypt[:])
	if err != nil {
		panic(err) // the key has the right size
	}
	return b
}

func (k *keys) mac(b []byte) []byte {
	h := hmac.New(sha256.New, k.sign[:])
	h.Write(b)
	return h.Sum(nil)
}
