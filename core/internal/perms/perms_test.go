package perms

import (
	"context"
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// fakeStore knows the roles of one user, and counts what it is asked.
type fakeStore struct {
	role   domain.Permission
	team   domain.TeamRole
	teams  map[string]bool
	public bool
	kind   string
	state  domain.RepositoryState
	robot  domain.UserID
	fail   error
	asked  *int
}

func (s fakeStore) count() {
	if s.asked != nil {
		*s.asked++
	}
}

func (s fakeStore) RepositoryAccess(context.Context, domain.UserID, domain.Name) (domain.Access, error) {
	s.count()
	return domain.Access{Repository: 1, Public: s.public, Kind: s.kind, State: s.state, Role: s.role, TeamRole: s.team}, s.fail
}

func (s fakeStore) OrganizationAccess(_ context.Context, _ domain.UserID, organization string) (domain.OrganizationAccess, error) {
	s.count()
	if organization != "acme" {
		return domain.OrganizationAccess{}, s.fail
	}
	return domain.OrganizationAccess{TeamRole: s.team, Teams: s.teams}, s.fail
}

func (s fakeStore) OrganizationsAccess(context.Context, domain.UserID) (map[string]domain.OrganizationAccess, error) {
	s.count()
	return map[string]domain.OrganizationAccess{"acme": {TeamRole: s.team, Teams: s.teams}}, s.fail
}

func (s fakeStore) MirrorRobot(context.Context, *domain.Repository) (domain.UserID, error) {
	if s.robot == 0 {
		return 0, errs.New(errs.NotFound, "no mirror")
	}
	return s.robot, nil
}

const (
	none  = domain.PermissionNone
	read  = domain.PermissionRead
	write = domain.PermissionWrite
	admin = domain.PermissionAdmin
)

var (
	open   = Policy{AnonymousRead: true}
	closed = Policy{}
	mirror = Policy{AnonymousRead: true, AnonymousWrite: true}
	supers = Policy{
		SuperUsers: map[string]bool{"root": true}, SuperUsersFullAccess: true, ReadOnlySuperUsers: map[string]bool{"auditor": true},
	}
	powerless = Policy{SuperUsers: map[string]bool{"root": true}}
)

func user(name string) *domain.User { return &domain.User{ID: 1, Name: name, Enabled: true} }

// TestRepository proves what each kind of caller may do in a public and in a
// private repository of the organisation acme.
func TestRepository(t *testing.T) {
	for _, tc := range []struct {
		name            string
		policy          Policy
		user            *domain.User
		store           fakeStore
		public, private domain.Permission
	}{
		{"nobody", open, nil, fakeStore{}, read, none},
		{"nobody, closed registry", closed, nil, fakeStore{}, none, none},
		{"nobody, mirror", mirror, nil, fakeStore{}, admin, admin},
		{"stranger", open, user("bob"), fakeStore{}, read, none},
		{"stranger, closed registry", closed, user("bob"), fakeStore{}, read, none},
		{"stranger, mirror", mirror, user("bob"), fakeStore{}, admin, admin},
		{"owner of the name", open, user("acme"), fakeStore{}, admin, admin},
		{"owner of a similar name", open, user("acm"), fakeStore{}, read, none},
		{"reader", closed, user("bob"), fakeStore{role: read}, read, read},
		{"writer", open, user("bob"), fakeStore{role: write}, write, write},
		{"administrator", open, user("bob"), fakeStore{role: admin}, admin, admin},
		{"member", open, user("bob"), fakeStore{team: domain.TeamMember}, read, none},
		{"creator", open, user("bob"), fakeStore{team: domain.TeamCreator}, read, none},
		{"team of administrators", open, user("bob"), fakeStore{team: domain.TeamAdmin}, admin, admin},
		{"reader in such a team", open, user("bob"), fakeStore{role: read, team: domain.TeamAdmin}, admin, admin},
		{"superuser", supers, user("root"), fakeStore{}, admin, admin},
		{"superuser without full access", powerless, user("root"), fakeStore{}, read, none},
		{"read-only superuser", supers, user("auditor"), fakeStore{}, read, read},
		{"read-only superuser who writes", supers, user("auditor"), fakeStore{role: write}, write, write},
	} {
		for public, want := range map[bool]domain.Permission{true: tc.public, false: tc.private} {
			repo := &domain.Repository{ID: 1, Name: domain.Name{Namespace: "acme", Repository: "web"}, Public: public}
			got, err := New(tc.store, tc.policy).Of(User(tc.user)).held(t.Context(), repo.Name, repo)
			if err != nil || got != want {
				t.Errorf("%s, public %v: got %v, %v, want %v", tc.name, public, got, err, want)
			}
		}
	}
}

// TestAnonymous proves that nobody may do anything in a repository that is not
// there, but on a mirror.
func TestAnonymous(t *testing.T) {
	for _, tc := range []struct {
		policy Policy
		want   domain.Permission
	}{{open, none}, {closed, none}, {mirror, admin}} {
		p := New(fakeStore{}, tc.policy)
		if got := p.Anonymous(nil); got != tc.want || p.AnonymousWrite() != tc.policy.AnonymousWrite {
			t.Errorf("%+v: got %v", tc.policy, got)
		}
	}
}

// TestCreateByPush proves who may make repositories in the namespace acme.
func TestCreateByPush(t *testing.T) {
	for _, tc := range []struct {
		name   string
		policy Policy
		user   *domain.User
		team   domain.TeamRole
		want   bool
	}{
		{"nobody", open, nil, domain.TeamNone, false},
		{"nobody, mirror", mirror, nil, domain.TeamNone, true},
		{"owner", open, user("acme"), domain.TeamNone, true},
		{"stranger", open, user("bob"), domain.TeamNone, false},
		{"stranger, mirror", mirror, user("bob"), domain.TeamNone, true},
		{"member", open, user("bob"), domain.TeamMember, false},
		{"creator", open, user("bob"), domain.TeamCreator, true},
		{"administrator", open, user("bob"), domain.TeamAdmin, true},
		{"read-only superuser", supers, user("auditor"), domain.TeamNone, false},
		{"superuser", supers, user("root"), domain.TeamNone, true},
		{"superuser without full access", powerless, user("root"), domain.TeamNone, false},
	} {
		got, err := New(fakeStore{team: tc.team}, tc.policy).Of(User(tc.user)).CreateByPush(t.Context(), "acme")
		if err != nil || got.Allowed != tc.want {
			t.Errorf("%s: got %+v, %v", tc.name, got, err)
		}
	}
}

// TestCanMakeNamespace proves who may make an organisation by pushing to it.
func TestCanMakeNamespace(t *testing.T) {
	restricted := Policy{RestrictedUsers: true, Unrestricted: map[string]bool{"free": true}, SuperUsers: map[string]bool{"root": true}}
	for _, tc := range []struct {
		policy Policy
		user   *domain.User
		want   bool
	}{
		{open, nil, false},
		{open, user("bob"), true},
		{open, &domain.User{ID: 1, Name: "off"}, false},
		{restricted, user("bob"), false},
		{restricted, user("root"), false},
		{restricted, user("free"), true},
	} {
		if got := New(fakeStore{}, tc.policy).CanMakeNamespace(tc.user); got != tc.want {
			t.Errorf("%+v: %+v: got %v", tc.policy, tc.user, got)
		}
	}
}

// TestActions proves which of the wanted actions a token is made for: what the
// caller may do, and no writing in a repository that is not in its normal state.
func TestActions(t *testing.T) {
	all := []string{"pull", "push", "*"}
	for _, tc := range []struct {
		held   domain.Permission
		state  domain.RepositoryState
		wanted []string
		want   []string
	}{
		{none, domain.StateNormal, all, nil},
		{read, domain.StateNormal, all, []string{"pull"}},
		{write, domain.StateNormal, all, []string{"push", "pull"}},
		{admin, domain.StateNormal, all, []string{"push", "pull", "*"}},
		{admin, domain.StateNormal, []string{"pull"}, []string{"pull"}},
		{admin, domain.StateNormal, []string{"delete", "PUSH", ""}, nil},
		{admin, domain.StateNormal, nil, nil},
		{admin, domain.StateReadOnly, all, []string{"pull"}},
		{admin, domain.StateMirror, all, []string{"pull"}},
		{admin, domain.StateOrgMirror, all, []string{"pull"}},
		{write, domain.StateReadOnly, []string{"push"}, nil},
	} {
		repo := &domain.Repository{ID: 1, Name: domain.Name{Namespace: "acme", Repository: "web"}, State: tc.state}
		got, err := New(fakeStore{role: tc.held}, closed).Of(User(user("bob"))).Actions(t.Context(), repo.Name, repo, tc.wanted)
		if err != nil || !slices.Equal(got, tc.want) || got == nil {
			t.Errorf("%v in state %v, %v: got %v, %v, want %v", tc.held, tc.state, tc.wanted, got, err, tc.want)
		}
	}
}

// TestActionsOfMirrors proves that only its robot pushes to a mirror, when it has the
// role, and that a restricted user does not push to what is his own.
func TestActionsOfMirrors(t *testing.T) {
	bot := &domain.User{ID: 7, Name: "acme+bot", Robot: true, Enabled: true}
	person := &domain.User{ID: 7, Name: "bob", Enabled: true}
	for _, tc := range []struct {
		name   string
		policy Policy
		store  fakeStore
		user   *domain.User
		state  domain.RepositoryState
		want   []string
	}{
		{"the robot", closed, fakeStore{role: write, robot: 7}, bot, domain.StateMirror, []string{"push", "pull"}},
		{"the organisation's robot", closed, fakeStore{role: write, robot: 7}, bot, domain.StateOrgMirror, []string{"push", "pull"}},
		{"the robot without the role", closed, fakeStore{role: read, robot: 7}, bot, domain.StateMirror, []string{"pull"}},
		{"another robot", closed, fakeStore{role: write, robot: 8}, bot, domain.StateMirror, []string{"pull"}},
		{"no robot is configured", closed, fakeStore{role: write}, bot, domain.StateMirror, []string{"pull"}},
		{"a person of that id", closed, fakeStore{role: write, robot: 7}, person, domain.StateMirror, []string{"pull"}},
		{"a read-only repository", closed, fakeStore{role: write, robot: 7}, bot, domain.StateReadOnly, []string{"pull"}},
		{"a restricted owner", Policy{RestrictedUsers: true}, fakeStore{}, user("acme"), domain.StateNormal, []string{"pull"}},
		{"a restricted user elsewhere", Policy{RestrictedUsers: true}, fakeStore{role: write}, person, domain.StateNormal, []string{"push", "pull"}},
	} {
		repo := &domain.Repository{ID: 1, Name: web, State: tc.state}
		got, err := New(tc.store, tc.policy).Of(User(tc.user)).Actions(t.Context(), repo.Name, repo, []string{"pull", "push", "*"})
		if err != nil || !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, %v, want %v", tc.name, got, err, tc.want)
		}
	}
}

