package grants_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/grants"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// robots is the store where an account with a plus in its name is a robot.
type robots struct{ *store.Store }

func (s robots) User(ctx context.Context, name string) (*domain.User, error) {
	u, err := s.Store.User(ctx, name)
	if err == nil {
		u.Robot = strings.Contains(name, "+")
	}
	return u, err
}

// registry is a database with the organisation acme and its repository web, the
// accounts alice, who owns acme, and bob, and some robots.
type registry struct {
	*grants.Grants
	*store.Store
	t   *testing.T
	ctx context.Context
	org *domain.User
}

var web, own = domain.Name{Namespace: "acme", Repository: "web"}, domain.Name{Namespace: "alice", Repository: "own"}

// empty is a database with nothing but its schema: making that once saves time.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "grants")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "quay.db")
	db, err := store.Open(context.Background(), store.Options{Path: path})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func open(t *testing.T) *registry {
	t.Helper()
	path := filepath.Join(t.TempDir(), "quay.db")
	file, err := empty()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	r := &registry{Grants: grants.New(robots{db}), Store: db, t: t, ctx: t.Context()}
	for _, name := range []string{"alice", "bob", "acme+bot", "alice+bot"} {
		r.must(db.CreateUser(r.ctx, name, name+"@example.com", "hash"))
	}
	alice, err := db.User(r.ctx, "alice")
	r.must(err)
	r.must(db.CreateRepository(r.ctx, domain.NewRepository{Name: web, MakeNamespace: true, Creator: alice.ID, Public: true}))
	r.must(db.CreateRepository(r.ctx, domain.NewRepository{Name: own, Creator: alice.ID}))
	r.org, err = db.User(r.ctx, "acme")
	r.must(err)
	_, err = db.CreateTeam(r.ctx, domain.Team{Name: "readers", Organization: r.org.ID, Role: domain.TeamMember})
	r.must(err)
	return r
}

func (r *registry) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// refused checks an error's kind and its text.
func refused(t *testing.T, what string, err error, kind errs.Kind, text string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Message != text {
		t.Errorf("%s: got %v, want %v %q", what, err, kind, text)
	}
}

// TestSetUser proves who can be given a role where, that a second one replaces the
// first, and what is said of others: as it was recorded.
func TestSetUser(t *testing.T) {
	r := open(t)
	for _, role := range []domain.Permission{domain.PermissionRead, domain.PermissionAdmin, domain.PermissionWrite} {
		for name, member := range map[string]bool{"bob": false, "acme+bot": true, "alice": true} {
			got, err := r.SetUser(r.ctx, web, name, role)
			r.must(err)
			if got.User == nil || got.User.Name != name || got.Role != role || got.OrganizationMember != (member && (name == "alice" || got.User.Robot)) {
				t.Errorf("%s: got %+v, %+v", name, got, got.User)
			}
		}
	}
	list, err := r.Users(r.ctx, web)
	r.must(err)
	if len(list) != 3 {
		t.Errorf("got %+v", list)
	}
	for _, tc := range []struct {
		repo domain.Name
		name string
		kind errs.Kind
		text string
	}{
		{own, "alice", errs.Conflict, "Namespace owner must always be admin."},
		{own, "nobody", errs.Invalid, "Invalid username: nobody"},
		{own, "acme+bot", errs.Invalid, "Cannot add robot acme+bot under namespace alice"},
		{web, "alice+bot", errs.Invalid, "Cannot add robot alice+bot under namespace acme"},
		{domain.Name{Namespace: "acme", Repository: "none"}, "bob", errs.NotFound, "no such row"},
	} {
		_, err := r.SetUser(r.ctx, tc.repo, tc.name, domain.PermissionRead)
		refused(t, tc.name, err, tc.kind, tc.text)
	}
	_, err = r.SetUser(r.ctx, own, "alice+bot", domain.PermissionRead)
	r.must(err)
}

// TestDeleteUser proves how a role is taken away, and what is said when there is
// none.
func TestDeleteUser(t *testing.T) {
	r := open(t)
	_, err := r.SetUser(r.ctx, web, "bob", domain.PermissionRead)
	r.must(err)
	r.must(r.DeleteUser(r.ctx, web, "bob"))
	const none = "User does not have permission for repo."
	for _, name := range []string{"bob", "nobody", ""} {
		refused(t, "delete "+name, r.DeleteUser(r.ctx, web, name), errs.Invalid, none)
		_, err := r.Grants.User(r.ctx, web, name)
		refused(t, "get "+name, err, errs.Invalid, none)
	}
	refused(t, "the owner", r.DeleteUser(r.ctx, own, "alice"), errs.Conflict, "Namespace owner must always be admin.")
}

// TestTeams proves the same of teams.
func TestTeams(t *testing.T) {
	r := open(t)
	for _, role := range []domain.Permission{domain.PermissionRead, domain.PermissionWrite} {
		got, err := r.SetTeam(r.ctx, web, "readers", role)
		r.must(err)
		if got.Team != "readers" || got.User != nil || got.Role != role || got.Name != web || !got.Public {
			t.Errorf("got %+v", got)
		}
	}
	list, err := r.Grants.Teams(r.ctx, web)
	r.must(err)
	team, err := r.Store.Team(r.ctx, "acme", "readers")
	r.must(err)
	of, err := r.OfTeam(r.ctx, team)
	r.must(err)
	if len(list) != 1 || len(of) != 1 || of[0] != list[0] {
		t.Errorf("got %+v and %+v", list, of)
	}
	r.must(r.Grants.DeleteTeam(r.ctx, web, "readers"))
	for _, name := range []string{"readers", "none", ""} {
		refused(t, "delete "+name, r.Grants.DeleteTeam(r.ctx, web, name), errs.Invalid, "Team does not have permission for repo.")
		_, err := r.Grants.Team(r.ctx, web, name)
		refused(t, "get "+name, err, errs.Invalid, "Team does not have permission for repo.")
	}
	_, err = r.SetTeam(r.ctx, own, "readers", domain.PermissionRead)
	refused(t, "of an account", err, errs.Invalid, "No team readers in organization alice")
	_, err = r.SetTeam(r.ctx, domain.Name{Namespace: "acme", Repository: "none"}, "readers", domain.PermissionRead)
	refused(t, "no repository", err, errs.NotFound, "no such row")
}

