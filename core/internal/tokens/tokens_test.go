package tokens_test

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
	"github.com/quay/quay/core/internal/lastaccess"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/tokens"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests: each has accounts of its own in it.
var (
	db     *store.Store
	cipher columns.Cipher
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tokens")
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

func wantKind(t *testing.T, what string, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("%s: got %v, want an error of kind %q", what, err, kind)
	}
}

func person(t *testing.T, name string) domain.UserID {
	t.Helper()
	a, err := db.CreateAccount(t.Context(), domain.NewAccount{Name: name, Email: name + "@example.com", Now: noon})
	must(t, err)
	return a.ID
}

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// clock is a clock that the test sets.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

// TestAppToken proves that a token is good for whoever has all of it, until it ends, and
// that its use is written down once a minute.
func TestAppToken(t *testing.T) {
	at := &clock{noon}
	apps := tokens.NewApps(db, cipher, tokens.AppOptions{Lifetime: time.Hour, Now: at.read})
	alice := person(t, "alice")
	made, text, err := apps.Create(t.Context(), alice, "laptop")
	must(t, err)
	whole := text.Reveal()
	if len(whole) != 120 || !strings.HasPrefix(whole, made.Name) || len(made.Name) != 60 || !made.Expires.Equal(noon.Add(time.Hour)) {
		t.Errorf("got %d characters, %+v", len(whole), made)
	}
	if again, err := apps.Text(made); err != nil || !again.Equal(whole) {
		t.Errorf("the text is not the same: %v", err)
	}
	for what, presented := range map[string]string{
		"nothing": "", "the name alone": whole[:60], "less": whole[:119], "more": whole + "A", "another secret": whole[:60] + strings.Repeat("A", 60),
		"another name": strings.Repeat("A", 60) + whole[60:], "in lower case": strings.ToLower(whole),
	} {
		_, err := apps.Authenticate(t.Context(), presented)
		wantKind(t, what, err, errs.NotFound)
	}
	if got, err := apps.ByUUID(t.Context(), made.UUID, alice); err != nil || !got.LastAccessed.IsZero() {
		t.Errorf("before its first use: %+v, %v", got, err)
	}
	for _, use := range []struct{ after, written time.Duration }{
		{0, 0}, {59 * time.Second, 0}, {60 * time.Second, 60 * time.Second}, {61 * time.Second, 60 * time.Second},
	} {
		at.now = noon.Add(use.after)
		got, err := apps.Authenticate(t.Context(), whole)
		must(t, err)
		stored, err := db.AppToken(t.Context(), made.UUID)
		must(t, err)
		if want := noon.Add(use.written); !got.LastAccessed.Equal(want) || !stored.LastAccessed.Equal(want) {
			t.Errorf("after %v: used at %v, stored %v, want %v", use.after, got.LastAccessed, stored.LastAccessed, want)
		}
	}
	at.now = noon.Add(time.Hour)
	_, err = apps.Authenticate(t.Context(), whole)
	wantKind(t, "when it ends", err, errs.NotFound)
	_, err = apps.ByUUID(t.Context(), made.UUID, alice)
	wantKind(t, "when it ends, by uuid", err, errs.NotFound)
}

// TestAppTokenOwners proves that nobody sees or revokes a token of somebody else.
func TestAppTokenOwners(t *testing.T) {
	apps := tokens.NewApps(db, cipher, tokens.AppOptions{})
	owner, other := person(t, "owner"), person(t, "other")
	made, _, err := apps.Create(t.Context(), owner, "title")
	must(t, err)
	if !made.Expires.IsZero() {
		t.Errorf("it ends at %v", made.Expires)
	}
	_, err = apps.ByUUID(t.Context(), made.UUID, other)
	wantKind(t, "another's", err, errs.NotFound)
	wantKind(t, "revoke another's", apps.Revoke(t.Context(), other, made.UUID), errs.NotFound)
	if _, err := apps.ByUUID(t.Context(), made.UUID, 0); err != nil {
		t.Errorf("for a superuser: %v", err)
	}
	if list, err := apps.List(t.Context(), other); err != nil || len(list) != 0 {
		t.Errorf("the other has %v, %v", list, err)
	}
	must(t, apps.Revoke(t.Context(), owner, made.UUID))
	wantKind(t, "revoke again", apps.Revoke(t.Context(), owner, made.UUID), errs.NotFound)
}