// TestWithoutDatabase proves that a database which does not answer gives nobody
// anything.
func TestWithoutDatabase(t *testing.T) {
	repo := &domain.Repository{Name: domain.Name{Namespace: "acme", Repository: "web"}, Public: true}
	c := New(fakeStore{role: none, team: domain.TeamNone, fail: errs.New(errs.Unavailable, "the database is away")}, open).Of(User(user("bob")))
	if got, err := c.CreateByPush(t.Context(), "acme"); got.Allowed || !errs.Is(err, errs.Unavailable) {
		t.Errorf("a namespace: %v, %v", got, err)
	}
	if got, err := c.Actions(t.Context(), repo.Name, repo, []string{"pull"}); got != nil || !errs.Is(err, errs.Unavailable) {
		t.Errorf("a token: %v, %v", got, err)
	}
}

// TestPushable proves what each state of a repository lets through: into a mirror only
// its robot.
func TestPushable(t *testing.T) {
	const robot, person = 7, 8
	for state, tc := range map[domain.RepositoryState]struct{ people, robot bool }{
		domain.StateNormal:            {true, true},
		domain.StateReadOnly:          {false, false},
		domain.StateMirror:            {false, true},
		domain.StateOrgMirror:         {false, true},
		domain.StateMarkedForDeletion: {false, false},
	} {
		repo := &domain.Repository{State: state}
		p := New(fakeStore{robot: robot}, open)
		for user, want := range map[domain.UserID]bool{person: tc.people, robot: tc.robot, 0: tc.people} {
			if got, err := p.Pushable(t.Context(), repo, user); err != nil || got != want {
				t.Errorf("state %d, user %d: %v, %v", state, user, got, err)
			}
		}
	}
	if got, err := New(fakeStore{}, open).Pushable(t.Context(), &domain.Repository{State: domain.StateMirror}, robot); err != nil || got {
		t.Errorf("a mirror without a robot: %v, %v", got, err)
	}
}
