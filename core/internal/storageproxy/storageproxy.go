// Package storageproxy makes and checks the URLs with which clients fetch objects from
// a store through the registry's front end (storage/downloadproxy.py). The front end,
// nginx, asks for each request whether it is allowed and then fetches what the URL
// names, byte for byte.
package storageproxy

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/sdk/errs"
)

// Tokens signs and checks: *keys.Keys.
type Tokens interface {
	SignToken(ctx context.Context, t keys.Token) (string, error)
	VerifyToken(ctx context.Context, token, audience string, maxLife time.Duration) (*keys.Payload, error)
	MaxFresh() time.Duration
}

// Proxy makes and checks URLs.
type Proxy struct {
	Tokens Tokens
	// Scheme and Host are those of the registry (PREFERRED_URL_SCHEME, SERVER_HOSTNAME).
	Scheme, Host string
}

const (
	prefix  = "/_storage_proxy/"
	kind    = "storageproxy"
	subject = "storageproxy"
	// Lifetime is how long a URL can be used.
	Lifetime = 10 * time.Minute
)

// access is what a token opens: one URL in three parts, as they are written.
type access struct {
	Type   string `json:"type"`
	URI    string `json:"uri"`
	Host   string `json:"host"`
	Scheme string `json:"scheme"`
}

// URL returns the registry's URL for one of a store. What of it is signed is never
// decoded or tidied: stores sign those bytes, too. One that is not absolute, or has no
// path, is errs.Invalid.
func (p *Proxy) URL(ctx context.Context, storeURL string) (string, error) {
	scheme, rest, ok := strings.Cut(storeURL, "://")
	host, uri, hasPath := strings.Cut(rest, "/")
	if !ok || !hasPath || host == "" || scheme == "" || strings.ContainsAny(host, "?#") || strings.Contains(uri, "#") {
		return "", errs.New(errs.Invalid, "the store's URL cannot go through the registry")
	}
	token, err := p.Tokens.SignToken(ctx, keys.Token{
		Subject: subject, Audience: p.Host, Lifetime: Lifetime, Context: struct{}{},
		Access: []access{{Type: kind, URI: uri, Host: host, Scheme: scheme}},
	})
	if err != nil {
		return "", err
	}
	encoded := base64.URLEncoding.EncodeToString([]byte(token))
	return p.Scheme + "://" + p.Host + prefix + encoded + "/" + scheme + "/" + host + "/" + uri, nil
}

// Check checks the field X-Original-URI of the front end's question: the path and query
// that the client sent. A URL that was not made here, or was changed in a byte, is
// errs.Unauthenticated.
func (p *Proxy) Check(ctx context.Context, originalURI string) error {
	rest, ok := strings.CutPrefix(originalURI, prefix)
	parts := strings.SplitN(rest, "/", 4)
	if !ok || len(parts) != 4 {
		return refused("it is not one of the proxy's")
	}
	if len(parts[0]) > base64.URLEncoding.EncodedLen(keys.MaxToken) {
		return refused("its token is too long")
	}
	token, err := base64.URLEncoding.DecodeString(parts[0])
	if err != nil {
		return refused("its token cannot be read")
	}
	payload, err := p.Tokens.VerifyToken(ctx, string(token), p.Host, p.Tokens.MaxFresh())
	if err != nil {
		return err
	}
	var granted []access
	if payload.Subject != subject || json.Unmarshal(payload.Access, &granted) != nil || len(granted) != 1 || granted[0].Type != kind {
		return refused("its token is for something else")
	}
	for _, part := range [][2]string{{granted[0].Scheme, parts[1]}, {granted[0].Host, parts[2]}, {granted[0].URI, parts[3]}} {
		if subtle.ConstantTimeCompare([]byte(part[0]), []byte(part[1])) != 1 {
			return refused("its token is for another URL")
		}
	}
	return nil
}

func refused(why string) error {
	return errs.New(errs.Unauthenticated, "the URL is refused: %s", why)
}
