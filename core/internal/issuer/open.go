package issuer

import (
	"context"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/orgs"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/sdk/errs"
)

// open returns what of a scope a caller gets: what is not allowed is left out.
func (i *Issuer) open(ctx context.Context, c authn.Caller, w want) (keys.Access, error) {
	a := keys.Access{Type: "repository", Name: w.name.String(), Actions: []string{}}
	if w.nowhere {
		return a, nil
	}
	owner, err := i.opts.Store.Account(ctx, w.name.Namespace)
	switch {
	case errs.Is(err, errs.NotFound):
		owner = nil
	case err != nil:
		return a, err
	case !owner.Enabled:
		return a, disabled(w.name.Namespace)
	}
	if owner == nil && !i.opts.NamespaceOnPush {
		return a, nil
	}
	repo, err := i.find(ctx, w.name)
	if err != nil {
		return a, err
	}
	asking := i.opts.Perms.Of(c.Identity())
	made := false
	if repo == nil && slices.Contains(w.actions, "push") {
		if repo, err = i.make(ctx, asking, c.User(), w.name, owner); err != nil {
			return a, err
		}
		made = repo != nil
	}
	// What was made is asked about anew.
	asking = i.opts.Perms.Of(c.Identity())
	if a.Actions, err = asking.Actions(ctx, w.name, repo, w.actions); err != nil {
		return a, err
	}
	if made && !slices.Contains(a.Actions, "push") {
		a.Actions = append([]string{"push"}, a.Actions...) // an OAuth token may be good for making it alone
	}
	if err := i.pullThrough(ctx, asking, c.User(), w, &a); err != nil {
		return a, err
	}
	a.Root, err = i.root(ctx, asking, repo)
	return a, err
}

// find returns a repository of any kind; nil when there is none, or it is being deleted.
func (i *Issuer) find(ctx context.Context, name domain.Name) (*domain.Repository, error) {
	repo, err := i.opts.Store.Repository(ctx, name)
	if errs.Is(err, errs.NotFound) || err == nil && repo.State == domain.StateMarkedForDeletion {
		return nil, nil
	}
	return repo, err
}

// pullThrough adds the right to pull to what a member of an organisation gets that
// fetches its repositories from elsewhere: they need not be there yet.
func (i *Issuer) pullThrough(ctx context.Context, asking *perms.Caller, user *domain.User, w want, a *keys.Access) error {
	if !i.opts.Proxies || user == nil || !slices.Contains(w.actions, "pull") || slices.Contains(a.Actions, "pull") {
		return nil
	}
	member, err := asking.MemberOfOrganization(ctx, w.name.Namespace)
	if err != nil || !member.Allowed {
		return err
	}
	proxied, err := i.opts.Store.Proxied(ctx, w.name.Namespace)
	if err == nil && proxied {
		a.Actions = append(a.Actions, "pull")
	}
	return err
}

// root is whose signatures of a repository count for the caller: those of who may write
// are its own.
func (i *Issuer) root(ctx context.Context, asking *perms.Caller, repo *domain.Repository) (string, error) {
	if !i.opts.Trust || repo == nil {
		return "", nil
	}
	d, err := i.opts.Store.RepositoryDetails(ctx, repo.ID)
	if err != nil || !d.Trust {
		return "", err
	}
	writes, err := asking.ModifyRepository(ctx, repo.Name)
	if err != nil {
		return "", err
	}
	if writes.Allowed {
		return "signer", nil
	}
	return "quay", nil
}

// make makes a repository that is to be pushed to, and its namespace when owner is nil.
// It returns nil when the user, nil is nobody, may not.
func (i *Issuer) make(ctx context.Context, asking *perms.Caller, user *domain.User, name domain.Name, owner *domain.Account) (*domain.Repository, error) {
	if user == nil {
		return nil, nil
	}
	if i.opts.ReadOnly {
		return nil, ErrReadOnly
	}
	if owner == nil {
		if !i.opts.Perms.CanMakeNamespace(user) {
			return nil, nil
		}
		if err := i.makeNamespace(ctx, user, name.Namespace); err != nil {
			return nil, err
		}
	}
	may, err := asking.CreateByPush(ctx, name.Namespace)
	if err != nil || !may.Allowed {
		return nil, err
	}
	return i.opts.Repos.GetOrCreateAllowed(ctx, name, user.ID, func(there bool) (bool, error) { return there, nil })
}

// makeNamespace makes an organisation that a user pushes to. Its address is the user's
// with the name as a tag.
func (i *Issuer) makeNamespace(ctx context.Context, user *domain.User, name string) error {
	_, err := i.opts.Organizations.Create(ctx, orgs.NewOrganization{
		Name: name, Email: strings.ReplaceAll(user.Email, "@", "+"+name+"@"), Owner: user.ID,
	})
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Denied:
		return errNamespace
	case errs.Exists:
		// Another push may have made it meanwhile; then it is asked for as any other.
		if _, again := i.opts.Store.Account(ctx, name); !errs.Is(again, errs.NotFound) {
			return again
		}
		return errNamespace
	}
	return err
}
