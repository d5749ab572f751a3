package teams_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/teams"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests: each has an organisation of its own in it.
var db *store.Store

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "teams")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if db, err = store.Open(context.Background(), store.Options{Path: filepath.Join(dir, "quay.db")}); err != nil {
		panic(err)
	}
	defer db.Close()
	return m.Run()
}

// robots is the store where an account with a plus in its name is a robot.
type robots struct{ *store.Store }

func (s robots) User(ctx context.Context, name string) (*domain.User, error) {
	u, err := s.Store.User(ctx, name)
	if err == nil {
		u.Robot = strings.Contains(name, "+")
	}
	return u, err
}

// organisation is one of a test: its owner is in the team owners.
type organisation struct {
	*teams.Teams
	t     *testing.T
	ctx   context.Context
	name  string
	owner *domain.User
}

var (
	count  atomic.Int64
	moment = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
)

func open(t *testing.T, p teams.Policy) *organisation {
	t.Helper()
	n := count.Add(1)
	o := &organisation{t: t, ctx: t.Context(), name: fmt.Sprintf("org%d", n)}
	o.Teams = teams.New(robots{db}, p, func() time.Time { return moment })
	o.owner = o.person("owner")
	o.must(db.CreateRepository(o.ctx, domain.NewRepository{
		Name: domain.Name{Namespace: o.name, Repository: "web"}, MakeNamespace: true, Creator: o.owner.ID,
	}))
	return o
}

func (o *organisation) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// person makes an account whose name no other test uses.
func (o *organisation) person(name string) *domain.User {
	o.t.Helper()
	if !strings.Contains(name, "+") {
		name += "." + o.name
	}
	o.must(db.CreateUser(o.ctx, name, name+"@example.com", "hash"))
	u, err := robots{db}.User(o.ctx, name)
	o.must(err)
	return u
}

// put makes or changes a team.
func (o *organisation) put(name string, role domain.TeamRole) *domain.Team {
	o.t.Helper()
	team, _, err := o.Put(o.ctx, o.name, name, teams.Wanted{Role: role}, o.owner.ID)
	o.must(err)
	return team
}

// add puts an account into a team without an invite.
func (o *organisation) add(team *domain.Team, user *domain.User) {
	o.t.Helper()
	_, err := db.AddTeamMember(o.ctx, team.ID, user.ID)
	o.must(err)
}

// members are the names in a team, as the list tells them.
func (o *organisation) members(team *domain.Team) (names []string) {
	o.t.Helper()
	list, err := o.Members(o.ctx, team)
	o.must(err)
	for _, m := range list {
		names = append(names, m.Name)
	}
	return names
}

// refused checks an error's kind and its text.
func refused(t *testing.T, what string, err error, kind errs.Kind, text string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Message != text {
		t.Errorf("%s: got %v, want %v %q", what, err, kind, text)
	}
}
