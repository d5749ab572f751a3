package authn_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/keys/keystest"
	"github.com/quay/quay/core/internal/oauthapps"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/core/internal/robots"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/tokens"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// log keeps the entries of failed logins.
type log struct {
	entries []logged
	fail    error
}

type logged struct {
	event actionlog.Event
	at    actionlog.Place
}

func (l *log) Write(_ context.Context, e actionlog.Event, at actionlog.Place) error {
	l.entries = append(l.entries, logged{e, at})
	return l.fail
}

// world is a registry with one credential of each kind.
type world struct {
	*authn.Authenticator
	log   *log
	opts  authn.Options
	store *store.Store
	// alice has a password and an app-specific token, and gave an OAuth token to the
	// application CI of acme; gone is disabled and has the same. ci is a robot of acme.
	alice, gone, acme *domain.Account
	ci, lost          *domain.Robot
	// Texts of what they present.
	app, goneApp, oauth, expired, goneOAuth, access, robot, lostRobot string
}

const (
	plain = "correct-horse"
	repo  = "acme/web"
)

func newWorld(t testing.TB) *world {
	ctx := t.Context()
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(t.TempDir(), "quay.db")})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	key, err := secret.ParseKey("test1234")
	must(t, err)
	cipher, err := columns.New(key, columns.Options{})
	must(t, err)
	w := &world{store: db, log: &log{}}
	accounts := users.NewAccounts(db, users.Options{})
	ofRobots := robots.New(db, cipher, robots.Options{})
	apps := tokens.NewApps(db, cipher, tokens.AppOptions{})
	access := tokens.NewAccess(db, cipher, nil)
	applications := oauthapps.New(db, cipher, nil)
	given := oauthapps.NewTokens(db, oauthapps.TokenOptions{})

	hash, err := bcrypt.GenerateFromPassword([]byte(plain), bcrypt.MinCost)
	must(t, err)
	person := func(name string) *domain.Account {
		u, err := db.CreateAccount(ctx, domain.NewAccount{Name: name, Email: name + "@example.com", PasswordHash: string(hash), Now: time.Now()})
		must(t, err)
		return u
	}
	w.alice, w.gone = person("alice"), person("gone")
	w.acme, err = db.CreateOrganization(ctx, domain.NewOrganization{Name: "acme", Owner: w.alice.ID, Now: time.Now()})
	must(t, err)
	must(t, db.CreateRepository(ctx, domain.NewRepository{Name: domain.Name{Namespace: "acme", Repository: "web"}}))
	web, err := db.Repository(ctx, domain.Name{Namespace: "acme", Repository: "web"})
	must(t, err)
	ci, err := applications.Create(ctx, w.acme.ID, oauthapps.Description{Name: "CI"})
	must(t, err)

	made := func(text secret.Text, err error) string {
		must(t, err)
		return text.Reveal()
	}
	appOf := func(u *domain.Account) string {
		_, text, err := apps.Create(ctx, u.ID, "laptop")
		return made(text, err)
	}
	oauthOf := func(u *domain.Account, life time.Duration) string {
		_, text, err := given.Create(ctx, ci.ID, u.ID, "repo:read", "of "+u.Name, life)
		return made(text, err)
	}
	robotOf := func(u *domain.Account, short string) (*domain.Robot, string) {
		r, text, err := ofRobots.Create(ctx, u.ID, robots.NewRobot{Short: short})
		return r, made(text, err)
	}
	w.app, w.goneApp = appOf(w.alice), appOf(w.gone)
	w.oauth, w.goneOAuth, w.expired = oauthOf(w.alice, time.Hour), oauthOf(w.gone, time.Hour), oauthOf(w.alice, -time.Hour)
	w.ci, w.robot = robotOf(w.acme, "ci")
	w.lost, w.lostRobot = robotOf(w.gone, "bot")
	_, text, err := access.CreateDelegate(ctx, web.ID, domain.PermissionWrite, "deploy")
	w.access = made(text, err)
	must(t, accounts.Enable(ctx, w.gone.ID, false))
	w.gone.Enabled = false

	w.opts = authn.Options{
		Passwords: users.New(db), Accounts: accounts, Robots: ofRobots, AccessTokens: access, OAuthTokens: given, AppTokens: apps,
		Store: db, RobotTokens: keystest.New(t), SecretKey: key, Failures: w.log,
	}
	w.Authenticator = authn.New(w.opts)
	return w
}

var agent = authn.Agent{UserAgent: "docker/27", IP: "192.0.2.7"}

