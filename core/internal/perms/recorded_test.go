package perms

import (
	"context"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// world is the rows of the registry that the product's answers were recorded with.
type world struct {
	People, Robots, Organizations []string
	Repositories                  map[string]struct {
		Public bool
		Kind   string
		State  domain.RepositoryState
	}
	// Teams are by "organisation/team".
	Teams map[string]struct {
		Role    string
		Members []string
	}
	// Roles are account or team, repository and role.
	Roles [][3]string
}

// user returns an account with an id that the world knows.
func (w *world) user(name string) *domain.User {
	for i, n := range append(append([]string{}, w.People...), w.Robots...) {
		if n == name {
			return &domain.User{ID: domain.UserID(i + 1), Name: name, Robot: i >= len(w.People), Enabled: true}
		}
	}
	return nil
}

func (w *world) name(id domain.UserID) string {
	if id == 0 {
		return ""
	}
	return append(append([]string{}, w.People...), w.Robots...)[id-1]
}

func (w *world) RepositoryAccess(ctx context.Context, user domain.UserID, name domain.Name) (domain.Access, error) {
	var a domain.Access
	o, err := w.OrganizationAccess(ctx, user, name.Namespace)
	a.TeamRole = o.TeamRole
	r, there := w.Repositories[name.String()]
	if !there || err != nil {
		return a, err
	}
	a.Repository, a.Public, a.Kind, a.State = 1, r.Public, r.Kind, r.State
	for _, role := range w.Roles {
		_, team, _ := strings.Cut(role[0], "/")
		if role[1] == name.String() && (role[0] == w.name(user) || team != "" && o.Teams[team]) {
			a.Role = max(a.Role, domain.ParsePermission(role[2]))
		}
	}
	return a, nil
}

func (w *world) OrganizationAccess(_ context.Context, user domain.UserID, organization string) (domain.OrganizationAccess, error) {
	var a domain.OrganizationAccess
	for full, t := range w.Teams {
		org, name, _ := strings.Cut(full, "/")
		for _, m := range t.Members {
			if org == organization && m == w.name(user) {
				a.Add(name, domain.ParseTeamRole(t.Role))
			}
		}
	}
	return a, nil
}

func (w *world) OrganizationsAccess(context.Context, domain.UserID) (map[string]domain.OrganizationAccess, error) {
	return nil, errs.New(errs.Internal, "not recorded")
}

func (w *world) MirrorRobot(context.Context, *domain.Repository) (domain.UserID, error) {
	return 0, errs.New(errs.Internal, "not recorded")
}

// questions are what the rows of the product's API ask of the model, as its source
// says.
var questions = map[string]func(ctx context.Context, c *Caller, resource string) (Decision, error){
	"repository_read":        about(APIRead),
	"repository_write":       about(APIWrite),
	"repository_admin":       about(APIAdmin),
	"repository_write_shown": about(Rule{Need: domain.PermissionWrite, ReadOnlySuperuser: true}),
	"repository_admin_shown": about(APIShowAdmin),
	"organization_admin": func(ctx context.Context, c *Caller, org string) (Decision, error) {
		return c.AdministerOrganization(ctx, org)
	},
	"organization_admin_shown": func(ctx context.Context, c *Caller, org string) (Decision, error) {
		return c.ShowOrganization(ctx, org)
	},
	"organization_member_shown": func(ctx context.Context, c *Caller, org string) (Decision, error) {
		return c.orReadOnly(c.MemberOfOrganization(ctx, org))
	},
	"team_shown": func(ctx context.Context, c *Caller, name string) (Decision, error) {
		org, team, _ := strings.Cut(name, "/")
		return c.ShowTeam(ctx, org, team)
	},
	"account_admin": func(_ context.Context, c *Caller, _ string) (Decision, error) {
		if u := c.Identity().Account(); u != nil {
			return c.AdministerAccount(u.Name), nil
		}
		return c.AdministerAccount(""), nil
	},
	"superuser":     func(_ context.Context, c *Caller, _ string) (Decision, error) { return c.Superuser(), nil },
	"any_superuser": func(_ context.Context, c *Caller, _ string) (Decision, error) { return c.AnySuperuser(), nil },
}

func about(r Rule) func(context.Context, *Caller, string) (Decision, error) {
	return func(ctx context.Context, c *Caller, resource string) (Decision, error) {
		ns, repo, _ := strings.Cut(resource, "/")
		return c.Repository(ctx, domain.Name{Namespace: ns, Repository: repo}, r)
	}
}

// TestRecorded proves that the model allows what the running product allowed, and
// refuses what it refused, for each row of its API: testdata/recorded.txt has what
// the row asks, about what, and the status that each caller got.
func TestRecorded(t *testing.T) {
	text, err := os.ReadFile("testdata/world.json")
	if err != nil {
		t.Fatal(err)
	}
	var w world
	if err := json.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	p := New(&w, Policy{
		AnonymousRead: true, SuperUsers: map[string]bool{"devtable": true}, SuperUsersFullAccess: true,
		ReadOnlySuperUsers: map[string]bool{"globalreadonlysuperuser": true},
	})
	rows, err := os.ReadFile("testdata/recorded.txt")
	if err != nil {
		t.Fatal(err)
	}
	compared, allowed := 0, 0
	for line := range strings.Lines(string(rows)) {
		f := strings.Fields(line)
		for _, answer := range f[4:] {
			who, status, _ := strings.Cut(answer, "=")
			want := status != "401" && status != "403"
			d, err := questions[f[0]](t.Context(), p.Of(User(w.user(who))), f[1])
			if err != nil || d.Allowed != want || !want && refusal(d) != status {
				t.Errorf("%s as %s: got %+v, %v, recorded %s", strings.Join(f[:4], " "), who, d, err, status)
			}
			if compared++; want {
				allowed++
			}
		}
	}
	if compared < 1700 || allowed < 500 {
		t.Errorf("%d answers were compared, %d of them allowed", compared, allowed)
	}
}

// refusal is the status that a refused caller gets.
func refusal(d Decision) string {
	if errs.Is(d.Err(), errs.Unauthenticated) {
		return strconv.Itoa(401)
	}
	return strconv.Itoa(403)
}
