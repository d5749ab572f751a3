// Package idtoken checks the tokens of identity providers by the product's rules: those
// of OpenID Connect (oauth/oidc.py) and those of an external service that answers with
// tokens (data/users/externaljwt.py). It fetches nothing.
package idtoken

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/quay/quay/sdk/errs"
)

// MaxToken is the longest token that is looked at, in bytes.
const MaxToken = 64 << 10

// Claims are what a token says, as JSON was read: numbers are float64.
type Claims map[string]any

// String returns a claim that is a string, or "".
func (c Claims) String(name string) string {
	s, _ := c[name].(string)
	return s
}

// Subject is whose token it is.
func (c Claims) Subject() string { return c.String("sub") }

// Provider is an OpenID Connect provider.
type Provider struct {
	// Issuers are those that may issue a token; a slash at the end does not count.
	// None means any.
	Issuers []string
	// Audiences are those of which a token must name one: the client's id, and others.
	Audiences []string
	// AnyAudience accepts tokens whoever they are for. Such a token may have been made
	// for somebody else's service, which can then use it here.
	AnyAudience bool
	// Key returns the key with an id, errs.NotFound when there is none. It may keep
	// keys, for an hour at most; refresh tells it to fetch them anew.
	Key func(kid string, refresh bool) (*rsa.PublicKey, error)
}

// oidcLeeway is how wrong a clock may be.
const oidcLeeway = 30 * time.Second

// Verify checks a token: it names its key, is signed by RS256 or RS384, says when it was
// made and ends, and has an issuer and an audience of ours. A key that is not known or
// does not fit is fetched anew once. What is wrong is errs.Unauthenticated; errors of
// Key of other kinds than errs.NotFound are returned as they are.
func (p Provider) Verify(token string, now time.Time) (Claims, error) {
	claims, err := p.verify(token, now, false)
	if errors.Is(err, jwt.ErrTokenSignatureInvalid) || errs.Is(err, errs.NotFound) {
		claims, err = p.verify(token, now, true)
	}
	if errs.Is(err, errs.NotFound) {
		return nil, errs.Wrap(errs.Unauthenticated, err, "the token's key is not known")
	}
	return claims, err
}

func (p Provider) verify(token string, now time.Time, refresh bool) (Claims, error) {
	opts := []jwt.ParserOption{
		jwt.WithValidMethods([]string{"RS256", "RS384"}), jwt.WithLeeway(oidcLeeway), jwt.WithTimeFunc(func() time.Time { return now }),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
	}
	if !p.AnyAudience {
		if len(p.Audiences) == 0 {
			return nil, errs.New(errs.Unauthenticated, "no audience is configured")
		}
		opts = append(opts, jwt.WithAudience(p.Audiences...))
	}
	claims, err := parse(token, func(kid string) (*rsa.PublicKey, error) { return p.Key(kid, refresh) }, opts...)
	if err != nil {
		return nil, err
	}
	if _, made := claims["iat"]; !made {
		return nil, errs.New(errs.Unauthenticated, "the token does not say when it was made")
	}
	if len(p.Issuers) > 0 && !slices.ContainsFunc(p.Issuers, func(i string) bool { return SameIssuer(i, claims.String("iss")) }) {
		return nil, errs.New(errs.Unauthenticated, "Issuer '%s' not in configured issuers", claims.String("iss"))
	}
	return claims, nil
}

// SameIssuer compares issuers: slashes at the end do not count. No issuer is the same
// as another one.
func SameIssuer(a, b string) bool {
	a, b = strings.TrimRight(a, "/"), strings.TrimRight(b, "/")
	return a != "" && a == b
}

// External is a service that answers questions with tokens.
type External struct {
	Issuer string
	Key    *rsa.PublicKey
	// MaxFresh is the longest life of a token (JWT_AUTH_MAX_FRESH_S); zero is five
	// minutes.
	MaxFresh time.Duration
}

// Audiences of the tokens with which a service answers.
const (
	AudienceVerify = "quay.io/jwtauthn"
	AudienceUser   = "quay.io/jwtauthn/getuser"
	AudienceQuery  = "quay.io/jwtauthn/query"
)

const defaultMaxFresh = 5 * time.Minute

// Verify checks an answer: it is signed by RS256, for the audience, from the issuer, and
// says when it was made, begins and ends, which may not be too long. There is no leeway.
// What is wrong is errs.Unauthenticated.
func (e External) Verify(token, audience string, now time.Time) (Claims, error) {
	if e.Issuer == "" || audience == "" {
		return nil, errs.New(errs.Unauthenticated, "no issuer is configured")
	}
	claims, err := parse(token, func(string) (*rsa.PublicKey, error) { return e.Key, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithTimeFunc(func() time.Time { return now }),
		jwt.WithExpirationRequired(), jwt.WithNotBeforeRequired(), jwt.WithIssuedAt(),
		jwt.WithAudience(audience), jwt.WithIssuer(e.Issuer))
	if err != nil {
		return nil, err
	}
	maxFresh := e.MaxFresh
	if maxFresh == 0 {
		maxFresh = defaultMaxFresh
	}
	made, ok := claims["iat"].(float64)
	ends, _ := claims["exp"].(float64) // It was checked to be a number.
	if !ok || ends-made > maxFresh.Seconds() {
		return nil, errs.New(errs.Unauthenticated, "the token lives too long")
	}
	return claims, nil
}

// parse checks the signature, and what the options say. Kid is "" without one, which is
// refused unless the key does not depend on it.
func parse(token string, key func(kid string) (*rsa.PublicKey, error), opts ...jwt.ParserOption) (Claims, error) {
	if len(token) > MaxToken {
		return nil, errs.New(errs.Unauthenticated, "the token is too long")
	}
	claims := jwt.MapClaims{}
	var lookup error
	_, err := jwt.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		k, err := key(kid)
		if err == nil && k == nil {
			err = fmt.Errorf("there is no key")
		}
		if err != nil {
			lookup = err
			return nil, err
		}
		return k, nil
	}, opts...)
	switch {
	case lookup != nil:
		return nil, lookup
	case err != nil:
		return nil, errs.Wrap(errs.Unauthenticated, err, "the token is not valid")
	}
	// The product's library checks these types, too.
	for _, name := range []string{"sub", "jti", "iss"} {
		if v, ok := claims[name]; ok {
			if _, ok := v.(string); !ok {
				return nil, errs.New(errs.Unauthenticated, "the token's %s is not a string", name)
			}
		}
	}
	return Claims(claims), nil
}
