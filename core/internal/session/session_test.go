package session

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
)

// example is the worked example: a cookie of the product of somebody who signed in.
const example = ".eJxFTbsKwzAQ-5Xj5gTOpinBW6dOndrdOOklNW2c4McU8u8906FCSAghtKMdU5xsXt8c0KA4NminyOmFJsfCkkriaP1TatcNrnM9tyRoT1X6KvSHkv1nnX2w2S-MZkeoy7vLDZCCS5lBkz6D0oZICNfbAw952TguLnDIv9_jCwLDLNk" +
	".ZVPxAA.Mep_Cz3tyAu16-w5Qf25DLCSPvk"

// TestProductSession proves that the worked example's members are understood.
func TestProductSession(t *testing.T) {
	s := signer().Read(example, DefaultLifetime, then)
	if s.User() != "a5ba5a8e-0000-4000-8000-000000000001" || !s.Fresh() || !s.Permanent() || s.CSRFToken() != "tok" || s.Modified() {
		t.Errorf("got user %q, fresh %v, permanent %v, token %q", s.User(), s.Fresh(), s.Permanent(), s.CSRFToken())
	}
	zone := time.FixedZone("x", 7200)
	if at, ok := s.LoginTime(zone); !ok || !at.Equal(time.Date(2026, 8, 1, 12, 0, 0, 0, zone)) {
		t.Errorf("signed in at %v, %v", at, ok)
	}
}

// TestLoginForm proves that a login is written byte for byte as the product's
// serializer writes it, but for the order of the members, which it sorts.
func TestLoginForm(t *testing.T) {
	var s Session
	token := s.Login(Login{
		User: "0a1b2c3d-0000-4000-8000-000000000001", Identifier: Identifier("192.0.2.1", "curl/8.5.0"),
		Permanent: true, Now: then.UTC(),
	})
	s.content.Set(csrfKey, strings.Repeat("A", 64))
	got := string(pyjson.Form{Compact: true, Sorted: true}.Append(nil, s.content))
	for _, v := range vectors(t) {
		if v.Name == "login" && got != v.JSON {
			t.Errorf("got  %s\nwant %s", got, v.JSON)
		}
	}
	if len(token) != 64 || !s.Modified() {
		t.Errorf("the token is %q", token)
	}
}

