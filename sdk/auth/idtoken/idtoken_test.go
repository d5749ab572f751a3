package idtoken

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/quay/quay/sdk/errs"
)

var then = time.Unix(1700000000, 0)

// tokens were made by the library that testdata/tokens.json names, at then, to end after
// five minutes, with the key of testdata.
func tokens(t testing.TB) (v struct{ External, OIDC string }) {
	t.Helper()
	if err := json.Unmarshal(file(t, "tokens.json"), &v); err != nil || v.OIDC == "" || v.External == "" {
		t.Fatal(err)
	}
	return v
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keySet(t testing.TB) KeySet {
	t.Helper()
	set, err := ParseKeySet(file(t, "jwks.json"))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// private is a key of the tests' own.
var private = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func good() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": "https://idp.example.com", "aud": "client", "sub": "alice",
		"iat": then.Unix(), "nbf": then.Unix(), "exp": then.Unix() + 300,
	}
}

// with is good claims with one changed; nil takes it out.
func with(name string, value any) jwt.MapClaims {
	c := good()
	if c[name] = value; value == nil {
		delete(c, name)
	}
	return c
}

func sign(t testing.TB, method jwt.SigningMethod, key, kid any, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if kid != nil {
		token.Header["kid"] = kid
	}
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func provider() Provider {
	set := KeySet{"k": &private().PublicKey}
	return Provider{
		Issuers: []string{"https://other.example.com", "https://idp.example.com/"}, Audiences: []string{"other", "client"},
		Key: func(kid string, _ bool) (*rsa.PublicKey, error) { return set.Find(kid) },
	}
}

// TestProductTokens proves that tokens of the product's library are accepted while they
// last: with a leeway from a provider, without one from a service.
func TestProductTokens(t *testing.T) {
	p := provider()
	p.Key = func(kid string, _ bool) (*rsa.PublicKey, error) { return keySet(t).Find(kid) }
	external := External{Issuer: "external", Key: keySet(t)["k1"]}
	v := tokens(t)
	for _, tc := range []struct {
		after          time.Duration
		oidc, external bool
	}{
		{0, true, true},
		{299 * time.Second, true, true},
		{300 * time.Second, true, false},
		{329 * time.Second, true, false},
		{330 * time.Second, false, false},
		{-time.Second, true, false},
		{-30 * time.Second, true, false},
		{-31 * time.Second, false, false},
	} {
		c, err := p.Verify(v.OIDC, then.Add(tc.after))
		if tc.oidc != (err == nil) || err == nil && (c.Subject() != "alice" || c.String("email") != "a@example.com") {
			t.Errorf("OIDC, %v later: %v, %v", tc.after, c, err)
		}
		c, err = external.Verify(v.External, AudienceVerify, then.Add(tc.after))
		if tc.external != (err == nil) || err == nil && c.Subject() != "alice" {
			t.Errorf("external, %v later: %v, %v", tc.after, c, err)
		}
	}
}

// TestProviderClaims proves which claims of a provider are accepted.
func TestProviderClaims(t *testing.T) {
	for name, tc := range map[string]struct {
		claims jwt.MapClaims
		good   bool
	}{
		"as they are":            {good(), true},
		"without a beginning":    {with("nbf", nil), true},
		"without subject":        {with("sub", nil), true},
		"issuer with a slash":    {with("iss", "https://idp.example.com//"), true},
		"issuer of another case": {with("iss", "https://IDP.example.com"), false},
		"another issuer":         {with("iss", "https://idp.example.com.evil.example"), false},
		"an issuer's path":       {with("iss", "https://idp.example.com/x"), false},
		"no issuer":              {with("iss", nil), false},
		"an empty issuer":        {with("iss", ""), false},
		"a list of issuers":      {with("iss", []string{"https://idp.example.com"}), false},
		"several audiences":      {with("aud", []string{"x", "client"}), true},
		"another audience":       {with("aud", "x"), false},
		"no audience":            {with("aud", nil), false},
		"an empty list":          {with("aud", []string{}), false},
		"audience is a number":   {with("aud", 1), false},
		"no end":                 {with("exp", nil), false},
		"end is text":            {with("exp", "9999999999"), false},
		"not made":               {with("iat", nil), false},
		"made is text":           {with("iat", "1"), false},
		"begins tomorrow":        {with("nbf", then.Unix()+86400), false},
		"subject is a number":    {with("sub", 1), false},
		"id is a number":         {with("jti", 1), false},
	} {
		c, err := provider().Verify(sign(t, jwt.SigningMethodRS256, private(), "k", tc.claims), then)
		if tc.good != (err == nil) || err != nil && (!errs.Is(err, errs.Unauthenticated) || c != nil) {
			t.Errorf("%s: %v, %v", name, c, err)
		}
	}
	p := provider()
	token := sign(t, jwt.SigningMethodRS256, private(), "k", with("aud", "x"))
	p.Audiences = nil
	if _, err := p.Verify(token, then); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("no audience configured: %v", err)
	}
	p.AnyAudience = true
	if _, err := p.Verify(token, then); err != nil {
		t.Errorf("any audience: %v", err)
	}
	p.Issuers = nil
	if _, err := p.Verify(sign(t, jwt.SigningMethodRS256, private(), "k", with("iss", nil)), then); err != nil {
		t.Errorf("any issuer: %v", err)
	}
}

