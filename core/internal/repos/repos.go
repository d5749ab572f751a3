// Package repos holds the rules about repositories: finding them, making them
// when something is pushed, listing them.
package repos

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	Repository(ctx context.Context, name domain.Name) (*domain.Repository, error)
	RepositoryDetails(ctx context.Context, id domain.RepositoryID) (*domain.RepositoryDetails, error)
	CreateRepository(ctx context.Context, n domain.NewRepository) error
	MarkRepository(ctx context.Context, d domain.RepositoryDeletion) (int64, error)
	NamespaceExists(ctx context.Context, name string) (bool, error)
	VisibleRepositories(ctx context.Context, f domain.RepositoryFilter) ([]domain.Repository, error)
	NamespaceRepositories(ctx context.Context, owner domain.UserID, kind string, after domain.RepositoryID, limit int) ([]domain.Repository, error)

	SetVisibility(ctx context.Context, id domain.RepositoryID, public bool) error
	SetDescription(ctx context.Context, id domain.RepositoryID, text *string) error
	SetTrust(ctx context.Context, id domain.RepositoryID, enabled bool) error
	SetRepositoryState(ctx context.Context, id domain.RepositoryID, state domain.RepositoryState) error
	OrganizationMirrored(ctx context.Context, namespace string) (bool, error)

	Star(ctx context.Context, user domain.UserID, repo domain.RepositoryID, now time.Time) error
	Unstar(ctx context.Context, user domain.UserID, repo domain.RepositoryID) error
	Starred(ctx context.Context, user domain.UserID, repo domain.RepositoryID) (bool, error)
	Stars(ctx context.Context, repo domain.RepositoryID) (int, error)
	StarredRepositories(ctx context.Context, user domain.UserID, kind string, after domain.RepositoryID, limit int) ([]domain.Repository, error)
}

// Policy is what the configuration decides.
type Policy struct {
	// PrivateOnPush makes repositories that a push creates private
	// (CREATE_PRIVATE_REPO_ON_PUSH).
	PrivateOnPush bool
	// NamespaceOnPush lets a push create its namespace (CREATE_NAMESPACE_ON_PUSH).
	NamespaceOnPush bool
	// PublicCatalog lists public repositories to everybody (FEATURE_PUBLIC_CATALOG).
	PublicCatalog bool
	// FlatNames refuses new names with slashes (FEATURE_EXTENDED_REPOSITORY_NAMES: false).
	FlatNames bool
	// Mirrors lets people turn a repository into a mirror (FEATURE_REPO_MIRROR).
	Mirrors bool
	// OrganizationMirrors says that organisations may be mirrored as a whole
	// (FEATURE_ORG_MIRROR).
	OrganizationMirrors bool
}

// Repos applies the rules.
type Repos struct {
	store  Store
	cache  *rcache.Cache
	policy Policy
}

// New makes the rules over a store. A nil cache caches nothing.
func New(s Store, c *rcache.Cache, p Policy) *Repos { return &Repos{s, c, p} }

// ErrUnknown is the sentinel of a repository that is not there.
var ErrUnknown = &errs.Error{Kind: errs.NotFound, Reason: "name_unknown", Message: "repository not found"}

// ErrReadOnly is the sentinel of a repository that takes no pushes now.
var ErrReadOnly = &errs.Error{Kind: errs.Denied, Reason: "read_only", Message: "the repository does not take pushes"}

// Get returns an image repository; ErrUnknown when there is none, it is being
// deleted, or its namespace is disabled; errs.Unsupported when it holds something
// else than images.
func (r *Repos) Get(ctx context.Context, name domain.Name) (*domain.Repository, error) {
	key := rcache.Key{Kind: rcache.Repository, Name: name.String()}
	if v, ok := r.cache.Get(key); ok {
		return v.(*domain.Repository), nil
	}
	repo, err := r.load(ctx, name)
	if err != nil || r.cache == nil {
		return repo, err
	}
	// The generation can be asked for only when the id is known, so the row is
	// read again after that.
	g := r.cache.Begin(repo.ID)
	if repo, err = r.load(ctx, name); err != nil {
		return nil, err
	}
	if g == r.cache.Begin(repo.ID) {
		r.cache.Put(key, g, repo, len(key.Name), time.Time{})
	}
	return repo, nil
}

