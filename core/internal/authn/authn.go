package authn

import (
	"context"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/tokens"
	"github.com/quay/quay/core/internal/users"
)

// Options of New. All rules must be set but for those that say otherwise.
type Options struct {
	Passwords    *users.Users
	Accounts     *users.Accounts
	Robots       *robots.Robots
	AccessTokens *tokens.Access
	OAuthTokens  *oauthapps.Tokens
	Store        Store
	AppTokens    *tokens.Apps
	// NoAppTokens takes the name of app-specific tokens for that of a person
	// (FEATURE_APP_SPECIFIC_TOKENS: false).
	NoAppTokens bool
	// RobotTokens checks what a robot presents that is signed by this registry.
	RobotTokens RobotTokens
	// SecretKey opens encrypted passwords (SECRET_KEY). Without one there are none.
	SecretKey secret.Key
	// EncryptedOnly refuses passwords that are not encrypted
	// (FEATURE_REQUIRE_ENCRYPTED_BASIC_AUTH).
	EncryptedOnly bool
	// Failures gets an entry for each login that failed; nil is no entries
	// (ACTION_LOG_AUDIT_LOGIN_FAILURES).
	Failures Log
}

// Store finds OAuth applications and the accounts that they belong to.
type Store interface {
	ApplicationByID(ctx context.Context, id domain.ApplicationID) (*domain.Application, error)
	AccountByID(ctx context.Context, id domain.UserID) (*domain.Account, error)
}

// RobotTokens checks a token that this registry signed for a robot and returns whose it
// is; errs.Unauthenticated with a message for the client otherwise.
type RobotTokens interface {
	Subject(ctx context.Context, token string) (string, error)
}

// Log takes entries of the action log.
type Log interface {
	Write(ctx context.Context, e actionlog.Event, at actionlog.Place) error
}

// Authenticator applies the rules.
type Authenticator struct{ opts Options }

// New makes the rules.
func New(opts Options) *Authenticator { return &Authenticator{opts} }
