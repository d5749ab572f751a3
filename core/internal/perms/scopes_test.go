package perms

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// TestScopesAreTheProducts proves that names, icons, warnings and texts are those
// that the running product shows (testdata/scopes.json was recorded from it), and
// which scopes clients are offered.
func TestScopesAreTheProducts(t *testing.T) {
	text, err := os.ReadFile("testdata/scopes.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		// Scopes are name, icon, dangerous, title and description.
		Scopes  map[string][5]any   `json:"scopes"`
		Implied map[string][]string `json:"implied"`
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	if len(recorded.Scopes) != len(scopes) {
		t.Errorf("%d scopes were recorded, there are %d", len(recorded.Scopes), len(scopes))
	}
	for _, s := range scopes {
		if got := [5]any{s.Name, s.Icon, s.Dangerous, s.Title, s.Description}; got != recorded.Scopes[s.Name] {
			t.Errorf("%s: %v, recorded %v", s.Name, got, recorded.Scopes[s.Name])
		}
		if s.hidden {
			continue
		}
		implied := recorded.Implied[s.Name]
		if got := ParseScopes(strings.Join(implied, " ")); got != s.ID.Implied() || len(implied) == 0 {
			t.Errorf("%s implies %v, recorded %v", s.Name, s.ID.Implied().List(), implied)
		}
	}
	for superusers, want := range map[bool]string{
		true:  "repo:read repo:write repo:admin repo:create user:read org:admin super:user user:admin",
		false: "repo:read repo:write repo:admin repo:create user:read org:admin user:admin",
	} {
		if got := names(Offered(superusers)); got != want {
			t.Errorf("offered with superusers %v: %s", superusers, got)
		}
	}
}

func names(list []Scope) string {
	var l []string
	for _, s := range list {
		l = append(l, s.Name)
	}
	return strings.Join(l, " ")
}

// TestParseScopes proves that one unknown scope, an empty one included, spoils all,
// and that nobody can ask for everything.
func TestParseScopes(t *testing.T) {
	for text, want := range map[string]Scopes{
		"repo:read":                        ReadRepositories,
		"repo:read repo:write":             ReadRepositories | WriteRepositories,
		"repo:read,user:admin":             ReadRepositories | AdministerAccount,
		"org:admin repo:create,super:user": AdministerOrganizations | CreateRepositories | SuperuserAccess,
		"repo:read repo:read":              ReadRepositories,
		"user:read":                        ReadAccount,
		"repo:admin":                       AdministerRepositories,
		"":                                 0,
		" ":                                0,
		"repo:read ":                       0,
		" repo:read":                       0,
		"repo:read  repo:write":            0,
		"repo:read, repo:write":            0,
		"repo:read\trepo:write":            0,
		"repo:read repo:delete":            0,
		"Repo:Read":                        0,
		"direct_user_login":                0,
		"repo:read direct_user_login":      0,
	} {
		if got := ParseScopes(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

// FuzzParseScopes proves that whatever a client sends is a set that reads back as
// itself, and never includes everything.
func FuzzParseScopes(f *testing.F) {
	for _, s := range []string{"repo:read", "repo:read,org:admin", " ", "direct_user_login", "repo:read user"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set := ParseScopes(text)
		if set&DirectLogin != 0 {
			t.Errorf("%q gives everything", text)
		}
		if again := ParseScopes(names(set.List())); again != set {
			t.Errorf("%q: %v reads back as %v", text, set, again)
		}
	})
}

// TestCovers proves which requests a token serves that is there already.
func TestCovers(t *testing.T) {
	for _, tc := range []struct {
		has, wanted string
		want        bool
	}{
		{"repo:admin", "repo:read", true},
		{"repo:admin", "repo:write repo:read", true},
		{"repo:write", "repo:read", true},
		{"repo:write", "repo:admin", false},
		{"repo:read", "repo:read repo:create", false},
		{"repo:read repo:create", "repo:create", true},
		{"user:admin", "user:read", false},
		{"org:admin", "repo:create", false},
		{"super:user", "repo:read", false},
		{"", "repo:read", false},
		{"repo:admin", "", false},
		{"repo:admin", "unknown", false},
	} {
		if got := ParseScopes(tc.has).Covers(ParseScopes(tc.wanted)); got != tc.want {
			t.Errorf("%q covers %q: %v", tc.has, tc.wanted, got)
		}
	}
}

// TestCaps proves how far each scope lets a caller use his roles.
func TestCaps(t *testing.T) {
	for text, want := range map[string]caps{
		"":                      {},
		"repo:read":             {repository: read},
		"repo:write":            {repository: write},
		"repo:admin":            {repository: admin},
		"repo:create":           {team: domain.TeamCreator},
		"org:admin":             {team: domain.TeamAdmin},
		"user:read":             {account: read},
		"user:admin":            {account: admin},
		"super:user":            {},
		"repo:read org:admin":   {repository: read, team: domain.TeamAdmin},
		"user:read,user:admin":  {account: admin},
		"repo:create org:admin": {team: domain.TeamAdmin},
	} {
		if got := ParseScopes(text).caps(); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
	if got := DirectLogin.caps(); got != (caps{admin, admin, domain.TeamAdmin}) {
		t.Errorf("direct login: %+v", got)
	}
}