func (r *Repos) load(ctx context.Context, name domain.Name) (*domain.Repository, error) {
	repo, err := r.store.Repository(ctx, name)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, ErrUnknown
	case err != nil:
		return nil, err
	case repo.State == domain.StateMarkedForDeletion || !repo.NamespaceEnabled:
		return nil, ErrUnknown
	case repo.Kind != "image":
		return nil, errs.New(errs.Unsupported, "This repository is for managing %ss and not container images.", repo.Kind)
	}
	return repo, nil
}

// GetOrCreateAllowed is GetOrCreate for a creator who may make a repository only when
// allowed says so, which is told whether the namespace is there; in a missing one,
// pushes must be able to make namespaces, too. Where the creator may not, or the
// namespace is an organisation that is mirrored as a whole, it returns nil.
func (r *Repos) GetOrCreateAllowed(ctx context.Context, name domain.Name, creator domain.UserID, allowed func(there bool) (bool, error)) (*domain.Repository, error) {
	exists, err := r.store.NamespaceExists(ctx, name.Namespace)
	if err != nil {
		return nil, err
	}
	may, err := allowed(exists)
	if err != nil || !may || !exists && !r.policy.NamespaceOnPush {
		return nil, err
	}
	if exists && r.policy.OrganizationMirrors {
		mirrored, err := r.store.OrganizationMirrored(ctx, name.Namespace)
		if err != nil || mirrored {
			return nil, err
		}
	}
	repo, err := r.create(ctx, name, creator, !exists, true)
	if errs.Is(err, errs.Conflict) {
		return nil, nil // somebody made the namespace meanwhile
	}
	return repo, err
}

// GetOrCreate returns a repository, making it for a push by creator (zero is
// nobody) when it is not there. ErrUnknown when its namespace is missing and may
// not be made.
func (r *Repos) GetOrCreate(ctx context.Context, name domain.Name, creator domain.UserID) (*domain.Repository, error) {
	repo, err := r.Get(ctx, name)
	if !errs.Is(err, errs.NotFound) {
		return repo, err
	}
	return r.create(ctx, name, creator, false, true)
}

func (r *Repos) create(ctx context.Context, name domain.Name, creator domain.UserID, onlyNewNamespace, again bool) (*domain.Repository, error) {
	err := r.store.CreateRepository(ctx, domain.NewRepository{
		Name: name, Public: !r.policy.PrivateOnPush, Creator: creator, MakeNamespace: r.policy.NamespaceOnPush,
		OnlyNewNamespace: onlyNewNamespace,
	})
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, ErrUnknown
	case err != nil && !errs.Is(err, errs.Exists): // another push was first
		return nil, err
	}
	repo, getErr := r.Get(ctx, name)
	if again && errs.Is(err, errs.Exists) && errs.Is(getErr, errs.NotFound) {
		// The other push made the namespace, and another repository in it.
		return r.create(ctx, name, creator, onlyNewNamespace, false)
	}
	return repo, getErr
}

// Catalog lists image repositories that a viewer (zero is nobody) may see, or all of them,
// in the order of their ids, from one on.
func (r *Repos) Catalog(ctx context.Context, viewer domain.UserID, all bool, from domain.RepositoryID, limit int) ([]domain.Repository, error) {
	return r.store.VisibleRepositories(ctx, domain.RepositoryFilter{
		Viewer: viewer, Public: r.policy.PublicCatalog, All: all, Kind: domain.KindImage, From: from, Limit: limit,
	})
}
