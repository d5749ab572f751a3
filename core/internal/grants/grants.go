// Package grants keeps which roles accounts and teams were given: in single
// repositories, and by an organisation's default permissions in those to come
// (data/model/permission.py). Who may call what is package perms' business.
//
// Errors carry the product's texts; /api/v1 answers 404 to errs.NotFound and 400 to
// the other kinds.
package grants

import (
	"context"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	User(ctx context.Context, name string) (*domain.User, error)
	Team(ctx context.Context, organization, name string) (*domain.Team, error)
	Repository(ctx context.Context, name domain.Name) (*domain.Repository, error)

	UserRoles(ctx context.Context, repo domain.Name, name string) ([]domain.RepositoryRole, error)
	TeamRepositoryRoles(ctx context.Context, repo domain.Name, team string) ([]domain.RepositoryRole, error)
	TransitiveRoles(ctx context.Context, repo domain.RepositoryID, user domain.UserID) ([]domain.Permission, error)
	SetUserRole(ctx context.Context, user domain.UserID, repo domain.RepositoryID, role domain.Permission) error
	SetTeamRepositoryRole(ctx context.Context, team domain.TeamID, repo domain.RepositoryID, role domain.Permission) error
	DeleteUserRole(ctx context.Context, user domain.UserID, repo domain.RepositoryID) (bool, error)
	DeleteTeamRepositoryRole(ctx context.Context, team domain.TeamID, repo domain.RepositoryID) (bool, error)
	RolesOfUser(ctx context.Context, name string) ([]domain.RepositoryRole, error)
	RolesOfTeam(ctx context.Context, team domain.TeamID) ([]domain.RepositoryRole, error)
	RolesInOrganization(ctx context.Context, organization domain.UserID) ([]domain.RepositoryRole, error)

	CreatePrototype(ctx context.Context, organization, activator, user domain.UserID, team domain.TeamID, role domain.Permission) (string, error)
	SetPrototypeRole(ctx context.Context, organization domain.UserID, id string, role domain.Permission) (bool, error)
	DeletePrototype(ctx context.Context, organization domain.UserID, id string) (bool, error)
	Prototypes(ctx context.Context, organization domain.UserID, id string) ([]domain.Prototype, error)
}

// Grants applies the rules.
type Grants struct{ store Store }

// New makes the rules.
func New(s Store) *Grants { return &Grants{s} }

var (
	errNoUserRole = errs.New(errs.Invalid, "User does not have permission for repo.")
	errNoTeamRole = errs.New(errs.Invalid, "Team does not have permission for repo.")
	errOwner      = errs.New(errs.Conflict, "Namespace owner must always be admin.")
)

// Users returns the roles that accounts were given in a repository.
func (g *Grants) Users(ctx context.Context, repo domain.Name) ([]domain.RepositoryRole, error) {
	return g.store.UserRoles(ctx, repo, "")
}

// Teams returns the roles that teams were given in a repository.
func (g *Grants) Teams(ctx context.Context, repo domain.Name) ([]domain.RepositoryRole, error) {
	return g.store.TeamRepositoryRoles(ctx, repo, "")
}

// User returns the role that an account was given in a repository.
func (g *Grants) User(ctx context.Context, repo domain.Name, name string) (domain.RepositoryRole, error) {
	if name == "" {
		return domain.RepositoryRole{}, errNoUserRole
	}
	return only(errNoUserRole)(g.store.UserRoles(ctx, repo, name))
}

// Team returns the role that a team was given in a repository.
func (g *Grants) Team(ctx context.Context, repo domain.Name, team string) (domain.RepositoryRole, error) {
	if team == "" {
		return domain.RepositoryRole{}, errNoTeamRole
	}
	return only(errNoTeamRole)(g.store.TeamRepositoryRoles(ctx, repo, team))
}

// only returns the first of a list, or an error when it is empty.
func only(missing error) func([]domain.RepositoryRole, error) (domain.RepositoryRole, error) {
	return func(list []domain.RepositoryRole, err error) (domain.RepositoryRole, error) {
		if err == nil && len(list) == 0 {
			err = missing
		}
		if err != nil {
			return domain.RepositoryRole{}, err
		}
		return list[0], nil
	}
}

