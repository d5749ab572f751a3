package issuer_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/issuer"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/orgs"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// signer keeps what it was asked to sign.
type signer struct {
	entity   keys.Entity
	audience string
	access   []keys.Access
}

func (s *signer) Sign(_ context.Context, e keys.Entity, audience string, access []keys.Access) (string, error) {
	*s = signer{e, audience, access}
	return "token", nil
}

// journal keeps entries.
type journal struct {
	events []actionlog.Event
	places []actionlog.Place
}

func (j *journal) Write(_ context.Context, e actionlog.Event, at actionlog.Place) error {
	j.events, j.places = append(j.events, e), append(j.places, at)
	return nil
}

// world is a registry in which alice owns acme/web and the public alice/open, bob reads
// acme/web, and the namespace of gone is disabled.
type world struct {
	store           *store.Store
	signer          signer
	journal         journal
	opts            issuer.Options
	alice, bob, bot authn.Caller
}

func newWorld(t testing.TB, p perms.Policy) *world {
	ctx := t.Context()
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(t.TempDir(), "quay.db")})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	w := &world{store: db}
	person := func(name string) authn.Caller {
		u, err := db.CreateAccount(ctx, domain.NewAccount{Name: name, Email: name + "@example.com", Now: time.Now()})
		must(t, err)
		return authn.Person(&u.User)
	}
	w.alice, w.bob = person("alice"), person("bob")
	gone := person("gone")
	must(t, db.SetEnabled(ctx, gone.Account.ID, false))
	_, err = db.CreateOrganization(ctx, domain.NewOrganization{Name: "acme", Owner: w.alice.Account.ID, Now: time.Now()})
	must(t, err)
	robot, err := db.CreateRobot(ctx, domain.NewRobot{Owner: w.alice.Account.ID, Short: "bot", Metadata: "{}", Now: time.Now()})
	must(t, err)
	w.bot = authn.Person(&robot.User)
	for _, n := range []domain.NewRepository{
		{Name: domain.Name{Namespace: "acme", Repository: "web"}, Creator: w.alice.Account.ID},
		{Name: domain.Name{Namespace: "alice", Repository: "open"}, Public: true},
		{Name: domain.Name{Namespace: "alice", Repository: "app"}, Kind: domain.KindApplication},
	} {
		must(t, db.CreateRepository(ctx, n))
	}
	w.opts = issuer.Options{
		Store: db, Perms: perms.New(db, p), Repos: repos.New(db, nil, repos.Policy{PrivateOnPush: true}),
		Organizations: orgs.New(db, orgs.Options{CheckEmail: true}), Signer: &w.signer, Logins: &w.journal,
		Host: "registry.example.com", Library: "library",
	}
	return w
}

func (w *world) ask(t testing.TB, c authn.Caller, scopes ...string) error {
	_, err := issuer.New(w.opts).Token(t.Context(), issuer.Request{Caller: c, Service: "registry.example.com", Scopes: scopes})
	return err
}

var open = perms.Policy{AnonymousRead: true}

// TestToken proves what each caller gets of a scope, and that what may not be had is
// left out.
func TestToken(t *testing.T) {
	w := newWorld(t, open)
	for _, tc := range []struct {
		caller authn.Caller
		scope  string
		want   string
	}{
		{w.alice, "repository:acme/web:pull,push,*", "acme/web:push,pull,*"},
		{w.alice, "repository:registry.example.com/acme/web:pull", "acme/web:pull"},
		{w.bob, "repository:acme/web:pull,push", "acme/web:"},
		{w.bob, "repository:alice/open:pull,push", "alice/open:pull"},
		{authn.Caller{}, "repository:alice/open:pull,push,*", "alice/open:pull"},
		{authn.Caller{}, "repository:acme/web:pull", "acme/web:"},
		{authn.Caller{}, "repository:acme/none:push", "acme/none:"},
		{w.alice, "repository:alice/none:pull", "alice/none:pull"},
		{w.alice, "repository:alice/none:*", "alice/none:"},
		{w.bob, "repository:alice/none:push,pull", "alice/none:"},
		{w.alice, "repository:nowhere/web:push,pull", "nowhere/web:"},
		{w.alice, "repository:Bad/web:push,pull", "Bad/web:"},
		{w.alice, "repository:web:pull", "library/web:"},
		{w.bot, "repository:alice/open:push,pull", "alice/open:pull"},
		// CVE class: a name is compared whole.
		{w.alice, "repository:x/acme/web:pull,push", "x/acme/web:"},
		{w.bob, "repository:bob/acme/web:pull", "bob/acme/web:pull"},
	} {
		if err := w.ask(t, tc.caller, tc.scope); err != nil {
			t.Errorf("%s: %v", tc.scope, err)
			continue
		}
		a := w.signer.access
		if len(a) != 1 || a[0].Type != "repository" || a[0].Name+":"+strings.Join(a[0].Actions, ",") != tc.want || a[0].Actions == nil {
			t.Errorf("%s for %v: %+v, want %s", tc.scope, tc.caller.Account, a, tc.want)
		}
	}
	if w.signer.audience != "registry.example.com" || w.signer.entity != w.bob.Entity() {
		t.Errorf("signed for %v, %s", w.signer.entity, w.signer.audience)
	}
}

