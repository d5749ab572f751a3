package store

import (
	"testing"
	"time"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/orgs"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/tokens"
	"github.com/quay/quay/core/internal/users"
)

// world is a fixture with accounts of all kinds and the rules over them.
type world struct {
	*fixture
	accounts *users.Accounts
	orgs     *orgs.Organizations
	robots   *robots.Robots
	apps     *tokens.Apps
	access   *tokens.Access
	oauth    *oauthapps.Applications
	tokens   *oauthapps.Tokens
	cipher   columns.Cipher
	// sent is the code that was mailed last.
	sent string
	// ids are those of the rows that effects refer to.
	ids map[string]int64
}

// newWorld fills a database: the persons devtable and randomuser, the organisation
// buynlarge with an application, a robot of it and one of devtable, a repository.
func newWorld(f *fixture) *world {
	key, err := secret.ParseKey("test1234")
	f.must(err)
	w := &world{fixture: f, ids: make(map[string]int64)}
	w.cipher, err = columns.New(key, columns.Options{})
	f.must(err)
	w.accounts = users.NewAccounts(f, users.Options{TagExpirations: []time.Duration{0, 24 * time.Hour}})
	w.orgs = orgs.New(f, orgs.Options{})
	w.robots = robots.New(f, w.cipher, robots.Options{})
	w.apps = tokens.NewApps(f, w.cipher, tokens.AppOptions{})
	w.access = tokens.NewAccess(f, w.cipher, nil)
	w.oauth = oauthapps.New(f, w.cipher, nil)
	w.tokens = oauthapps.NewTokens(f, oauthapps.TokenOptions{MaxPerApplication: 3})

	w.id("devtable", f.person("devtable"))
	w.id("randomuser", f.person("randomuser"))
	org, err := w.orgs.Create(f.ctx, orgs.NewOrganization{Name: "buynlarge", Owner: w.user("devtable"), Email: "buynlarge@example.com"})
	f.must(err)
	w.id("buynlarge", org.ID)
	w.robot("buynlarge", "coolrobot")
	w.robot("devtable", "dtrobot")
	app, err := w.oauth.Create(f.ctx, org.ID, oauthapps.Description{Name: "app", RedirectURI: "http://here"})
	f.must(err)
	w.ids["application"] = int64(app.ID)
	w.ids["repository"] = int64(f.repository("library/web"))
	for _, kind := range []struct{ table, name string }{
		{"userpromptkind", "confirm_username"},
		{"notificationkind", "password_required"},
		{"notificationkind", "assigned_authorization"},
		{"loginservice", "ldap"},
		{"loginservice", "quayrobot"},
		{"accesstokenkind", "build-worker"},
	} {
		w.ids[kind.name] = w.enum(kind.table, kind.name)
	}
	w.ids["teamrole admin"] = w.enum("teamrole", "admin")
	w.ids["role write"] = w.enum("role", "write")
	return w
}

func (w *world) id(name string, id domain.UserID) { w.ids[name] = int64(id) }

func (w *world) user(name string) domain.UserID { return domain.UserID(w.ids[name]) }

func (w *world) enum(table, name string) int64 {
	return value[int64](w.fixture, statement(`SELECT id FROM `+table+` WHERE name = $1`), name)
}

func (w *world) robot(owner, short string) {
	w.t.Helper()
	r, _, err := w.robots.Create(w.ctx, w.user(owner), robots.NewRobot{Short: short})
	w.must(err)
	w.id(short, r.ID)
}

// last is the id of the last row of a table.
func (w *world) last(table string) int64 {
	w.t.Helper()
	return value[int64](w.fixture, statement(`SELECT MAX(id) FROM "`+table+`"`))
}

// add makes a row that no method makes, and remembers its id under a name.
func (w *world) add(name, table string, q statement, args ...any) {
	w.t.Helper()
	w.exec(q, args...)
	w.ids[name] = w.last(table)
}

// notification leaves one for an account.
func (w *world) notification(target, kind string) {
	w.t.Helper()
	w.must(w.change(w.ctx, false, func(tx *Tx) error { return tx.notify(w.user(target), kind, "{}", noon) }))
	w.ids["notification"] = w.last("notification")
}