// Transitive returns all roles that an account has in a repository, directly and
// through teams; errs.NotFound when it has none, or either is not there.
func (g *Grants) Transitive(ctx context.Context, repo domain.Name, name string) ([]domain.Permission, error) {
	user, err := g.store.User(ctx, name)
	if err != nil {
		return nil, err
	}
	r, err := g.repository(ctx, repo)
	if err != nil {
		return nil, err
	}
	roles, err := g.store.TransitiveRoles(ctx, r.ID, user.ID)
	if err == nil && (len(roles) == 0 || user.Organization) {
		err = errs.New(errs.NotFound, "%s has no role in %s", name, repo)
	}
	return roles, err
}

// repository returns a repository that is not being deleted.
func (g *Grants) repository(ctx context.Context, name domain.Name) (*domain.Repository, error) {
	r, err := g.store.Repository(ctx, name)
	if err == nil && r.State == domain.StateMarkedForDeletion {
		err = errs.New(errs.NotFound, "no such repository")
	}
	return r, err
}

// SetUser gives an account a role in a repository (change_repo_permission). The
// owner of the namespace has all of them anyway, and a robot has to be the
// namespace's. errs.NotFound when there is no such repository.
func (g *Grants) SetUser(ctx context.Context, repo domain.Name, name string, role domain.Permission) (domain.RepositoryRole, error) {
	if name == repo.Namespace {
		return domain.RepositoryRole{}, errOwner
	}
	user, err := g.store.User(ctx, name)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Invalid, "Invalid username: %s", name)
	}
	if err == nil && user.Robot {
		if owner, _, _ := strings.Cut(name, "+"); owner != repo.Namespace {
			err = errs.New(errs.Invalid, "Cannot add robot %s under namespace %s", name, repo.Namespace)
		}
	}
	if err != nil {
		return domain.RepositoryRole{}, err
	}
	r, err := g.repository(ctx, repo)
	if err == nil {
		err = g.store.SetUserRole(ctx, user.ID, r.ID, role)
	}
	if err != nil {
		return domain.RepositoryRole{}, err
	}
	return g.User(ctx, repo, name)
}

// SetTeam gives a team of the repository's organisation a role
// (change_repo_permission).
func (g *Grants) SetTeam(ctx context.Context, repo domain.Name, team string, role domain.Permission) (domain.RepositoryRole, error) {
	t, err := g.store.Team(ctx, repo.Namespace, team)
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Invalid, "No team %s in organization %s", team, repo.Namespace)
	}
	if err != nil {
		return domain.RepositoryRole{}, err
	}
	r, err := g.repository(ctx, repo)
	if err == nil {
		err = g.store.SetTeamRepositoryRole(ctx, t.ID, r.ID, role)
	}
	if err != nil {
		return domain.RepositoryRole{}, err
	}
	return g.Team(ctx, repo, team)
}

// DeleteUser takes an account's role in a repository away (delete_repo_permission).
func (g *Grants) DeleteUser(ctx context.Context, repo domain.Name, name string) error {
	if name == repo.Namespace {
		return errOwner
	}
	role, err := g.User(ctx, repo, name)
	if err != nil {
		return err
	}
	return gone(errNoUserRole)(g.store.DeleteUserRole(ctx, role.User.ID, role.Repository))
}

// DeleteTeam takes a team's role in a repository away (delete_repo_permission).
func (g *Grants) DeleteTeam(ctx context.Context, repo domain.Name, team string) error {
	t, err := g.store.Team(ctx, repo.Namespace, team)
	if errs.Is(err, errs.NotFound) {
		return errNoTeamRole
	}
	if err != nil {
		return err
	}
	role, err := g.Team(ctx, repo, team)
	if err != nil {
		return err
	}
	return gone(errNoTeamRole)(g.store.DeleteTeamRepositoryRole(ctx, t.ID, role.Repository))
}

// gone turns what a deletion found into an error when that was nothing.
func gone(missing error) func(bool, error) error {
	return func(was bool, err error) error {
		if err == nil && !was {
			return missing
		}
		return err
	}
}

// OfUser returns what an account, often a robot, was given anywhere.
func (g *Grants) OfUser(ctx context.Context, name string) ([]domain.RepositoryRole, error) {
	return g.store.RolesOfUser(ctx, name)
}

// OfTeam returns what a team was given anywhere.
func (g *Grants) OfTeam(ctx context.Context, team *domain.Team) ([]domain.RepositoryRole, error) {
	return g.store.RolesOfTeam(ctx, team.ID)
}

// InOrganization returns what people were given in an organisation's repositories:
// its collaborators are those who are not members.
func (g *Grants) InOrganization(ctx context.Context, organization *domain.User) ([]domain.RepositoryRole, error) {
	return g.store.RolesInOrganization(ctx, organization.ID)
}
