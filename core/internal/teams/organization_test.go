package teams_test

import (
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/teams"
	"github.com/quay/quay/sdk/errs"
)

// TestOrganizationMembers proves who is listed as an organisation's member and who as
// its collaborator, and who can be taken out.
func TestOrganizationMembers(t *testing.T) {
	o := open(t, teams.Policy{})
	org, err := db.User(o.ctx, o.name)
	o.must(err)
	repo, err := db.Repository(o.ctx, domain.Name{Namespace: o.name, Repository: "web"})
	o.must(err)
	member, outsider, stranger := o.person("member"), o.person("outsider"), o.person("stranger")
	bot := o.person(o.name + "+bot")
	o.add(o.put("red", domain.TeamMember), member)
	o.add(o.put("blue", domain.TeamMember), member)
	for _, u := range []*domain.User{member, outsider} {
		o.must(db.SetUserRole(o.ctx, u.ID, repo.ID, domain.PermissionRead))
	}
	describe := func(list []domain.OrganizationMember, err error) (lines []string) {
		t.Helper()
		o.must(err)
		for _, m := range list {
			line := m.Name
			for _, team := range m.Teams {
				line += " " + team
			}
			for _, name := range m.Repositories {
				line += " /" + name
			}
			lines = append(lines, line)
		}
		return lines
	}
	// Who made the repository has a role in it by himself.
	if got, want := describe(o.OrganizationMembers(o.ctx, org)),
		[]string{o.owner.Name + " owners /web", member.Name + " red blue /web"}; !slices.Equal(got, want) {
		t.Errorf("members %q, want %q", got, want)
	}
	if got, want := describe(o.Collaborators(o.ctx, org)), []string{outsider.Name + " /web"}; !slices.Equal(got, want) {
		t.Errorf("collaborators %q, want %q", got, want)
	}
	for name, want := range map[string]string{member.Name: member.Name + " red blue /web", bot.Name: bot.Name} {
		m, err := o.OrganizationMember(o.ctx, org, name)
		o.must(err)
		if got := describe([]domain.OrganizationMember{*m}, nil); got[0] != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, name := range []string{outsider.Name, "nobody", o.name} {
		if _, err := o.OrganizationMember(o.ctx, org, name); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}

	refused(t, "the only administrator", o.RemoveFromOrganization(o.ctx, org, o.owner.Name), errs.Conflict,
		"Cannot remove user as they are the only organization admin")
	for _, name := range []string{bot.Name, "nobody", o.name} {
		if err := o.RemoveFromOrganization(o.ctx, org, name); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, u := range []*domain.User{member, outsider, stranger} {
		o.must(o.RemoveFromOrganization(o.ctx, org, u.Name))
	}
	if got, want := describe(o.OrganizationMembers(o.ctx, org)), []string{o.owner.Name + " owners /web"}; !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
	if got := describe(o.Collaborators(o.ctx, org)); len(got) != 0 {
		t.Errorf("left are %q", got)
	}
	owners, err := o.Get(o.ctx, o.name, "owners")
	o.must(err)
	o.add(owners, member)
	o.must(o.RemoveFromOrganization(o.ctx, org, o.owner.Name))
}
