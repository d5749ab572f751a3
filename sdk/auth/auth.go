// Package auth is what the author of an identity plugin implements: a directory of
// users, or a service that signs them in.
//
// A driver implements Driver and, for each configured instance, Provider together with
// at least one of Verifier, Login and TokenVerifier. Everything else is an optional
// interface that a Provider may have too. Errors are those of package errs, and their
// messages may be shown to clients:
//
//   - errs.NotFound: there is no such user, or no such group.
//   - errs.Unauthenticated: the password, code or token is wrong or has expired.
//   - errs.Denied: the user is known and may not sign in.
//   - errs.Invalid: the request can never succeed.
//   - errs.Unavailable: the provider cannot be asked, also because it refuses the
//     plugin's own account.
//
// The host does not tell clients whether it was the user or the password that was
// wrong; a driver need not hide it. Passwords, codes, tokens and sessions must not be
// logged.
//
// Every method may be called from many goroutines at once and returns soon after its
// context ends, which is some seconds away.
package auth

import (
	"context"
	"encoding/json"

	"github.com/quay/quay/sdk/config"
)

// Config is the configuration of one instance. A driver that can require an e-mail
// address of every user has the option "requires_email", which the host sets.
type Config = config.Config

// Problem is one thing that is wrong with a configuration, as package config finds
// it.
type Problem = config.Problem

// Driver opens providers.
type Driver interface {
	// Validate checks a configuration offline and without side effects. It returns
	// nil when there is nothing wrong with it.
	Validate(cfg Config) []Problem
	// Open opens a provider. It need not reach it: one that is down now may be up
	// later. A Provider that implements io.Closer is closed when the instance is
	// configured anew or the process is drained.
	Open(ctx context.Context, cfg Config) (Provider, error)
}

// Provider is one configured instance.
type Provider interface {
	// Info says what the provider is, always the same.
	Info() Info
	// Probe asks the provider something cheap that shows whether it can be used.
	Probe(ctx context.Context) error
}

// Info says what a provider is.
type Info struct {
	// Service is the name under which accounts are linked to the provider, for
	// instance "ldap". It never changes, whatever the configuration: see CheckService.
	Service string
	// Title is its name for people. Empty means Service.
	Title string
	// Metadata is shown to administrators who synchronise a team with a group, for
	// instance the base DN. No secrets. May be nil.
	Metadata map[string]string
}

// User is somebody whom a provider knows.
type User struct {
	// Subject identifies the user for ever, in 1 to 255 bytes, and is the same
	// whichever method finds the user: accounts are linked to it.
	Subject string
	// Username is the name by which people know the user, in 1 to 255 bytes. The host
	// makes a valid account name of it.
	Username string
	// Email is an address that belongs to the user, or empty.
	Email string
	// Names of a person; each may be empty.
	FullName, GivenName, FamilyName string
	// Groups are the names of all groups of the user. Nil means that they are not
	// known; a list that is empty and not nil means that there are none, and then teams
	// that are synchronised with groups lose the user.
	Groups []string
	// Roles are nil when they are not known.
	Roles *Roles
}

// Roles are what a user may do in the whole registry. The host unites them with
// what its own configuration says.
type Roles struct {
	Superuser               bool
	GlobalReadonlySuperuser bool
	// Restricted users may not create content in a namespace of their own.
	Restricted bool
}

// Verifier is a Provider with passwords. Capability "auth.verify".
type Verifier interface {
	// Verify tells whose user name, or e-mail address, and password these are. Neither
	// is empty: the SDK refuses those before they get here.
	Verify(ctx context.Context, username, password string) (User, error)
}

// TokenVerifier is a Provider whose tokens can be used instead of a password.
// Capability "auth.tokens".
type TokenVerifier interface {
	// VerifyToken tells whose token this is. It checks everything: the signature, who
	// issued it, for whom, and until when.
	VerifyToken(ctx context.Context, token string) (User, error)
}

// Finder is a Provider that knows users who are not there. Capability "auth.lookup".
type Finder interface {
	// Lookup finds one user by user name or e-mail address.
	Lookup(ctx context.Context, username string) (User, error)
}

