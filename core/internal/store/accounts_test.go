package store

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/orgs"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// TestAccountColumns proves that every column of an account comes back, and that what is
// NULL is not there.
func TestAccountColumns(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.exec(`
INSERT INTO "user" (uuid, username, password_hash, email, verified, stripe_id, organization, robot, invoice_email, invalid_login_attempts,
                    last_invalid_login, removed_tag_expiration_s, enabled, invoice_email_address, company, family_name, given_name,
                    location, maximum_queued_builds_count, creation_date, last_accessed)
VALUES ('u', 'full', 'p', 'e', TRUE, 's', TRUE, FALSE, TRUE, 3, $1, 86400, FALSE, 'i', 'c', 'f', 'g', 'l', 5, $2, $3)`,
			noon, after(1), after(2))
		f.exec(`
INSERT INTO "user" (username, email, verified, organization, robot, invoice_email, invalid_login_attempts, last_invalid_login,
                    removed_tag_expiration_s, enabled)
VALUES ('empty', 'e', FALSE, FALSE, TRUE, FALSE, 0, $1, 0, TRUE)`, noon)
		a, err := f.Account(f.ctx, "full")
		f.must(err)
		if a.UUID != "u" || a.PasswordHash != "p" || a.Email != "e" || !a.Verified || *a.CustomerID != "s" || !a.Organization || a.Robot ||
			!a.InvoiceEmail || a.InvalidLogins != 3 || !a.LastInvalidLogin.Equal(noon) || a.TagExpiration != 24*time.Hour || a.Enabled ||
			*a.InvoiceAddress != "i" || *a.Company != "c" || *a.FamilyName != "f" || *a.GivenName != "g" || *a.Location != "l" ||
			*a.MaxQueuedBuilds != 5 || !a.Created.Equal(after(1)) || !a.LastAccessed.Equal(after(2)) {
			t.Errorf("got %+v", a)
		}
		empty, err := f.AccountByEmail(f.ctx, "e")
		f.must(err)
		if empty.Name != "empty" || empty.UUID != "" || empty.PasswordHash != "" || empty.CustomerID != nil || empty.InvoiceAddress != nil ||
			empty.Profile != (domain.Profile{}) || empty.MaxQueuedBuilds != nil || !empty.Created.IsZero() || !empty.LastAccessed.IsZero() ||
			!empty.Robot || empty.TagExpiration != 0 {
			t.Errorf("got %+v", empty)
		}
		if by, err := f.AccountByCustomer(f.ctx, "s"); err != nil || by.ID != a.ID {
			t.Errorf("by customer: %+v, %v", by, err)
		}
		_, err = f.AccountByCustomer(f.ctx, "another")
		wantKind(t, "by an unknown customer", err, errs.NotFound)
	})
}

// TestAccountSettings proves that each setting changes its own column, and that the
// account must be there.
func TestAccountSettings(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.person("alice")
		f.must(f.SetInvoiceEmail(f.ctx, id, true))
		f.must(f.SetInvoiceAddress(f.ctx, id, "invoices@example.com"))
		f.must(f.SetTagExpiration(f.ctx, id, time.Hour))
		f.must(f.SetCustomer(f.ctx, id, "customer"))
		f.must(f.SetEnabled(f.ctx, id, false))
		f.must(f.RaiseMaxBuilds(f.ctx, id, 9))
		before, err := f.AccountByID(f.ctx, id)
		f.must(err)
		if !before.InvoiceEmail || *before.InvoiceAddress != "invoices@example.com" || before.TagExpiration != time.Hour ||
			*before.CustomerID != "customer" || before.Enabled || before.MaxQueuedBuilds != nil {
			t.Errorf("got %+v", before)
		}
		f.exec(`UPDATE "user" SET maximum_queued_builds_count = 5 WHERE id = $1`, id)
		for n, want := range map[int]int{4: 5, 5: 5} {
			f.must(f.RaiseMaxBuilds(f.ctx, id, n))
			if got := value[int](f, `SELECT maximum_queued_builds_count FROM "user" WHERE id = $1`, id); got != want {
				t.Errorf("raised to %d it is %d", n, got)
			}
		}
		f.must(f.RaiseMaxBuilds(f.ctx, id, 6))
		f.must(f.SetInvoiceAddress(f.ctx, id, ""))
		fresh, err := f.EndSessions(f.ctx, id)
		f.must(err)
		a, err := f.AccountByID(f.ctx, id)
		f.must(err)
		if *a.MaxQueuedBuilds != 6 || a.InvoiceAddress != nil || a.UUID != fresh || a.UUID == before.UUID {
			t.Errorf("got %+v", a)
		}
		f.must(f.AddPrompt(f.ctx, id, domain.PromptEnterName))
		f.must(f.AddPrompt(f.ctx, id, domain.PromptEnterName))
		f.must(f.RemovePrompt(f.ctx, id, domain.PromptEnterCompany))
		if prompts, err := f.Prompts(f.ctx, id); err != nil || len(prompts) != 1 {
			t.Errorf("prompts %v, %v", prompts, err)
		}
		wantKind(t, "of nobody", f.SetEnabled(f.ctx, 4711, true), errs.NotFound)
		wantKind(t, "a contact address of a person", f.SetContactEmail(f.ctx, id, "x"), errs.NotFound)
	})
}

