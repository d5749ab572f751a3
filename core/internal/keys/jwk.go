package keys

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

// jwk is a public key as the database has it: with its members in this order.
type jwk struct {
	E   string `json:"e"`
	KID string `json:"kid,omitempty"`
	Kty string `json:"kty"`
	N   string `json:"n"`
}

func publicJWK(k *rsa.PublicKey) jwk {
	b64 := base64.RawURLEncoding.EncodeToString
	return jwk{E: b64(big.NewInt(int64(k.E)).Bytes()), Kty: "RSA", N: b64(k.N.Bytes())}
}

const maxModulus = 8192 / 8

func (j jwk) publicKey() (*rsa.PublicKey, error) {
	n, err := base64.RawURLEncoding.DecodeString(j.N)
	if err != nil || len(n) > maxModulus {
		return nil, fmt.Errorf("jwk: bad modulus")
	}
	e, err := base64.RawURLEncoding.DecodeString(j.E)
	if err != nil || len(e) > 4 || len(e) == 0 {
		return nil, fmt.Errorf("jwk: bad exponent")
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
}

// EncodeJWK is a public key as the database has it.
func EncodeJWK(k *rsa.PublicKey, kid string) json.RawMessage {
	j := publicJWK(k)
	j.KID = kid
	text, err := json.Marshal(j)
	if err != nil {
		panic(err) // four strings
	}
	return text
}

// ParseJWK reads an RSA key as the database has it. Its size is that of a modulus of at
// most 8,192 bits.
func ParseJWK(text json.RawMessage) (*rsa.PublicKey, error) {
	var j jwk
	if err := json.Unmarshal(text, &j); err != nil {
		return nil, err
	}
	return j.publicKey()
}

// Thumbprint is a key's id: RFC 7638 with SHA-256.
func Thumbprint(k *rsa.PublicKey) string {
	j, err := json.Marshal(publicJWK(k)) // members in lexical order, no id
	if err != nil {
		panic(err) // three strings
	}
	sum := sha256.Sum256(j)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Retention is how long keys that nobody may trust stay in the database. The zero value
// is what the product does by default.
type Retention struct {
	// Expired is EXPIRED_SERVICE_KEY_TTL_SEC, zero is a week; Unapproved is
	// UNAPPROVED_SERVICE_KEY_TTL_SEC, zero is a day.
	Expired, Unapproved time.Duration
}

const (
	expiredRetention    = 7 * 24 * time.Hour
	unapprovedRetention = 24 * time.Hour
)

// Stale tells which keys have been there for too long.
func (r Retention) Stale(now time.Time) domain.StaleServiceKeys {
	if r.Expired == 0 {
		r.Expired = expiredRetention
	}
	if r.Unapproved == 0 {
		r.Unapproved = unapprovedRetention
	}
	return domain.StaleServiceKeys{Expired: now.Add(-r.Expired), Unapproved: now.Add(-r.Unapproved)}
}
