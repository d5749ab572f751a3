package teams

import (
	"context"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// OrganizationMembers returns the people of an organisation's teams.
func (t *Teams) OrganizationMembers(ctx context.Context, organization *domain.User) ([]domain.OrganizationMember, error) {
	rows, err := t.store.Memberships(ctx, organization.ID, 0)
	if err != nil {
		return nil, err
	}
	roles, err := t.store.RolesInOrganization(ctx, organization.ID)
	if err != nil {
		return nil, err
	}
	var list []domain.OrganizationMember
	at := make(map[domain.UserID]int)
	for _, row := range rows {
		if row.Robot {
			continue
		}
		i, known := at[row.ID]
		if !known {
			i = len(list)
			at[row.ID], list = i, append(list, domain.OrganizationMember{Member: row.Member})
		}
		list[i].Teams = append(list[i].Teams, row.Team)
	}
	for _, role := range roles {
		if i, member := at[role.User.ID]; member {
			list[i].Repositories = append(list[i].Repositories, role.Name.Repository)
		}
	}
	return list, nil
}

// Collaborators returns the people who are in none of an organisation's teams and
// have roles in its repositories.
func (t *Teams) Collaborators(ctx context.Context, organization *domain.User) ([]domain.OrganizationMember, error) {
	roles, err := t.store.RolesInOrganization(ctx, organization.ID)
	if err != nil {
		return nil, err
	}
	var list []domain.OrganizationMember
	at := make(map[domain.UserID]int)
	for _, role := range roles {
		if role.OrganizationMember {
			continue
		}
		i, known := at[role.User.ID]
		if !known {
			i = len(list)
			at[role.User.ID], list = i, append(list, domain.OrganizationMember{Member: *role.User})
		}
		list[i].Repositories = append(list[i].Repositories, role.Name.Repository)
	}
	return list, nil
}

// OrganizationMember returns one person or robot of an organisation; errs.NotFound
// for others. The organisation's own robots belong to it without a team.
func (t *Teams) OrganizationMember(ctx context.Context, organization *domain.User, name string) (*domain.OrganizationMember, error) {
	user, err := t.account(ctx, name)
	if err != nil {
		return nil, err
	}
	rows, err := t.store.Memberships(ctx, organization.ID, user.ID)
	if err != nil {
		return nil, err
	}
	if own := user.Robot && strings.HasPrefix(user.Name, organization.Name+"+"); len(rows) == 0 && !own {
		return nil, errs.New(errs.NotFound, "%s is not a member of %s", name, organization.Name)
	}
	roles, err := t.store.RolesOfUserIn(ctx, user.ID, organization.ID)
	m := &domain.OrganizationMember{Member: domain.Member{ID: user.ID, Name: user.Name, Email: user.Email, Robot: user.Robot}}
	for _, row := range rows {
		m.Teams = append(m.Teams, row.Team)
	}
	for _, role := range roles {
		m.Repositories = append(m.Repositories, role.Name.Repository)
	}
	return m, err
}

// RemoveFromOrganization takes a person out of all of an organisation's teams and
// repositories, unless nobody else administers it (data/model/organization.py,
// remove_organization_member). errs.NotFound when there is no such person; a
// stranger is removed from nothing.
func (t *Teams) RemoveFromOrganization(ctx context.Context, organization *domain.User, name string) error {
	user, err := t.account(ctx, name)
	if err != nil {
		return err
	}
	if user.Robot {
		return errs.New(errs.NotFound, "%s is a robot", name)
	}
	admins, err := t.store.OrganizationAdmins(ctx, organization.ID)
	if err != nil {
		return err
	}
	if len(admins) == 1 && admins[0].ID == user.ID {
		return errs.New(errs.Conflict, "Cannot remove user as they are the only organization admin")
	}
	return t.store.RemoveOrganizationMember(ctx, organization.ID, user.ID)
}