// TestReservedName proves that nobody gets the name of an account that is being deleted:
// what waits for its deletion would hit him.
func TestReservedName(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		w := newWorld(f)
		f.exec(`INSERT INTO deletednamespace (namespace_id, marked, original_username, original_email) VALUES ($1, $2, 'gone', 'e')`,
			w.user("randomuser"), noon)
		_, err := w.accounts.CreateWithoutPassword(f.ctx, users.NewPerson{Name: "gone"})
		if !errs.Is(err, errs.Exists) || errs.Public(err) != "Username is not available" {
			t.Errorf("an account: %v", err)
		}
		_, err = w.orgs.Create(f.ctx, orgs.NewOrganization{Name: "gone", Owner: w.user("devtable")})
		wantKind(t, "an organisation", err, errs.Exists)
		wantKind(t, "a new name", w.accounts.Rename(f.ctx, w.user("devtable"), "gone"), errs.Exists)
		u, err := w.accounts.CreateLinked(f.ctx, users.External{Service: "ldap", Ident: "gone", Name: "gone"})
		if err != nil || u.Name != "gone0" {
			t.Errorf("somebody of another service: %+v, %v", u, err)
		}
	})
}

// TestOneWins proves that of many requests at once for one name, or one code, one
// succeeds, the others are told why not, and nothing half made is left.
func TestOneWins(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		w := newWorld(f)
		w.code(w.accounts.ConfirmationCode(w.ctx, w.user("randomuser"), ""))
		for what, tc := range map[string]struct {
			kind errs.Kind
			says string
			ask  func(n int) error
		}{
			"accounts": {errs.Exists, "Username has already been taken", func(n int) error {
				_, err := w.accounts.CreateWithoutPassword(w.ctx, users.NewPerson{Name: "same"})
				return err
			}},
			"addresses": {errs.Exists, "Email has already been used", func(n int) error {
				_, err := w.accounts.CreateWithoutPassword(w.ctx, users.NewPerson{Name: fmt.Sprint("mail", n), Email: "same@example.com"})
				return err
			}},
			"organisations": {errs.Exists, "Username has already been taken", func(n int) error {
				_, err := w.orgs.Create(w.ctx, orgs.NewOrganization{Name: "sameorg", Owner: w.user("devtable")})
				return err
			}},
			"robots": {errs.Exists, "Existing robot", func(n int) error {
				_, _, err := w.robots.Create(w.ctx, w.user("devtable"), robots.NewRobot{Short: "same"})
				return err
			}},
			"identities": {errs.Exists, "the external login is in use", func(n int) error {
				_, err := w.accounts.CreateLinked(w.ctx, users.External{Service: "new service", Ident: "same", Name: fmt.Sprint("link", n)})
				return err
			}},
			"codes":       {errs.Invalid, "Invalid email confirmation code", func(n int) error { _, err := w.accounts.Confirm(w.ctx, w.sent); return err }},
			"conversions": {errs.Conflict, "the account is no person's", func(n int) error { return w.orgs.Convert(w.ctx, w.user("randomuser"), w.user("devtable")) }},
		} {
			t.Run(what, func(t *testing.T) { oneWins(t, 8, tc.kind, tc.says, tc.ask) })
		}
		for q, want := range map[statement]int{
			`SELECT COUNT(*) FROM "user" WHERE username = 'same'`:                                                                    1,
			`SELECT COUNT(*) FROM "user" WHERE email = 'same@example.com'`:                                                           1,
			`SELECT COUNT(*) FROM "user" WHERE username LIKE 'mail%'`:                                                                1,
			`SELECT COUNT(*) FROM "user" WHERE username LIKE 'link%'`:                                                                1,
			`SELECT COUNT(*) FROM loginservice WHERE name = 'new service'`:                                                           1,
			`SELECT COUNT(*) FROM team t JOIN "user" u ON u.id = t.organization_id WHERE u.username = 'sameorg'`:                     1,
			`SELECT COUNT(*) FROM robotaccounttoken t JOIN "user" u ON u.id = t.robot_account_id WHERE u.username = 'devtable+same'`: 1,
			`SELECT COUNT(*) FROM team t JOIN "user" u ON u.id = t.organization_id WHERE u.username = 'randomuser'`:                  1,
		} {
			if got := value[int](f, q); got != want {
				t.Errorf("%d, want %d: %s", got, want, q)
			}
		}
	})
}

