package robots_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests: each has accounts of its own in it.
var (
	db     *store.Store
	cipher columns.Cipher
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "robots")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if db, err = store.Open(context.Background(), store.Options{Path: filepath.Join(dir, "quay.db")}); err != nil {
		panic(err)
	}
	defer db.Close()
	key, err := secret.ParseKey("test1234")
	if err != nil {
		panic(err)
	}
	if cipher, err = columns.New(key, columns.Options{}); err != nil {
		panic(err)
	}
	return m.Run()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func person(t *testing.T, name string) domain.UserID {
	t.Helper()
	a, err := db.CreateAccount(t.Context(), domain.NewAccount{Name: name, Email: name + "@example.com", Now: noon})
	must(t, err)
	return a.ID
}

// message is what a client would read.
func message(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

// TestCreate proves what becomes a robot, and what the product says about what does not.
func TestCreate(t *testing.T) {
	r := robots.New(db, cipher, robots.Options{})
	owner := person(t, "creator")
	given := strings.Repeat("A0", 32)
	for _, tc := range []struct {
		what    string
		robot   robots.NewRobot
		message string
		kind    errs.Kind
	}{
		{what: "short name", robot: robots.NewRobot{Short: "ab"}},
		{what: "given token", robot: robots.NewRobot{Short: "given", Token: secret.New(given)}},
		{
			"taken", robots.NewRobot{Short: "ab"}, "Existing robot with name: creator+ab", errs.Exists,
		},
		{
			"no name",
			robots.NewRobot{Short: "A"},
			"The name for the robot 'A' is invalid: Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$", errs.Invalid,
		},
		{
			"one letter",
			robots.NewRobot{Short: "a"},
			"The name for the robot 'a' is invalid: Namespace must be between 2 and 255 characters in length", errs.Invalid,
		},
		{"short token", robots.NewRobot{Short: "token", Token: secret.New(given[:63])}, "Invalid token for robot", errs.Invalid},
		{"token in lower case", robots.NewRobot{Short: "token", Token: secret.New(strings.ToLower(given))}, "Invalid token for robot", errs.Invalid},
		{"metadata is a list", robots.NewRobot{Short: "list", Metadata: "[]"}, "The metadata of a robot is a JSON object", errs.Invalid},
		{"metadata is null", robots.NewRobot{Short: "list", Metadata: "null"}, "The metadata of a robot is a JSON object", errs.Invalid},
	} {
		robot, token, err := r.Create(t.Context(), owner, tc.robot)
		if tc.message != "" {
			if message(err) != tc.message || !errs.Is(err, tc.kind) {
				t.Errorf("%s: got %v", tc.what, err)
			}
			continue
		}
		must(t, err)
		if robot.Name != "creator+"+tc.robot.Short || len(token.Reveal()) != 64 || !robot.Robot || robot.Organization {
			t.Errorf("%s: got %+v", tc.what, robot)
		}
		if stored, err := r.Token(robot); err != nil || !stored.Equal(token.Reveal()) || tc.robot.Token.IsSet() && !token.Equal(given) {
			t.Errorf("%s: another token is stored: %v", tc.what, err)
		}
	}
	if _, _, err := r.Create(t.Context(), 4711, robots.NewRobot{Short: "orphan"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("without an owner: %v", err)
	}
	if _, _, err := robots.New(db, cipher, robots.Options{Disallowed: true}).Create(t.Context(), owner, robots.NewRobot{Short: "late"}); !errors.Is(err, robots.ErrDisallowed) {
		t.Errorf("where robots are not allowed: %v", err)
	}
}

// TestDescription proves that a description is cut to what the column holds, and that
// metadata stays unless new is given.
func TestDescription(t *testing.T) {
	r := robots.New(db, cipher, robots.Options{})
	robot, _, err := r.Create(t.Context(), person(t, "writer"), robots.NewRobot{
		Short: "bot", Description: strings.Repeat("\u00e9", 256), Metadata: `{"a": 1}`,
	})
	must(t, err)
	if robot.Description != strings.Repeat("\u00e9", 255) || robot.Metadata != `{"a": 1}` {
		t.Errorf("got %q, %q", robot.Description, robot.Metadata)
	}
	must(t, r.Describe(t.Context(), robot.ID, "new", ""))
	robot, err = r.ByName(t.Context(), "writer+bot")
	must(t, err)
	if robot.Description != "new" || robot.Metadata != `{"a": 1}` {
		t.Errorf("got %q, %q", robot.Description, robot.Metadata)
	}
	must(t, r.Describe(t.Context(), robot.ID, "", `{}`))
	if robot, err = r.ByName(t.Context(), "writer+bot"); err != nil || robot.Description != "" || robot.Metadata != `{}` {
		t.Errorf("got %q, %q, %v", robot.Description, robot.Metadata, err)
	}
}

// TestAuthenticate proves who may act as a robot, and what he is told otherwise.
func TestAuthenticate(t *testing.T) {
	owner := person(t, "owner")
	r := robots.New(db, cipher, robots.Options{Now: func() time.Time { return noon }})
	_, token, err := r.Create(t.Context(), owner, robots.NewRobot{Short: "bot"})
	must(t, err)
	_, other, err := r.Create(t.Context(), owner, robots.NewRobot{Short: "other"})
	must(t, err)
	const name = "owner+bot"
	wrong := "Could not find robot with username: owner+bot and supplied password."
	for _, tc := range []struct{ what, name, token, want string }{
		{"right", name, token.Reveal(), ""},
		{"another's token", name, other.Reveal(), wrong},
		{"nothing", name, "", wrong},
		{"no ASCII", name, "\u00e9", wrong},
		{"another robot", "owner+another", token.Reveal(), "Could not find robot with specified username"},
		{"no robot's name", "owner", token.Reveal(), "owner is an invalid robot name"},
		{"two separators", "owner+bot+x", token.Reveal(), "owner+bot+x is an invalid robot name"},
		{"in upper case", "owner+BOT", token.Reveal(), "Could not find robot with specified username"},
		{"no ASCII in the name", "owner+b\u00f6t", token.Reveal(), "Could not find robot with specified username"},
	} {
		robot, err := r.Authenticate(t.Context(), tc.name, tc.token)
		switch {
		case tc.want == "" && (err != nil || robot.Name != tc.name || !robot.LastAccessed.Equal(noon)):
			t.Errorf("%s: %+v, %v", tc.what, robot, err)
		case tc.want != "" && (message(err) != tc.want || !errs.Is(err, errs.Unauthenticated) || robot != nil):
			t.Errorf("%s: got %v, want %q", tc.what, err, tc.want)
		}
	}
	stored, err := r.ByName(t.Context(), name)
	must(t, err)
	if !stored.LastAccessed.Equal(noon) {
		t.Errorf("its use was not written down: %v", stored.LastAccessed)
	}
	fresh, err := r.Regenerate(t.Context(), stored.ID)
	must(t, err)
	if _, err := r.Authenticate(t.Context(), name, token.Reveal()); message(err) != wrong {
		t.Errorf("the old token: %v", err)
	}
	if _, err := r.Authenticate(t.Context(), name, fresh.Reveal()); err != nil {
		t.Errorf("the new token: %v", err)
	}
	barred := robots.New(db, cipher, robots.Options{Disallowed: true, Allowed: []string{"owner+other"}})
	if _, err := barred.Authenticate(t.Context(), name, fresh.Reveal()); message(err) != "Robot account have been disabled. Please contact your administrator." {
		t.Errorf("where robots are not allowed: %v", err)
	}
	if _, err := barred.Authenticate(t.Context(), "owner+other", other.Reveal()); err != nil {
		t.Errorf("an exception: %v", err)
	}
	must(t, db.SetEnabled(t.Context(), owner, false))
	if _, err := r.Authenticate(t.Context(), name, fresh.Reveal()); message(err) != "Robot owner+bot owner owner is disabled" {
		t.Errorf("of a disabled owner: %v", err)
	}
}

// TestLists proves that a namespace's robots are listed and no others, those used last
// first, with what they may do.
func TestLists(t *testing.T) {
	r := robots.New(db, cipher, robots.Options{})
	for _, name := range []string{"ns", "n_", "ns1"} {
		owner := person(t, name)
		for _, short := range []string{"one", "two"} {
			_, _, err := r.Create(t.Context(), owner, robots.NewRobot{Short: short, Description: name})
			must(t, err)
		}
	}
	two, err := r.ByName(t.Context(), "ns+two")
	must(t, err)
	must(t, r.Touch(t.Context(), two))
	list, err := r.List(t.Context(), "ns", 0)
	must(t, err)
	if len(list) != 2 || list[0].Name != "ns+two" || list[1].Name != "ns+one" || list[1].Description != "ns" {
		t.Errorf("got %+v", list)
	}
	if list, err := r.List(t.Context(), "ns", 1); err != nil || len(list) != 1 || list[0].Name != "ns+two" {
		t.Errorf("one: %+v, %v", list, err)
	}
	if list, err := r.List(t.Context(), "n_", 0); err != nil || len(list) != 2 || list[0].Name != "n_+one" {
		t.Errorf("of n_: %+v, %v", list, err)
	}
	must(t, db.CreateRepository(t.Context(), domain.NewRepository{
		Name: domain.Name{Namespace: "team", Repository: "web"}, MakeNamespace: true, Creator: two.ID,
	}))
	uses, err := r.Uses(t.Context(), "ns", 0)
	must(t, err)
	if len(uses) != 2 || len(uses[0].Teams) != 1 || uses[0].Teams[0] != "owners" || len(uses[0].Repositories) != 1 ||
		uses[0].Repositories[0] != "web" || uses[1].Teams != nil || uses[1].Repositories != nil {
		t.Errorf("got %+v", uses)
	}
}

// TestDelete proves that a robot goes once and its name is free then.
func TestDelete(t *testing.T) {
	r := robots.New(db, cipher, robots.Options{})
	owner := person(t, "deleter")
	_, _, err := r.Create(t.Context(), owner, robots.NewRobot{Short: "bot"})
	must(t, err)
	must(t, r.Delete(t.Context(), "deleter+bot"))
	err = r.Delete(t.Context(), "deleter+bot")
	if !errs.Is(err, errs.NotFound) || message(err) != "Could not find robot with username: deleter+bot" {
		t.Errorf("again: %v", err)
	}
	if err := r.Delete(t.Context(), "deleter"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a person: %v", err)
	}
	if _, _, err := r.Create(t.Context(), owner, robots.NewRobot{Short: "bot"}); err != nil {
		t.Errorf("made again: %v", err)
	}
}

// TestFederation proves that who may act as a robot comes back as it was set, and that
// what the product refuses is refused with its message.
func TestFederation(t *testing.T) {
	r := robots.New(db, cipher, robots.Options{})
	robot, _, err := r.Create(t.Context(), person(t, "federator"), robots.NewRobot{Short: "bot"})
	must(t, err)
	if got, err := r.Federation(t.Context(), robot.ID); err != nil || len(got) != 0 {
		t.Errorf("at first: %v, %v", got, err)
	}
	want := []robots.Identity{
		{Issuer: "https://a", Subject: `s"\u00e9`},
		{Issuer: "https://a", Subject: "t"},
		{Issuer: "http://b", Subject: "t", Audiences: []string{"x", "y"}},
	}
	must(t, r.SetFederation(t.Context(), robot.ID, want))
	got, err := r.Federation(t.Context(), robot.ID)
	must(t, err)
	if len(got) != 3 || got[0].Subject != want[0].Subject || got[1].Subject != "t" || got[2].Audiences[1] != "y" {
		t.Errorf("got %+v", got)
	}
	for what, tc := range map[string]struct {
		identities []robots.Identity
		want       string
	}{
		"no subject": {[]robots.Identity{{Issuer: "https://a"}}, "Missing one or more required fields (issuer, subject)"},
		"no issuer":  {[]robots.Identity{{Subject: "s"}}, "Missing one or more required fields (issuer, subject)"},
		"no URL":     {[]robots.Identity{{Issuer: "ftp://a", Subject: "s"}}, "Issuer must be a URL (http:// or https://)"},
		"twice":      {[]robots.Identity{want[1], want[1]}, "Duplicate federation config entry"},
	} {
		if err := r.SetFederation(t.Context(), robot.ID, tc.identities); message(err) != tc.want || !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	must(t, db.SetLoginMetadata(t.Context(), robot.ID, domain.RobotService, "not JSON"))
	if got, err := r.Federation(t.Context(), robot.ID); err != nil || got != nil {
		t.Errorf("damaged: %v, %v", got, err)
	}
}

// BenchmarkAuthenticate is what a robot's login costs: two lookups and a decryption. Its
// use is written down once a minute and not here.
func BenchmarkAuthenticate(b *testing.B) {
	ctx := b.Context()
	owner, err := db.CreateAccount(ctx, domain.NewAccount{Name: "bench", Email: "bench@example.com", Now: noon})
	if err != nil {
		b.Fatal(err)
	}
	r := robots.New(db, cipher, robots.Options{})
	_, token, err := r.Create(ctx, owner.ID, robots.NewRobot{Short: "bot"})
	if err != nil {
		b.Fatal(err)
	}
	text := token.Reveal()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Authenticate(ctx, "bench+bot", text); err != nil {
			b.Fatal(err)
		}
	}
}
