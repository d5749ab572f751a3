package servicekeys

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestSubmit proves that a key signed by itself waits for approval, and that one signed
// by an approved key takes its place with all that belongs to it.
func TestSubmit(t *testing.T) {
	k, s := fixture()
	for _, kid := range []any{"first", nil} {
		id := "first"
		if kid == nil {
			id = "without"
		}
		out, err := k.Submit(t.Context(), Submission{
			Service: "web", KID: id, Authorization: by(t, 0, kid), JWK: jwk(0), Expiration: "1785589200.5", Rotation: "60", Address: "192.0.2.1",
		}, now)
		if row := s.rows[id]; err != nil || out.Replaced != nil || row.Approved || row.Rotation != time.Minute ||
			!row.Expires.Equal(now.Add(time.Hour+500*time.Millisecond)) || string(row.Metadata) != `{"ip": "192.0.2.1"}` {
			t.Errorf("%s: stored %+v, %v", id, row, err)
		}
	}
	_, err := k.Submit(t.Context(), Submission{Service: "web", KID: "first", Authorization: by(t, 0, "first"), JWK: jwk(0)}, now)
	if !errs.Is(err, errs.Exists) {
		t.Errorf("the id again: %v", err)
	}
	rotation := Submission{Service: "web", KID: "second", Authorization: by(t, 0, "first"), JWK: jwk(1), Address: "192.0.2.2"}
	if _, err := k.Submit(t.Context(), rotation, now); !errs.Is(err, errs.Denied) {
		t.Errorf("replaced by a key that nobody approved: %v", err)
	}
	if err := k.Approve(t.Context(), "first", domain.ServiceKeyApproval{Notes: "fine"}); err != nil {
		t.Fatal(err)
	}
	out, err := k.Submit(t.Context(), rotation, now)
	row := s.rows["second"]
	if err != nil || out.Replaced == nil || out.Replaced.KID != "first" || !row.Approved || row.Approval.Notes != "fine" || row.Rotation != time.Minute ||
		!row.Expires.IsZero() || !row.Created.Equal(now) || string(row.Metadata) != `{"ip": "192.0.2.2", "created_by": "Key Rotation"}` {
		t.Errorf("replaced by %+v, %v", row, err)
	}
	if _, ok := s.rows["first"]; ok || s.stale.Expired.IsZero() {
		t.Error("the old key stayed")
	}
	if _, err := k.Submit(t.Context(), rotation, now); !errs.Is(err, errs.Denied) {
		t.Errorf("signed by a key that is gone: %v", err)
	}
}

