package keys

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
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
	// Root is that of the repository's signed metadata, "quay" or "signer"; empty is
	// none. It is part of the context and not known of a token that was read.
	Root string `json:"-"`
}

// Token is what goes into a token that the instance signs.
type Token struct {
	// Subject is whose it is; empty is nobody's.
	Subject string
	// Audience is for whom it is; empty becomes null.
	Audience string
	// Access and Context are anything that is JSON. Their form is up to who reads them.
	Access, Context any
	Lifetime        time.Duration
}

// Payload is what a token says whose signature and times were checked.
type Payload struct {
	jwt.RegisteredClaims
	// Audience is one name, never a list.
	Audience string `json:"aud"`
	// Access and Context are nil when they are not there.
	Access  json.RawMessage `json:"access"`
	Context json.RawMessage `json:"context"`
}

// GetAudience implements jwt.Claims.
func (p *Payload) GetAudience() (jwt.ClaimStrings, error) { return jwt.ClaimStrings{p.Audience}, nil }

// Claims are the content of a registry token.
type Claims struct {
	Entity  Entity
	Access  []Access
	Subject string
	Expires time.Time
}

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
	if c.Entity.Kind != Person {
		return ""
	}
	return c.Entity.Reference
}

const (
	// tokenLifetime and leeway are the product's (endpoints/v2/v2auth.py,
	// auth/registry_jwt_auth.py).
	tokenLifetime = time.Hour
	leeway        = 30 * time.Second
	// DefaultMaxFresh is REGISTRY_JWT_AUTH_MAX_FRESH_S.
	DefaultMaxFresh = 3660 * time.Second
	// MaxToken is the longest token that is looked at, in bytes.
	MaxToken = 64 << 10
	// layerLifetime is how long a scanner may take to begin to fetch a layer
	// (util/secscan/v4/api.py).
	layerLifetime = time.Minute
)

// Sign makes a registry token for somebody. What the entity cannot have is
// errs.Invalid.
func (k *Keys) Sign(ctx context.Context, e Entity, audience string, access []Access) (string, error) {
	about, err := newContext(e, access)
	if err != nil {
		return "", err
	}
	if access == nil {
		access = []Access{}
	}
	return k.SignToken(ctx, Token{Subject: e.subject(), Audience: audience, Access: access, Context: about, Lifetime: tokenLifetime})
}

// LayerAuthorization is the Authorization header with which a scanner fetches a blob
// of a repository from this registry (util/secscan/blob.py).
func (k *Keys) LayerAuthorization(ctx context.Context, repository domain.Name) (string, error) {
	token, err := k.SignToken(ctx, Token{
		Audience: k.opts.Audience, Lifetime: layerLifetime, Context: &tokenContext{Root: noTrust},
		Access: []Access{{Type: "repository", Name: repository.Namespace + "/" + repository.Repository, Actions: []string{"pull"}}},
	})
	if err != nil {
		return "", err
	}
	return bearerPrefix + token, nil
}

// SignToken makes a token of any content, signed with the instance's key.
func (k *Keys) SignToken(ctx context.Context, t Token) (string, error) {
	if err := k.Wait(ctx); err != nil {
		return "", err
	}
	now := time.Now().Unix()
	subject := t.Subject
	if subject == "" {
		subject = anonymous
	}
	claims := jwt.MapClaims{
		"iss": k.opts.Service, "aud": nil, "nbf": now, "iat": now, "exp": now + int64(t.Lifetime/time.Second),
		"sub": subject, "access": t.Access, "context": t.Context,
	}
	if t.Audience != "" {
		claims["aud"] = t.Audience
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = k.kid
	signed, err := token.SignedString(k.private.Reveal())
	return signed, errs.Wrap(errs.Internal, err, "sign a token")
}

// Verify checks a registry token and returns its claims. What is wrong with it is
// errs.Unauthenticated.
func (k *Keys) Verify(ctx context.Context, token string) (*Claims, error) {
	if err := k.Wait(ctx); err != nil {
		return nil, err
	}
	if len(token) > MaxToken {
		return nil, errFormat
	}
	id := sha256.Sum256([]byte(token))
	if c := k.seen.get(id); c != nil {
		return c, nil
	}
	p, err := k.VerifyToken(ctx, token, k.opts.Audience, k.MaxFresh())
	if err != nil {
		return nil, err
	}
	c := &Claims{Subject: p.Subject, Expires: p.ExpiresAt.Time}
	if c.Access, err = parseAccess(p.Access); err != nil {
		return nil, err
	}
	if c.Entity, err = entity(p.Subject, p.Context); err != nil {
		return nil, errs.Wrap(errs.Unauthenticated, err, "the token's context is not valid")
	}
	k.seen.put(id, c)
	return c, nil
}

// MaxFresh is the longest life of a token that is accepted.
func (k *Keys) MaxFresh() time.Duration {
	if k.opts.MaxFresh == 0 {
		return DefaultMaxFresh
	}
	return k.opts.MaxFresh
}

// VerifyToken checks a token of any content for an audience: its signature by a key of
// the service that may be trusted, its issuer and its times. It may not live longer
// than maxLife, unless that is zero. What is wrong with it is errs.Unauthenticated.
func (k *Keys) VerifyToken(ctx context.Context, token, audience string, maxLife time.Duration) (*Payload, error) {
	if err := k.Wait(ctx); err != nil {
		return nil, err
	}
	if len(token) > MaxToken || audience == "" {
		return nil, errFormat
	}
	var p Payload
	var lookup error // the failure to find out whether a key may be trusted
	_, err := jwt.ParseWithClaims(token, &p, func(t *jwt.Token) (any, error) {
		kid, ok := t.Header["kid"].(string)
		if !ok || kid == "" {
			return nil, errNoKID
		}
		key, err := k.publicKey(ctx, kid)
		if err != nil && !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Unauthenticated) {
			lookup = err
		}
		return key, err
	},
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Name}), jwt.WithLeeway(leeway),
		jwt.WithIssuer(k.opts.Service), jwt.WithAudience(audience), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	if lookup != nil {
		return nil, lookup
	}
	switch {
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing) && p.Audience == "":
		return nil, lacks("aud")
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return nil, lacks("exp")
	case err != nil:
		return nil, errs.Wrap(errs.Unauthenticated, err, "%s", explain(err))
	case p.NotBefore == nil:
		return nil, lacks("nbf")
	case p.IssuedAt == nil:
		return nil, lacks("iat")
	case p.Subject == "":
		return nil, errs.New(errs.Unauthenticated, "Missing sub field in JWT")
	case maxLife > 0 && p.ExpiresAt.Sub(p.IssuedAt.Time) > maxLife:
		return nil, errs.New(errs.Unauthenticated, "Token was signed for more than %d seconds", int(maxLife/time.Second))
	}
	return &p, nil
}

