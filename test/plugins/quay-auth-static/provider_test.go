package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/quay/quay/sdk/auth"
	conformance "github.com/quay/quay/sdk/conformance/auth"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
)

const users = `{"users": [
	{"username": "ada", "email": "ada@quay.example", "full_name": "Ada Lovelace", "groups": ["engines", "numbers"], "superuser": true},
	{"username": "alan", "email": "alan@quay.example", "groups": ["engines"]},
	{"username": "mallory", "locked": true}
]}`

// secrets has the password "Analytical-1843" for the users that are named by their
// index.
func secrets(t testing.TB, indexes ...string) map[string]string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte("Analytical-1843"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	result := map[string]string{}
	for _, i := range indexes {
		result["users["+i+"].password_hash"] = string(hash)
	}
	return result
}

// TestConformance proves that the plugin keeps every promise of an identity provider
// except those of logins and tokens, which it does not make.
func TestConformance(t *testing.T) {
	serve := func() conformance.Target {
		return conformance.Target{Conn: plugintest.Serve(t, static()).Conn()}
	}
	conformance.Run(t, conformance.Options{
		Target:  serve(),
		Config:  json.RawMessage(users),
		Secrets: secrets(t, "0"),
		Known: conformance.Known{
			Username: "ada", Password: "Analytical-1843", Group: json.RawMessage(`{"group_name": "engines"}`),
		},
		Restart: func(context.Context) (conformance.Target, error) { return serve(), nil },
	})
}

// TestAccounts proves what the suite cannot know: who may sign in, and as what.
func TestAccounts(t *testing.T) {
	p, err := driver{}.Open(t.Context(), auth.Config{Options: json.RawMessage(users), Secrets: secrets(t, "0", "2")})
	if err != nil {
		t.Fatal(err)
	}
	verifier := p.(auth.Verifier)
	tests := []struct {
		username string
		kind     errs.Kind
	}{
		{"alan", errs.Unauthenticated}, // He has no password.
		{"mallory", errs.Denied},
		{"nobody", errs.NotFound},
	}
	for _, test := range tests {
		if _, err := verifier.Verify(t.Context(), test.username, "Analytical-1843"); !errs.Is(err, test.kind) {
			t.Errorf("%s: %v", test.username, err)
		}
	}
	for _, username := range []string{"ada", "ada@quay.example"} {
		u, err := verifier.Verify(t.Context(), username, "Analytical-1843")
		if err != nil || u.Subject != "ada" || len(u.Groups) != 2 || u.Roles == nil || !u.Roles.Superuser || u.Roles.Restricted {
			t.Errorf("%s: %+v, error %v", username, u, err)
		}
	}
}

// TestValidate proves that configurations are refused that would surprise.
func TestValidate(t *testing.T) {
	tests := []struct {
		options, hash, problem string
	}{
		{`{"users": [{"username": "a"}]}`, "no hash", "no hash of bcrypt"},
		{`{"users": [{"username": "a"}, {"username": "a"}]}`, "", "another user"},
		{`{"service": "Static"}`, "", "service"},
	}
	for _, test := range tests {
		cfg := auth.Config{Options: json.RawMessage(test.options)}
		if test.hash != "" {
			cfg.Secrets = map[string]string{"users[0].password_hash": test.hash}
		}
		var text strings.Builder
		for _, p := range (driver{}).Validate(cfg) {
			text.WriteString(p.Field + ": " + p.Message)
		}
		if !strings.Contains(text.String(), test.problem) {
			t.Errorf("%s: the problems are %q", test.options, &text)
		}
	}
}