// TestRefused proves what is said of requests that get no token, and that nothing was
// made for the scopes before a bad one.
func TestRefused(t *testing.T) {
	w := newWorld(t, open)
	for _, tc := range []struct {
		caller  authn.Caller
		scopes  []string
		kind    errs.Kind
		message string
	}{
		{authn.Caller{}, nil, errs.Unauthenticated, "access to the requested resource is not authorized"},
		{authn.Caller{}, []string{""}, errs.Unauthenticated, "access to the requested resource is not authorized"},
		{w.alice, []string{"repository:alice/new:push", "registry:catalog:*"}, errs.Invalid, "Unable to decode repository and actions: registry:catalog:*"},
		{w.alice, []string{"repository:alice/New:push"}, errs.Invalid, "Invalid repository name: alice/New"},
		{w.alice, []string{"repository:gone/web:pull"}, errs.Denied, "Namespace gone has been disabled. Please contact a system administrator."},
		{w.alice, []string{"repository:alice/app:pull"}, errs.Unsupported, "This repository is for managing application and not container images."},
		{w.alice, slices.Repeat([]string{"repository:alice/open:pull"}, issuer.MaxScopes+1), errs.Invalid, "too many scopes"},
	} {
		var e *errs.Error
		if err := w.ask(t, tc.caller, tc.scopes...); !errors.As(err, &e) || e.Kind != tc.kind || e.Message != tc.message {
			t.Errorf("%.80v: %v", tc.scopes, err)
		}
	}
	if _, err := w.store.Repository(t.Context(), domain.Name{Namespace: "alice", Repository: "new"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a repository was made: %v", err)
	}
	w.opts.FlatNames = true
	if err := w.ask(t, w.alice, "repository:alice/a/b:pull"); err == nil || !strings.Contains(err.Error(), "Nested repositories are not supported. Found: alice/a/b") {
		t.Errorf("a nested name: %v", err)
	}
}

// TestMade proves what a push makes: a repository where its caller may, and its namespace
// where pushes make those.
func TestMade(t *testing.T) {
	w := newWorld(t, open)
	must(t, w.ask(t, w.alice, "repository:acme/new:pull,push,*"))
	if got := w.signer.access[0].Actions; !slices.Equal(got, []string{"push", "pull", "*"}) {
		t.Errorf("of a new repository: %v", got)
	}
	if r, err := w.store.Repository(t.Context(), domain.Name{Namespace: "acme", Repository: "new"}); err != nil || r.Public {
		t.Errorf("made %+v, %v", r, err)
	}
	w.opts.ReadOnly = true
	if err := w.ask(t, w.alice, "repository:acme/later:push"); !errors.Is(err, issuer.ErrReadOnly) {
		t.Errorf("in a read-only registry: %v", err)
	}
	w.opts.ReadOnly, w.opts.NamespaceOnPush = false, true
	must(t, w.ask(t, w.alice, "repository:fresh/web:push"))
	if got := w.signer.access[0].Actions; !slices.Equal(got, []string{"push"}) {
		t.Errorf("in a new namespace: %v", got)
	}
	if org, err := w.store.Account(t.Context(), "fresh"); err != nil || !org.Organization || org.Email != "alice+fresh@example.com" {
		t.Errorf("made %+v, %v", org, err)
	}
	must(t, w.ask(t, authn.Caller{}, "repository:nobodys/web:push"))
	if _, err := w.store.Account(t.Context(), "nobodys"); !errs.Is(err, errs.NotFound) {
		t.Errorf("nobody made a namespace: %v", err)
	}
	restricted := newWorld(t, perms.Policy{AnonymousRead: true, RestrictedUsers: true})
	restricted.opts.NamespaceOnPush = true
	must(t, restricted.ask(t, restricted.bob, "repository:more/web:push", "repository:bob/web:push"))
	for _, a := range restricted.signer.access {
		if len(a.Actions) != 0 {
			t.Errorf("a restricted user: %+v", a)
		}
	}
}

// TestLogin proves that a request without scopes, and no other, is a login.
func TestLogin(t *testing.T) {
	w := newWorld(t, open)
	must(t, w.ask(t, w.alice, ""))
	must(t, w.ask(t, w.alice, "repository:alice/open:pull"))
	if len(w.journal.events) != 0 {
		t.Errorf("%d logins", len(w.journal.events))
	}
	must(t, w.ask(t, w.alice))
	must(t, w.ask(t, w.bot))
	if len(w.journal.events) != 2 {
		t.Fatalf("%d logins", len(w.journal.events))
	}
	for i, want := range []struct {
		namespace string
		performer domain.UserID
	}{{"alice", w.alice.Account.ID}, {"alice", w.bot.Account.ID}} {
		e, at := w.journal.events[i], w.journal.places[i]
		if e.Kind != actionlog.KindLoginSuccess || at.Namespace != want.namespace || at.Performer != want.performer {
			t.Errorf("%+v, %+v", e, at)
		}
	}
}

// FuzzToken proves that no scope gets a stranger anything of a private repository.
func FuzzToken(f *testing.F) {
	w := newWorld(f, open)
	for _, seed := range []string{"repository:acme/web:pull", "repository:x/../acme/web:push", "repository::", "repository:acme/web:pull,", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, scope string) {
		err := w.ask(t, authn.Caller{}, scope)
		if err != nil {
			if k := errs.KindOf(err); k != errs.Invalid && k != errs.Denied && k != errs.Unauthenticated && k != errs.Unsupported {
				t.Errorf("%q: %v", scope, err)
			}
			return
		}
		for _, a := range w.signer.access {
			if len(a.Actions) > 0 && a.Name != "alice/open" || slices.Contains(a.Actions, "push") {
				t.Errorf("%q: %+v", scope, a)
			}
		}
	})
}