// Subject checks a token that this registry signed for a robot to log in with, and
// returns whose it is (data/model/user.py, generate_temp_robot_jwt_token and
// verify_robot_jwt_token). A registry token, of which access is a list, is none: it would
// open everything that the robot may do, and be renewed with for ever.
func (k *Keys) Subject(ctx context.Context, token string) (string, error) {
	p, err := k.VerifyToken(ctx, token, k.opts.Audience, k.MaxFresh())
	if err != nil {
		return "", err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(p.Access), []byte("{")) {
		return "", errAccess
	}
	return p.Subject, nil
}

// What clients read of tokens that are not good: the texts of the product and of PyJWT.
var (
	errFormat = &errs.Error{Kind: errs.Unauthenticated, Message: "Invalid bearer token format"}
	errNoKID  = &errs.Error{Kind: errs.Unauthenticated, Message: "Missing kid header"}
	errKey    = &errs.Error{Kind: errs.Unauthenticated, Message: "Unknown service key"}
	errAccess = &errs.Error{Kind: errs.Unauthenticated, Message: "Token contained invalid or malformed access grants"}

	explanations = []struct {
		of   error
		text string
	}{
		{errNoKID, errNoKID.Message},
		{errKey, errKey.Message},
		{jwt.ErrTokenSignatureInvalid, "Signature verification failed"},
		{jwt.ErrTokenExpired, "Signature has expired"},
		{jwt.ErrTokenNotValidYet, "The token is not yet valid (nbf)"},
		{jwt.ErrTokenUsedBeforeIssued, "The token is not yet valid (iat)"},
		{jwt.ErrTokenInvalidIssuer, "Invalid issuer"},
		{jwt.ErrTokenInvalidAudience, "Audience doesn't match"},
	}
)

func explain(err error) string {
	for _, e := range explanations {
		if errors.Is(err, e.of) {
			return e.text
		}
	}
	return "Invalid token"
}

func lacks(claim string) error {
	return errs.New(errs.Unauthenticated, "Token is missing the \"%s\" claim", claim)
}

// parseAccess reads what a registry token opens: nothing when it does not say. Members
// that are not there, other types and other actions make the whole token worthless, as
// in the product.
func parseAccess(text json.RawMessage) ([]Access, error) {
	if text == nil {
		return nil, nil
	}
	var given []struct {
		Type, Name *string
		Actions    *[]string
	}
	if string(text) == "null" || json.Unmarshal(text, &given) != nil {
		return nil, errAccess
	}
	access := make([]Access, 0, len(given))
	for _, g := range given {
		if g.Type == nil || *g.Type != "repository" || g.Name == nil || g.Actions == nil {
			return nil, errAccess
		}
		for _, action := range *g.Actions {
			if action != "push" && action != "pull" && action != "*" {
				return nil, errAccess
			}
		}
		access = append(access, Access{Type: *g.Type, Name: *g.Name, Actions: *g.Actions})
	}
	return access, nil
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
	if c.Expires.Before(until) {
		until = c.Expires
	}
	v.lru.Add(id, checked{c, until})
	v.mu.Unlock()
}
