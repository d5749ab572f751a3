package grants

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// NewPrototype is a default permission to be made.
type NewPrototype struct {
	Role domain.Permission
	// Activator is the name of who must make the repository; empty is anybody.
	Activator string
	// User or Team is the name of who gets the role.
	User, Team string
}

// Prototypes returns an organisation's default permissions.
func (g *Grants) Prototypes(ctx context.Context, organization *domain.User) ([]domain.Prototype, error) {
	return g.store.Prototypes(ctx, organization.ID, "")
}

// CreatePrototype makes a default permission (create_prototype_permission). The same
// one can be made twice, as in the product.
func (g *Grants) CreatePrototype(ctx context.Context, organization *domain.User, n NewPrototype) (domain.Prototype, error) {
	activator, err := g.account(ctx, n.Activator)
	if err != nil {
		return domain.Prototype{}, err
	}
	user, err := g.account(ctx, n.User)
	if err != nil {
		return domain.Prototype{}, err
	}
	var team domain.TeamID
	if n.Team != "" {
		t, err := g.store.Team(ctx, organization.Name, n.Team)
		if errs.Is(err, errs.NotFound) {
			return domain.Prototype{}, errs.New(errs.Invalid, "Team does not exist: %s/%s", organization.Name, n.Team)
		}
		if err != nil {
			return domain.Prototype{}, err
		}
		team = t.ID
	}
	switch {
	case n.Activator != "" && activator == 0:
		return domain.Prototype{}, errs.New(errs.Invalid, "Unknown activating user")
	case user == 0 && team == 0:
		return domain.Prototype{}, errs.New(errs.Invalid, "Missing delegate user or team")
	}
	id, err := g.store.CreatePrototype(ctx, organization.ID, activator, user, team, n.Role)
	if err != nil {
		return domain.Prototype{}, err
	}
	return g.prototype(ctx, organization, id)
}

// account returns the id of a person or robot, zero when there is none.
func (g *Grants) account(ctx context.Context, name string) (domain.UserID, error) {
	if name == "" {
		return 0, nil
	}
	u, err := g.store.User(ctx, name)
	if errs.Is(err, errs.NotFound) || err == nil && u.Organization {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return u.ID, nil
}

// prototype returns one default permission; errs.NotFound when there is none.
func (g *Grants) prototype(ctx context.Context, organization *domain.User, id string) (domain.Prototype, error) {
	if id == "" {
		return domain.Prototype{}, errNoPrototype
	}
	list, err := g.store.Prototypes(ctx, organization.ID, id)
	if err == nil && len(list) == 0 {
		err = errNoPrototype
	}
	if err != nil {
		return domain.Prototype{}, err
	}
	return list[0], nil
}

var errNoPrototype = errs.New(errs.NotFound, "no such default permission")

// SetPrototype changes a default permission's role (modify_prototype_permission) and
// returns it with the role that it had. Repositories that are there keep theirs.
func (g *Grants) SetPrototype(ctx context.Context, organization *domain.User, id string, role domain.Permission) (p domain.Prototype, was domain.Permission, err error) {
	if p, err = g.prototype(ctx, organization, id); err != nil {
		return p, 0, err
	}
	was, p.Role = p.Role, role
	return p, was, gone(errNoPrototype)(g.store.SetPrototypeRole(ctx, organization.ID, id, role))
}

// DeletePrototype deletes a default permission (delete_prototype_permission) and
// returns what it was.
func (g *Grants) DeletePrototype(ctx context.Context, organization *domain.User, id string) (domain.Prototype, error) {
	p, err := g.prototype(ctx, organization, id)
	if err != nil {
		return p, err
	}
	return p, gone(errNoPrototype)(g.store.DeletePrototype(ctx, organization.ID, id))
}
