// Package pagetoken encrypts the position in a listing that a client sends back
// for the next page: Fernet, as the product has it (util/pagination.py).
package pagetoken

import (
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
)

// Key is a PAGE_TOKEN_KEY.
type Key struct{ sign, encrypt [16]byte }

// ParseKey reads a key as the configuration has it: 32 bytes in URL-safe base64.
func ParseKey(s string) (Key, error) {
	var k Key
	b, err := base64.URLEncoding.DecodeString(s)
	if err != nil || len(b) != 32 {
		return k, fmt.Errorf("a page token key is 32 bytes in URL-safe base64")
	}
	copy(k.sign[:], b)
	copy(k.encrypt[:], b[16:])
	return k, nil
}

// NewKey returns a random key, good for one process.
func NewKey() Key {
	var k Key
	_, _ = rand.Read(k.sign[:]) // never fails
	_, _ = rand.Read(k.encrypt[:])
	return k
}

const (
	version  = 0x80
	lifetime = 2 * 24 * time.Hour
	overhead = 1 + 8 + aes.BlockSize + sha256.Size
)

// Seal encrypts a position, which must be encodable as JSON.
func (k Key) Seal(position any) (string, error) {
	plain, err := json.Marshal(position)
	if err != nil {
		return "", fmt.Errorf("page token: %w", err)
	}
	var iv [aes.BlockSize]byte
	_, _ = rand.Read(iv[:]) // never fails
	return k.seal(plain, time.Now(), iv), nil
}

func (k Key) seal(plain []byte, at time.Time, iv [aes.BlockSize]byte) string {
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	for range pad {
		plain = append(plain, byte(pad))
	}
	out := make([]byte, 0, overhead+len(plain))
	out = append(out, version)
	out = binary.BigEndian.AppendUint64(out, uint64(at.Unix()))
	out = append(out, iv[:]...)
	out = append(out, plain...)
	body := out[len(out)-len(plain):]
	cipher.NewCBCEncrypter(k.block(), iv[:]).CryptBlocks(body, body)
	return base64.URLEncoding.EncodeToString(append(out, k.mac(out)...))
}

// Open decrypts a position into a value. It reports false for what is not a
// token of this key, or an old one: such a token means the first page.
func (k Key) Open(token string, position any) bool {
	b, err := base64.URLEncoding.DecodeString(token)
	if err != nil || len(b) < overhead || b[0] != version {
		return false
	}
	signed, mac := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if !hmac.Equal(mac, k.mac(signed)) {
		return false
	}
	at := time.Unix(int64(binary.BigEndian.Uint64(b[1:])), 0)
	if time.Since(at) > lifetime {
		return false
	}
	iv, body := signed[9:9+aes.BlockSize], signed[9+aes.BlockSize:]
	if len(body) == 0 || len(body)%aes.BlockSize != 0 {
		return false
	}
	cipher.NewCBCDecrypter(k.block(), iv).CryptBlocks(body, body)
	pad := int(body[len(body)-1])
	if pad == 0 || pad > aes.BlockSize {
		return false
	}
	return json.Unmarshal(body[:len(body)-pad], position) == nil
}

func (k Key) block() cipher.Block {
	b, err := aes.NewCipher(k.encrypt[:])
	if err != nil {
		panic(err) // the key has the right size
	}
	return b
}

func (k Key) mac(b []byte) []byte {
	h := hmac.New(sha256.New, k.sign[:])
	h.Write(b)
	return h.Sum(nil)
}