// TestAppTokenWindows proves which tokens are said to end soon and which are collected:
// those that ended longer ago than the window.
func TestAppTokenWindows(t *testing.T) {
	now := noon.AddDate(-1, 0, 0) // no token of another test ends near it
	apps := tokens.NewApps(db, cipher, tokens.AppOptions{Now: func() time.Time { return now }})
	user := person(t, "windows")
	for title, in := range map[string]time.Duration{
		"ended long ago": -25 * time.Hour, "ended a day ago": -24 * time.Hour, "ended": -time.Second, "now": 0, "soon": time.Hour, "later": 2 * time.Hour,
	} {
		_, _, err := apps.CreateUntil(t.Context(), user, title, now.Add(in))
		must(t, err)
	}
	_, _, err := apps.Create(t.Context(), user, "never")
	must(t, err)
	expiring, err := apps.Expiring(t.Context(), user, time.Hour)
	must(t, err)
	if len(expiring) != 1 || expiring[0].Title != "soon" {
		t.Errorf("expiring: %+v", expiring)
	}
	all, err := apps.ExpiringAll(t.Context(), time.Hour, 0, 1000)
	must(t, err)
	if len(all) != 1 || all[0].Title != "soon" {
		t.Errorf("expiring of all: %+v", all)
	}
	if n, err := apps.Collect(t.Context(), 24*time.Hour); err != nil || n != 1 {
		t.Errorf("collected %d, %v", n, err)
	}
	list, err := apps.List(t.Context(), user)
	must(t, err)
	left := make(map[string]bool)
	for _, token := range list {
		left[token.Title] = true
	}
	if len(left) != 6 || left["ended long ago"] {
		t.Errorf("left: %v", left)
	}
	page, err := apps.ListAll(t.Context(), list[1].ID, 2)
	must(t, err)
	if len(page) != 2 || page[0].ID != list[2].ID || page[1].ID != list[3].ID {
		t.Errorf("a page behind %d: %+v", list[1].ID, page)
	}
}

// failing is a store that cannot write down that a token was used.
type failing struct{ *store.Store }

func (failing) TouchAppToken(context.Context, domain.AppTokenID, time.Time, time.Time) error {
	return errs.New(errs.Unavailable, "the database is away")
}

// TestLenient proves that a use which cannot be written down fails, unless the
// configuration says that it should not.
func TestLenient(t *testing.T) {
	apps := tokens.NewApps(failing{db}, cipher, tokens.AppOptions{})
	_, text, err := apps.Create(t.Context(), person(t, "lenient"), "title")
	must(t, err)
	_, err = apps.Authenticate(t.Context(), text.Reveal())
	wantKind(t, "strict", err, errs.Unavailable)
	for what, p := range map[string]lastaccess.Policy{"lenient": {Lenient: true}, "off": {Off: true}} {
		if _, err := tokens.NewApps(failing{db}, cipher, tokens.AppOptions{LastAccess: p}).Authenticate(t.Context(), text.Reveal()); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestAccessToken proves that a token of a repository is good for whoever has all of it,
// and says what it may do and where.
func TestAccessToken(t *testing.T) {
	name := domain.Name{Namespace: "library", Repository: "web"}
	must(t, db.CreateRepository(t.Context(), domain.NewRepository{Name: name, MakeNamespace: true}))
	repo, err := db.Repository(t.Context(), name)
	must(t, err)
	access := tokens.NewAccess(db, cipher, func() time.Time { return noon })
	_, text, err := access.CreateDelegate(t.Context(), repo.ID, domain.PermissionWrite, "deploy")
	must(t, err)
	whole := text.Reveal()
	got, err := access.Authenticate(t.Context(), whole)
	must(t, err)
	if got.Role != domain.PermissionWrite || got.RepositoryName != name || got.Temporary || got.Kind != "" || *got.Label != "deploy" ||
		!got.Created.Equal(noon) || len(whole) != 64 {
		t.Errorf("got %+v", got)
	}
	for what, presented := range map[string]string{
		"nothing": "", "the name alone": whole[:32], "less": whole[:63], "more": whole + "A", "another": strings.Repeat("A", 64),
	} {
		if _, err := access.Authenticate(t.Context(), presented); !errors.Is(err, tokens.ErrAccessToken) || strings.Contains(err.Error(), whole[:32]) {
			t.Errorf("%s: %v", what, err)
		}
	}
	temporary, _, err := access.CreateTemporary(t.Context(), repo.ID, domain.PermissionRead, tokens.KindPushPull, "")
	must(t, err)
	stored, err := db.AccessTokenByName(t.Context(), temporary.Name)
	must(t, err)
	if stored.Role != domain.PermissionRead || !stored.Temporary || stored.Kind != tokens.KindPushPull || stored.Label != nil {
		t.Errorf("got %+v", stored)
	}
	_, _, err = access.CreateTemporary(t.Context(), repo.ID, domain.PermissionRead, "no such kind", "")
	wantKind(t, "an unknown kind", err, errs.Invalid)
	_, _, err = access.CreateDelegate(t.Context(), repo.ID, domain.PermissionNone, "nothing")
	wantKind(t, "no role", err, errs.Invalid)
}