// oneWins runs n requests at once: one succeeds, and the others get errors of a kind whose
// message begins with a text.
func oneWins(t *testing.T, n int, kind errs.Kind, says string, ask func(int) error) {
	t.Helper()
	outcomes := make([]error, n)
	var wg sync.WaitGroup
	for i := range outcomes {
		wg.Go(func() { outcomes[i] = ask(i) })
	}
	wg.Wait()
	won := 0
	for _, err := range outcomes {
		if err == nil {
			won++
			continue
		}
		if wantKind(t, "one that lost", err, kind); !strings.HasPrefix(errs.Public(err), says) {
			t.Errorf("one that lost is told %q, want %q", errs.Public(err), says)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d succeeded", won, n)
	}
}

// TestRenameBesideRobots proves that a robot which is made while its owner is renamed has
// the owner's new name or the old one's request fails: none is left behind.
func TestRenameBesideRobots(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		w := newWorld(f)
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				if _, _, err := w.robots.Create(w.ctx, w.user("devtable"), robots.NewRobot{Short: fmt.Sprint("bot", n)}); err != nil {
					t.Error(err)
				}
			})
			if n%2 == 0 {
				wg.Go(func() {
					if err := w.accounts.Rename(w.ctx, w.user("devtable"), fmt.Sprint("renamed", n)); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		owner := w.account("devtable")
		list, err := w.robots.List(w.ctx, owner.Name, 0)
		w.must(err)
		if len(list) != 9 {
			t.Errorf("%s has %d robots, want 9", owner.Name, len(list))
		}
	})
}

// TestTokenLimit proves that requests at once do not exceed an application's limit
// together, and that tokens which have ended do not count.
func TestTokenLimit(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		w := newWorld(f)
		ended := domain.OAuthToken{
			UUID: "ended", Application: w.app(), User: w.user("devtable"), Name: "ended", Type: "Bearer", Created: noon, Expires: noon,
		}
		_, err := f.CreateOAuthToken(f.ctx, ended, 1)
		f.must(err)
		var wg sync.WaitGroup
		outcomes := make([]error, 10)
		for i := range outcomes {
			wg.Go(func() {
				live := ended
				live.UUID, live.Name, live.Expires, live.Created = fmt.Sprint("live", i), fmt.Sprint("live", i), after(1), noon
				_, outcomes[i] = f.CreateOAuthToken(f.ctx, live, 3)
			})
		}
		wg.Wait()
		made := 0
		for _, err := range outcomes {
			if err == nil {
				made++
			} else if !errs.Is(err, errs.Conflict) || errs.Public(err) != "maximum 3 non-expired tokens per application" {
				t.Errorf("one too many: %v", err)
			}
		}
		if made != 3 {
			t.Errorf("%d tokens were made", made)
		}
		list, err := f.LiveOAuthTokens(f.ctx, w.app(), noon, 1000, 2)
		f.must(err)
		if len(list) != 2 || list[0].ID <= list[1].ID {
			t.Errorf("a page: %+v", list)
		}
	})
}

