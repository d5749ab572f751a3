package users_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests: each has accounts of its own in it.
var db *store.Store

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "users")
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

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, what string, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("%s: got %v, want an error of kind %q", what, err, kind)
	}
}

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// message is what a client would read.
func message(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

// person makes an account without a password, which costs nothing.
func person(t *testing.T, a *users.Accounts, name string) *domain.Account {
	t.Helper()
	u, err := a.CreateWithoutPassword(t.Context(), users.NewPerson{Name: name, Email: name + "@example.com"})
	must(t, err)
	return u
}

func organization(t *testing.T, name, email string) *domain.Account {
	t.Helper()
	owner := person(t, users.NewAccounts(db, users.Options{}), "owner-of-"+name)
	org, err := db.CreateOrganization(t.Context(), domain.NewOrganization{Name: name, Email: email, Owner: owner.ID, Now: noon})
	must(t, err)
	return org
}

// TestCreate proves what becomes an account, what the product says about what does not,
// and what it says first.
func TestCreate(t *testing.T) {
	seven, three := 7, 3
	a := users.NewAccounts(db, users.Options{Now: func() time.Time { return noon }, Defaults: users.Defaults{
		TagExpiration: 24 * time.Hour, MaxQueuedBuilds: &seven, SuspectMaxQueuedBuilds: &three,
	}})
	organization(t, "taken-org", "shared@example.com")
	u, err := a.Create(t.Context(), users.NewPerson{
		Name: "alice", Password: "password", Email: "alice@example.com", EmailRequired: true, Prompts: users.DefaultPrompts(true),
	})
	must(t, err)
	if u.Name != "alice" || u.UUID == "" || u.Verified || !u.Enabled || u.TagExpiration != 24*time.Hour || *u.MaxQueuedBuilds != 7 ||
		!u.Created.Equal(noon) || !u.LastInvalidLogin.Equal(noon) || !strings.HasPrefix(u.PasswordHash, fmt.Sprintf("$2b$%02d$", password.Cost)) || len(u.PasswordHash) != 60 {
		t.Errorf("got %+v", u)
	}
	if prompts, err := db.Prompts(t.Context(), u.ID); err != nil || len(prompts) != 2 || prompts[0] != "enter_name" || prompts[1] != "enter_company" {
		t.Errorf("prompts %v, %v", prompts, err)
	}
	const form = "Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$"
	for _, tc := range []struct {
		person  users.NewPerson
		message string
		kind    errs.Kind
	}{
		{users.NewPerson{Name: "A", Email: "x", Password: "short", EmailRequired: true}, users.ErrPassword.Message, errs.Invalid},
		{users.NewPerson{Name: "A", Email: "x", Password: "password", EmailRequired: true}, "Invalid email address: x", errs.Invalid},
		{users.NewPerson{Name: "A", Email: "alice@example.com", Password: "password", EmailRequired: true}, "Invalid namespace A: " + form, errs.Invalid},
		{users.NewPerson{Name: "A", Password: "password"}, "Invalid namespace A: " + form, errs.Invalid},
		{
			users.NewPerson{Name: "alice", Email: "alice@example.com", Password: "password", EmailRequired: true},
			"Username has already been taken by user cannot be reused: alice", errs.Exists,
		},
		{
			users.NewPerson{Name: "taken-org", Password: "password"},
			"Username has already been taken by an organization and cannot be reused: taken-org", errs.Exists,
		},
		{
			users.NewPerson{Name: "bob", Email: "alice@example.com", Password: "password", EmailRequired: true},
			"Email has already been used: alice@example.com", errs.Exists,
		},
		{
			users.NewPerson{Name: "bob", Email: "alice@example.com", Password: "password"},
			"Email has already been used: alice@example.com", errs.Exists,
		},
	} {
		if u, err := a.Create(t.Context(), tc.person); message(err) != tc.message || !errs.Is(err, tc.kind) || u != nil {
			t.Errorf("%+v: got %v", tc.person, err)
		}
	}
	u, err = a.CreateWithoutPassword(t.Context(), users.NewPerson{Name: "bob", Email: "shared@example.com", EmailRequired: true, Suspect: true})
	if err != nil || *u.MaxQueuedBuilds != 3 || u.PasswordHash != "" {
		t.Errorf("with the address of an organisation, suspect: %+v, %v", u, err)
	}
	u, err = a.CreateWithoutPassword(t.Context(), users.NewPerson{Name: "carol"})
	if err != nil || len(u.Email) != 36 {
		t.Errorf("without an address: %+v, %v", u, err)
	}
}

// TestLookups proves which kinds of account each lookup finds.
func TestLookups(t *testing.T) {
	a := users.NewAccounts(db, users.Options{})
	u := person(t, a, "seeker")
	org := organization(t, "seekers", "seekers@example.com")
	robot, err := db.CreateRobot(t.Context(), domain.NewRobot{Owner: u.ID, Short: "bot", Metadata: "{}", Now: noon})
	must(t, err)
	ctx := t.Context()
	byName := func(find func(context.Context, string) (*domain.Account, error), name string) func() (*domain.Account, error) {
		return func() (*domain.Account, error) { return find(ctx, name) }
	}
	for what, tc := range map[string]struct {
		find func() (*domain.Account, error)
		want domain.UserID
	}{
		"person":                     {byName(a.Person, "seeker"), u.ID},
		"person, an organisation":    {byName(a.Person, "seekers"), 0},
		"person, a robot":            {byName(a.Person, "seeker+bot"), 0},
		"person, in another case":    {byName(a.Person, "Seeker"), 0},
		"person, no ASCII":           {byName(a.Person, "s\u00e9eker"), 0},
		"person, NUL":                {byName(a.Person, "seeker\x00"), 0},
		"actor, a robot":             {byName(a.Actor, "seeker+bot"), robot.ID},
		"actor, an organisation":     {byName(a.Actor, "seekers"), 0},
		"namespace":                  {byName(a.Namespace, "seekers"), org.ID},
		"namespace, a robot":         {byName(a.Namespace, "seeker+bot"), 0},
		"address":                    {byName(a.ByEmail, "seeker@example.com"), u.ID},
		"address, no ASCII":          {byName(a.ByEmail, "s\u00e9eker@example.com"), 0},
		"address, an organisation's": {byName(a.ByEmail, "seekers@example.com"), 0},
		"uuid":                       {byName(a.ByUUID, u.UUID), u.ID},
		"uuid, an organisation's":    {byName(a.ByUUID, org.UUID), 0},
		"uuid, none":                 {byName(a.ByUUID, ""), 0},
		"id":                         {func() (*domain.Account, error) { return a.ByID(ctx, u.ID) }, u.ID},
		"id, an organisation's":      {func() (*domain.Account, error) { return a.ByID(ctx, org.ID) }, 0},
	} {
		got, err := tc.find()
		switch {
		case tc.want == 0:
			wantKind(t, what, err, errs.NotFound)
		case err != nil || got.ID != tc.want:
			t.Errorf("%s: got %+v, %v", what, got, err)
		}
	}
	if _, err := a.ActiveNamespace(ctx, "seeker"); err != nil {
		t.Error(err)
	}
	must(t, db.SetEnabled(ctx, u.ID, false))
	_, err = a.ActiveNamespace(ctx, "seeker")
	wantKind(t, "a disabled namespace", err, errs.NotFound)
}

// TestChangePassword proves that sessions end with the password, and that the new one is
// checked.
func TestChangePassword(t *testing.T) {
	a := users.NewAccounts(db, users.Options{})
	u := person(t, a, "changer")
	if _, err := a.ChangePassword(t.Context(), u.ID, "short"); !errors.Is(err, users.ErrPassword) {
		t.Errorf("a short one: %v", err)
	}
	_, err := a.ChangePassword(t.Context(), u.ID, "with\x00nul-in-it")
	wantKind(t, "a NUL", err, errs.Invalid)
	id, err := a.ChangePassword(t.Context(), u.ID, "correct-horse")
	must(t, err)
	_, err = a.ByUUID(t.Context(), u.UUID)
	wantKind(t, "the old uuid", err, errs.NotFound)
	if again, err := a.ByUUID(t.Context(), id); err != nil || again.ID != u.ID {
		t.Errorf("the new uuid: %+v, %v", again, err)
	}
	if who, err := users.New(db).Authenticate(t.Context(), "changer@example.com", "correct-horse"); err != nil || who.ID != u.ID {
		t.Errorf("log in with the address: %+v, %v", who, err)
	}
	_, err = a.ChangePassword(t.Context(), 4711, "correct-horse")
	wantKind(t, "nobody's", err, errs.NotFound)
}

// TestRename proves that a name can be taken over when it is free, and that robots come
// with it.
func TestRename(t *testing.T) {
	a := users.NewAccounts(db, users.Options{})
	u, other := person(t, a, "before"), person(t, a, "other-name")
	if err := a.Rename(t.Context(), u.ID, "other-name"); !errors.Is(err, users.ErrNameUsed) {
		t.Errorf("to a taken one: %v", err)
	}
	if err := a.Rename(t.Context(), u.ID, "A"); !errs.Is(err, errs.Invalid) || !strings.HasPrefix(message(err), "Invalid username A: ") {
		t.Errorf("to A: %v", err)
	}
	_, err := db.CreateRobot(t.Context(), domain.NewRobot{Owner: u.ID, Short: "bot", Metadata: "{}", Now: noon})
	must(t, err)
	must(t, a.Rename(t.Context(), u.ID, "afterwards"))
	if _, err := a.Actor(t.Context(), "afterwards+bot"); err != nil {
		t.Errorf("its robot: %v", err)
	}
	must(t, a.Rename(t.Context(), u.ID, "afterwards"))
	must(t, a.Rename(t.Context(), other.ID, "before"))
	wantKind(t, "nobody", a.Rename(t.Context(), 4711, "nobody"), errs.NotFound)
}

// TestChangeEmail proves that an address belongs to one person.
func TestChangeEmail(t *testing.T) {
	a := users.NewAccounts(db, users.Options{})
	u := person(t, a, "mover")
	person(t, a, "stayer")
	if err := a.ChangeEmail(t.Context(), u.ID, "stayer@example.com", true); !errors.Is(err, users.ErrEmailUsed) || message(err) != "E-mail address already used" {
		t.Errorf("got %v", err)
	}
	must(t, a.ChangeEmail(t.Context(), u.ID, "moved@example.com", true))
	if got, err := a.ByEmail(t.Context(), "moved@example.com"); err != nil || got.ID != u.ID || !got.Verified {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestTagExpiration proves that only the times that the configuration allows are taken.
func TestTagExpiration(t *testing.T) {
	a := users.NewAccounts(db, users.Options{TagExpirations: []time.Duration{0, time.Hour}})
	u := person(t, a, "keeper")
	for d, ok := range map[time.Duration]bool{0: true, time.Hour: true, time.Minute: false, -1: false} {
		if err := a.ChangeTagExpiration(t.Context(), u.ID, d); ok != (err == nil) || err != nil && !errors.Is(err, users.ErrTagExpiration) {
			t.Errorf("%v: %v", d, err)
		}
	}
}

// TestTouch proves that use is written down once a minute, whoever asks.
func TestTouch(t *testing.T) {
	now := noon
	a := users.NewAccounts(db, users.Options{Now: func() time.Time { return now }})
	first := person(t, a, "busy")
	second := *first
	must(t, a.Touch(t.Context(), first))
	now = noon.Add(time.Second)
	must(t, a.Touch(t.Context(), &second)) // has not seen the first one's write
	got, err := a.Person(t.Context(), "busy")
	must(t, err)
	if !got.LastAccessed.Equal(noon) {
		t.Errorf("got %v", got.LastAccessed)
	}
}