// TestBasic proves whose each kind of credentials is, what its owner may do and is
// called in tokens and in the log, and that a registry token leads back to him.
func TestBasic(t *testing.T) {
	w := newWorld(t)
	encrypted, err := password.Encrypt(w.opts.SecretKey, secret.New(plain))
	must(t, err)
	for what, tc := range map[string]struct {
		name, text string
		kind       keys.Kind
		account    *domain.User
		subject    string
	}{
		"password":           {"alice", plain, keys.Person, &w.alice.User, "alice"},
		"password, address":  {"alice@example.com", plain, keys.Person, &w.alice.User, "alice"},
		"encrypted password": {"alice", encrypted.Reveal(), keys.Person, &w.alice.User, "alice"},
		"robot":              {"acme+ci", w.robot, keys.Robot, &w.ci.User, "acme+ci"},
		"robot, signed":      {"acme+ci", signed(t, w, "acme+ci", keystest.Audience), keys.Robot, &w.ci.User, "acme+ci"},
		"app token":          {"$app", w.app, keys.AppToken, &w.alice.User, "alice"},
		"OAuth token":        {"$oauthtoken", w.oauth, keys.OAuthToken, &w.alice.User, "alice"},
		"access token":       {"$token", w.access, keys.AccessToken, nil, ""},
	} {
		c, err := w.Basic(t.Context(), tc.name, tc.text, agent)
		if err != nil || c.Kind != tc.kind || !c.Known() {
			t.Errorf("%s: got %+v, %v", what, c, err)
			continue
		}
		back, err := w.Resolve(t.Context(), c.Entity())
		for _, c := range []authn.Caller{c, back} {
			if u := c.User(); (u == nil) != (tc.account == nil) || u != nil && (u.ID != tc.account.ID || c.Performer() != u.ID) {
				t.Errorf("%s: the account is %v, %v", what, u, err)
			}
			if e := c.Entity(); e.Kind != tc.kind || e.Username != tc.subject || e.Reference == "" {
				t.Errorf("%s: entity %+v", what, e)
			}
			if got := string(c.Identity().Kind()); got != string(tc.kind) {
				t.Errorf("%s: identity %s", what, got)
			}
			if (c.LoggedToken() != nil) != (tc.kind == keys.OAuthToken) {
				t.Errorf("%s: logged as %+v", what, c.LoggedToken())
			}
		}
	}
	if len(w.log.entries) != 0 {
		t.Errorf("%d entries of failures", len(w.log.entries))
	}
}

func signed(t *testing.T, w *world, subject, audience string) string {
	t.Helper()
	// What the product hands out for a federated identity (generate_temp_robot_jwt_token).
	text, err := w.opts.RobotTokens.(*keys.Keys).SignToken(t.Context(), keys.Token{
		Subject: subject, Audience: audience, Access: struct{}{}, Context: struct{}{}, Lifetime: time.Hour,
	})
	must(t, err)
	return text
}