// TestSignatures proves that nothing counts but RS256 and RS384 by a key that the token
// names.
func TestSignatures(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public := file(t, "public.pem")
	for name, tc := range map[string]struct {
		token string
		good  bool
	}{
		"RS256":                     {sign(t, jwt.SigningMethodRS256, private(), "k", good()), true},
		"RS384":                     {sign(t, jwt.SigningMethodRS384, private(), "k", good()), true},
		"RS512":                     {sign(t, jwt.SigningMethodRS512, private(), "k", good()), false},
		"PS256":                     {sign(t, jwt.SigningMethodPS256, private(), "k", good()), false},
		"HS256 with the public key": {sign(t, jwt.SigningMethodHS256, public, "k", good()), false},
		"none":                      {sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "k", good()), false},
		"another key":               {sign(t, jwt.SigningMethodRS256, other, "k", good()), false},
		"no key":                    {sign(t, jwt.SigningMethodRS256, private(), nil, good()), false},
		"an empty key":              {sign(t, jwt.SigningMethodRS256, private(), "", good()), false},
		"a list of keys":            {sign(t, jwt.SigningMethodRS256, private(), []string{"k"}, good()), false},
		"an unknown key":            {sign(t, jwt.SigningMethodRS256, private(), "../k", good()), false},
		"too long":                  {strings.Repeat("a", MaxToken+1), false},
		"nothing":                   {"", false},
	} {
		c, err := provider().Verify(tc.token, then)
		if tc.good != (err == nil) || err != nil && (!errs.Is(err, errs.Unauthenticated) || c != nil) {
			t.Errorf("%s: %v, %v", name, c, err)
		}
		e := External{Issuer: "https://idp.example.com", Key: &private().PublicKey}
		wantExternal := name == "RS256" || name == "no key" || name == "an empty key" || name == "a list of keys" || name == "an unknown key"
		if c, err := e.Verify(tc.token, "client", then); wantExternal != (err == nil) {
			t.Errorf("external, %s: %v, %v", name, c, err)
		}
	}
}

// TestRefresh proves that keys are fetched anew once, when that may help, and that a
// provider which does not answer is not taken for a bad token.
func TestRefresh(t *testing.T) {
	token := sign(t, jwt.SigningMethodRS256, private(), "k", good())
	expired := sign(t, jwt.SigningMethodRS256, private(), "k", with("exp", then.Unix()-3600))
	old := keySet(t)["k1"]
	for name, tc := range map[string]struct {
		token         string
		before, after *rsa.PublicKey
		fetched       int
		good          bool
	}{
		"known":          {token, &private().PublicKey, nil, 0, true},
		"not known yet":  {token, nil, &private().PublicKey, 1, true},
		"replaced":       {token, old, &private().PublicKey, 1, true},
		"never known":    {token, nil, nil, 1, false},
		"never fits":     {token, old, old, 1, false},
		"expired":        {expired, &private().PublicKey, nil, 0, false},
		"no token":       {"x", nil, nil, 0, false},
		"unknown method": {sign(t, jwt.SigningMethodRS512, private(), "k", good()), nil, nil, 0, false},
	} {
		p, fetched := provider(), 0
		p.Key = func(_ string, refresh bool) (*rsa.PublicKey, error) {
			k := tc.before
			if refresh {
				fetched++
				k = tc.after
			}
			if k == nil {
				return nil, errs.New(errs.NotFound, "no such key")
			}
			return k, nil
		}
		if _, err := p.Verify(tc.token, then); tc.good != (err == nil) || fetched != tc.fetched || err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: fetched %d times, %v", name, fetched, err)
		}
	}
	p, down := provider(), errs.New(errs.Unavailable, "the provider is down")
	p.Key = func(string, bool) (*rsa.PublicKey, error) { return nil, down }
	if _, err := p.Verify(token, then); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
	p.Key = func(string, bool) (*rsa.PublicKey, error) { return nil, nil }
	if _, err := p.Verify(token, then); err == nil {
		t.Error("accepted without a key")
	}
}

