package oauthapps_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests, with one application.
var (
	db   *store.Store
	user *domain.Account
	app  *domain.Application
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "oauthapps")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if db, err = store.Open(ctx, store.Options{Path: filepath.Join(dir, "quay.db")}); err != nil {
		panic(err)
	}
	defer db.Close()
	if user, err = db.CreateAccount(ctx, domain.NewAccount{Name: "alice", Email: "alice@example.com", Now: noon}); err != nil {
		panic(err)
	}
	key, err := secret.ParseKey("test1234")
	if err != nil {
		panic(err)
	}
	cipher, err := columns.New(key, columns.Options{})
	if err != nil {
		panic(err)
	}
	if app, err = oauthapps.New(db, cipher, nil).Create(ctx, user.ID, oauthapps.Description{Name: "app"}); err != nil {
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

// TestReservedName proves that no organisation makes or renames an application to the name
// by which the registry finds the one of its bootstrap token.
func TestReservedName(t *testing.T) {
	key, err := secret.ParseKey("test1234")
	must(t, err)
	cipher, err := columns.New(key, columns.Options{})
	must(t, err)
	apps := oauthapps.New(db, cipher, nil)
	d := oauthapps.Description{Name: "__quay_bootstrap_app"}
	if made, err := apps.Create(t.Context(), user.ID, d); !errors.Is(err, oauthapps.ErrReserved) {
		t.Errorf("made %+v, %v", made, err)
	}
	renamed := *app
	if err := apps.Update(t.Context(), &renamed, d); !errors.Is(err, oauthapps.ErrReserved) || renamed.Name != app.Name {
		t.Errorf("renamed to %q, %v", renamed.Name, err)
	}
	if stored, err := apps.ByClient(t.Context(), app.ClientID); err != nil || stored.Name != app.Name {
		t.Errorf("stored %+v, %v", stored, err)
	}
}

// TestToken proves that a token is good for whoever has all of it, until it ends, that its
// use is written down, and that it can be taken back.
func TestToken(t *testing.T) {
	now := noon
	tokens := oauthapps.NewTokens(db, oauthapps.TokenOptions{Now: func() time.Time { return now }})
	made, text, err := tokens.Create(t.Context(), app.ID, user.ID, "repo:read repo:write", "ci", time.Hour)
	must(t, err)
	whole := text.Reveal()
	now = noon.Add(time.Hour - time.Microsecond)
	got, err := tokens.Authenticate(t.Context(), whole)
	if err != nil || got.UUID != made.UUID || got.User != user.ID || got.Scope != "repo:read repo:write" || *got.Label != "ci" || got.Data != "" ||
		!got.LastAccessed.Equal(now) || !got.Created.Equal(noon) || !got.Expires.Equal(noon.Add(time.Hour)) {
		t.Errorf("got %+v, %v", got, err)
	}
	if stored, err := tokens.ByUUID(t.Context(), made.UUID); err != nil || !stored.LastAccessed.Equal(now) {
		t.Errorf("its use was not written down: %+v, %v", stored, err)
	}
	for what, presented := range map[string]string{
		"nothing": "", "the name alone": whole[:20], "less": whole[:39], "more": whole + "A", "another": strings.Repeat("A", 40),
		"no ASCII": whole[:39] + "\u00e9",
	} {
		if _, err := tokens.Authenticate(t.Context(), presented); !errors.Is(err, oauthapps.ErrToken) {
			t.Errorf("%s: %v", what, err)
		}
	}
	now = noon.Add(time.Hour)
	if _, err := tokens.Authenticate(t.Context(), whole); !errors.Is(err, oauthapps.ErrTokenExpired) {
		t.Errorf("when it ends: %v", err)
	}
	if _, err := tokens.Authorized(t.Context(), user.ID+1, made.UUID); !errs.Is(err, errs.NotFound) {
		t.Errorf("of another: %v", err)
	}
	if err := tokens.Withdraw(t.Context(), user.ID+1, made.UUID); !errs.Is(err, errs.NotFound) {
		t.Errorf("taken back by another: %v", err)
	}
	if err := tokens.Revoke(t.Context(), app.ID+1, made.UUID); !errs.Is(err, errs.NotFound) {
		t.Errorf("revoked by another application: %v", err)
	}
	must(t, tokens.Revoke(t.Context(), app.ID, made.UUID))
	if _, err := tokens.Authenticate(t.Context(), whole); !errors.Is(err, oauthapps.ErrToken) {
		t.Errorf("revoked: %v", err)
	}
}

// TestGrants proves what an account has authorised, and what of that still counts.
func TestGrants(t *testing.T) {
	now := noon.AddDate(1, 0, 0)
	tokens := oauthapps.NewTokens(db, oauthapps.TokenOptions{Now: func() time.Time { return now }})
	_, _, err := tokens.Grant(t.Context(), app.ID, user, "repo:read")
	must(t, err)
	_, _, err = tokens.Create(t.Context(), app.ID, user.ID, "org:admin", "short", time.Hour)
	must(t, err)
	for at, want := range map[time.Time]string{now: "repo:read,org:admin", now.Add(2 * time.Hour): "repo:read", now.AddDate(11, 0, 0): ""} {
		later := oauthapps.NewTokens(db, oauthapps.TokenOptions{Now: func() time.Time { return at }})
		if got, err := later.Granted(t.Context(), app.ClientID, user.ID); err != nil || got != want {
			t.Errorf("at %v: %q, %v, want %q", at, got, err, want)
		}
	}
	if list, err := tokens.Authorizations(t.Context(), user.ID); err != nil || len(list) != 2 || list[0].Data != `{"username": "alice"}` {
		t.Errorf("got %+v, %v", list, err)
	}
	first, err := tokens.List(t.Context(), app.ID, 0, 1)
	must(t, err)
	second, err := tokens.List(t.Context(), app.ID, first[0].ID, 1)
	must(t, err)
	if len(first) != 1 || *first[0].Label != "short" || len(second) != 1 || second[0].Label != nil {
		t.Errorf("pages %+v, %+v", first, second)
	}
}

// TestCode proves that an authorisation code is good once, for its client and its scope.
func TestCode(t *testing.T) {
	tokens := oauthapps.NewTokens(db, oauthapps.TokenOptions{})
	text, err := tokens.NewCode(t.Context(), app.ID, user, "repo:read")
	must(t, err)
	code := text.Reveal()
	for what, tc := range map[string]struct{ client, code, scope string }{
		"another client": {"another", code, "repo:read"}, "another scope": {app.ClientID, code, "repo:write"},
		"another secret": {app.ClientID, code[:20] + strings.Repeat("A", 20), "repo:read"}, "nothing": {app.ClientID, "", "repo:read"},
	} {
		if _, err := tokens.Redeem(t.Context(), tc.client, tc.code, tc.scope); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if data, err := tokens.Redeem(t.Context(), app.ClientID, code, "repo:read"); err != nil || data.Username != "alice" {
		t.Errorf("got %+v, %v", data, err)
	}
	if _, err := tokens.Redeem(t.Context(), app.ClientID, code, "repo:read"); !errs.Is(err, errs.NotFound) {
		t.Errorf("again: %v", err)
	}
}

// TestLabel proves which names a token can have, and what the product says about others.
func TestLabel(t *testing.T) {
	for in, want := range map[string]string{" ci\t": "ci", strings.Repeat("\u00e9", 255): strings.Repeat("\u00e9", 255)} {
		if got, err := oauthapps.Label(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{" ": "'name' must not be empty", strings.Repeat("a", 256): "'name' must be at most 255 characters"} {
		if _, err := oauthapps.Label(in); !errs.Is(err, errs.Invalid) || err.Error() != want {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// TestLifetime proves how a number of seconds becomes the lifetime of a token.
func TestLifetime(t *testing.T) {
	const decade = 315_576_000 * time.Second
	for in, want := range map[float64]time.Duration{
		1: time.Second, 1.9: time.Second, 0.5: time.Second, 3600: time.Hour, 315_576_000: decade, 315_576_001: decade, 1e300: decade,
	} {
		if got, err := oauthapps.Lifetime(in); err != nil || got != want {
			t.Errorf("%v: %v, %v", in, got, err)
		}
	}
	for in, want := range map[float64]string{
		0: "'expiration' must be a positive number of seconds", -1: "'expiration' must be a positive number of seconds",
		math.Inf(1): "'expiration' must be a finite number of seconds", math.NaN(): "'expiration' must be a finite number of seconds",
	} {
		if _, err := oauthapps.Lifetime(in); err == nil || err.Error() != want {
			t.Errorf("%v: %v", in, err)
		}
	}
}