// TestRefused proves what clients read when credentials are not good, and whose the
// entry of each failed login is.
func TestRefused(t *testing.T) {
	w := newWorld(t)
	const disabled = "This user has been disabled. Please contact your administrator."
	wrong := "Could not find robot with username: acme+ci and supplied password."
	registryToken, err := w.opts.RobotTokens.(*keys.Keys).Sign(t.Context(), authn.Person(&w.ci.User).Entity(), keystest.Audience, []keys.Access{})
	must(t, err)
	foreign := "eyJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlLmNvbSJ9.AA"
	for what, tc := range map[string]struct {
		name, text, message string
		// namespace and performer of the entry, and what its metadata has in it; no
		// metadata is no entry.
		namespace string
		performer domain.UserID
		metadata  string
	}{
		"wrong password":     {"alice", "x", "Invalid Username or Password", "", 0, `type=v2auth kind=user username=alice useragent=docker/27 message=Invalid Username or Password`},
		"no such person":     {"nobody", "x", "Invalid Username or Password", "", 0, `type=v2auth kind=user username=nobody useragent=docker/27 message=Invalid Username or Password`},
		"disabled person":    {"gone", plain, disabled, "", 0, `type=v2auth kind=user username=gone useragent=docker/27 message=` + disabled},
		"an organization":    {"acme", plain, "Invalid Username or Password", "", 0, `type=v2auth kind=user username=acme useragent=docker/27 message=Invalid Username or Password`},
		"access token":       {"$token", strings.Repeat("A", 64), "Invalid access token", "", 0, ""},
		"app token":          {"$app", strings.Repeat("A", 120), "Invalid token", "", 0, `type=v2auth kind=app_specific_token useragent=docker/27 message=Invalid token`},
		"disabled app token": {"$app", w.goneApp, disabled, "gone", w.gone.ID, `type=v2auth kind=app_specific_token app_specific_token_title=laptop username=gone useragent=docker/27 message=` + disabled},
		"OAuth token":        {"$oauthtoken", strings.Repeat("A", 40), "OAuth access token could not be validated", "", 0, `type=quayauth kind=oauth useragent=docker/27 message=OAuth access token could not be validated`},
		"expired":            {"$oauthtoken", w.expired, "OAuth access token has expired", "acme", w.alice.ID, `type=quayauth kind=oauth token=` + w.expired[:20] + ` application_name=CI oauth_token_id oauth_token_application_id oauth_token_application=CI username=alice useragent=docker/27 message=OAuth access token has expired`},
		"disabled giver":     {"$oauthtoken", w.goneOAuth, "Granter of the oauth access token is disabled", "acme", w.gone.ID, `type=quayauth kind=oauth token=` + w.goneOAuth[:20] + ` application_name=CI username=gone useragent=docker/27 message=Granter of the oauth access token is disabled`},
		"of another issuer":  {"$oauthtoken", foreign, "Issuer https://idp.example.com not configured", "", 0, ""},
		"of no issuer":       {"$oauthtoken", "eyJ0eXAiOiJKV1QifQ.e30.AA", "Token does not contain issuer", "", 0, ""},
		"wrong robot token":  {"acme+ci", "x", wrong, "acme", w.ci.ID, `type=v2auth kind=robot robot=acme+ci username=acme useragent=docker/27 message=` + wrong},
		"another robot's":    {"acme+ci", w.lostRobot, wrong, "acme", w.ci.ID, `type=v2auth kind=robot robot=acme+ci username=acme useragent=docker/27 message=` + wrong},
		"signed for another": {"acme+ci", signed(t, w, "acme+other", keystest.Audience), "Token does not match robot", "acme", w.ci.ID, `type=v2auth kind=robot robot=acme+ci username=acme useragent=docker/27 message=Token does not match robot`},
		"a registry token":   {"acme+ci", registryToken, "Token contained invalid or malformed access grants", "acme", w.ci.ID, `type=v2auth kind=robot robot=acme+ci username=acme useragent=docker/27 message=Token contained invalid or malformed access grants`},
		"for elsewhere":      {"acme+ci", signed(t, w, "acme+ci", "elsewhere.example.com"), "Audience doesn't match", "acme", w.ci.ID, `type=v2auth kind=robot robot=acme+ci username=acme useragent=docker/27 message=Audience doesn't match`},
		"for nobody":         {"acme+ci", signed(t, w, "acme+ci", ""), `Token is missing the "aud" claim`, "acme", w.ci.ID, `type=v2auth kind=robot robot=acme+ci username=acme useragent=docker/27 message=Token is missing the "aud" claim`},
		"signed by others":   {"acme+ci", foreign, "Invalid token", "acme", w.ci.ID, `type=v2auth kind=robot robot=acme+ci username=acme useragent=docker/27 message=Invalid token`},
		"disabled owner":     {"gone+bot", w.lostRobot, "Robot gone+bot owner gone is disabled", "gone", w.lost.ID, `type=v2auth kind=robot robot=gone+bot username=gone useragent=docker/27 message=Robot gone+bot owner gone is disabled`},
		"no such robot":      {"alice+bot", "x", "Could not find robot with specified username", "alice", 0, `type=v2auth kind=robot robot=alice+bot username=alice useragent=docker/27 message=Could not find robot with specified username`},
		"no such owner":      {"acme+bot", "x", "Could not find robot with specified username", "", 0, `type=v2auth kind=robot robot=acme+bot username=acme useragent=docker/27 message=Could not find robot with specified username`},
		"two signs":          {"acme+ci+x", w.robot, "acme+ci+x is an invalid robot name", "", 0, `type=v2auth kind=robot robot=acme+ci+x username=acme useragent=docker/27 message=acme+ci+x is an invalid robot name`},
	} {
		w.log.entries = nil
		must(t, w.store.ForgetFailedLogins(t.Context(), w.alice.ID))
		c, err := w.Basic(t.Context(), tc.name, tc.text, agent)
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != errs.Unauthenticated || e.Message != tc.message || c.Known() {
			t.Errorf("%s: got %+v, %v", what, c, err)
		}
		switch {
		case tc.metadata == "" && len(w.log.entries) == 0:
		case len(w.log.entries) != 1:
			t.Errorf("%s: %d entries", what, len(w.log.entries))
		default:
			got := w.log.entries[0]
			if got.event.Kind != actionlog.KindLoginFailure || got.at.Namespace != tc.namespace || got.at.Performer != tc.performer || got.at.IP != agent.IP || got.at.At.IsZero() {
				t.Errorf("%s: %+v", what, got)
			}
			if m := spell(got.event.Metadata); m != tc.metadata {
				t.Errorf("%s:\n got %s\nwant %s", what, m, tc.metadata)
			}
		}
	}
}

// spell writes metadata in a line; ids are left out.
func spell(m actionlog.Metadata) string {
	var b []string
	for _, member := range m {
		if s, ok := member.Value.(string); ok && member.Name != "oauth_token_application_id" {
			b = append(b, member.Name+"="+s)
		} else {
			b = append(b, member.Name)
		}
	}
	return strings.Join(b, " ")
}

