package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
)

// options configure a provider.
type options struct {
	Service string        `json:"service" default:"static" pattern:"^[a-z][a-z0-9_]*$" help:"Name under which accounts are linked to the provider."`
	Users   []account     `json:"users" help:"All users."`
	Delay   time.Duration `json:"delay" default:"0s" max:"1m" help:"How long each answer takes."`
}

// account is a user of the configuration.
type account struct {
	Username string `json:"username" required:"true" max:"255" help:"Name of the user, who has no other identifier."`
	// PasswordHash is empty for users who cannot sign in.
	PasswordHash config.Secret `json:"password_hash" help:"Password, as a hash of bcrypt. Without it the user cannot sign in."`
	Email        string        `json:"email" format:"email" help:"E-mail address."`
	FullName     string        `json:"full_name" help:"Name of the person."`
	Groups       []string      `json:"groups" help:"Names of the user's groups."`
	Superuser    bool          `json:"superuser" help:"Whether the user is a superuser."`
	Readonly     bool          `json:"global_readonly_superuser" help:"Whether the user may read everything."`
	Restricted   bool          `json:"restricted" help:"Whether the user may not create content."`
	Locked       bool          `json:"locked" help:"Whether the user may not sign in, whatever the password."`
}

// Validate implements config.Validator.
func (o options) Validate() []config.Problem {
	var problems []config.Problem
	seen := map[string]bool{}
	for i, a := range o.Users {
		if seen[a.Username] {
			problems = append(problems, config.Problem{Field: fmt.Sprintf("users[%d].username", i), Message: "There is another user of this name."})
		}
		seen[a.Username] = true
		hash := a.PasswordHash.Reveal()
		if _, err := bcrypt.Cost([]byte(hash)); hash != "" && err != nil {
			problems = append(problems, config.Problem{Field: fmt.Sprintf("users[%d].password_hash", i), Message: "It is no hash of bcrypt."})
		}
	}
	return problems
}

// driver opens providers.
type driver struct{}

// Validate implements auth.Driver.
func (driver) Validate(cfg auth.Config) []auth.Problem {
	return config.Check[options](cfg.Options, cfg.Secrets)
}

// Open implements auth.Driver.
func (driver) Open(_ context.Context, cfg auth.Config) (auth.Provider, error) {
	o, problems := config.Parse[options](cfg.Options, cfg.Secrets)
	if len(problems) > 0 {
		return nil, config.Error(problems)
	}
	return &provider{o}, nil
}

// provider answers from its configuration.
type provider struct{ options }

// Info implements auth.Provider.
func (p *provider) Info() auth.Info {
	return auth.Info{Service: p.Service, Title: "Users of the configuration"}
}

// Probe implements auth.Provider.
func (p *provider) Probe(context.Context) error { return nil }

// find returns the account of a user name or e-mail address after the delay.
func (p *provider) find(ctx context.Context, username string) (account, error) {
	select {
	case <-time.After(p.Delay):
	case <-ctx.Done():
		return account{}, ctx.Err()
	}
	for _, a := range p.Users {
		if a.Username == username || a.Email != "" && a.Email == username {
			return a, nil
		}
	}
	return account{}, errs.New(errs.NotFound, "Invalid username or password.")
}

// user is what the host learns of an account.
func (a account) user() auth.User {
	roles := a.roles()
	return auth.User{
		Subject:  a.Username,
		Username: a.Username,
		Email:    a.Email,
		FullName: a.FullName,
		Groups:   append([]string{}, a.Groups...),
		Roles:    &roles,
	}
}

func (a account) roles() auth.Roles {
	return auth.Roles{Superuser: a.Superuser, GlobalReadonlySuperuser: a.Readonly, Restricted: a.Restricted}
}

// Verify implements auth.Verifier.
func (p *provider) Verify(ctx context.Context, username, password string) (auth.User, error) {
	a, err := p.find(ctx, username)
	if err != nil {
		return auth.User{}, err
	}
	if bcrypt.CompareHashAndPassword([]byte(a.PasswordHash.Reveal()), []byte(password)) != nil {
		return auth.User{}, errs.New(errs.Unauthenticated, "Invalid username or password.")
	}
	if a.Locked {
		return auth.User{}, errs.New(errs.Denied, "This user is locked.")
	}
	return a.user(), nil
}

// Lookup implements auth.Finder.
func (p *provider) Lookup(ctx context.Context, username string) (auth.User, error) {
	a, err := p.find(ctx, username)
	if err != nil {
		return auth.User{}, err
	}
	return a.user(), nil
}

// Search implements auth.Searcher.
func (p *provider) Search(_ context.Context, query string, limit int) ([]auth.User, error) {
	var found []auth.User
	for _, a := range p.Users {
		if len(found) < limit && (strings.HasPrefix(a.Username, query) || strings.HasPrefix(a.Email, query)) {
			found = append(found, a.user())
		}
	}
	return found, nil
}

// Roles implements auth.RoleKeeper.
func (p *provider) Roles(_ context.Context, subject string) (auth.Roles, error) {
	i := slices.IndexFunc(p.Users, func(a account) bool { return a.Username == subject })
	if i < 0 {
		return auth.Roles{}, nil
	}
	return p.Users[i].roles(), nil
}

// group returns the name in a reference to a group, {"group_name": "x"}.
func group(reference auth.Group) (string, error) {
	var g struct {
		Name string `json:"group_name"`
	}
	if err := json.Unmarshal(reference, &g); err != nil || g.Name == "" {
		return "", errs.New(errs.Invalid, "Missing group_name")
	}
	return g.Name, nil
}

// CheckGroup implements auth.Grouper.
func (p *provider) CheckGroup(_ context.Context, reference auth.Group) error {
	name, err := group(reference)
	if err != nil {
		return err
	}
	if len(p.in(name)) == 0 {
		return errs.New(errs.NotFound, "Group does not exist or is empty")
	}
	return nil
}

// in returns the accounts in a group by their names.
func (p *provider) in(group string) []account {
	var members []account
	for _, a := range p.Users {
		if slices.Contains(a.Groups, group) {
			members = append(members, a)
		}
	}
	slices.SortFunc(members, func(a, b account) int { return cmp.Compare(a.Username, b.Username) })
	return members
}

// Members implements auth.Grouper. The delay is for each member.
func (p *provider) Members(ctx context.Context, reference auth.Group, fn func(auth.User) error) error {
	name, err := group(reference)
	if err != nil {
		return err
	}
	for _, a := range p.in(name) {
		if _, err := p.find(ctx, a.Username); err != nil {
			return err
		}
		if err := fn(a.user()); err != nil {
			return err
		}
	}
	return nil
}
