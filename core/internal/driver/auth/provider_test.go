package auth_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/quay/quay/core/internal/driver/auth"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	sdkauth "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
)

const (
	config = `{%s "users": [
		{"username": "ada", "email": "ada@quay.example", "full_name": "Ada Lovelace", "groups": ["engines"], "superuser": true},
		{"username": "alan", "groups": ["engines"], "restricted": true},
		{"username": "mallory", "locked": true}
	]}`
	password = "Analytical-1843"
)

// passwords are those of ada and mallory.
func passwords(t testing.TB) map[string]string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"users[0].password_hash": string(hash), "users[2].password_hash": string(hash)}
}

// TestProvider proves that everything that an identity plugin knows reaches the host
// from its process, with the kinds of its errors.
func TestProvider(t *testing.T) {
	plugintest.Leaks(t)
	p, _ := static(t, fmt.Sprintf(config, ""), passwords(t), auth.Options{})
	ctx := t.Context()
	if info, err := p.Info(ctx); err != nil || info.Service != "static" || info.Title == "" {
		t.Errorf("the provider is %+v, error %v", info, err)
	}
	u, err := p.Verify(ctx, "ada@quay.example", password)
	if err != nil || u.Subject != "ada" || u.Email != "ada@quay.example" || u.FullName != "Ada Lovelace" ||
		len(u.Groups) != 1 || u.Roles == nil || !u.Roles.Superuser {
		t.Errorf("the user is %+v, error %v", u, err)
	}
	// No groups is something else than not to know them.
	if u, err = p.Lookup(ctx, "mallory"); err != nil || u.Groups == nil || len(u.Groups) != 0 {
		t.Errorf("the user is %+v, error %v", u, err)
	}
	if found, err := p.Search(ctx, "a", 1000); err != nil || len(found) != 2 {
		t.Errorf("found %+v, error %v", found, err)
	}
	if r, err := p.Roles(ctx, "alan"); err != nil || !r.Restricted || r.Superuser {
		t.Errorf("the roles are %+v, error %v", r, err)
	}
	group := sdkauth.Group(`{"group_name": "engines"}`)
	if err := p.CheckGroup(ctx, group); err != nil {
		t.Error(err)
	}
	if members, err := p.Members(ctx, group); err != nil || len(members) != 2 {
		t.Errorf("the members are %+v, error %v", members, err)
	}
	if has, err := p.Has(ctx, sdkauth.CapabilityVerify); err != nil || !has {
		t.Errorf("it can verify: %v, error %v", has, err)
	}
	if err := p.Probe(ctx); err != nil {
		t.Error(err)
	}
}

// TestRefusals proves that each reason why somebody cannot sign in has its kind.
func TestRefusals(t *testing.T) {
	plugintest.Leaks(t)
	p, _ := static(t, fmt.Sprintf(config, ""), passwords(t), auth.Options{})
	ctx := t.Context()
	verify := func(username, password string) error {
		_, err := p.Verify(ctx, username, password)
		return err
	}
	tests := []struct {
		name string
		err  error
		kind errs.Kind
	}{
		{"a wrong password", verify("ada", "wrong"), errs.Unauthenticated},
		{"an unknown user", verify("nobody", password), errs.NotFound},
		{"a locked user", verify("mallory", password), errs.Denied},
		{"no password", verify("ada", ""), errs.Invalid},
		{"no group", p.CheckGroup(ctx, sdkauth.Group(`{}`)), errs.Invalid},
		{"an unknown group", p.CheckGroup(ctx, sdkauth.Group(`{"group_name": "x"}`)), errs.NotFound},
		{"no token", func() error { _, err := p.VerifyToken(ctx, "x"); return err }(), errs.Unsupported},
		{"no login", func() error { _, err := p.BeginLogin(ctx, sdkauth.BeginLogin{}); return err }(), errs.Unsupported},
	}
	for _, test := range tests {
		if !errs.Is(test.err, test.kind) {
			t.Errorf("%s: %v", test.name, test.err)
		}
	}
}

// TestCrash proves that nobody who signs in, and no team that is synchronised,
// notices that the plugin died under the question.
func TestCrash(t *testing.T) {
	tests := []struct {
		name string
		ask  func(t *testing.T, p *auth.Provider) error
	}{
		{"verify", func(t *testing.T, p *auth.Provider) error {
			u, err := p.Verify(t.Context(), "ada", password)
			if u.Subject != "ada" {
				t.Errorf("the user is %+v", u)
			}
			return err
		}},
		{"members", func(t *testing.T, p *auth.Provider) error {
			members, err := p.Members(t.Context(), sdkauth.Group(`{"group_name": "engines"}`))
			if len(members) != 2 {
				t.Errorf("the members are %+v", members)
			}
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plugintest.Leaks(t)
			p, sup := static(t, fmt.Sprintf(config, `"delay": "500ms",`), passwords(t), auth.Options{})
			asked := make(chan error, 1)
			go func() { asked <- test.ask(t, p) }()
			time.Sleep(100 * time.Millisecond)
			plugintest.Kill(t, sup)
			if err := <-asked; err != nil {
				t.Error(err)
			}
			plugintest.Eventually(t, 5*time.Second, "the next generation", func() bool { return sup.Status().Generation == 2 })
		})
	}
}

