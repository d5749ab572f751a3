// Package pkce makes what proves that whoever finishes a login at an OAuth service
// began it (RFC 7636).
package pkce

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// Methods in which a challenge is made of a verifier.
const (
	S256  = "S256"
	Plain = "plain"
)

// unreserved are the characters of a verifier, and size is how many it has.
const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	size       = 64
)

// NewVerifier returns a random verifier of 64 characters.
func NewVerifier() string {
	verifier := make([]byte, 0, size)
	var b [1]byte
	for len(verifier) < size {
		_, _ = rand.Read(b[:]) // never fails
		// What is too large is thrown away: a remainder would not be even.
		if n := int(b[0] & 0x7f); n < len(unreserved) {
			verifier = append(verifier, unreserved[n])
		}
	}
	return string(verifier)
}

// Challenge is what the service is told of a verifier when a login begins.
func Challenge(verifier, method string) (string, error) {
	switch {
	case strings.EqualFold(method, Plain):
		return verifier, nil
	case strings.EqualFold(method, S256):
		sum := sha256.Sum256([]byte(verifier))
		return base64.RawURLEncoding.EncodeToString(sum[:]), nil
	}
	return "", errs.New(errs.Invalid, "Unsupported PKCE method: %s", method)
}