// Searcher is a Provider that lists users. Capability "auth.search".
type Searcher interface {
	// Search finds up to limit users whose user name or e-mail address begins with
	// query. Nobody is no error. Their Groups and Roles are not used.
	Search(ctx context.Context, query string, limit int) ([]User, error)
}

// RoleKeeper is a Provider that says who may do what in the whole registry.
// Capability "auth.roles".
type RoleKeeper interface {
	// Roles returns the roles of a user, none for one who is not known.
	Roles(ctx context.Context, subject string) (Roles, error)
}

// Group names a group in a provider's own way: a JSON object that an administrator
// gave, for instance {"group_dn": "cn=admins,ou=groups"}.
type Group = json.RawMessage

// Grouper is a Provider whose groups can be synchronised with teams.
// Capability "auth.groups".
type Grouper interface {
	// CheckGroup returns nil when group names a group that Members can list. The
	// messages of its errors are for the administrator.
	CheckGroup(ctx context.Context, group Group) error
	// Members calls fn for each member of a group once, in any order, until fn fails;
	// it then returns fn's error. It returns nil only when it has seen them all: the
	// host takes everyone out of the team who was not among them. Members without what
	// an account needs are left out. Their Groups and Roles are not used.
	Members(ctx context.Context, group Group, fn func(User) error) error
}

// Login is a Provider at which a browser signs in. Capability "auth.login".
type Login interface {
	// BeginLogin returns where to send the browser. It keeps nothing: any process of
	// the driver completes the login.
	BeginLogin(ctx context.Context, login BeginLogin) (Redirect, error)
	// CompleteLogin finishes a login with what the browser brought back. An error that
	// the provider reports in the parameters is errs.Denied.
	CompleteLogin(ctx context.Context, login CompleteLogin) (SignedIn, error)
}

// BeginLogin is the wish to sign in.
type BeginLogin struct {
	// RedirectURI is where the provider sends the browser in the end.
	RedirectURI string
	// State is a text that the provider has to give back as the parameter "state".
	State string
}

// Redirect is where a login goes on.
type Redirect struct {
	// URL is absolute, http or https, and has at most 8 KiB.
	URL string
	// Session is what CompleteLogin needs: a JSON object of at most 4 KiB, or nil. The
	// host keeps it out of the reach of others. A verifier of PKCE is its member
	// "code_verifier".
	Session json.RawMessage
}

// CompleteLogin is what a browser brought back.
type CompleteLogin struct {
	// RedirectURI is that of BeginLogin.
	RedirectURI string
	// Parameters are those of the request. The host has checked the state.
	Parameters map[string]string
	// Session is that of the Redirect.
	Session json.RawMessage
}

// SignedIn is the outcome of a login.
type SignedIn struct {
	User User
	// IDToken is a token that the user may see, and may use instead of a password
	// where the provider is a TokenVerifier too. Often empty.
	IDToken string
}

// Names of the capabilities, as they cross the wire.
const (
	CapabilityVerify = "auth.verify"
	CapabilityTokens = "auth.tokens"
	CapabilityLookup = "auth.lookup"
	CapabilitySearch = "auth.search"
	CapabilityRoles  = "auth.roles"
	CapabilityGroups = "auth.groups"
	CapabilityLogin  = "auth.login"
)

// Capabilities lists the capabilities that a Provider has, in the order above.
func Capabilities(p Provider) []string {
	var names []string
	add := func(has bool, name string) {
		if has {
			names = append(names, name)
		}
	}
	_, verifies := p.(Verifier)
	_, tokens := p.(TokenVerifier)
	_, finds := p.(Finder)
	_, searches := p.(Searcher)
	_, roles := p.(RoleKeeper)
	_, groups := p.(Grouper)
	_, login := p.(Login)
	add(verifies, CapabilityVerify)
	add(tokens, CapabilityTokens)
	add(finds, CapabilityLookup)
	add(searches, CapabilitySearch)
	add(roles, CapabilityRoles)
	add(groups, CapabilityGroups)
	add(login, CapabilityLogin)
	return names
}