// accountChanges are the changes of testdata/account_effects.json: what is there before,
// and the change.
var accountChanges = map[string]struct {
	before func(*world)
	change func(*world) error
}{
	"create an organisation": {change: func(w *world) error {
		_, err := w.orgs.Create(w.ctx, orgs.NewOrganization{
			Name: "contactemailorg", Email: "contact@example.com", Owner: w.user("devtable"),
		})
		return err
	}},
	"change the address of an organisation": {change: func(w *world) error {
		org, err := w.orgs.ByName(w.ctx, "buynlarge")
		w.must(err)
		_, err = w.orgs.ChangeEmail(w.ctx, org, "shared@example.com")
		return err
	}},
	"create an application": {change: func(w *world) error {
		_, err := w.oauth.Create(w.ctx, w.user("buynlarge"), oauthapps.Description{Name: "custom-bootstrap-api"})
		return err
	}},
	"create a robot of an organisation": {change: func(w *world) error {
		_, _, err := w.robots.Create(w.ctx, w.user("buynlarge"), robots.NewRobot{Short: "somebot"})
		return err
	}},
	"create a robot of a person": {change: func(w *world) error {
		_, _, err := w.robots.Create(w.ctx, w.user("devtable"), robots.NewRobot{Short: "somebot"})
		return err
	}},
	"federate a robot": {
		before: func(w *world) { w.ids["login"] = w.login("coolrobot") },
		change: func(w *world) error {
			return w.robots.SetFederation(w.ctx, w.user("coolrobot"), []robots.Identity{{Issuer: "https://issuer1", Subject: "subject1"}})
		},
	},
	"end the federation of a robot": {
		before: func(w *world) { w.ids["login"] = w.login("coolrobot") },
		change: func(w *world) error { return w.robots.SetFederation(w.ctx, w.user("coolrobot"), nil) },
	},
	"create an account and its confirmation code": {change: func(w *world) error {
		u, err := w.accounts.Create(w.ctx, users.NewPerson{
			Name: "bobby", Password: "password", Email: "bobby@tables.com", EmailRequired: true,
		})
		w.must(err)
		_, err = w.accounts.ConfirmationCode(w.ctx, u.ID, "")
		return err
	}},
	"change the address of an account": {change: func(w *world) error {
		return w.accounts.ChangeEmail(w.ctx, w.user("randomuser"), "new_email123@test.com", true)
	}},
	"log in with a wrong password": {change: func(w *world) error {
		_, err := users.New(w).Authenticate(w.ctx, "buynlarge", "password")
		if err == nil {
			w.t.Error("an organisation logged in")
		}
		return nil
	}},
	"create an app token": {change: func(w *world) error {
		_, _, err := w.apps.Create(w.ctx, w.user("devtable"), "Testing 123")
		return err
	}},
	"revoke an app token": {
		before: func(w *world) {
			t, _, err := w.apps.Create(w.ctx, w.user("devtable"), "Testing 123")
			w.must(err)
			w.ids["token"] = int64(t.ID)
		},
		change: func(w *world) error {
			all, err := w.apps.List(w.ctx, w.user("devtable"))
			w.must(err)
			return w.apps.Revoke(w.ctx, w.user("devtable"), all[0].UUID)
		},
	},
	"change a password": {
		before: func(w *world) {
			for range 3 {
				w.must(w.CountFailedLogin(w.ctx, w.user("devtable"), noon))
			}
			w.notification("devtable", "assigned_authorization")
			w.notification("randomuser", "password_required")
			w.notification("devtable", "password_required")
		},
		change: func(w *world) error {
			_, err := w.accounts.ChangePassword(w.ctx, w.user("devtable"), "another-password")
			return err
		},
	},
	"rename an account": {
		before: func(w *world) {
			// A "_" is a letter of the name and no pattern, and a prefix is no namespace.
			w.id("dev_table", w.person("dev_table"))
			w.robot("dev_table", "dtrobot")
			w.id("devxtable", w.person("devxtable"))
			w.robot("devxtable", "bot1")
			w.id("dev_table3", w.person("dev_table3"))
			w.robot("dev_table3", "bot2")
			w.must(w.AddPrompt(w.ctx, w.user("dev_table"), domain.PromptEnterName))
			w.must(w.AddPrompt(w.ctx, w.user("dev_table"), domain.PromptConfirmUsername))
			w.ids["prompt"] = w.last("userprompt")
		},
		change: func(w *world) error { return w.accounts.Rename(w.ctx, w.user("dev_table"), "devtable2") },
	},
	"change a profile": {
		before: func(w *world) {
			w.exec(`UPDATE "user" SET company = 'Buy n Large', location = 'space' WHERE username = 'devtable'`)
			w.must(w.AddPrompt(w.ctx, w.user("devtable"), domain.PromptConfirmUsername))
			w.must(w.AddPrompt(w.ctx, w.user("devtable"), domain.PromptEnterName))
			w.ids["prompt"] = w.last("userprompt")
		},
		change: func(w *world) error {
			ada := "Ada"
			return w.accounts.ChangeProfile(w.ctx, w.user("devtable"), domain.ProfileChange{
				GivenName: domain.TextChange{Set: true, Value: &ada}, Company: domain.TextChange{Set: true},
			})
		},
	},
	"link somebody of another service": {change: func(w *world) error {
		_, err := w.accounts.CreateLinked(w.ctx, users.External{
			Service: "ldap", Ident: "Some One", Name: "Some One", Email: "someone@example.com", EmailRequired: true,
			ConfirmName: true, AskForPassword: true,
		})
		return err
	}},
	"convert an account": {
		before: func(w *world) {
			w.must(w.accounts.Attach(w.ctx, w.user("randomuser"), users.External{Service: "ldap", Ident: "random"}))
			w.ids["login"] = w.last("federatedlogin")
			w.permit("randomuser")
		},
		change: func(w *world) error { return w.orgs.Convert(w.ctx, w.user("randomuser"), w.user("devtable")) },
	},
	"confirm a new address": {
		before: func(w *world) {
			w.exec(`UPDATE "user" SET verified = FALSE WHERE username = 'randomuser'`)
			w.code(w.accounts.ConfirmationCode(w.ctx, w.user("randomuser"), "fresh@example.com"))
		},
		change: func(w *world) error {
			_, err := w.accounts.Confirm(w.ctx, w.sent)
			return err
		},
	},
	"make a recovery code": {change: func(w *world) error {
		_, _, err := w.accounts.RecoveryCode(w.ctx, "randomuser@example.com")
		return err
	}},
	"recover an account": {
		before: func(w *world) {
			w.exec(`UPDATE "user" SET verified = FALSE WHERE username = 'randomuser'`)
			text, _, err := w.accounts.RecoveryCode(w.ctx, "randomuser@example.com")
			w.code(text, err)
		},
		change: func(w *world) error {
			_, err := w.accounts.Recover(w.ctx, w.sent)
			return err
		},
	},
	"regenerate a robot": {
		before: func(w *world) { w.ids["robottoken"] = w.tokenRow("coolrobot") },
		change: func(w *world) error {
			_, err := w.robots.Regenerate(w.ctx, w.user("coolrobot"))
			return err
		},
	},
	"delete a robot": {
		before: robotEverywhere,
		change: func(w *world) error { return w.robots.Delete(w.ctx, "buynlarge+coolrobot") },
	},
	"delegate to a token": {change: func(w *world) error {
		_, _, err := w.access.CreateDelegate(w.ctx, domain.RepositoryID(w.ids["repository"]), domain.PermissionWrite, "deploy")
		return err
	}},
	"make a token for a build": {change: func(w *world) error {
		_, _, err := w.access.CreateTemporary(w.ctx, domain.RepositoryID(w.ids["repository"]), domain.PermissionWrite, tokens.KindBuildWorker, "")
		return err
	}},
	"grant a token": {change: func(w *world) error {
		_, _, err := w.tokens.Grant(w.ctx, w.app(), w.account("devtable"), "repo:read")
		return err
	}},
	"create a token of an application": {change: func(w *world) error {
		_, _, err := w.tokens.Create(w.ctx, w.app(), w.user("devtable"), "repo:read", "ci", time.Hour)
		return err
	}},
	"assign an authorisation": {change: func(w *world) error { return w.assign() }},
	"make an authorisation code": {change: func(w *world) error {
		_, err := w.tokens.NewCode(w.ctx, w.app(), w.account("devtable"), "repo:read")
		return err
	}},
	"delete an application": {
		before: func(w *world) {
			w.must(w.assign())
			w.ids["assignment"] = w.last("oauthassignedtoken")
			_, _, err := w.tokens.Grant(w.ctx, w.app(), w.account("devtable"), "repo:read")
			w.must(err)
			w.ids["oauthtoken"] = w.last("oauthaccesstoken")
			_, err = w.tokens.NewCode(w.ctx, w.app(), w.account("devtable"), "repo:read")
			w.must(err)
			w.ids["code"] = w.last("oauthauthorizationcode")
		},
		change: func(w *world) error {
			app, err := w.oauth.List(w.ctx, w.user("buynlarge"))
			w.must(err)
			_, err = w.oauth.Delete(w.ctx, w.user("buynlarge"), app[0].ClientID)
			return err
		},
	},
}

