package credential

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/core/internal/secret"
)

// Lengths of codes, which are random characters of A to Z and 0 to 9.
const (
	emailCodeName   = 16
	emailCodeSecret = 20
	repoEmailCode   = 16
)

// EmailCode confirms an e-mail address or recovers an account: emailconfirmation.code,
// and a secret of which .verification_code has the bcrypt hash
// (util/security/token.py).
type EmailCode struct {
	Name   string
	Secret secret.Text
}

// NewEmailCode makes a random code.
func NewEmailCode() EmailCode {
	return EmailCode{Name: random(upper, emailCodeName), Secret: Random(emailCodeSecret)}
}

// Text returns what is sent: base64 of name, colon and secret.
func (c EmailCode) Text() secret.Text {
	return secret.New(base64.StdEncoding.EncodeToString([]byte(c.Name + ":" + c.Secret.Reveal())))
}

// ParseEmailCode reads what was sent. The error is ErrForm, also for a code without a
// secret: the product compares nothing then, so that the half that is no secret would
// be enough.
func ParseEmailCode(s string) (EmailCode, error) {
	raw, ok := python.DecodeBase64(s)
	if !ok || !printable(string(raw)) {
		return EmailCode{}, ErrForm
	}
	name, code, found := strings.Cut(string(raw), ":")
	if !found || name == "" || code == "" || strings.Contains(code, ":") {
		return EmailCode{}, ErrForm
	}
	return EmailCode{Name: name, Secret: secret.New(code)}, nil
}

// NewRepositoryEmailCode makes the code that authorises an address for the
// notifications of a repository: repositoryauthorizedemail.code, in clear.
func NewRepositoryEmailCode() secret.Text { return Random(repoEmailCode) }

const teamInvite = "urn:teaminvite:"

// NewTeamInvite makes the code of an invitation into a team:
// teammemberinvite.invite_token, in clear.
func NewTeamInvite() secret.Text { return secret.New(teamInvite + uuid.NewString()) }

// IsTeamInvite reports whether a code is one of an invitation into a team.
func IsTeamInvite(code string) bool { return strings.HasPrefix(code, teamInvite) }

// csrfBytes are the random bytes of a form's token.
const csrfBytes = 48

// NewCSRFToken makes the token of a session that its forms carry, 64 characters
// (endpoints/csrf.py).
func NewCSRFToken() secret.Text {
	var b [csrfBytes]byte
	_, _ = rand.Read(b[:]) // never fails
	return secret.New(base64.URLEncoding.EncodeToString(b[:]))
}

// MatchCSRFToken reports whether a request has its session's token. A session or
// request without one never matches.
func MatchCSRFToken(session, request string) bool {
	return session != "" && subtle.ConstantTimeCompare([]byte(session), []byte(request)) == 1
}