// TestUnknownMembersStay proves that what only the product knows survives, tags and
// order included, while what we know is changed.
func TestUnknownMembersStay(t *testing.T) {
	for _, v := range vectors(t) {
		if v.Name != "all tags" {
			continue
		}
		s := signer().Read(v.Cookie, time.Hour, then)
		s.SetHealthDebug()
		again := signer().Read(signer().Write(s, then), time.Hour, then)
		got := string(pyjson.Form{Compact: true}.Append(nil, again.content))
		if want := strings.TrimSuffix(v.JSON, "}") + `,"health_debug":true}`; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestBadCookie proves that whatever is wrong with a cookie means an empty session.
func TestBadCookie(t *testing.T) {
	s := signer()
	for name, cookie := range map[string]string{
		"none": "", "noise": "x", "forged": example + "A", "no object": s.Seal([]any{"a"}, then), "old": s.Seal(pyjson.Object{}, then.Add(-2*time.Hour)),
	} {
		got := s.Read(cookie, time.Hour, then)
		if !got.Empty() || got.Modified() || got.User() != "" || got.Fresh() || got.Permanent() || got.HealthDebug() || !got.CaptchaVerified().IsZero() {
			t.Errorf("%s: got %v", name, got.content)
		}
		if _, ok := got.LoginTime(time.UTC); ok {
			t.Errorf("%s: has a login time", name)
		}
		if text := s.Write(got, then); !strings.HasPrefix(text, "e30.") {
			t.Errorf("%s: written as %s", name, text)
		}
	}
}

// TestMembersOfOtherTypes proves that a member of another type than the product's is
// as good as none.
func TestMembersOfOtherTypes(t *testing.T) {
	v, err := pyjson.ParseObject([]byte(`{"_user_id":1,"_fresh":"yes","_csrf_token":["x"],"login_time":"now","captcha_verified":"1","_oauth_pkce_x":"v","namespace":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	s := Session{content: v}
	if s.User() != "" || s.Fresh() || !s.CaptchaVerified().IsZero() || s.TakePKCEVerifier("x") != "" || s.Push() != (Push{}) {
		t.Errorf("got %v", s.content)
	}
	if err := s.CheckCSRF(CSRFRequest{Method: "POST", Parameter: "[x]"}); !errors.Is(err, ErrCSRF) {
		t.Error(err)
	}
}

// TestValues proves that what is set is there after writing and reading, and gone when
// it is taken.
func TestValues(t *testing.T) {
	var s Session
	push := Push{Namespace: "devtable", Repository: "simple", Builder: "b", State: `["b", {}]`}
	s.SetPush(push)
	s.SetPKCEVerifier("oidc", "verifier", then)
	s.SetCaptchaVerified(then)
	got := signer().Read(signer().Write(&s, then), time.Hour, then)
	if got.Push() != push || !got.CaptchaVerified().Equal(then) || !s.CaptchaVerified().Equal(then) {
		t.Errorf("got %v", got.content)
	}
	if got.TakePKCEVerifier("other") != "" || got.TakePKCEVerifier("oidc") != "verifier" || got.TakePKCEVerifier("oidc") != "" {
		t.Error("the verifier was not taken once")
	}
	got.SetCaptchaVerified(time.Time{})
	got.SetPush(Push{})
	if text := string(pyjson.Form{Compact: true}.Append(nil, got.content)); text != `{"captcha_verified":0}` {
		t.Error(text)
	}
}

// TestGuard proves that a session that turns up in another browser is no longer fresh,
// and that one of nobody is left alone.
func TestGuard(t *testing.T) {
	var s, empty Session
	s.Login(Login{User: "u", Identifier: "a", Now: then})
	s.Guard("a")
	if !s.Fresh() {
		t.Error("the same browser is not fresh")
	}
	s.Guard("b")
	if s.Fresh() || s.User() != "u" {
		t.Error("another browser is fresh")
	}
	if empty.Guard("a"); empty.Modified() {
		t.Error("the session of nobody was changed")
	}
}

// TestCSRF proves which requests need a token and from where it may come.
func TestCSRF(t *testing.T) {
	var s Session
	token := s.CSRFToken()
	if len(token) != 64 || s.CSRFToken() != token || s.OAuthState() == token {
		t.Errorf("the token is %q", token)
	}
	for name, tc := range map[string]struct {
		r    CSRFRequest
		good bool
	}{
		"parameter":               {CSRFRequest{Method: "POST", Parameter: token}, true},
		"header":                  {CSRFRequest{Method: "DELETE", Header: token}, true},
		"both":                    {CSRFRequest{Method: "PUT", Parameter: token, Header: "x"}, true},
		"a bad parameter":         {CSRFRequest{Method: "PUT", Parameter: "x", Header: token}, false},
		"none":                    {CSRFRequest{Method: "POST"}, false},
		"another":                 {CSRFRequest{Method: "POST", Parameter: token[:63] + "!"}, false},
		"a beginning":             {CSRFRequest{Method: "POST", Parameter: token[:63]}, false},
		"not ASCII":               {CSRFRequest{Method: "POST", Parameter: "é"}, false},
		"state as token":          {CSRFRequest{Method: "POST", Parameter: s.OAuthState()}, false},
		"GET":                     {CSRFRequest{Method: "GET"}, true},
		"HEAD":                    {CSRFRequest{Method: "HEAD"}, true},
		"OPTIONS":                 {CSRFRequest{Method: "OPTIONS"}, false},
		"get":                     {CSRFRequest{Method: "get"}, false},
		"with an OAuth token":     {CSRFRequest{Method: "POST", Bearer: true}, true},
		"of another browser":      {CSRFRequest{Method: "POST", Parameter: new(Session).CSRFToken()}, false},
		"a session without token": {CSRFRequest{Method: "POST", Parameter: ""}, false},
	} {
		if err := s.CheckCSRF(tc.r); tc.good != (err == nil) || err != nil && !errors.Is(err, ErrCSRF) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := new(Session).CheckCSRF(CSRFRequest{Method: "POST"}); !errors.Is(err, ErrCSRF) {
		t.Errorf("nothing against nothing: %v", err)
	}
	state := s.OAuthState()
	for given, good := range map[string]bool{state: true, "": false, token: false, state + "x": false} {
		if err := s.CheckOAuthState(given); good != (err == nil) {
			t.Errorf("state %q: %v", given, err)
		}
	}
}

// TestTokensAreRenewed proves that signing in and out makes a new token, so that one
// that was seen before is worth nothing after.
func TestTokensAreRenewed(t *testing.T) {
	var s Session
	first := s.CSRFToken()
	second := s.Login(Login{User: "u", Identifier: "a", Now: then})
	state := s.OAuthState()
	third := s.Logout()
	if first == second || second == third || third != s.CSRFToken() || s.OAuthState() == state || s.User() != "" || s.Fresh() {
		t.Errorf("tokens %q, %q, %q", first, second, third)
	}
	if _, ok := s.LoginTime(time.UTC); ok {
		t.Error("the time of the login stayed")
	}
}