// TestAccountEffects proves that each rule about accounts, organisations, robots and
// tokens leaves the rows that the product leaves, and touches no others.
func TestAccountEffects(t *testing.T) {
	cases := loadEffects(t, "account_effects.json")
	tables := tablesOf(cases)
	each(t, func(t *testing.T, f *fixture) {
		for name, want := range cases {
			t.Run(name, func(t *testing.T) {
				c, known := accountChanges[name]
				if !known {
					t.Fatal("the test does not know this change")
				}
				w := newWorld(f.again(t))
				if c.before != nil {
					c.before(w)
				}
				w.wantEffects(tables, want, w.ids, func() { w.must(c.change(w)) })
			})
		}
	})
	if len(cases) != len(accountChanges) {
		t.Errorf("%d effects for %d changes", len(cases), len(accountChanges))
	}
}

// again is a fixture on the same engine without accounts and what belongs to them.
// Making a database on PostgreSQL takes longer than emptying one.
func (f *fixture) again(t *testing.T) *fixture {
	if _, ok := f.engine.(*sqlite); ok {
		return open(t)
	}
	f.exec(`TRUNCATE "user" CASCADE`)
	return &fixture{f.Store, t, t.Context()}
}

func (w *world) app() domain.ApplicationID { return domain.ApplicationID(w.ids["application"]) }