// TestTransitive proves that all ways to a repository are listed.
func TestTransitive(t *testing.T) {
	r := open(t)
	bob, err := r.Store.User(r.ctx, "bob")
	r.must(err)
	team, err := r.Store.Team(r.ctx, "acme", "readers")
	r.must(err)
	_, err = r.AddTeamMember(r.ctx, team.ID, bob.ID)
	r.must(err)
	for _, name := range []string{"bob", "nobody", "acme"} {
		if _, err := r.Transitive(r.ctx, web, name); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = r.SetTeam(r.ctx, web, "readers", domain.PermissionRead)
	r.must(err)
	_, err = r.SetUser(r.ctx, web, "bob", domain.PermissionWrite)
	r.must(err)
	got, err := r.Transitive(r.ctx, web, "bob")
	r.must(err)
	if !slices.Equal(got, []domain.Permission{domain.PermissionRead, domain.PermissionWrite}) {
		t.Errorf("got %v", got)
	}
	if _, err := r.Transitive(r.ctx, domain.Name{Namespace: "acme", Repository: "none"}, "bob"); !errs.Is(err, errs.NotFound) {
		t.Errorf("no repository: %v", err)
	}
	of, err := r.OfUser(r.ctx, "bob")
	r.must(err)
	inside, err := r.Grants.InOrganization(r.ctx, r.org)
	r.must(err)
	if len(of) != 1 || of[0].Name != web || of[0].Role != domain.PermissionWrite ||
		len(inside) != 2 || inside[1].User.Name != "bob" || !inside[1].OrganizationMember {
		t.Errorf("got %+v and %+v", of, inside)
	}
}

// TestPrototypes proves how default permissions are made, changed and deleted, and
// what is said of those that cannot be.
func TestPrototypes(t *testing.T) {
	r := open(t)
	made, err := r.Grants.CreatePrototype(r.ctx, r.org, grants.NewPrototype{Role: domain.PermissionRead, Activator: "alice", User: "bob"})
	r.must(err)
	if made.UUID == "" || made.Role != domain.PermissionRead || made.Activator.Name != "alice" || !made.Activator.OrganizationMember ||
		made.User.Name != "bob" || made.User.OrganizationMember || made.Team != "" {
		t.Errorf("got %+v", made)
	}
	team, err := r.Grants.CreatePrototype(r.ctx, r.org, grants.NewPrototype{Role: domain.PermissionWrite, Team: "readers"})
	r.must(err)
	if team.Team != "readers" || team.Activator != nil || team.User != nil {
		t.Errorf("got %+v", team)
	}
	for text, n := range map[string]grants.NewPrototype{
		"Unknown activating user":           {Activator: "nobody", User: "bob"},
		"Missing delegate user or team":     {},
		"Team does not exist: acme/nothing": {Team: "nothing"},
	} {
		_, err := r.Grants.CreatePrototype(r.ctx, r.org, n)
		refused(t, text, err, errs.Invalid, text)
	}
	for _, org := range []string{"nobody", "acme"} {
		_, err := r.Grants.CreatePrototype(r.ctx, r.org, grants.NewPrototype{User: org, Role: domain.PermissionRead})
		refused(t, "for "+org, err, errs.Invalid, "Missing delegate user or team")
	}
	changed, was, err := r.SetPrototype(r.ctx, r.org, made.UUID, domain.PermissionAdmin)
	r.must(err)
	list, err := r.Grants.Prototypes(r.ctx, r.org)
	r.must(err)
	if was != domain.PermissionRead || changed.Role != domain.PermissionAdmin || len(list) != 2 || list[0].Role != domain.PermissionAdmin {
		t.Errorf("was %v, is %+v, listed %+v", was, changed, list)
	}
	gone, err := r.Grants.DeletePrototype(r.ctx, r.org, made.UUID)
	r.must(err)
	if gone.UUID != made.UUID || gone.User.Name != "bob" {
		t.Errorf("deleted %+v", gone)
	}
	other := &domain.User{ID: 4711, Name: "other"}
	for _, tc := range []struct {
		org *domain.User
		id  string
	}{{r.org, made.UUID}, {r.org, ""}, {r.org, "none"}, {other, team.UUID}} {
		if _, err := r.Grants.DeletePrototype(r.ctx, tc.org, tc.id); !errs.Is(err, errs.NotFound) {
			t.Errorf("delete %q of %s: %v", tc.id, tc.org.Name, err)
		}
		if _, _, err := r.SetPrototype(r.ctx, tc.org, tc.id, domain.PermissionRead); !errs.Is(err, errs.NotFound) {
			t.Errorf("change %q of %s: %v", tc.id, tc.org.Name, err)
		}
	}
}