// TestExternalClaims proves which answers of a service are accepted.
func TestExternalClaims(t *testing.T) {
	e := External{Issuer: "https://idp.example.com", Key: &private().PublicKey}
	for name, tc := range map[string]struct {
		claims jwt.MapClaims
		good   bool
	}{
		"as they are":         {good(), true},
		"lives too long":      {with("exp", then.Unix()+301), false},
		"not made":            {with("iat", nil), false},
		"no beginning":        {with("nbf", nil), false},
		"no end":              {with("exp", nil), false},
		"issuer with a slash": {with("iss", "https://idp.example.com/"), false},
		"no issuer":           {with("iss", nil), false},
		"another audience":    {with("aud", AudienceUser), false},
		"no audience":         {with("aud", nil), false},
	} {
		if _, err := e.Verify(sign(t, jwt.SigningMethodRS256, private(), nil, tc.claims), "client", then); tc.good != (err == nil) || err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	e.MaxFresh = time.Hour
	if _, err := e.Verify(sign(t, jwt.SigningMethodRS256, private(), nil, with("exp", then.Unix()+3600)), "client", then); err != nil {
		t.Errorf("an hour, where that is allowed: %v", err)
	}
	for name, e := range map[string]External{"no issuer": {Key: e.Key}, "no key": {Issuer: e.Issuer}} {
		if _, err := e.Verify(sign(t, jwt.SigningMethodRS256, private(), nil, good()), "client", then); err == nil {
			t.Errorf("accepted with %s", name)
		}
	}
}

// TestKeys proves which keys are read.
func TestKeys(t *testing.T) {
	want := keySet(t)["k1"]
	if len(keySet(t)) != 1 || want == nil {
		t.Fatalf("got %v", keySet(t))
	}
	for _, name := range []string{"public.pem", "certificate.pem"} {
		if k, err := ParsePublicKey(file(t, name)); err != nil || !k.Equal(want) {
			t.Errorf("%s: %v, %v", name, k, err)
		}
	}
	for _, text := range []string{"", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		if _, err := ParsePublicKey([]byte(text)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, good := range map[string]bool{
		`{"keys":[]}`: true, `{}`: true, `{"keys":[{"kty":"EC","kid":"a"}]}`: true, `{"keys":[{"kty":"RSA","n":"*"}]}`: true,
		``: false, `[]`: false, `{"keys":{}}`: false,
		`{"keys":[{"kty":"RSA","kid":"a","n":"*","e":"AQAB"}]}`:                                    false,
		`{"keys":[{"kty":"RSA","kid":"a","n":"","e":"AQAB"}]}`:                                     false,
		`{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQ"}]}`:                                   false,
		`{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQABAQAB"}]}`:                             false,
		`{"keys":[{"kty":"RSA","kid":"a","n":"` + strings.Repeat("A", 10000) + `","e":"AQAB"}]}`:   false,
		`{"keys":[` + strings.TrimSuffix(strings.Repeat(`{"kty":"x"},`, maxKeys+1), ",") + `]}`:    false,
		`{"keys":[{"kty":"RSA","kid":"a","n":"` + strings.Repeat("_", 342) + `==","e":"AQAB=="}]}`: true,
	} {
		if _, err := ParseKeySet([]byte(text)); good != (err == nil) {
			t.Errorf("%.80s: %v", text, err)
		}
	}
}

// FuzzVerify proves that nothing passes but what was signed.
func FuzzVerify(f *testing.F) {
	token := sign(f, jwt.SigningMethodRS256, private(), "k", good())
	f.Add(token)
	f.Add(tokens(f).OIDC)
	f.Add("..")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := provider().Verify(text, then)
		if err == nil && !strings.HasPrefix(text, token[:strings.LastIndexByte(token, '.')]) {
			t.Errorf("accepted %q", text)
		}
		if err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Error(err)
		}
	})
}

// FuzzParseKeySet proves that no answer of a provider makes reading it panic.
func FuzzParseKeySet(f *testing.F) {
	f.Add(string(file(f, "jwks.json")))
	f.Fuzz(func(t *testing.T, text string) {
		set, err := ParseKeySet([]byte(text))
		if err != nil && (set != nil || !errs.Is(err, errs.Invalid)) {
			t.Errorf("got %v, %v", set, err)
		}
	})
}
