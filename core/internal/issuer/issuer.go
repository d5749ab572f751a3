// Package issuer decides what a registry token opens: which of the scopes that a client
// asks for its caller gets. What is to be pushed to and is not there is made
// (endpoints/v2/v2auth.py).
package issuer

import (
	"context"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/orgs"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	Account(ctx context.Context, name string) (*domain.Account, error)
	Repository(ctx context.Context, name domain.Name) (*domain.Repository, error)
	RepositoryDetails(ctx context.Context, id domain.RepositoryID) (*domain.RepositoryDetails, error)
	Proxied(ctx context.Context, namespace string) (bool, error)
}

// Signer makes tokens.
type Signer interface {
	Sign(ctx context.Context, e keys.Entity, audience string, access []keys.Access) (string, error)
}

// Log takes entries of the action log.
type Log interface {
	Write(ctx context.Context, e actionlog.Event, at actionlog.Place) error
}

// Options of New. All rules must be set; the zero value of each other field has a
// meaning.
type Options struct {
	Store         Store
	Perms         *perms.Perms
	Repos         *repos.Repos
	Organizations *orgs.Organizations
	Signer        Signer
	// Logins gets an entry for each login; nil is no entries (ACTION_LOG_AUDIT_LOGINS).
	Logins Log
	// Host is the registry's name, which scopes may have in front (SERVER_HOSTNAME).
	Host string
	// Library is the namespace of names without one (LIBRARY_NAMESPACE).
	Library string
	// FlatNames refuses names with slashes (FEATURE_EXTENDED_REPOSITORY_NAMES: false).
	FlatNames bool
	// NamespaceOnPush lets a push make its namespace (CREATE_NAMESPACE_ON_PUSH).
	NamespaceOnPush bool
	// Trust tells clients whose signatures of a repository count (FEATURE_SIGNING).
	Trust bool
	// Proxies lets members of an organisation pull what it fetches from elsewhere
	// (FEATURE_PROXY_CACHE).
	Proxies bool
	// ReadOnly makes nothing (REGISTRY_STATE: readonly).
	ReadOnly bool
}

// Issuer applies the rules.
type Issuer struct{ opts Options }

// New makes the rules.
func New(opts Options) *Issuer { return &Issuer{opts} }

// Request is a request for a token.
type Request struct {
	Caller authn.Caller
	// Service is what the token is for; empty is nothing, and such a token opens nothing.
	Service string
	// Scopes are as the client wrote them, at most MaxScopes.
	Scopes []string
	From   authn.Agent
}

// MaxScopes is how many repositories one token opens.
const MaxScopes = 100

// Errors, with the product's messages (endpoints/v2/errors.py).
var (
	errNobody = &errs.Error{Kind: errs.Unauthenticated, Message: "access to the requested resource is not authorized"}
	errScopes = &errs.Error{Kind: errs.Invalid, Message: "too many scopes"}
	// ErrReadOnly is the sentinel of what cannot be done while the registry is read-only.
	ErrReadOnly = &errs.Error{
		Kind: errs.Denied, Reason: "registry_read_only",
		Message: "System is currently read-only. Pulls will succeed but all write operations are currently suspended.",
	}
	errNamespace = &errs.Error{Kind: errs.Unsupported, Message: "Cannot create organization"}
)

// Token makes a token that opens what its caller may have of what was asked for. Nobody
// gets one only for a scope. A scope that cannot be read is errs.Invalid, and nothing is
// made of the others then. A login, which asks for no scope, has an entry in the log.
func (i *Issuer) Token(ctx context.Context, r Request) (string, error) {
	if len(r.Scopes) > MaxScopes {
		return "", errScopes
	}
	if len(r.Scopes) == 0 && !r.Caller.Known() {
		return "", errNobody
	}
	wanted := make([]want, 0, len(r.Scopes))
	for _, text := range r.Scopes {
		if text == "" && !r.Caller.Known() {
			return "", errNobody
		}
		if text == "" {
			continue
		}
		w, err := i.parse(text)
		if err != nil {
			return "", err
		}
		wanted = append(wanted, w)
	}
	access := make([]keys.Access, 0, len(wanted))
	for _, w := range wanted {
		a, err := i.open(ctx, r.Caller, w)
		if err != nil {
			return "", err
		}
		access = append(access, a)
	}
	if len(r.Scopes) == 0 {
		if err := i.logLogin(ctx, r); err != nil {
			return "", err
		}
	}
	return i.opts.Signer.Sign(ctx, r.Caller.Entity(), r.Service, access)
}

// want is a scope that was read.
type want struct {
	name domain.Name
	// nowhere says that no namespace can have the name.
	nowhere bool
	actions []string
}

// parse reads a scope. Names of repositories are checked, so that none of them is made
// that cannot be, and names of namespaces are not: there is none of a bad one.
func (i *Issuer) parse(text string) (want, error) {
	scope, err := keys.ParseScope(text, i.opts.Host)
	if err != nil {
		return want{}, err
	}
	w := want{name: domain.Name{Namespace: i.opts.Library, Repository: scope.Repository}, actions: scope.Actions}
	namespace, rest, nested := strings.Cut(scope.Repository, "/")
	if nested {
		w.name = domain.Name{Namespace: namespace, Repository: rest}
	}
	valid := domain.ValidRepository
	if i.opts.FlatNames {
		valid = domain.ValidFlatRepository
	}
	switch {
	case valid(w.name.Repository):
		w.nowhere = !domain.ValidNamespace(w.name.Namespace)
		return w, nil
	case i.opts.FlatNames && nested:
		return want{}, badName("Nested repositories are not supported. Found: " + scope.Repository)
	}
	return want{}, badName("Invalid repository name: " + scope.Repository)
}

func badName(message string) error {
	return &errs.Error{Kind: errs.Invalid, Reason: domain.ErrName.Reason, Message: message}
}

// disabled is the error about a namespace whose account is disabled.
func disabled(namespace string) error {
	return &errs.Error{
		Kind: errs.Denied, Reason: "namespace_disabled",
		Message: "Namespace " + namespace + " has been disabled. Please contact a system administrator.",
	}
}

// logLogin writes that a caller with an account asked for a token to log in.
func (i *Issuer) logLogin(ctx context.Context, r Request) error {
	user := r.Caller.User()
	if user == nil || i.opts.Logins == nil {
		return nil
	}
	at := actionlog.Place{Namespace: user.Name, Account: user.ID, Performer: user.ID, IP: r.From.IP, At: time.Now()}
	login := actionlog.PasswordLogin(user.Name)
	switch r.Caller.Kind {
	case keys.Robot:
		owner, _, _ := strings.Cut(user.Name, "+")
		at.Namespace, at.Account = owner, 0
		login = actionlog.RobotLogin(user.Name, owner)
	case keys.AppToken:
		login = actionlog.AppTokenLogin(r.Caller.App.Title, user.Name)
	case keys.OAuthToken:
		login = actionlog.OAuthLogin()
	}
	return i.opts.Logins.Write(ctx, actionlog.TokenGranted(login, r.From.UserAgent).With(r.Caller.LoggedToken()), at)
}
