// Package psk makes and checks the tokens that Clair and the registry send each other,
// signed with a key that both have (SECURITY_SCANNER_V4_PSK).
package psk

import (
	"encoding/base64"
	"regexp"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
)

// Key is the shared key. Its zero value is none: then nothing is signed and everything
// is accepted. It does not print what it is.
type Key struct {
	secret func() []byte
}

// ParseKey reads a key as it is configured, in base64. An empty text is no key.
func ParseKey(text config.Secret) (Key, error) {
	plain := strings.Join(strings.Fields(text.Reveal()), "")
	if plain == "" {
		return Key{}, nil
	}
	secret, err := base64.StdEncoding.DecodeString(plain)
	if err != nil || len(secret) == 0 {
		// The error of the library would tell where the key is wrong.
		return Key{}, errs.New(errs.Invalid, "the shared key is not in base64")
	}
	return Key{func() []byte { return secret }}, nil
}

// lifetime of what is signed, and issuer of it.
const (
	lifetime = 5 * time.Minute
	issuer   = "quay"
)

// Authorization returns the field of a request to Clair; empty without a key.
func (k Key) Authorization(now time.Time) (string, error) {
	if k.secret == nil {
		return "", nil
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: issuer, ExpiresAt: jwt.NewNumericDate(now.Add(lifetime).Truncate(time.Second)),
	}).SignedString(k.secret())
	if err != nil {
		return "", errs.Wrap(errs.Internal, err, "sign a token for the scanner")
	}
	return "Bearer " + token, nil
}

// bearer is how the product reads the field.
var bearer = regexp.MustCompile(`\ABearer (?:[a-zA-Z0-9+\-_/]+\.)+[a-zA-Z0-9+\-_/]+\z`)

// maxHeader is the longest field that is looked at, in bytes.
const maxHeader = 16 << 10

// Check checks the field of a request from Clair. Its token is signed by HS256, has a
// beginning, an instant at which it was made and an end, of which none may be passed or
// lie ahead by a second, and is for no audience. What is wrong is errs.Unauthenticated.
func (k Key) Check(authorization string, now time.Time) error {
	if k.secret == nil {
		return nil
	}
	if len(authorization) > maxHeader || !bearer.MatchString(authorization) {
		return errs.New(errs.Unauthenticated, "the scanner sent no token")
	}
	var c jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(strings.TrimPrefix(authorization, "Bearer "), &c, func(*jwt.Token) (any, error) { return k.secret(), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Name}), jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithIssuedAt(),
		jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		return errs.Wrap(errs.Unauthenticated, err, "the scanner's token is not valid")
	}
	if c.IssuedAt == nil || len(c.Audience) > 0 {
		return errs.New(errs.Unauthenticated, "the scanner's token is not valid")
	}
	return nil
}
