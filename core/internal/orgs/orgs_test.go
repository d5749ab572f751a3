package orgs_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/orgs"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests: each has accounts of its own in it.
var db *store.Store

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "orgs")
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

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func person(t *testing.T, name string) *domain.Account {
	t.Helper()
	a, err := db.CreateAccount(t.Context(), domain.NewAccount{Name: name, Email: name + "@example.com", PasswordHash: "hash", Now: noon})
	must(t, err)
	return a
}

// message is what a client would read.
func message(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

// TestCreate proves what becomes an organisation, and what the product says about what
// does not.
func TestCreate(t *testing.T) {
	owner := person(t, "founder").ID
	for _, tc := range []struct {
		what    string
		opts    orgs.Options
		name    string
		email   string
		message string
	}{
		{what: "without an address", name: "org1"},
		{what: "with one", name: "org2", email: "org@example.com"},
		{what: "with one of another organisation", name: "org3", email: "org@example.com"},
		{
			what: "with one of a person", name: "org4", email: "founder@example.com",
			message: "Email has already been used: founder@example.com",
		},
		{what: "with one of a person, shared", name: "org5", email: "founder@example.com", opts: orgs.Options{SharedEmail: true}},
		{what: "with what is none", name: "org6", email: "none", opts: orgs.Options{CheckEmail: true}, message: "Invalid email address: none"},
		{what: "with what is none, unchecked", name: "org7", email: "none"},
		{
			what: "with the name of a person", name: "founder",
			message: "Username has already been taken by user cannot be reused: founder",
		},
		{
			what: "with the name of an organisation", name: "org1",
			message: "Username has already been taken by an organization and cannot be reused: org1",
		},
		{
			what: "with a bad name", name: "Org",
			message: "Invalid namespace Org: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$",
		},
	} {
		org, err := orgs.New(db, tc.opts).Create(t.Context(), orgs.NewOrganization{Name: tc.name, Email: tc.email, Owner: owner})
		switch {
		case message(err) != tc.message:
			t.Errorf("%s: got %v", tc.what, err)
		case tc.message == "" && (!org.Organization || org.Name != tc.name || org.Verified || tc.email != "" && org.Email != tc.email || len(org.Email) == 0):
			t.Errorf("%s: got %+v", tc.what, org)
		}
	}
}

// TestEmail proves that the random text in place of an address is not shown, and that an
// address can be shared and taken away.
func TestEmail(t *testing.T) {
	o := orgs.New(db, orgs.Options{})
	owner := person(t, "mailer")
	org, err := o.Create(t.Context(), orgs.NewOrganization{Name: "mailers", Owner: owner.ID})
	must(t, err)
	for _, step := range []struct {
		email   string
		changed bool
		err     error
	}{
		{"", false, nil}, {"none", false, orgs.ErrEmail}, {"mailer@example.com", true, nil}, {"mailer@example.com", false, nil}, {"", true, nil},
	} {
		changed, err := o.ChangeEmail(t.Context(), org, step.email)
		if changed != step.changed || !errors.Is(err, step.err) {
			t.Errorf("to %q: %v, %v", step.email, changed, err)
		}
		org, err = o.ByName(t.Context(), "mailers")
		must(t, err)
		if step.err == nil && orgs.Email(org) != step.email {
			t.Errorf("to %q: it is %q", step.email, org.Email)
		}
	}
	if len(org.Email) != 36 {
		t.Errorf("in place of an address: %q", org.Email)
	}
}

// TestConvert proves who can become an organisation, and whose.
func TestConvert(t *testing.T) {
	o := orgs.New(db, orgs.Options{})
	u, admin := person(t, "growing"), person(t, "admin")
	org, err := o.Create(t.Context(), orgs.NewOrganization{Name: "grown", Owner: admin.ID})
	must(t, err)
	robot, err := db.CreateRobot(t.Context(), domain.NewRobot{Owner: u.ID, Short: "bot", Metadata: "{}", Now: noon})
	must(t, err)
	for what, tc := range map[string]struct {
		id, owner domain.UserID
		want      error
	}{
		"a robot":               {robot.ID, admin.ID, orgs.ErrConvertRobot},
		"its own owner":         {u.ID, u.ID, orgs.ErrOwner},
		"owned by a robot":      {u.ID, robot.ID, orgs.ErrOwner},
		"owned by organisation": {u.ID, org.ID, orgs.ErrOwner},
		"owned by nobody":       {u.ID, 4711, orgs.ErrOwner},
	} {
		if err := o.Convert(t.Context(), tc.id, tc.owner); !errors.Is(err, tc.want) || message(err) != message(tc.want) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	if err := o.Convert(t.Context(), org.ID, u.ID); !errs.Is(err, errs.Conflict) {
		t.Errorf("an organisation: %v", err)
	}
	if err := o.Convert(t.Context(), 4711, u.ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("nobody: %v", err)
	}
	must(t, o.Convert(t.Context(), u.ID, admin.ID))
	got, err := o.ByName(t.Context(), "growing")
	if err != nil || got.ID != u.ID || got.PasswordHash != "" || got.Email != "growing@example.com" || got.UUID != u.UUID {
		t.Errorf("got %+v, %v", got, err)
	}
	if teams, err := db.AdminTeams(t.Context(), u.ID, admin.ID); err != nil || len(teams) != 1 || !teams["owners"] {
		t.Errorf("its owner is in %v, %v", teams, err)
	}
}

// TestLookups proves that only organisations are found.
func TestLookups(t *testing.T) {
	o := orgs.New(db, orgs.Options{})
	u := person(t, "looker")
	org, err := o.Create(t.Context(), orgs.NewOrganization{Name: "lookers", Owner: u.ID})
	must(t, err)
	if got, err := o.ByID(t.Context(), org.ID); err != nil || got.Name != "lookers" {
		t.Errorf("got %+v, %v", got, err)
	}
	for what, find := range map[string]func() (*domain.Account, error){
		"Organization does not exist: looker": func() (*domain.Account, error) { return o.ByName(t.Context(), "looker") },
		"Organization does not exist: nobody": func() (*domain.Account, error) { return o.ByName(t.Context(), "nobody") },
		"Organization does not exist: 4711":   func() (*domain.Account, error) { return o.ByID(t.Context(), 4711) },
	} {
		if _, err := find(); !errs.Is(err, errs.NotFound) || message(err) != what {
			t.Errorf("got %v, want %s", err, what)
		}
	}
}