// TestOptions proves what a configuration closes, and that a login which cannot be
// written down fails as such.
func TestOptions(t *testing.T) {
	w := newWorld(t)
	opts := w.opts
	opts.EncryptedOnly, opts.NoAppTokens, opts.Failures = true, true, nil
	a := authn.New(opts)
	if _, err := a.Basic(t.Context(), "alice", plain, agent); !errs.Is(err, errs.Unauthenticated) || !strings.Contains(err.Error(), "unencrypted passwords") {
		t.Errorf("a password that is not encrypted: %v", err)
	}
	encrypted, err := password.Encrypt(opts.SecretKey, secret.New(plain))
	must(t, err)
	if c, err := a.Basic(t.Context(), "alice", encrypted.Reveal(), agent); err != nil || !c.Known() {
		t.Errorf("encrypted: %v", err)
	}
	if _, err := a.Basic(t.Context(), "$app", w.app, agent); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("an app token: %v", err)
	}
	w.log.fail = errs.New(errs.Unavailable, "the log is away")
	if _, err := w.Basic(t.Context(), "$app", "x", agent); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a failure that was not logged: %v", err)
	}
}

// TestLockOut proves that a closed account is told from a wrong password, leaves no
// entry, and that the login after it is written down.
func TestLockOut(t *testing.T) {
	w := newWorld(t)
	must(t, w.store.CountFailedLogin(t.Context(), w.alice.ID, time.Now().Add(time.Hour)))
	if _, err := w.Basic(t.Context(), "alice", plain, agent); !errors.Is(err, users.ErrTooMany) || len(w.log.entries) != 0 {
		t.Errorf("closed: %v, %d entries", err, len(w.log.entries))
	}
	must(t, w.store.CountFailedLogin(t.Context(), w.alice.ID, time.Now().Add(-time.Hour)))
	if _, err := w.Basic(t.Context(), "alice", plain, agent); err != nil {
		t.Fatal(err)
	}
	if u, err := w.store.Account(t.Context(), "alice"); err != nil || u.LastAccessed.IsZero() || u.InvalidLogins != 0 {
		t.Errorf("after the login: %+v, %v", u, err)
	}
}

// TestResolveGone proves that a token is nobody's when its account or credential is gone
// or disabled, and that a database which does not answer is no answer.
func TestResolveGone(t *testing.T) {
	w := newWorld(t)
	for what, e := range map[string]keys.Entity{
		"nobody":           {},
		"anonymous":        {Kind: keys.Anonymous},
		"person":           {Kind: keys.Person, Reference: "no such uuid", Username: "alice"},
		"an organization":  {Kind: keys.Person, Reference: w.acme.UUID, Username: "acme"},
		"disabled":         {Kind: keys.Person, Reference: w.gone.UUID, Username: "gone"},
		"robot":            {Kind: keys.Robot, Reference: "acme+none", Username: "acme+none"},
		"app token":        {Kind: keys.AppToken, Reference: "none", Username: "alice"},
		"OAuth token":      {Kind: keys.OAuthToken, Reference: "none", Username: "alice"},
		"access token":     {Kind: keys.AccessToken, Reference: "none"},
		"grant of /v1":     {Kind: keys.SignedGrant, Reference: "x"},
		"not even of text": {Kind: keys.Robot, Reference: "\x00\xff"},
	} {
		if c, err := w.Resolve(t.Context(), e); err != nil || c.Known() || c.Performer() != 0 {
			t.Errorf("%s: %+v, %v", what, c, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if c, err := w.Resolve(ended, keys.Entity{Kind: keys.Person, Reference: w.alice.UUID}); err == nil {
		t.Errorf("got %+v of a database that was not asked", c)
	}
}

// FuzzBasic proves that no credentials, whatever they are, do anything but log in or be
// refused.
func FuzzBasic(f *testing.F) {
	w := newWorld(f)
	for _, seed := range [][2]string{
		{"alice", "x"},
		{"$token", "x"},
		{"$app", "é"},
		{"$oauthtoken", "eyJ0eXAiOiJKV1QifQ.e30.AA"},
		{"a+b", "eyJ0eXAiOiJKV1QifQ.e30.AA"},
		{"+", ""},
		{"", ""},
		{"\x00", "\x00"},
		{"acme+ci", "\xff"},
		{"alice@example.com", "QUJD"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		c, err := w.Basic(t.Context(), name, text, agent)
		if err == nil && !c.Known() || err != nil && !errs.Is(err, errs.Unauthenticated) && !errors.Is(err, users.ErrTooMany) {
			t.Errorf("%q, %q: %+v, %v", name, text, c, err)
		}
	})
}
