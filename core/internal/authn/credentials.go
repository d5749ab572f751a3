package authn

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/sdk/errs"
)

// Agent is what the entry of a failed login says of where it came from.
type Agent struct {
	// UserAgent is the header's value, as it came.
	UserAgent string
	// IP is the client's address.
	IP string
}

// Messages to who is refused, where the rules have none.
const (
	badAccessToken = "Invalid access token"
	badAppToken    = "Invalid token"
	disabledUser   = "This user has been disabled. Please contact your administrator."
	disabledGiver  = "Granter of the oauth access token is disabled"
	notEncrypted   = "Client login with unencrypted passwords is disabled. Please generate an " +
		"encrypted password in the user admin panel for use here."
)

// Basic finds out whose a name and a password of basic authentication are: the name
// says what the password is (auth/credentials.py, validate_credentials). What is not
// good is errs.Unauthenticated with a message for the client and leaves an entry in the
// log; users.ErrTooMany is an account that is closed for a while.
func (a *Authenticator) Basic(ctx context.Context, name, text string, from Agent) (Caller, error) {
	switch {
	case name == credential.AccessTokenUser:
		return a.byAccessToken(ctx, text)
	case name == credential.AppTokenUser && !a.opts.NoAppTokens:
		return a.byAppToken(ctx, text, from)
	case name == credential.OAuthTokenUser:
		return a.byOAuthToken(ctx, text, from)
	case strings.Contains(name, "+"):
		return a.byRobot(ctx, name, text, from)
	}
	return a.byPassword(ctx, name, text, from)
}

func refusal(message string) error {
	return &errs.Error{Kind: errs.Unauthenticated, Reason: "invalid_login", Message: message}
}

// refuse returns err, which is why a login failed, when that is in the action log.
func (a *Authenticator) refuse(ctx context.Context, err error, e actionlog.Event, from Agent, at actionlog.Place) (Caller, error) {
	if a.opts.Failures == nil {
		return Caller{}, err
	}
	at.IP, at.At = from.IP, time.Now()
	if failure := a.opts.Failures.Write(ctx, e, at); failure != nil {
		return Caller{}, failure
	}
	return Caller{}, err
}

// message is what an error tells a client.
func message(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

func (a *Authenticator) byAccessToken(ctx context.Context, text string) (Caller, error) {
	c, err := a.accessToken(ctx, text)
	if errs.Is(err, errs.Unauthenticated) {
		return Caller{}, refusal(badAccessToken)
	}
	return c, err
}

func (a *Authenticator) byAppToken(ctx context.Context, text string, from Agent) (Caller, error) {
	t, err := a.opts.AppTokens.Authenticate(ctx, text)
	if errs.Is(err, errs.NotFound) {
		e := actionlog.LoginRefused(actionlog.AppTokenLogin("", ""), from.UserAgent, badAppToken)
		return a.refuse(ctx, refusal(badAppToken), e, from, actionlog.Place{})
	}
	if err != nil {
		return Caller{}, err
	}
	c, err := a.ofAppToken(ctx, t)
	if err != nil {
		return Caller{}, err
	}
	if owner := c.Account; !owner.Enabled {
		e := actionlog.LoginRefused(actionlog.AppTokenLogin(t.Title, owner.Name), from.UserAgent, disabledUser)
		return a.refuse(ctx, refusal(disabledUser), e, from, actionlog.Place{Namespace: owner.Name, Performer: owner.ID})
	}
	return c, nil
}

// byOAuthToken takes tokens of applications. A JSON Web Token would be one of another
// issuer, and this registry knows none.
func (a *Authenticator) byOAuthToken(ctx context.Context, text string, from Agent) (Caller, error) {
	if credential.IsJWT(text) {
		return Caller{}, refusal(foreignToken(text))
	}
	t, err := a.opts.OAuthTokens.Authenticate(ctx, text)
	expired := errors.Is(err, oauthapps.ErrTokenExpired)
	switch {
	case errors.Is(err, oauthapps.ErrToken):
		return a.refuse(ctx, err, actionlog.BearerRefused(from.UserAgent, message(err)), from, actionlog.Place{})
	case err != nil && !expired:
		return Caller{}, err
	}
	c, failure := a.ofOAuthToken(ctx, t)
	if failure != nil {
		return Caller{}, failure
	}
	if !expired && c.Account.Enabled {
		return c, nil
	}
	if !expired {
		err = refusal(disabledGiver)
	}
	owner, failure := a.opts.Store.AccountByID(ctx, c.Application.Organization)
	if failure != nil {
		return Caller{}, failure
	}
	e := actionlog.OAuthTokenRefused(t.Name, *c.LoggedToken(), expired, c.Account.Name, from.UserAgent, message(err))
	return a.refuse(ctx, err, e, from, actionlog.Place{Namespace: owner.Name, Performer: c.Account.ID})
}

// byPassword takes a person's password, which may be encrypted (data/users/__init__.py,
// verify_and_link_user).
func (a *Authenticator) byPassword(ctx context.Context, name, text string, from Agent) (Caller, error) {
	refuse := func(err error) (Caller, error) {
		e := actionlog.LoginRefused(actionlog.PasswordLogin(name), from.UserAgent, message(err))
		return a.refuse(ctx, err, e, from, actionlog.Place{})
	}
	encrypted := false
	if a.opts.SecretKey.IsSet() {
		plain, was, err := password.Decrypt(a.opts.SecretKey, text)
		if err != nil {
			return Caller{}, err
		}
		text, encrypted = plain.Reveal(), was
	}
	if a.opts.EncryptedOnly && !encrypted {
		return refuse(refusal(notEncrypted))
	}
	user, err := a.opts.Passwords.Authenticate(ctx, name, text)
	switch {
	case errs.Is(err, errs.Unauthenticated):
		return refuse(err)
	case err != nil:
		return Caller{}, err
	case user.InvalidLogins == 0:
		return Person(user), nil
	}
	// The product writes a person's login down only after failed ones.
	account, err := a.opts.Accounts.ByID(ctx, user.ID)
	if err != nil {
		return Caller{}, err
	}
	return Person(user), a.opts.Accounts.Touch(ctx, account)
}

// foreignToken is why a token of another issuer is refused.
func foreignToken(text string) string {
	var claims struct {
		Issuer string `json:"iss"`
	}
	part := strings.Split(text, ".")[1] // it is a JSON Web Token
	raw, _ := python.DecodeBase64URL(part)
	if json.Unmarshal(raw, &claims) != nil || claims.Issuer == "" {
		return "Token does not contain issuer"
	}
	return "Issuer " + claims.Issuer + " not configured"
}
