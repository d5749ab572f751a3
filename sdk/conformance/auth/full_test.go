package auth_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/auth"
	conformance "github.com/quay/quay/sdk/conformance/auth"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
)

// everything is a provider with all capabilities, whose one group has all users.
type everything struct{ passwords }

func (e everything) user(username string) (auth.User, error) {
	if _, ok := e.passwords[username]; !ok {
		return auth.User{}, errs.New(errs.NotFound, "There is no user %q.", username)
	}
	return auth.User{Subject: username, Username: username, Groups: []string{"all"}}, nil
}

// VerifyToken implements auth.TokenVerifier: the token of a user is "token-NAME".
func (e everything) VerifyToken(_ context.Context, token string) (auth.User, error) {
	u, err := e.user(strings.TrimPrefix(token, "token-"))
	if err != nil || !strings.HasPrefix(token, "token-") {
		return auth.User{}, errs.New(errs.Unauthenticated, "The token is wrong.")
	}
	return u, nil
}

// Lookup implements auth.Finder.
func (e everything) Lookup(_ context.Context, username string) (auth.User, error) {
	return e.user(username)
}

// Search implements auth.Searcher.
func (e everything) Search(_ context.Context, query string, limit int) ([]auth.User, error) {
	var found []auth.User
	for name := range e.passwords {
		if strings.HasPrefix(name, query) && len(found) < limit {
			u, err := e.user(name)
			if err != nil {
				return nil, err
			}
			found = append(found, u)
		}
	}
	return found, nil
}

// Roles implements auth.RoleKeeper.
func (e everything) Roles(_ context.Context, subject string) (auth.Roles, error) {
	_, ok := e.passwords[subject]
	return auth.Roles{Superuser: ok}, nil
}

// CheckGroup implements auth.Grouper.
func (e everything) CheckGroup(_ context.Context, group auth.Group) error {
	var g struct{ Name string }
	switch err := json.Unmarshal(group, &g); {
	case err != nil || g.Name == "":
		return errs.New(errs.Invalid, "The group has no name.")
	case g.Name != "all":
		return errs.New(errs.NotFound, "There is no group %q.", g.Name)
	}
	return nil
}

// Members implements auth.Grouper.
func (e everything) Members(ctx context.Context, group auth.Group, fn func(auth.User) error) error {
	if err := e.CheckGroup(ctx, group); err != nil {
		return err
	}
	for name := range e.passwords {
		u, err := e.user(name)
		if err == nil {
			err = fn(u)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// BeginLogin implements auth.Login.
func (e everything) BeginLogin(_ context.Context, login auth.BeginLogin) (auth.Redirect, error) {
	query := url.Values{"state": {login.State}, "redirect_uri": {login.RedirectURI}}
	return auth.Redirect{
		URL:     "https://idp.example/authorize?" + query.Encode(),
		Session: json.RawMessage(`{"code_verifier": "v"}`),
	}, nil
}

// CompleteLogin implements auth.Login: the code of a user is "code-NAME".
func (e everything) CompleteLogin(_ context.Context, login auth.CompleteLogin) (auth.SignedIn, error) {
	if refusal := login.Parameters["error"]; refusal != "" {
		return auth.SignedIn{}, errs.New(errs.Denied, "The provider says: %s.", refusal)
	}
	u, err := e.user(strings.TrimPrefix(login.Parameters["code"], "code-"))
	if err != nil {
		return auth.SignedIn{}, errs.New(errs.Unauthenticated, "The code is wrong.")
	}
	return auth.SignedIn{User: u}, nil
}

func full(s *plugintest.Server) conformance.Options {
	opts := options(s)
	opts.Known.Token = "token-" + known.Username
	opts.Known.Group = json.RawMessage(`{"name": "all"}`)
	return opts
}

// TestFullProvider proves that a provider with all capabilities can keep every
// promise.
func TestFullProvider(t *testing.T) {
	p := plugin(everything{passwords{known.Username: known.Password, "alan": "x"}})
	opts := full(plugintest.Serve(t, p))
	opts.Restart = func(context.Context) (conformance.Target, error) {
		return conformance.Target{Conn: plugintest.Serve(t, p).Conn()}, nil
	}
	conformance.Run(t, opts)
}

// trusting takes every token and every code.
type trusting struct{ everything }

func (p trusting) VerifyToken(context.Context, string) (auth.User, error) {
	return p.user(known.Username)
}

func (p trusting) CompleteLogin(context.Context, auth.CompleteLogin) (auth.SignedIn, error) {
	u, err := p.user(known.Username)
	return auth.SignedIn{User: u}, err
}

// repeating lists members twice.
type repeating struct{ everything }

func (p repeating) Members(ctx context.Context, group auth.Group, fn func(auth.User) error) error {
	if err := p.everything.Members(ctx, group, fn); err != nil {
		return err
	}
	return p.everything.Members(ctx, group, fn)
}

// stateless loses the state of a login.
type stateless struct{ everything }

func (p stateless) BeginLogin(context.Context, auth.BeginLogin) (auth.Redirect, error) {
	return auth.Redirect{URL: "https://idp.example/authorize"}, nil
}
