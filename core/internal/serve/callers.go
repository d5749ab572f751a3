package serve

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/issuer"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/lastaccess"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/orgs"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/tokens"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// callers builds the rules about who calls, with what credentials.
func (h *host) callers() (*authn.Authenticator, error) {
	cfg := h.cfg.Credentials
	cipher, err := columnCipher(cfg.DatabaseSecretKey)
	if err != nil {
		return nil, err
	}
	var passwords secret.Key
	if cfg.SecretKey != "" {
		if passwords, err = secret.ParseKey(cfg.SecretKey); err != nil {
			return nil, errs.Wrap(errs.Invalid, err, "SECRET_KEY")
		}
	}
	last := lastaccess.Policy{
		Off: !cfg.LastAccess || cfg.ReadOnly(), Every: config.Seconds(cfg.LastAccessSeconds),
		Lenient: h.cfg.ActionLog.Lenient || h.cfg.ActionLog.LenientPulls,
	}
	ofOAuth := last
	ofOAuth.Off, ofOAuth.Every = cfg.ReadOnly(), config.Seconds(cfg.OAuthLastAccessSeconds)
	opts := authn.Options{
		Passwords:     h.users,
		Accounts:      users.NewAccounts(h.store, users.Options{LastAccess: last}),
		Robots:        robots.New(h.store, cipher, robots.Options{Disallowed: cfg.RobotsDisallowed, Allowed: cfg.RobotsAllowed, LastAccess: last}),
		AccessTokens:  tokens.NewAccess(h.store, cipher, nil),
		OAuthTokens:   oauthapps.NewTokens(h.store, oauthapps.TokenOptions{LastAccess: ofOAuth}),
		Store:         h.store,
		AppTokens:     tokens.NewApps(h.store, cipher, tokens.AppOptions{LastAccess: last}),
		NoAppTokens:   !cfg.AppTokens,
		RobotTokens:   h.keys,
		SecretKey:     passwords,
		EncryptedOnly: cfg.EncryptedPasswordsOnly,
	}
	if h.cfg.ActionLog.LoginFailures && !cfg.ReadOnly() {
		opts.Failures = h.log
	}
	return authn.New(opts), nil
}

// columnCipher opens encrypted columns. Without a key it knows none.
func columnCipher(key string) (columns.Cipher, error) {
	if key == "" {
		return columns.Cipher{}, nil
	}
	k, err := secret.ParseKey(key)
	if err != nil {
		return columns.Cipher{}, errs.Wrap(errs.Invalid, err, "DATABASE_SECRET_KEY")
	}
	return columns.New(k, columns.Options{})
}

// issuer builds the rules about what registry tokens open.
func (h *host) issuer(p *perms.Perms, r *repos.Repos) (*issuer.Issuer, error) {
	cfg := h.cfg.Credentials
	expiration, err := labels.ParseDuration(h.cfg.Tags.DefaultExpiration)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "DEFAULT_TAG_EXPIRATION")
	}
	opts := issuer.Options{
		Store: h.store, Perms: p, Repos: r, Signer: h.keys,
		Organizations: orgs.New(h.store, orgs.Options{
			Defaults: users.Defaults{TagExpiration: expiration}, SharedEmail: cfg.SharedEmail, CheckEmail: cfg.Mailing && !h.opts.Mirror,
		}),
		Host: h.cfg.ServerHostname, Library: h.cfg.LibraryNamespace, FlatNames: !cfg.NestedNames,
		NamespaceOnPush: h.cfg.NamespaceOnPush, Trust: cfg.Signing, Proxies: cfg.Proxies, ReadOnly: cfg.ReadOnly(),
	}
	if h.cfg.ActionLog.Logins && !cfg.ReadOnly() {
		opts.Logins = h.log
	}
	return issuer.New(opts), nil
}

// uncounted is the store of a registry that writes nothing: failed logins count for
// nothing there.
type uncounted struct{ *store.Store }

func (uncounted) CountFailedLogin(context.Context, domain.UserID, time.Time) error { return nil }

func (uncounted) ForgetFailedLogins(context.Context, domain.UserID) error { return nil }
