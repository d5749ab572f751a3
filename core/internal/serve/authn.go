package serve

import (
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/core/internal/tokens"
	"github.com/quay/quay/core/internal/users"
)

// authenticator finds out who calls.
func (h *host) authenticator() *authn.Authenticator {
	var cipher columns.Cipher // of a server without DATABASE_SECRET_KEY
	return authn.New(authn.Options{
		Passwords: h.users, Accounts: users.NewAccounts(h.store, users.Options{}),
		Robots:       robots.New(h.store, cipher, robots.Options{}),
		AccessTokens: tokens.NewAccess(h.store, cipher, nil),
		OAuthTokens:  oauthapps.NewTokens(h.store, oauthapps.TokenOptions{}),
		Applications: h.store,
		AppTokens:    tokens.NewApps(h.store, cipher, tokens.AppOptions{}),
	})
}
