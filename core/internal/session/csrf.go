package session

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"slices"

	"github.com/quay/quay/sdk/errs"
)

// Names with which tokens against forged requests travel (endpoints/csrf.py).
const (
	// CSRFParameter is the parameter of the query or the form. The query comes first.
	CSRFParameter = "_csrf_token"
	// CSRFHeader is the field of a request without the parameter.
	CSRFHeader = "X-CSRF-Token"
	// NextCSRFHeader is the field of an answer that tells of a new token.
	NextCSRFHeader = "X-Next-CSRF-Token"
	// StateParameter is the parameter of a service's answer to a login.
	StateParameter = "state"

	csrfKey      = "_csrf_token"
	oauthCSRFKey = "_oauth_csrf_token"
)

// ErrCSRF is the answer to a request that some other page may have forged.
var ErrCSRF = &errs.Error{Kind: errs.Denied, Reason: "csrf", Message: "CSRF token was invalid or missing."}

// newCSRFToken returns 64 random characters.
func newCSRFToken() string {
	var b [48]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.URLEncoding.EncodeToString(b[:])
}

func (s *Session) token(name string) string {
	if t := s.content.String(name); t != "" {
		return t
	}
	t := newCSRFToken()
	s.set(name, t)
	return t
}

// CSRFToken returns the session's token, and makes one when there is none.
func (s *Session) CSRFToken() string { return s.token(csrfKey) }

// RenewCSRFToken makes a new token. The old one counts no longer.
func (s *Session) RenewCSRFToken() string {
	s.remove(csrfKey)
	return s.token(csrfKey)
}

// OAuthState returns the text that a service has to give back at the end of a login,
// and makes one when there is none.
func (s *Session) OAuthState() string { return s.token(oauthCSRFKey) }

// CSRFRequest is what counts of a request.
type CSRFRequest struct {
	Method string
	// Parameter is the first value of CSRFParameter, Header that of CSRFHeader.
	Parameter, Header string
	// Bearer is true for a request with an OAuth or a single sign-on token, which no
	// page of somebody else can send, and with the bootstrap token where that counts.
	Bearer bool
}

// safe are the methods that change nothing.
var safe = []string{"GET", "HEAD"}

// CheckCSRF returns ErrCSRF unless the request comes from a page of ours.
func (s *Session) CheckCSRF(r CSRFRequest) error {
	if r.Bearer || slices.Contains(safe, r.Method) {
		return nil
	}
	given := r.Parameter
	if given == "" {
		given = r.Header
	}
	return s.check(csrfKey, given)
}

// CheckOAuthState returns ErrCSRF unless the answer of a service belongs to a login
// that began in this browser. It counts for every method, and no header helps.
func (s *Session) CheckOAuthState(state string) error { return s.check(oauthCSRFKey, state) }

func (s *Session) check(name, given string) error {
	want := s.content.String(name)
	if want == "" || given == "" || subtle.ConstantTimeCompare([]byte(want), []byte(given)) != 1 {
		return ErrCSRF
	}
	return nil
}
