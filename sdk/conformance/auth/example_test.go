package auth_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/auth"
	conformance "github.com/quay/quay/sdk/conformance/auth"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
)

// passwords is the least that an identity provider can be: users with passwords. It
// is the example of docs/plugins/kinds.md.
type passwords map[string]string

// Info implements auth.Provider.
func (passwords) Info() auth.Info { return auth.Info{Service: "passwords"} }

// Probe implements auth.Provider.
func (passwords) Probe(context.Context) error { return nil }

// Verify implements auth.Verifier.
func (p passwords) Verify(_ context.Context, username, password string) (auth.User, error) {
	switch want, ok := p[username]; {
	case !ok:
		return auth.User{}, errs.New(errs.NotFound, "There is no user %q.", username)
	case password != want:
		return auth.User{}, errs.New(errs.Unauthenticated, "The password is wrong.")
	}
	return auth.User{Subject: username, Username: username}, nil
}

// driver opens the same provider for every instance.
type driver struct{ provider auth.Provider }

// Validate implements auth.Driver: there is nothing to configure.
func (driver) Validate(auth.Config) []auth.Problem { return nil }

// Open implements auth.Driver.
func (d driver) Open(context.Context, auth.Config) (auth.Provider, error) { return d.provider, nil }

// known is the one user of the tests.
var known = conformance.Known{Username: "ada", Password: "Analytical-1843"}

func options(s *plugintest.Server) conformance.Options {
	return conformance.Options{
		Target: conformance.Target{Conn: s.Conn()},
		Config: json.RawMessage(`{}`),
		Known:  known,
	}
}

func plugin(provider auth.Provider) sdk.Plugin {
	return sdk.Plugin{Name: "passwords", Version: "1.0.0", Auth: driver{provider}}
}

// TestLeastProvider proves that a provider with nothing but passwords keeps every
// promise that applies to it, through the wire.
func TestLeastProvider(t *testing.T) {
	opts := options(plugintest.Serve(t, plugin(passwords{known.Username: known.Password})))
	// A crash: a new server, which knows no instance.
	opts.Restart = func(context.Context) (conformance.Target, error) {
		return conformance.Target{Conn: plugintest.Serve(t, plugin(passwords{known.Username: known.Password})).Conn()}, nil
	}
	conformance.Run(t, opts)
}

// wildcard takes user names for patterns, as a directory does that is asked without
// quoting.
type wildcard struct{ passwords }

func (p wildcard) Verify(ctx context.Context, username, password string) (auth.User, error) {
	for name := range p.passwords {
		if strings.HasPrefix(name, strings.TrimSuffix(username, "*")) {
			return p.passwords.Verify(ctx, name, password)
		}
	}
	return p.passwords.Verify(ctx, username, password)
}

// careless does not look at the password.
type careless struct{ passwords }

func (p careless) Verify(ctx context.Context, username, _ string) (auth.User, error) {
	return p.passwords.Verify(ctx, username, p.passwords[username])
}

// nameless returns users without a subject.
type nameless struct{ passwords }

func (p nameless) Verify(ctx context.Context, username, password string) (auth.User, error) {
	u, err := p.passwords.Verify(ctx, username, password)
	u.Subject = ""
	return u, err
}

// TestBrokenPromises proves that the suite finds providers that break a promise.
func TestBrokenPromises(t *testing.T) {
	users := passwords{known.Username: known.Password}
	all := everything{users}
	tests := []struct {
		name     string
		provider auth.Provider
		found    string // by this case
	}{
		{"user names are patterns", wildcard{users}, "hostile-user-names"},
		{"any password will do", careless{users}, "a-wrong-password"},
		{"users have no subject", nameless{users}, "the-right-password"},
		{"any token will do", trusting{all}, "bad-tokens"},
		{"any code will do", trusting{all}, "complete-a-login-wrongly"},
		{"members are listed twice", repeating{all}, "members-of-a-group"},
		{"the state is lost", stateless{all}, "begin-a-login"},
	}
	for _, test := range tests {
		var failed []string
		err := conformance.Test(t.Context(), full(plugintest.Serve(t, plugin(test.provider))), func(r conformance.Result) {
			if len(r.Problems) > 0 {
				failed = append(failed, r.Name)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(failed, test.found) {
			t.Errorf("%s: the cases %q failed, not %s", test.name, failed, test.found)
		}
	}
}