func (w *world) account(name string) *domain.Account {
	w.t.Helper()
	a, err := w.AccountByID(w.ctx, w.user(name))
	w.must(err)
	return a
}

// code remembers an e-mail code and its row.
func (w *world) code(text secret.Text, err error) {
	w.t.Helper()
	w.must(err)
	w.sent = text.Reveal()
	w.ids["code"] = w.last("emailconfirmation")
}

func (w *world) login(robot string) int64 {
	return value[int64](w.fixture, `SELECT id FROM federatedlogin WHERE user_id = $1`, w.user(robot))
}

func (w *world) tokenRow(robot string) int64 {
	return value[int64](w.fixture, `SELECT id FROM robotaccounttoken WHERE robot_account_id = $1`, w.user(robot))
}

func (w *world) permit(name string) {
	w.t.Helper()
	w.add("permission", "repositorypermission",
		`INSERT INTO repositorypermission (user_id, repository_id, role_id) VALUES ($1, $2, $3)`,
		w.ids[name], w.ids["repository"], w.ids["role write"])
}

func (w *world) assign() error {
	where, kind := "http://here", "token"
	_, err := w.oauth.Assign(w.ctx, w.account("devtable"), domain.Assignment{
		Application: w.app(), Scope: "repo:read", RedirectURI: &where, ResponseType: &kind,
	})
	return err
}

// robotEverywhere makes a row in each table that refers to robots.
func robotEverywhere(w *world) {
	robot, repo, owner := w.ids["coolrobot"], w.ids["repository"], w.ids["devtable"]
	w.ids["login"], w.ids["robottoken"] = w.login("coolrobot"), w.tokenRow("coolrobot")
	w.ids["robotmetadata"] = value[int64](w.fixture, `SELECT id FROM robotaccountmetadata WHERE robot_account_id = $1`, robot)
	w.permit("coolrobot")
	w.notification("coolrobot", "assigned_authorization")
	w.add("member", "teammember", `INSERT INTO teammember (user_id, team_id) VALUES ($1, (SELECT MIN(id) FROM team))`, robot)
	w.add("prototype", "permissionprototype", `
INSERT INTO permissionprototype (org_id, uuid, activating_user_id, delegate_user_id, role_id)
VALUES ($1, 'uuid', NULL, $2, $3)`, w.ids["buynlarge"], robot, w.ids["role write"])
	w.add("trigger", "repositorybuildtrigger", `
INSERT INTO repositorybuildtrigger (uuid, service_id, repository_id, connected_user_id, config, pull_robot_id, enabled, fully_migrated,
                                    successive_failure_count, successive_internal_error_count)
VALUES ('uuid', (SELECT MIN(id) FROM buildtriggerservice), $1, $2, '{}', $3, TRUE, TRUE, 0, 0)`, repo, owner, robot)
	token, _, err := w.access.CreateTemporary(w.ctx, domain.RepositoryID(repo), domain.PermissionRead, "", "")
	w.must(err)
	w.add("build", "repositorybuild", `
INSERT INTO repositorybuild (uuid, repository_id, access_token_id, resource_key, job_config, phase, started, display_name,
                             pull_robot_id, logs_archived)
VALUES ('uuid', $1, $2, '', '{}', 'waiting', $3, 'build', $4, FALSE)`, repo, token.ID, noon, robot)
}