// TestSubmitRefuses proves that nothing is stored of what is malformed, not signed, or
// signed by somebody who may not.
func TestSubmitRefuses(t *testing.T) {
	other := approved("other")
	other.Service = "other"
	expired := ending("expired", 0)
	stale := unapproved("stale")
	stale.Created = now.Add(-24 * time.Hour)
	good := Submission{Service: "web", KID: "new", Authorization: by(t, 1, "new"), JWK: jwk(1)}
	rs256 := jwt.SigningMethodRS256
	self := func(c jwt.MapClaims) Submission {
		s := good
		s.Authorization = bearer(t, rs256, pairs()[1], "new", claims(c))
		return s
	}
	with := func(change func(*Submission)) Submission {
		s := good
		change(&s)
		return s
	}
	signed := func(header string) Submission { return with(func(s *Submission) { s.Authorization = header }) }
	for name, tc := range map[string]struct {
		s    Submission
		kind errs.Kind
	}{
		"no token":                {signed(""), errs.Invalid},
		"a token of noise":        {signed("Bearer a.b.c"), errs.Invalid},
		"another scheme":          {signed(strings.Replace(good.Authorization, "Bearer", "Token", 1)), errs.Invalid},
		"another key's signature": {signed(by(t, 0, "new")), errs.Invalid},
		"a number as kid":         {signed(by(t, 1, 1)), errs.Invalid},
		"an empty kid":            {signed(by(t, 1, "")), errs.Denied},
		"an unknown signer":       {signed(by(t, 0, "none")), errs.Denied},
		"a signer of another":     {signed(by(t, 0, "other")), errs.Denied},
		"an expired signer":       {signed(by(t, 0, "expired")), errs.Denied},
		"a signer unapproved":     {signed(by(t, 0, "unapproved")), errs.Denied},
		"a signer never approved": {signed(by(t, 0, "stale")), errs.Denied},
		"not the signer's key":    {signed(by(t, 1, "approved")), errs.Invalid},
		"HS256":                   {signed(bearer(t, jwt.SigningMethodHS256, []byte(jwk(1)), "new", claims(nil))), errs.Invalid},
		"RS384":                   {signed(bearer(t, jwt.SigningMethodRS384, pairs()[1], "new", claims(nil))), errs.Invalid},
		"none":                    {signed(bearer(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "new", claims(nil)) + "x"), errs.Invalid},
		"another audience":        {self(jwt.MapClaims{"aud": "https://other.example.com"}), errs.Invalid},
		"no audience":             {self(jwt.MapClaims{"aud": nil}), errs.Invalid},
		"another issuer":          {self(jwt.MapClaims{"iss": "quay"}), errs.Invalid},
		"no issuer":               {self(jwt.MapClaims{"iss": nil}), errs.Invalid},
		"no beginning":            {self(jwt.MapClaims{"nbf": nil}), errs.Invalid},
		"no end":                  {self(jwt.MapClaims{"exp": nil}), errs.Invalid},
		"not made":                {self(jwt.MapClaims{"iat": nil}), errs.Invalid},
		"made in a second":        {self(jwt.MapClaims{"iat": now.Unix() + 1}), errs.Invalid},
		"begins in a second":      {self(jwt.MapClaims{"nbf": now.Unix() + 1}), errs.Invalid},
		"has ended":               {self(jwt.MapClaims{"exp": now.Unix()}), errs.Invalid},
		"no key":                  {with(func(s *Submission) { s.JWK = nil }), errs.Invalid},
		"an EC key":               {with(func(s *Submission) { s.JWK = json.RawMessage(`{"kty":"EC","x":"a","y":"b"}`) }), errs.Invalid},
		"a private key":           {with(func(s *Submission) { s.JWK = json.RawMessage(strings.Replace(string(jwk(1)), "{", `{"d":"x",`, 1)) }), errs.Invalid},
		"a bad service":           {with(func(s *Submission) { s.Service = "We b" }), errs.Invalid},
		"an expiration in words":  {with(func(s *Submission) { s.Expiration = "tomorrow" }), errs.Invalid},
		"no number":               {with(func(s *Submission) { s.Expiration = "nan" }), errs.Invalid},
		"an endless expiration":   {with(func(s *Submission) { s.Expiration = "inf" }), errs.Invalid},
		"an absurd expiration":    {with(func(s *Submission) { s.Expiration = "1e300" }), errs.Invalid},
		"a rotation in words":     {with(func(s *Submission) { s.Rotation = "daily" }), errs.Invalid},
		"a negative rotation":     {with(func(s *Submission) { s.Rotation = "-1" }), errs.Invalid},
		"a long id":               {with(func(s *Submission) { s.KID = strings.Repeat("a", 256); s.Authorization = by(t, 1, nil) }), errs.Invalid},
		"a long id by rotation": {
			with(func(s *Submission) { s.KID = strings.Repeat("a", 256); s.Authorization = by(t, 0, "approved") }), errs.Invalid,
		},
	} {
		k, s := fixture(approved("approved"), other, expired, unapproved("unapproved"), stale)
		if _, err := k.Submit(t.Context(), tc.s, now); !errs.Is(err, tc.kind) || len(s.rows) != 5 {
			t.Errorf("%s: %v, %d keys", name, err, len(s.rows))
		}
	}
	k, _ := fixture()
	if _, err := k.Submit(t.Context(), good, now); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

// TestWithdraw proves who may delete which key.
func TestWithdraw(t *testing.T) {
	elsewhere := approved("elsewhere")
	elsewhere.Service = "other"
	stale := unapproved("stale")
	stale.Created = now.Add(-24 * time.Hour)
	for name, tc := range map[string]struct {
		kid, header string
		kind        errs.Kind
		good        bool
	}{
		"its own, approved":        {"approved", by(t, 0, "approved"), 0, true},
		"its own, not approved":    {"unapproved", by(t, 0, "unapproved"), 0, true},
		"another's, approved":      {"unapproved", by(t, 0, "approved"), 0, true},
		"another's, not approved":  {"approved", by(t, 0, "unapproved"), errs.Denied, false},
		"of another service":       {"elsewhere", by(t, 0, "approved"), errs.NotFound, false},
		"by another service":       {"approved", by(t, 0, "elsewhere"), errs.Denied, false},
		"none":                     {"none", by(t, 0, "approved"), errs.NotFound, false},
		"by nobody":                {"approved", by(t, 0, nil), errs.Invalid, false},
		"by an empty id":           {"approved", by(t, 0, ""), errs.Invalid, false},
		"by somebody unknown":      {"approved", by(t, 0, "unknown"), errs.Denied, false},
		"with another's signature": {"approved", by(t, 1, "approved"), errs.Invalid, false},
		"without a token":          {"approved", "", errs.Invalid, false},
		"too long without approval": {
			"stale", by(t, 0, "stale"), errs.Denied, false,
		},
	} {
		k, s := fixture(approved("approved"), unapproved("unapproved"), elsewhere, stale)
		signer, err := k.Withdraw(t.Context(), "web", tc.kid, tc.header, now)
		if _, left := s.rows[tc.kid]; tc.good != (err == nil && signer != nil && !left) || !tc.good && !errs.Is(err, tc.kind) {
			t.Errorf("%s: %+v, %v", name, signer, err)
		}
	}
}

// FuzzSubmit proves that no key and no parameter makes a submission panic.
func FuzzSubmit(f *testing.F) {
	f.Add("new", string(jwk(1)), "1785589200.5", "60")
	f.Add("", "{}", "", "")
	headers := []string{by(f, 1, nil), by(f, 0, "approved")}
	f.Fuzz(func(t *testing.T, kid, key, expiration, rotation string) {
		k, s := fixture(approved("approved"))
		for _, header := range headers {
			_, err := k.Submit(t.Context(), Submission{Service: "web", KID: kid, Authorization: header, JWK: json.RawMessage(key), Expiration: expiration, Rotation: rotation}, now)
			if err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Exists) && !errs.Is(err, errs.Denied) {
				t.Error(err)
			}
		}
		for _, row := range s.rows {
			if !json.Valid(row.JWK) || !json.Valid(row.Metadata) {
				t.Errorf("stored %+v", row)
			}
		}
	})
}