// TestMirrorKeepsRobot proves that a robot which a mirror works as is not deleted.
func TestMirrorKeepsRobot(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		w := newWorld(f)
		f.exec(`
INSERT INTO orgmirrorconfig (organization_id, is_enabled, external_registry_type, external_registry_url, external_namespace,
                             internal_robot_id, repository_filters, architecture_filter, visibility_id, delete_stale_repos,
                             sync_interval, sync_start_date, sync_status, sync_retries_remaining, skopeo_timeout, creation_date,
                             external_registry_config, sync_transaction_id)
VALUES ($1, TRUE, 1, 'https://quay.io', 'ns', $2, '[]', '[]', (SELECT MIN(id) FROM visibility), FALSE, 60, $3, 0, 3, 300, $3, '{}', 'x')`,
			w.user("buynlarge"), w.user("coolrobot"), noon)
		err := w.robots.Delete(f.ctx, "buynlarge+coolrobot")
		if !errs.Is(err, errs.Conflict) || errs.Public(err) != "Robot is being used by a mirror" {
			t.Errorf("got %v", err)
		}
		if _, err := w.robots.ByName(f.ctx, "buynlarge+coolrobot"); err != nil {
			t.Error(err)
		}
	})
}

// TestOAuthLookups proves that applications, assignments and tokens are found by those
// whom they concern and nobody else.
func TestOAuthLookups(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		w := newWorld(f)
		app, err := f.ApplicationByID(f.ctx, w.app())
		f.must(err)
		_, err = w.oauth.Of(f.ctx, w.user("devtable"), app.ClientID)
		wantKind(t, "an application of another", err, errs.NotFound)
		_, err = w.oauth.Delete(f.ctx, w.user("devtable"), app.ClientID)
		wantKind(t, "deleting that", err, errs.NotFound)
		code, err := w.oauth.Secret(app)
		f.must(err)
		if got, err := w.oauth.Authenticate(f.ctx, app.ClientID, code.Reveal()); err != nil || got.ID != app.ID || len(code.Reveal()) != 40 {
			t.Errorf("the client: %+v, %v", got, err)
		}
		f.must(w.oauth.ResetSecret(f.ctx, app))
		_, err = w.oauth.Authenticate(f.ctx, app.ClientID, code.Reveal())
		wantKind(t, "the old secret", err, errs.NotFound)
		mail := "avatar@example.com"
		f.must(w.oauth.Update(f.ctx, app, oauthapps.Description{Name: "n", Text: "d", HomeURI: "h", RedirectURI: "r", AvatarEmail: &mail}))
		if got, err := w.oauth.ByClient(f.ctx, app.ClientID); err != nil || got.Name != "n" || got.Description != "d" || got.HomeURI != "h" ||
			got.RedirectURI != "r" || *got.AvatarEmail != mail || got.SealedSecret != app.SealedSecret {
			t.Errorf("got %+v, %v", got, err)
		}
		f.must(w.assign())
		offers, err := w.oauth.Assignments(f.ctx, w.user("devtable"))
		f.must(err)
		if len(offers) != 1 {
			t.Fatalf("offers: %+v", offers)
		}
		offer := offers[0]
		if got, err := w.oauth.AssignedBy(f.ctx, w.user("devtable"), w.user("buynlarge"), offer.UUID); err != nil || got.ID != offer.ID {
			t.Errorf("got %+v, %v", got, err)
		}
		if got, err := w.oauth.AssignedFor(f.ctx, w.user("devtable"), app.ClientID, offer.UUID); err != nil || got.ID != offer.ID {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = w.oauth.Assigned(f.ctx, w.user("randomuser"), offer.UUID)
		wantKind(t, "another's offer", err, errs.NotFound)
		_, err = w.oauth.AssignedBy(f.ctx, w.user("devtable"), w.user("randomuser"), offer.UUID)
		wantKind(t, "an offer of another organisation", err, errs.NotFound)
		_, err = w.oauth.AssignedFor(f.ctx, w.user("devtable"), "another", offer.UUID)
		wantKind(t, "an offer of another client", err, errs.NotFound)
		f.must(w.oauth.Unassign(f.ctx, &offer))
		wantKind(t, "using it twice", w.oauth.Unassign(f.ctx, &offer), errs.NotFound)
	})
}
