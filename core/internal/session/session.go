package session

import (
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/secret"
)

// CookieName is SESSION_COOKIE_NAME. The name is that of a token against forged
// requests for a reason nobody remembers. The cookie is HttpOnly and SameSite=Lax.
const CookieName = "_csrf_token"

// DefaultLifetime is SESSION_TIMEOUT: how old a cookie may be, and how long a browser
// keeps that of a permanent session.
const DefaultLifetime = 31 * 24 * time.Hour

// Session is what a cookie says of a browser. What of it is not known here stays as
// it was, in its place: the product may know it. The zero value is an empty session.
// A Session belongs to one request and one goroutine, and does not print: it is as good
// as a password.
type Session struct {
	secret.Opaque
	content  pyjson.Object
	modified bool
}

// Names of members, all of them the product's.
const (
	userKey       = "_user_id"
	freshKey      = "_fresh"
	identifierKey = "_id"
	permanentKey  = "_permanent"
	loginKey      = "login_time"
	pkcePrefix    = "_oauth_pkce_"
	captchaKey    = "captcha_verified"
	debugKey      = "health_debug"
	namespaceKey  = "namespace"
	repositoryKey = "repository"
	builderKey    = "manifest_builder"
	stateKey      = "__manifestbuilder"

	timeTag = " d"
)

// timeForm is that of a date in HTTP, which is how the product writes a time.
const timeForm = "Mon, 02 Jan 2006 15:04:05 GMT"

// Read returns the session of a cookie. Whatever is wrong with the cookie, or no
// cookie, means an empty session, as in the product.
func (s *Signer) Read(cookie string, lifetime time.Duration, now time.Time) *Session {
	if cookie == "" {
		return &Session{}
	}
	value, _, err := s.Open(cookie, lifetime, now)
	if err != nil {
		return &Session{}
	}
	content, _ := value.(pyjson.Object)
	return &Session{content: content}
}

// Write returns the cookie of a session.
func (s *Signer) Write(session *Session, now time.Time) string {
	content := session.content
	if content == nil {
		content = pyjson.Object{}
	}
	return s.Seal(content, now)
}

// Modified tells whether the session has to be written. One that is permanent is
// written with each answer, so that it lasts as long as it is used.
func (s *Session) Modified() bool { return s.modified }

// Empty tells whether nothing is in the session. The cookie of one that is Modified
// and Empty is deleted.
func (s *Session) Empty() bool { return len(s.content) == 0 }

func (s *Session) set(name string, value any) {
	s.content.Set(name, value)
	s.modified = true
}

func (s *Session) remove(names ...string) {
	for _, name := range names {
		if _, ok := s.content.Get(name); ok {
			s.content.Delete(name)
			s.modified = true
		}
	}
}

func (s *Session) bool(name string) bool {
	v, _ := s.content.Get(name)
	b, _ := v.(bool)
	return b
}

// Login is who signed in, how, and from where.
type Login struct {
	// User is the account's uuid.
	User string
	// Identifier is that of the browser, from Identifier.
	Identifier string
	// Permanent sessions outlive the browser (FEATURE_PERMANENT_SESSIONS).
	Permanent bool
	// Now is when. Its wall clock is written, whatever its time zone, as the product
	// does.
	Now time.Time
}

// Login makes the session that of a person, and returns the new token against forged
// requests (endpoints/common.py, common_login).
func (s *Session) Login(l Login) (csrfToken string) {
	s.set(userKey, l.User)
	s.set(freshKey, true)
	s.set(identifierKey, l.Identifier)
	s.set(loginKey, pyjson.Object{{Name: timeTag, Value: l.Now.Format(timeForm)}})
	s.set(permanentKey, l.Permanent)
	return s.RenewCSRFToken()
}

// Logout takes the person out of the session, and what only that person may know, and
// returns the new token against forged requests, for NextCSRFHeader. The product keeps
// the old one: whoever read it once could go on using it (CVE-2019-3864).
func (s *Session) Logout() (csrfToken string) {
	s.remove(userKey, freshKey, identifierKey, loginKey, oauthCSRFKey)
	return s.RenewCSRFToken()
}

