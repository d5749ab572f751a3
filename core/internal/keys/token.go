package keys

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Access is one repository that a token opens.
type Access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

// Claims are the content of a registry token.
type Claims struct {
	jwt.RegisteredClaims
	// Audience is one name, never a list.
	Audience string         `json:"aud"`
	Access   []Access       `json:"access"`
	Context  map[string]any `json:"context"`
}

// GetAudience implements jwt.Claims.
func (c *Claims) GetAudience() (jwt.ClaimStrings, error) { return jwt.ClaimStrings{c.Audience}, nil }

// Permission returns the strongest of * > push > pull that the claims give in a
// repository. A name without a namespace is one of the namespace library.
func (c *Claims) Permission(name domain.Name, library string) domain.Permission {
	held := domain.PermissionNone
	for _, a := range c.Access {
		if opened, err := domain.ParseName(a.Name, library); err != nil || a.Type != "repository" || opened != name {
			continue
		}
		for _, action := range a.Actions {
			switch action {
			case "*":
				held = max(held, domain.PermissionAdmin)
			case "push":
				held = max(held, domain.PermissionWrite)
			case "pull":
				held = max(held, domain.PermissionRead)
			}
		}
	}
	return held
}

// User returns the uuid of the person that the token was made for, or "".
func (c *Claims) User() string {
	if kind, _ := c.Context["entity_kind"].(string); kind != "user" {
		return ""
	}
	id, _ := c.Context["entity_reference"].(string)
	return id
}

const (
	// tokenLifetime and leeway are the product's (endpoints/v2/v2auth.py,
	// auth/registry_jwt_auth.py); maxFresh is REGISTRY_JWT_AUTH_MAX_FRESH_S.
	tokenLifetime = time.Hour
	leeway        = 30 * time.Second
	maxFresh      = 3660 * time.Second
	// MaxToken is the longest token that is looked at, in bytes.
	MaxToken = 64 << 10
)

// anonymous is the subject of a token that belongs to nobody.
const anonymous = "(anonymous)"

// Sign makes a token for a user, or for nobody.
func (k *Keys) Sign(ctx context.Context, user *domain.User, audience string, access []Access) (string, error) {
	if err := k.Wait(ctx); err != nil {
		return "", err
	}
	now := time.Now()
	subject := anonymous
	about := map[string]any{"version": 2, "entity_kind": "anonymous", "kind": "anonymous", "com.apostille.root": "$disabled"}
	if user != nil {
		subject = user.Name
		about["entity_kind"], about["entity_reference"] = "user", user.UUID
		about["kind"], about["user"] = "user", user.Name
	}
	roots := make(map[string]string, len(access))
	for _, a := range access {
		roots[a.Name] = "$disabled"
	}
	about["com.apostille.roots"] = roots
	if access == nil {
		access = []Access{}
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, &Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: k.opts.Service, Subject: subject,
			NotBefore: jwt.NewNumericDate(now), IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(tokenLifetime)),
		},
		Audience: audience, Access: access, Context: about,
	})
	t.Header["kid"] = k.kid
	signed, err := t.SignedString(k.key)
	return signed, errs.Wrap(errs.Internal, err, "sign a token")
}

// Verify checks a token and returns its claims. What is wrong with it is
// errs.Unauthenticated.
func (k *Keys) Verify(ctx context.Context, token string) (*Claims, error) {
	if err := k.Wait(ctx); err != nil {
		return nil, err
	}
	if len(token) > MaxToken {
		return nil, errs.New(errs.Unauthenticated, "the token is too long")
	}
	id := sha256.Sum256([]byte(token))
	if c := k.seen.get(id); c != nil {
		return c, nil
	}
	var c Claims
	var lookup error // the failure to find out whether a key may be trusted
	_, err := jwt.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		kid, ok := t.Header["kid"].(string)
		if !ok || kid == "" {
			return nil, fmt.Errorf("the token names no key")
		}
		key, err := k.publicKey(ctx, kid)
		if err != nil && !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Unauthenticated) {
			lookup = err
		}
		return key, err
	},
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Name}), jwt.WithLeeway(leeway),
		jwt.WithIssuer(k.opts.Service), jwt.WithAudience(k.opts.Audience), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	if lookup != nil {
		return nil, lookup
	}
	if err != nil {
		return nil, errs.Wrap(errs.Unauthenticated, err, "the token is not valid")
	}
	switch {
	case c.NotBefore == nil || c.IssuedAt == nil || c.Subject == "":
		return nil, errs.New(errs.Unauthenticated, "the token lacks a claim")
	case c.ExpiresAt.Sub(c.IssuedAt.Time) > maxFresh:
		return nil, errs.New(errs.Unauthenticated, "the token lives too long")
	}
	for _, a := range c.Access {
		if a.Type != "repository" {
			return nil, errs.New(errs.Unauthenticated, "the token opens something unknown")
		}
	}
	k.seen.put(id, &c)
	return &c, nil
}

// verified remembers tokens whose signature was checked, by their hash, so that
// a client's many requests cost one check. It does so for a minute: a key that is
// not trusted any more opens nothing for longer than that.
type verified struct {
	mu  sync.Mutex
	lru *simplelru.LRU[[sha256.Size]byte, checked]
}

type checked struct {
	claims *Claims
	until  time.Time
}

const rememberFor = time.Minute

func newVerified() *verified {
	lru, _ := simplelru.NewLRU[[sha256.Size]byte, checked](1024, nil) // fails for a size below one
	return &verified{lru: lru}
}

func (v *verified) get(id [sha256.Size]byte) *Claims {
	v.mu.Lock()
	defer v.mu.Unlock()
	c, ok := v.lru.Get(id)
	if !ok {
		return nil
	}
	if time.Now().After(c.until) {
		v.lru.Remove(id)
		return nil
	}
	return c.claims
}

func (v *verified) put(id [sha256.Size]byte, c *Claims) {
	v.mu.Lock()
	until := time.Now().Add(rememberFor)
	if c.ExpiresAt.Before(until) {
		until = c.ExpiresAt.Time
	}
	v.lru.Add(id, checked{c, until})
	v.mu.Unlock()
}