// TestRepeats proves how often a question is asked of which the plugin dies: twice,
// but a login is completed once, because a code can be used once.
func TestRepeats(t *testing.T) {
	tests := []struct {
		name  string
		ask   func(t *testing.T, p *auth.Provider) error
		times int
	}{
		{"verify", func(t *testing.T, p *auth.Provider) error {
			_, err := p.Verify(t.Context(), "x", "y")
			return err
		}, 2},
		{"begin a login", func(t *testing.T, p *auth.Provider) error {
			_, err := p.BeginLogin(t.Context(), sdkauth.BeginLogin{RedirectURI: "https://quay.example/", State: "s"})
			return err
		}, 2},
		{"complete a login", func(t *testing.T, p *auth.Provider) error {
			_, err := p.CompleteLogin(t.Context(), sdkauth.CompleteLogin{RedirectURI: "https://quay.example/", Parameters: map[string]string{"code": "c"}})
			return err
		}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plugintest.Leaks(t)
			diary := filepath.Join(t.TempDir(), "diary")
			t.Setenv(diaryKey, diary)
			exe, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			sup := plugintest.Start(t, plugin.Options{
				Kind:    "auth",
				Name:    "mortal",
				Path:    exe,
				Env:     []string{diaryKey},
				Confine: confine.Policy{ReadWrite: []string{filepath.Dir(diary)}},
			})
			p := auth.NewProvider(sup, "default", auth.Options{})
			if err := test.ask(t, p); !errs.Is(err, errs.Unavailable) {
				t.Errorf("the error is %v", err)
			}
			if b, err := os.ReadFile(diary); err != nil || string(b) != strings.Repeat("x", test.times) {
				t.Errorf("it was asked %d times, not %d, error %v", len(b), test.times, err)
			}
		})
	}
}

// TestSlowProvider proves that a provider that does not answer costs its deadline and
// no more.
func TestSlowProvider(t *testing.T) {
	plugintest.Leaks(t)
	p, _ := static(t, fmt.Sprintf(config, `"delay": "1m",`), passwords(t), auth.Options{Timeout: 100 * time.Millisecond})
	begin := time.Now()
	if _, err := p.Verify(t.Context(), "ada", password); !errs.Is(err, errs.Timeout) {
		t.Errorf("the error is %v", err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestTextsThatAreNoUTF8 proves that what anybody can send without an account, such as a
// password in Latin-1 or a query of a login that is no UTF-8, is the sender's fault and
// says nothing of the plugin's health.
func TestTextsThatAreNoUTF8(t *testing.T) {
	plugintest.Leaks(t)
	l := &liar{user: named("x")}
	p := l.provider(t, auth.Options{})
	completed := func(login sdkauth.CompleteLogin) error {
		_, err := p.CompleteLogin(t.Context(), login)
		return err
	}
	_, password := p.Verify(t.Context(), "ada", "pass\xe9")
	_, name := p.Verify(t.Context(), "ad\xe9", "x")
	_, token := p.VerifyToken(t.Context(), "\xe9")
	_, looked := p.Lookup(t.Context(), "\xe9")
	_, query := p.Search(t.Context(), "\xff", 1)
	_, subject := p.Roles(t.Context(), "\xff")
	_, state := p.BeginLogin(t.Context(), sdkauth.BeginLogin{RedirectURI: "https://quay.example/", State: "\xff"})
	tests := []struct {
		name string
		err  error
		kind errs.Kind
	}{
		{"password", password, errs.Unauthenticated},
		{"user name", name, errs.Unauthenticated},
		{"token", token, errs.Unauthenticated},
		{"user name of a lookup", looked, errs.Invalid},
		{"query", query, errs.Invalid},
		{"subject", subject, errs.Invalid},
		{"state", state, errs.Invalid},
		{"parameter", completed(sdkauth.CompleteLogin{Parameters: map[string]string{"code": "\xff"}}), errs.Invalid},
		{"parameter's name", completed(sdkauth.CompleteLogin{Parameters: map[string]string{"\xff": "x"}}), errs.Invalid},
		{"address", completed(sdkauth.CompleteLogin{RedirectURI: "\xff"}), errs.Invalid},
	}
	for _, test := range tests {
		if !errs.Is(test.err, test.kind) {
			t.Errorf("a %s that is no UTF-8 fails as %v: %v", test.name, errs.KindOf(test.err), test.err)
		}
	}
}