// User is the uuid of the account that is signed in, or "".
func (s *Session) User() string { return s.content.String(userKey) }

// Fresh tells whether the session still belongs to the browser that signed in.
func (s *Session) Fresh() bool { return s.bool(freshKey) }

// Permanent tells whether the cookie outlives the browser.
func (s *Session) Permanent() bool { return s.bool(permanentKey) }

// Guard compares the browser with the one that signed in. In another one the session
// stays but is no longer Fresh (Flask-Login's basic protection).
func (s *Session) Guard(identifier string) {
	if !s.Empty() && s.content.String(identifierKey) != identifier && s.Fresh() {
		s.set(freshKey, false)
	}
}

// LoginTime is when the person signed in, in the time zone of those who wrote it, which
// has to be the caller's too: what is written is a wall clock. False when nobody did.
func (s *Session) LoginTime(zone *time.Location) (time.Time, bool) {
	v, _ := s.content.Get(loginKey)
	o, _ := v.(pyjson.Object)
	t, err := time.ParseInLocation(timeForm, o.String(timeTag), zone)
	return t, err == nil
}

// Identifier identifies a browser: the client's address and its User-Agent, which is
// "None" when it sent none (Flask-Login).
func Identifier(address, userAgent string) string {
	sum := sha512.Sum512([]byte(address + "|" + userAgent))
	return hex.EncodeToString(sum[:])
}

// SetPKCEVerifier keeps the secret of a login at a service, until TakePKCEVerifier.
func (s *Session) SetPKCEVerifier(service, verifier string, now time.Time) {
	s.set(pkcePrefix+service, pyjson.Object{{Name: "verifier", Value: verifier}, {Name: "ts", Value: now.Unix()}})
}

// TakePKCEVerifier returns the secret of a login and forgets it; "" when there is none.
func (s *Session) TakePKCEVerifier(service string) string {
	v, _ := s.content.Get(pkcePrefix + service)
	s.remove(pkcePrefix + service)
	o, _ := v.(pyjson.Object)
	return o.String("verifier")
}

// CaptchaVerified is when a captcha was last solved; zero when none was.
func (s *Session) CaptchaVerified() time.Time {
	v, _ := s.content.Get(captchaKey)
	var seconds int64
	switch n := v.(type) {
	case json.Number:
		seconds, _ = n.Int64()
	case int64:
		seconds = n
	}
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}

// SetCaptchaVerified notes that a captcha was solved; the zero time that it counts no
// longer.
func (s *Session) SetCaptchaVerified(at time.Time) {
	var seconds int64
	if !at.IsZero() {
		seconds = at.Unix()
	}
	s.set(captchaKey, seconds)
}

// HealthDebug tells whether health checks say more to this browser.
func (s *Session) HealthDebug() bool { return s.bool(debugKey) }

// SetHealthDebug makes them do so.
func (s *Session) SetHealthDebug() { s.set(debugKey, true) }

// Push is a push by /v1 that goes on over several requests.
type Push struct {
	Namespace, Repository string
	// Builder is the uuid of the manifest in the making.
	Builder string
	// State is what the product's builder knows, a JSON text.
	State string
}

// Push returns the push that goes on. Each of its members may be empty.
func (s *Session) Push() Push {
	return Push{
		Namespace: s.content.String(namespaceKey), Repository: s.content.String(repositoryKey),
		Builder: s.content.String(builderKey), State: s.content.String(stateKey),
	}
}

// SetPush keeps a push; empty members are forgotten.
func (s *Session) SetPush(p Push) {
	for _, m := range []struct{ name, value string }{
		{namespaceKey, p.Namespace},
		{repositoryKey, p.Repository},
		{builderKey, p.Builder},
		{stateKey, p.State},
	} {
		if m.value == "" {
			s.remove(m.name)
		} else {
			s.set(m.name, m.value)
		}
	}
}
