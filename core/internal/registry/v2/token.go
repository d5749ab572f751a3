package v2

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/sdk/errs"
)

// maxScopes is how many repositories one token opens.
const maxScopes = 100

// token answers GET /v2/auth: it exchanges a name and password, or nothing, for a
// token that opens what the caller may have of what was asked for.
func (reg *Registry) token(w http.ResponseWriter, r *http.Request, _ route.Params) {
	w.Header().Set("Cache-Control", "no-cache, no-store, must-revalidate")
	signed, err := reg.issue(r)
	if err != nil {
		reg.fail(w, &request{Request: r}, "", err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"token": signed})
}

func (reg *Registry) issue(r *http.Request) (string, error) {
	ctx := r.Context()
	query := r.URL.Query()
	// Some clients put several scopes into one parameter.
	scopes := strings.Fields(strings.Join(query["scope"], " "))
	if len(scopes) > maxScopes {
		return "", errs.New(errs.Invalid, "too many scopes")
	}
	user, err := reg.login(r)
	if err != nil {
		return "", err
	}
	if user == nil && len(scopes) == 0 {
		return "", errUnauthorized
	}
	access := make([]keys.Access, 0, len(scopes))
	for _, scope := range scopes {
		a, err := reg.grant(ctx, user, scope)
		if err != nil {
			return "", err
		}
		access = append(access, a)
	}
	return reg.Keys.Sign(ctx, keys.PersonEntity(user), query.Get("service"), access)
}

// login returns the person of a request's basic authentication, or nil without.
func (reg *Registry) login(r *http.Request) (*domain.User, error) {
	if r.Header.Get("Authorization") == "" {
		return nil, nil
	}
	name, password, ok := r.BasicAuth()
	if !ok {
		return nil, errUnauthorized
	}
	return reg.Users.Authenticate(r.Context(), name, password)
}

// grant returns what of a scope a user may have; what is not allowed is left
// out. A scope to push makes the repository when the user may make it.
func (reg *Registry) grant(ctx context.Context, user *domain.User, text string) (keys.Access, error) {
	scope, err := keys.ParseScope(text, reg.Options.Host)
	if err != nil {
		return keys.Access{}, err
	}
	name, err := domain.ParseName(scope.Repository, reg.Options.Library)
	if err != nil {
		return keys.Access{}, err
	}
	a := keys.Access{Type: "repository", Name: name.String(), Actions: []string{}}
	repo, err := reg.wantedRepository(ctx, user, name, scope.Actions)
	if err != nil || repo == nil {
		return a, err
	}
	a.Actions, err = reg.Perms.Actions(ctx, user, repo, scope.Actions)
	return a, err
}

// wantedRepository returns the repository of a scope, nil when there is none. It
// makes one that is to be pushed to.
func (reg *Registry) wantedRepository(ctx context.Context, user *domain.User, name domain.Name, wanted []string) (*domain.Repository, error) {
	repo, err := reg.Repos.Get(ctx, name)
	if err == nil || !errs.Is(err, errs.NotFound) {
		return repo, err
	}
	if user == nil || !slices.Contains(wanted, "push") {
		return nil, nil
	}
	return reg.Repos.GetOrCreateAllowed(ctx, name, user.ID, func(there bool) (bool, error) {
		if !there {
			return reg.Perms.CanMakeNamespace(user), nil
		}
		return reg.Perms.CanCreate(ctx, user, name.Namespace)
	})
}
