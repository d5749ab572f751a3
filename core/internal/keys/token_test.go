package keys

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestSignAndVerify proves that a token which was made here is accepted here and
// says whom it was made for and what it opens.
func TestSignAndVerify(t *testing.T) {
	k := instance(newStore())
	alice := &domain.User{Name: "alice", UUID: "uuid-of-alice"}
	access := []Access{{Type: "repository", Name: "acme/web", Actions: []string{"pull", "push"}}}
	for _, tc := range []struct {
		user          *domain.User
		subject, uuid string
		access        []Access
	}{
		{alice, "alice", "uuid-of-alice", access},
		{nil, "(anonymous)", "", access},
		{nil, "(anonymous)", "", nil},
	} {
		token, err := k.Sign(t.Context(), PersonEntity(tc.user), host, tc.access)
		if err != nil {
			t.Fatal(err)
		}
		c, err := k.Verify(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if c.Subject != tc.subject || c.User() != tc.uuid || len(c.Access) != len(tc.access) {
			t.Errorf("got %+v", c)
		}
		if life := time.Until(c.Expires); life > time.Hour || life < time.Hour-time.Minute {
			t.Errorf("it lives for %v", life)
		}
	}
}

// TestTokenForm proves that a token has the members which the product's own code
// reads.
func TestTokenForm(t *testing.T) {
	token, err := instance(newStore()).Sign(t.Context(), Entity{}, host, nil)
	if err != nil {
		t.Fatal(err)
	}
	var parts [2]object
	for i, part := range strings.SplitN(token, ".", 3)[:2] {
		b, err := base64.RawURLEncoding.DecodeString(part)
		if err == nil {
			err = json.Unmarshal(b, &parts[i])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if parts[0]["kid"] != Thumbprint(&shared().PublicKey) || parts[0]["alg"] != "RS256" {
		t.Errorf("header %v", parts[0])
	}
	if access, ok := parts[1]["access"].([]any); !ok || len(access) != 0 || parts[1]["aud"] != host {
		t.Errorf("claims %v", parts[1])
	}
}

// TestPermission proves what a token opens: the strongest of its actions, for
// repositories of exactly the name.
func TestPermission(t *testing.T) {
	acme := domain.Name{Namespace: "acme", Repository: "web"}
	ubuntu := domain.Name{Namespace: "library", Repository: "ubuntu"}
	for _, tc := range []struct {
		opened  string
		actions []string
		asked   domain.Name
		want    domain.Permission
	}{
		{"acme/web", []string{"pull"}, acme, domain.PermissionRead},
		{"acme/web", []string{"push"}, acme, domain.PermissionWrite},
		{"acme/web", []string{"pull", "*", "push"}, acme, domain.PermissionAdmin},
		{"acme/web", nil, acme, domain.PermissionNone},
		{"acme/web", []string{"PULL", "delete", ""}, acme, domain.PermissionNone},
		{"acme/web", []string{"*"}, ubuntu, domain.PermissionNone},
		{"acme/we", []string{"*"}, acme, domain.PermissionNone},
		{"acme/web/api", []string{"*"}, acme, domain.PermissionNone},
		{"acme/*", []string{"*"}, acme, domain.PermissionNone},
		{"web", []string{"*"}, acme, domain.PermissionNone},
		{"", []string{"*"}, acme, domain.PermissionNone},
		{"ubuntu", []string{"pull"}, ubuntu, domain.PermissionRead},
		{"library/ubuntu", []string{"pull"}, ubuntu, domain.PermissionRead},
	} {
		c := &Claims{Access: []Access{{Type: "repository", Name: tc.opened, Actions: tc.actions}}}
		if got := c.Permission(tc.asked, "library"); got != tc.want {
			t.Errorf("%v of %q in %v: got %v, want %v", tc.actions, tc.opened, tc.asked, got, tc.want)
		}
	}
}

// TestVerifyClaims proves which claims are accepted, to the second.
func TestVerifyClaims(t *testing.T) {
	k := instance(newStore())
	now := time.Now().Unix()
	for name, tc := range map[string]struct {
		change object
		good   bool
	}{
		"as it is":                       {object{}, true},
		"20 s after its end":             {object{"nbf": now - 3600, "iat": now - 3600, "exp": now - 20}, true},
		"40 s after its end":             {object{"nbf": now - 3600, "iat": now - 3600, "exp": now - 40}, false},
		"without an end":                 {object{"exp": nil}, false},
		"its end is null":                {object{"exp": json.RawMessage("null")}, false},
		"its end is text":                {object{"exp": "9999999999"}, false},
		"20 s before its beginning":      {object{"nbf": now + 20}, true},
		"60 s before its beginning":      {object{"nbf": now + 60}, false},
		"without a beginning":            {object{"nbf": nil}, false},
		"made 20 s from now":             {object{"iat": now + 20}, true},
		"made 60 s from now":             {object{"iat": now + 60}, false},
		"made never":                     {object{"iat": nil}, false},
		"lives as long as allowed":       {object{"iat": now, "exp": now + 3660}, true},
		"lives a second longer":          {object{"iat": now, "exp": now + 3661}, false},
		"lives for ever":                 {object{"exp": int64(1) << 53}, false},
		"was made long ago, lives still": {object{"iat": now - 3000, "nbf": now - 3000, "exp": now + 1000}, false},
		"of another issuer":              {object{"iss": "someone"}, false},
		"of no issuer":                   {object{"iss": nil}, false},
		"of a list of issuers":           {object{"iss": []string{service}}, false},
		"for another audience":           {object{"aud": "other.example.com"}, false},
		"for an audience in another case": {
			object{"aud": strings.ToUpper(host)}, false,
		},
		"for no audience":          {object{"aud": nil}, false},
		"for a list of audiences":  {object{"aud": []string{host}}, false},
		"for several audiences":    {object{"aud": []string{host, "other"}}, false},
		"without a subject":        {object{"sub": nil}, false},
		"with an empty subject":    {object{"sub": ""}, false},
		"with a number as subject": {object{"sub": 1}, false},
		"opens nothing":            {object{"access": []any{}}, true},
		"says nothing of what":     {object{"access": nil}, true},
		"opens something unknown":  {object{"access": []any{object{"type": "registry", "name": "catalog", "actions": []string{"*"}}}}, false},
		"opens something of no type": {
			object{"access": []any{object{"name": "acme/web", "actions": []string{"pull"}}}}, false,
		},
		"opens a string":      {object{"access": "repository:acme/web:pull"}, false},
		"context is a string": {object{"context": "x"}, false},
	} {
		token := signRSA(shared(), unsigned(goodHeader(), goodClaims().with(tc.change)))
		c, err := k.Verify(t.Context(), token)
		if tc.good != (err == nil) || err == nil && c == nil || err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestVerifySignature proves that only RS256 by a trusted key counts, whatever the
// token itself says of its algorithm and key.
func TestVerifySignature(t *testing.T) {
	k := instance(newStore())
	header, claims, attacker := goodHeader(), goodClaims(), newKey()
	good := signRSA(shared(), unsigned(header, claims))
	if _, err := k.Verify(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	public := x509.MarshalPKCS1PublicKey(&shared().PublicKey)
	pkix, err := x509.MarshalPKIXPublicKey(&shared().PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	with := func(changes object) string { return unsigned(header.with(changes), claims) }
	dots := strings.Split(good, ".")
	own := publicJWK(&attacker.PublicKey)
	for name, token := range map[string]string{
		"algorithm none":                 with(object{"alg": "none"}) + ".",
		"algorithm None":                 with(object{"alg": "None"}) + ".",
		"algorithm none, signed":         signRSA(shared(), with(object{"alg": "none"})),
		"no algorithm":                   signRSA(shared(), with(object{"alg": nil})),
		"HS256 with the public key":      signHMAC(public, with(object{"alg": "HS256"})),
		"HS256 with the key in PKIX":     signHMAC(pkix, with(object{"alg": "HS256"})),
		"HS256 with the key in PEM":      signHMAC(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix}), with(object{"alg": "HS256"})),
		"HS256 with nothing":             signHMAC(nil, with(object{"alg": "HS256"})),
		"HS256 signature under RS256":    signHMAC(public, with(nil)),
		"PS256":                          signPSS(shared(), with(object{"alg": "PS256"})),
		"PS256 signature under RS256":    signPSS(shared(), with(nil)),
		"RS512":                          signRSA(shared(), with(object{"alg": "RS512"})),
		"another key":                    signRSA(attacker, with(nil)),
		"a key in the header":            signRSA(attacker, with(object{"jwk": own})),
		"a key in the header, its id":    signRSA(attacker, with(object{"jwk": own, "kid": Thumbprint(&attacker.PublicKey)})),
		"a certificate in the header":    signRSA(attacker, with(object{"x5c": []string{base64.StdEncoding.EncodeToString(public)}})),
		"a URL of keys in the header":    signRSA(attacker, with(object{"jku": "https://attacker.example.com/keys"})),
		"unknown key":                    signRSA(attacker, with(object{"kid": Thumbprint(&attacker.PublicKey)})),
		"no key":                         signRSA(shared(), with(object{"kid": nil})),
		"an empty key id":                signRSA(shared(), with(object{"kid": ""})),
		"a number as key id":             signRSA(shared(), with(object{"kid": 1})),
		"a list as key id":               signRSA(shared(), with(object{"kid": []string{Thumbprint(&shared().PublicKey)}})),
		"a path as key id":               signRSA(attacker, with(object{"kid": "../../../dev/null"})),
		"SQL as key id":                  signRSA(attacker, with(object{"kid": "' OR 1=1 --"})),
		"no signature":                   stripped(good),
		"two parts":                      dots[0] + "." + dots[1],
		"four parts":                     good + "." + dots[2],
		"signature cut off":              good[:len(good)-10],
		"other claims":                   dots[0] + "." + strings.Split(unsigned(header, claims.with(object{"sub": "root"})), ".")[1] + "." + dots[2],
		"padded":                         good + "==",
		"a space in front":               " " + good,
		"nothing":                        "",
		"dots":                           "..",
		"a JSON document":                `{"alg":"none"}`,
		"a mebibyte":                     strings.Repeat("a", 1<<20),
		"a mebibyte of claims":           signRSA(shared(), unsigned(header, claims.with(object{"x": strings.Repeat("a", 1<<20)}))),
		"a header that is not an object": encode([]byte("[]")) + "." + dots[1] + "." + dots[2],
	} {
		c, err := k.Verify(t.Context(), token)
		if !errs.Is(err, errs.Unauthenticated) || c != nil {
			t.Errorf("%s: got %+v, %v", name, c, err)
		}
	}
}

// TestVerifyStoredKey proves that a token of another instance is accepted while
// the database says that its key is approved for this service and has not ended.
func TestVerifyStoredKey(t *testing.T) {
	other := newKey()
	kid := Thumbprint(&other.PublicKey)
	jwk, err := json.Marshal(publicJWK(&other.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	token := signRSA(other, unsigned(goodHeader().with(object{"kid": kid}), goodClaims()))
	stored := domain.ServiceKey{KID: kid, Service: service, JWK: jwk, Approved: true, Expires: time.Now().Add(time.Minute)}
	for name, tc := range map[string]struct {
		change func(*domain.ServiceKey)
		good   bool
	}{
		"approved":           {func(*domain.ServiceKey) {}, true},
		"without an end":     {func(k *domain.ServiceKey) { k.Expires = time.Time{} }, true},
		"not approved":       {func(k *domain.ServiceKey) { k.Approved = false }, false},
		"has ended":          {func(k *domain.ServiceKey) { k.Expires = time.Now().Add(-time.Second) }, false},
		"of another service": {func(k *domain.ServiceKey) { k.Service = "jwtproxy" }, false},
		"of another key":     {func(k *domain.ServiceKey) { k.JWK, _ = json.Marshal(publicJWK(&shared().PublicKey)) }, false},
	} {
		s, k := newStore(), stored
		tc.change(&k)
		s.keys[kid] = k
		_, err := instance(s).Verify(t.Context(), token)
		if tc.good != (err == nil) || err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, damaged := range map[string]string{
		"no JSON": "x", "no modulus": `{"e":"AQAB","kty":"RSA"}`, "no exponent": `{"n":"AQAB","kty":"RSA"}`,
		"a huge exponent": `{"e":"AQABAQAB","n":"AQAB"}`, "bad base64": `{"e":"AQAB","n":"*"}`, "null": "null",
	} {
		s, k := newStore(), stored
		k.JWK = []byte(damaged)
		s.keys[kid] = k
		if c, err := instance(s).Verify(t.Context(), token); err == nil {
			t.Errorf("%s: got %+v", name, c)
		}
	}
}

// TestVerifyWithoutDatabase proves that a database which does not answer is not
// taken for a bad token: the client would throw away a good one.
func TestVerifyWithoutDatabase(t *testing.T) {
	s := newStore()
	k := instance(s)
	token := signRSA(shared(), unsigned(goodHeader().with(object{"kid": "another instance"}), goodClaims()))
	s.fail = errs.New(errs.Unavailable, "the database is away")
	if _, err := k.Verify(t.Context(), token); !errs.Is(err, errs.Unavailable) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.fail = ctx.Err()
	if _, err := k.Verify(ctx, token); !errs.Is(err, errs.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

// TestRevokedKey proves that a token which was accepted once is asked about again
// after a minute, so that a key which is not trusted any more opens nothing for
// longer.
func TestRevokedKey(t *testing.T) {
	other := newKey()
	kid := Thumbprint(&other.PublicKey)
	jwk, err := json.Marshal(publicJWK(&other.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	s := newStore()
	s.keys[kid] = domain.ServiceKey{KID: kid, Service: service, JWK: jwk, Approved: true}
	k := instance(s)
	synctest.Test(t, func(t *testing.T) {
		token := signRSA(other, unsigned(goodHeader().with(object{"kid": kid}), goodClaims()))
		for range 3 {
			if _, err := k.Verify(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}
		if s.lookups != 1 {
			t.Errorf("the database was asked %d times for one token", s.lookups)
		}
		delete(s.keys, kid)
		time.Sleep(rememberFor + time.Millisecond)
		if _, err := k.Verify(t.Context(), token); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("a minute after the key was removed: %v", err)
		}
	})
}

// TestRememberedTokenEnds proves that a token which is remembered ends on time.
func TestRememberedTokenEnds(t *testing.T) {
	k := instance(newStore())
	synctest.Test(t, func(t *testing.T) {
		now := time.Now().Unix()
		token := signRSA(shared(), unsigned(goodHeader(), goodClaims().with(object{"iat": now - 3590, "nbf": now - 3590, "exp": now + 10})))
		for _, step := range []struct {
			after time.Duration
			good  bool
		}{{0, true}, {30 * time.Second, true}, {15 * time.Second, false}} {
			time.Sleep(step.after)
			if _, err := k.Verify(t.Context(), token); step.good != (err == nil) {
				t.Errorf("%d s after it was made: %v", time.Now().Unix()-now, err)
			}
		}
	})
}

// FuzzVerify proves that nothing but what was signed is accepted, and that nothing
// makes the check panic.
func FuzzVerify(f *testing.F) {
	k := instance(newStore())
	good := signRSA(shared(), unsigned(goodHeader(), goodClaims().with(object{"exp": time.Now().Unix() + 3600})))
	text := good[:strings.LastIndexByte(good, '.')]
	f.Add(good)
	f.Add(stripped(good))
	f.Add(unsigned(goodHeader().with(object{"alg": "none"}), goodClaims()) + ".")
	f.Add(signHMAC(nil, unsigned(goodHeader().with(object{"alg": "HS256"}), goodClaims())))
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		c, err := k.Verify(t.Context(), token)
		if err == nil && !strings.HasPrefix(token, text+".") {
			t.Errorf("accepted %q with %+v", token, c)
		}
		if err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%v", err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	k := instance(newStore())
	token, err := k.Sign(b.Context(), Entity{}, host, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("remembered", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = k.Verify(b.Context(), token)
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			k.seen = newVerified()
			_, _ = k.Verify(b.Context(), token)
		}
	})
}
