package users

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// TestNames proves which names the product takes for accounts, and what it says about
// others. A line break at the end, which its expression lets pass, is refused.
func TestNames(t *testing.T) {
	const (
		length = "Namespace must be between 2 and 255 characters in length"
		form   = "Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$"
	)
	for name, want := range map[string]string{
		"ab": "", "a.b": "", "a_b-c": "", "42": "", strings.Repeat("a", 255): "",
		"a": length, strings.Repeat("a", 256): length,
		"": form, "a..b": form, "a-": form, ".a": form, "A": form, "\u00e9": form, "a+b": form, "a b": form, "ab\n": form,
		strings.Repeat("a.", 200): form,
	} {
		if got := NameIssue(name); got != want {
			t.Errorf("%.20q: got %q, want %q", name, got, want)
		}
	}
	if err := CheckName("A"); err == nil || err.Error() != "Invalid namespace A: "+form {
		t.Errorf("got %v", err)
	}
}

// TestEmails proves which addresses the product takes.
func TestEmails(t *testing.T) {
	for email, want := range map[string]bool{
		"a@b.c": true, "a b@c.d": true, "\u00fc@\u00f6.de": true, strings.Repeat("a", 250) + "@b.c": true,
		"": false, "a@b": false, "@b.c": false, "a@": false, "a@b..c": false, "a@b.c.": false, "a@@b.c": false, "a@b@c.d": false,
		"a@.c": false, strings.Repeat("a", 251) + "@b.c": false, strings.Repeat("\u00e9", 250) + "@b.c": true,
	} {
		if ValidEmail(email) != want {
			t.Errorf("%.20q: got %v", email, !want)
		}
	}
}

// TestPasswords proves which passwords the product takes: characters count and not
// bytes, and blanks of any script are blanks.
func TestPasswords(t *testing.T) {
	for password, want := range map[string]bool{
		"password": true, "p\u00e4ssw\u00f6rd": true, strings.Repeat("\U0001f600", 8): true, "password\u200b": true, "password\ufeff": true,
		"": false, "passwor": false, strings.Repeat("\U0001f600", 7): false, "pass word": false, "password\n": false,
		"password\x1f": false, "password\u00a0": false, "password\u3000": false, "password\u0085": false,
	} {
		if got := CheckPassword(password) == nil; got != want {
			t.Errorf("%q: got %v", password, got)
		}
	}
}

// TestSuggest proves that somebody of another service gets the user name that the
// product would give him.
func TestSuggest(t *testing.T) {
	text, err := os.ReadFile("testdata/suggestions.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name string
		Want []string
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if got := first(c.Name, len(c.Want)); !slices.Equal(got, c.Want) {
			t.Errorf("%q: got %q, want %q", c.Name, got, c.Want)
		}
	}
}

// TestSuggestValid proves that names of which the product makes none that it takes
// become valid ones.
func TestSuggestValid(t *testing.T) {
	for name, want := range map[string]string{"-lead": "lead", "a--b": "a-b", "a_-b": "a_b", "trail-": "trail-0", "-": "00"} {
		if got := first(name, 1); len(got) != 1 || got[0] != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func first(name string, n int) (names []string) {
	for s := range Suggest(name) {
		if names = append(names, s); len(names) == n {
			break
		}
	}
	return names
}

// FuzzSuggest proves that whatever a service calls somebody, the suggestions are valid
// names, and that there are some.
func FuzzSuggest(f *testing.F) {
	for _, name := range []string{"", "Some One", "\u5f20\u4f1f", "a--b", "-_-", "\xff\xfe", strings.Repeat("a-", 300)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		names := first(name, 3)
		if len(names) == 0 {
			t.Errorf("no suggestion for %q", name)
		}
		for _, s := range names {
			if !domain.ValidNamespace(s) {
				t.Errorf("%q becomes %q", name, s)
			}
		}
	})
}
