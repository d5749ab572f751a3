package repos

import (
	"context"
	"strconv"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Creation is a repository that somebody asks for. Whether he may is the caller's
// business.
type Creation struct {
	Name domain.Name
	// Public shows it to everybody.
	Public bool
	// Kind is domain.KindImage or domain.KindApplication; empty is images.
	Kind string
	// Description is in Markdown; nil is none.
	Description *string
	// Creator becomes its administrator; zero is nobody.
	Creator domain.UserID
}

// Sentinels of changes.
var (
	ErrExists    = &errs.Error{Kind: errs.Invalid, Reason: "repository_exists", Message: "Repository already exists"}
	ErrName      = &errs.Error{Kind: errs.Invalid, Reason: "repository_name", Message: "Invalid repository name"}
	ErrNamespace = &errs.Error{Kind: errs.NotFound, Reason: "namespace_unknown", Message: "Namespace not found"}
	ErrMirrored  = &errs.Error{
		Kind: errs.Invalid, Reason: "organization_mirrored",
		Message: "Cannot create repository: organization is managed by organization-level mirroring",
	}
	ErrStateMirrored = &errs.Error{
		Kind: errs.Invalid, Reason: "organization_mirrored",
		Message: "Repository state changes are not allowed in an organization managed by organization-level mirroring",
	}
	ErrStateManaged = &errs.Error{
		Kind: errs.Invalid, Reason: "state_managed",
		Message: "ORG_MIRROR state is managed by organization-level mirroring",
	}
)

// Create makes a repository (endpoints/api/repository.py). ErrExists when there is
// one of its name, whatever its kind; ErrNamespace without its namespace.
func (r *Repos) Create(ctx context.Context, n Creation) (*domain.RepositoryDetails, error) {
	switch _, err := r.store.Repository(ctx, n.Name); {
	case err == nil:
		return nil, ErrExists
	case !errs.Is(err, errs.NotFound):
		return nil, err
	}
	if !r.validName(n.Name) {
		return nil, ErrName
	}
	if r.policy.OrganizationMirrors {
		switch mirrored, err := r.store.OrganizationMirrored(ctx, n.Name.Namespace); {
		case err != nil:
			return nil, err
		case mirrored:
			return nil, ErrMirrored
		}
	}
	err := r.store.CreateRepository(ctx, domain.NewRepository{
		Name: n.Name, Public: n.Public, Kind: n.Kind, Description: n.Description, Creator: n.Creator,
		LockNamespace: r.policy.OrganizationMirrors,
	})
	switch {
	case errs.Is(err, errs.Exists):
		return nil, ErrExists
	case errs.Is(err, errs.NotFound):
		return nil, ErrNamespace
	case err != nil:
		return nil, err
	}
	made, err := r.store.Repository(ctx, n.Name)
	if err != nil {
		return nil, err
	}
	return r.store.RepositoryDetails(ctx, made.ID)
}

func (r *Repos) validName(n domain.Name) bool {
	if r.policy.FlatNames {
		return domain.ValidFlatRepository(n.Repository)
	}
	return domain.ValidRepository(n.Repository)
}

// Find returns a repository of any kind, also in a namespace that is disabled;
// ErrUnknown when there is none or it is being deleted.
func (r *Repos) Find(ctx context.Context, name domain.Name) (*domain.RepositoryDetails, error) {
	repo, err := r.store.Repository(ctx, name)
	if err == nil && repo.State == domain.StateMarkedForDeletion {
		err = ErrUnknown
	}
	if err != nil {
		return nil, unknown(err)
	}
	return r.Details(ctx, repo.ID)
}

// Details returns a repository by its id; ErrUnknown when there is none.
func (r *Repos) Details(ctx context.Context, id domain.RepositoryID) (*domain.RepositoryDetails, error) {
	d, err := r.store.RepositoryDetails(ctx, id)
	return d, unknown(err)
}

func unknown(err error) error {
	if errs.Is(err, errs.NotFound) {
		return ErrUnknown
	}
	return err
}

// IsPublic reports whether everybody may see a repository. One that is not there
// or is being deleted is seen by nobody.
func (r *Repos) IsPublic(ctx context.Context, name domain.Name) (bool, error) {
	repo, err := r.store.Repository(ctx, name)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && repo.Public && repo.State != domain.StateMarkedForDeletion, err
}

// changed invalidates what is remembered of a repository after a change.
func (r *Repos) changed(id domain.RepositoryID, err error) error {
	r.cache.Invalidate(id)
	return unknown(err)
}

// SetVisibility shows a repository to everybody, or not; ErrUnknown when there is
// none.
func (r *Repos) SetVisibility(ctx context.Context, id domain.RepositoryID, public bool) error {
	return r.changed(id, r.store.SetVisibility(ctx, id, public))
}

// SetDescription changes a repository's description, in Markdown; ErrUnknown when
// there is none.
func (r *Repos) SetDescription(ctx context.Context, id domain.RepositoryID, text string) error {
	return r.changed(id, r.store.SetDescription(ctx, id, &text))
}

// SetTrust tells whether a repository's tags are signed; ErrUnknown when there is
// none.
func (r *Repos) SetTrust(ctx context.Context, id domain.RepositoryID, enabled bool) error {
	return r.changed(id, r.store.SetTrust(ctx, id, enabled))
}

// stateNames are what the API calls the states that people may choose.
var stateNames = map[string]domain.RepositoryState{
	"NORMAL": domain.StateNormal, "READ_ONLY": domain.StateReadOnly, "MIRROR": domain.StateMirror,
}

// SetState changes a repository's state to one that people may choose, by its name
// in the API. ErrStateManaged and ErrStateMirrored for what is the organisation's
// mirror's to change, ErrUnknown when there is no repository.
func (r *Repos) SetState(ctx context.Context, repo *domain.Repository, name string) error {
	state, known := stateNames[name]
	switch {
	case name == "ORG_MIRROR":
		return ErrStateManaged
	case state == domain.StateMirror && !r.policy.Mirrors:
		return errs.New(errs.Invalid, "Unknown Repository State: %s", name)
	}
	if r.policy.OrganizationMirrors {
		switch mirrored, err := r.store.OrganizationMirrored(ctx, repo.Name.Namespace); {
		case err != nil:
			return err
		case mirrored:
			return ErrStateMirrored
		}
	}
	if !known {
		return errs.New(errs.Invalid, "%s is not a valid Repository state.", name)
	}
	return r.changed(repo.ID, r.store.SetRepositoryState(ctx, repo.ID, state))
}

// PutState changes a repository's state for the registry itself: an organisation's
// mirror makes repositories its own and lets them go.
func (r *Repos) PutState(ctx context.Context, id domain.RepositoryID, state domain.RepositoryState) error {
	if state == domain.StateMarkedForDeletion {
		return errs.New(errs.Invalid, "MarkForDeletion begins a deletion")
	}
	return r.changed(id, r.store.SetRepositoryState(ctx, id, state))
}

// Editable returns nil where people may change tags and labels: in a normal
// repository. Elsewhere only a mirror's robot does, by pushing
// (endpoints/api/__init__.py, disallow_for_non_normal_repositories).
func Editable(repo *domain.Repository) error {
	if repo.State == domain.StateNormal {
		return nil
	}
	return &errs.Error{
		Kind: errs.Unavailable, Reason: "repository_state",
		Message: "Repository is in read only or mirror mode: " + strconv.Itoa(int(repo.State)),
	}
}

// Star gives a repository a user's star, if it has none.
func (r *Repos) Star(ctx context.Context, user domain.UserID, id domain.RepositoryID, now time.Time) error {
	return r.store.Star(ctx, user, id, now)
}

// Unstar takes a user's star from a repository, if it has one.
func (r *Repos) Unstar(ctx context.Context, user domain.UserID, id domain.RepositoryID) error {
	return r.store.Unstar(ctx, user, id)
}

// Starred reports whether a repository has a user's star.
func (r *Repos) Starred(ctx context.Context, user domain.UserID, id domain.RepositoryID) (bool, error) {
	return r.store.Starred(ctx, user, id)
}

// Stars counts a repository's stars.
func (r *Repos) Stars(ctx context.Context, id domain.RepositoryID) (int, error) {
	return r.store.Stars(ctx, id)
}

// StarredBy lists repositories of a kind with a user's star in the order of their
// ids, above after. He may not be allowed to see all of them any more.
func (r *Repos) StarredBy(ctx context.Context, user domain.UserID, kind string, after domain.RepositoryID, limit int) ([]domain.Repository, error) {
	return r.store.StarredRepositories(ctx, user, kind, after, limit)
}

// OfNamespace lists the repositories of a kind that a namespace has in the order of
// their ids, above after.
func (r *Repos) OfNamespace(ctx context.Context, owner domain.UserID, kind string, after domain.RepositoryID, limit int) ([]domain.Repository, error) {
	return r.store.NamespaceRepositories(ctx, owner, kind, after, limit)
}

// MarkForDeletion hides a repository at once and hands it to the collector, which
// purges it. Its name is free from then on. ErrUnknown when there is none or it is
// being deleted already.
func (r *Repos) MarkForDeletion(ctx context.Context, repo *domain.Repository, now time.Time) error {
	_, err := r.store.MarkRepository(ctx, domain.RepositoryDeletion{Repository: repo.ID, Name: repo.Name, Now: now})
	return r.changed(repo.ID, err)
}
