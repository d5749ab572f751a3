package users_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// TestRecovery proves that a recovery code is good once, for half an hour, for whoever
// has all of it.
func TestRecovery(t *testing.T) {
	now := noon
	a := users.NewAccounts(db, users.Options{Now: func() time.Time { return now }})
	u := person(t, a, "forgetful")
	if _, _, err := a.RecoveryCode(t.Context(), "nobody@example.com"); !errors.Is(err, users.ErrUnknownEmail) {
		t.Errorf("an unknown address: %v", err)
	}
	organization(t, "forgetful-org", "forgetful-org@example.com")
	if _, _, err := a.RecoveryCode(t.Context(), "forgetful-org@example.com"); !errors.Is(err, users.ErrUnknownEmail) {
		t.Errorf("an organisation's address: %v", err)
	}
	text, of, err := a.RecoveryCode(t.Context(), "forgetful@example.com")
	must(t, err)
	if of.ID != u.ID {
		t.Errorf("for %+v", of)
	}
	code := text.Reveal()
	raw, err := base64.StdEncoding.DecodeString(code)
	must(t, err)
	name, _, _ := strings.Cut(string(raw), ":")
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for what, sent := range map[string]string{
		"nothing": "", "the public half": encode(name), "without a secret": encode(name + ":"), "another secret": encode(name + ":" + strings.Repeat("A", 20)),
		"more": encode(string(raw) + "A"), "another name": encode("A" + string(raw)), "no base64": "someinvalidcode",
	} {
		if _, err := a.Recover(t.Context(), sent); !errors.Is(err, users.ErrRecoveryCode) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := a.Confirm(t.Context(), code); !errors.Is(err, users.ErrConfirmationCode) {
		t.Errorf("as a confirmation: %v", err)
	}
	now = noon.Add(30 * time.Minute)
	got, err := a.Recover(t.Context(), code)
	if err != nil || got.ID != u.ID || !got.Verified {
		t.Errorf("in time: %+v, %v", got, err)
	}
	if _, err := a.Recover(t.Context(), code); !errors.Is(err, users.ErrRecoveryCode) {
		t.Errorf("again: %v", err)
	}
	text, _, err = a.RecoveryCode(t.Context(), "forgetful@example.com")
	must(t, err)
	now = now.Add(30*time.Minute + time.Microsecond)
	for _, what := range []string{"too late", "too late, again"} {
		if _, err := a.Recover(t.Context(), text.Reveal()); !errors.Is(err, users.ErrRecoveryCode) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestConfirm proves that a code confirms the present address or brings a new one, and
// that a new one which somebody else got meanwhile is refused.
func TestConfirm(t *testing.T) {
	a := users.NewAccounts(db, users.Options{})
	u := person(t, a, "confirmer")
	if _, err := a.ConfirmationCode(t.Context(), u.ID, "x"); !errs.Is(err, errs.Invalid) || message(err) != "Invalid email address: x" {
		t.Errorf("what is no address: %v", err)
	}
	present, err := a.ConfirmationCode(t.Context(), u.ID, "")
	must(t, err)
	fresh, err := a.ConfirmationCode(t.Context(), u.ID, "confirmer2@example.com")
	must(t, err)
	taken, err := a.ConfirmationCode(t.Context(), u.ID, "confirmer3@example.com")
	must(t, err)
	got, err := a.Confirm(t.Context(), present.Reveal())
	if err != nil || !got.Verified || got.Email != "confirmer@example.com" || got.OldEmail != "" {
		t.Errorf("the present one: %+v, %v", got, err)
	}
	got, err = a.Confirm(t.Context(), fresh.Reveal())
	if err != nil || got.Email != "confirmer2@example.com" || got.OldEmail != "confirmer@example.com" {
		t.Errorf("a new one: %+v, %v", got, err)
	}
	if _, err := a.Confirm(t.Context(), fresh.Reveal()); !errors.Is(err, users.ErrConfirmationCode) {
		t.Errorf("again: %v", err)
	}
	person(t, a, "confirmer3")
	for range 2 { // the code stays
		if _, err := a.Confirm(t.Context(), taken.Reveal()); !errors.Is(err, users.ErrEmailUsed) {
			t.Errorf("a taken one: %v", err)
		}
	}
}

// TestCreateLinked proves that somebody of another service gets the next name when his is
// taken, and one account only.
func TestCreateLinked(t *testing.T) {
	a := users.NewAccounts(db, users.Options{})
	person(t, a, "some_body")
	person(t, a, "some_body0")
	e := users.External{Service: "ldap", Ident: "uid=1", Name: "Some Body", Email: "body@example.com", EmailRequired: true}
	u, err := a.CreateLinked(t.Context(), e)
	must(t, err)
	if u.Name != "some_body1" || !u.Verified || u.PasswordHash != "" {
		t.Errorf("got %+v", u)
	}
	e.Email = "body2@example.com"
	_, err = a.CreateLinked(t.Context(), e)
	wantKind(t, "the identity again", err, errs.Exists)
	if _, err := a.Person(t.Context(), "some_body2"); !errs.Is(err, errs.NotFound) {
		t.Errorf("an account was left: %v", err)
	}
	e.Ident, e.Email = "uid=2", "body@example.com"
	_, err = a.CreateLinked(t.Context(), e)
	if message(err) != "Email has already been used: body@example.com" {
		t.Errorf("the address again: %v", err)
	}
	e.Email = "bad"
	_, err = a.CreateLinked(t.Context(), e)
	wantKind(t, "a bad address", err, errs.Invalid)
}

// TestLogins proves that an identity leads to its account, that it is unique in both
// directions, and that a new service is learnt.
func TestLogins(t *testing.T) {
	a := users.NewAccounts(db, users.Options{})
	u, other := person(t, a, "linked"), person(t, a, "unlinked")
	must(t, a.Attach(t.Context(), u.ID, users.External{Service: "someoidc", Ident: "sub", Metadata: `{"service_username": "x"}`}))
	wantKind(t, "a second one of the service", a.Attach(t.Context(), u.ID, users.External{Service: "someoidc", Ident: "sub2"}), errs.Exists)
	wantKind(t, "another's", a.Attach(t.Context(), other.ID, users.External{Service: "someoidc", Ident: "sub"}), errs.Exists)
	got, err := a.LoginAccount(t.Context(), "someoidc", "sub")
	if err != nil || got.ID != u.ID || got.LastAccessed.IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = a.LoginAccount(t.Context(), "someoidc", "nobody")
	wantKind(t, "nobody", err, errs.NotFound)
	login, err := a.Login(t.Context(), u.ID, "someoidc")
	if err != nil || *login != (domain.Login{Service: "someoidc", Ident: "sub", Metadata: `{"service_username": "x"}`}) {
		t.Errorf("got %+v, %v", login, err)
	}
	must(t, a.Detach(t.Context(), u.ID, "someoidc"))
	_, err = a.Login(t.Context(), u.ID, "someoidc")
	wantKind(t, "after it was detached", err, errs.NotFound)
	must(t, a.Follow(t.Context(), got, ""))
	must(t, a.Follow(t.Context(), got, "elsewhere@example.com"))
	if again, err := a.ByEmail(t.Context(), "elsewhere@example.com"); err != nil || again.ID != u.ID || got.Email != "elsewhere@example.com" {
		t.Errorf("got %+v, %v", again, err)
	}
	if err := a.Follow(t.Context(), got, "unlinked@example.com"); !errors.Is(err, users.ErrEmailUsed) {
		t.Errorf("an address of somebody else: %v", err)
	}
}
