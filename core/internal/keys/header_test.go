package keys

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// TestParseBearer proves which headers have a token, to the byte.
func TestParseBearer(t *testing.T) {
	for header, want := range map[string]string{
		"Bearer a.b.c":     "a.b.c",
		"Bearer a.b":       "a.b",
		"Bearer aA0+-_/.b": "aA0+-_/.b",
		" Bearer a.b.c\t":  "a.b.c",
		"Bearer a.b.c.d.e": "a.b.c.d.e",
		"":                 "",
		"Bearer":           "",
		"Bearer ":          "",
		"Bearer a":         "",
		"Bearer .a":        "",
		"Bearer a.":        "",
		"Bearer a..b":      "",
		"bearer a.b.c":     "",
		"BEARER a.b.c":     "",
		"Bearer  a.b.c":    "",
		"Bearer\ta.b.c":    "",
		"Bearer a.b.c d":   "",
		"Bearer a.b.c\nx":  "",
		"Bearer a.b.c=":    "",
		"Bearer a.b.é":     "",
		"Token a.b.c":      "",
		"Basic a.b.c":      "",
		"a.b.c":            "",
		"Bearer " + strings.Repeat("a.", MaxToken/2) + "a": "",
	} {
		got, ok := ParseBearer(header)
		if got != want || ok != (want != "") {
			t.Errorf("%.40q: got %q, %v", header, got, ok)
		}
	}
}

// TestParseScope proves which scopes are understood, and what they name.
func TestParseScope(t *testing.T) {
	const local = "localhost:8080"
	for _, tc := range []struct{ text, name, actions string }{
		{"repository:acme/web:pull", "acme/web", "pull"},
		{"repository:acme/web:pull,push", "acme/web", "pull,push"},
		{"repository:acme/web:*", "acme/web", "*"},
		{"repository:acme/web:push,push,pull", "acme/web", "push,push,pull"},
		{"repository:ubuntu:pull", "ubuntu", "pull"},
		{"repository:a/b/c/d:pull", "a/b/c/d", "pull"},
		{"repository:localhost:8080/acme/web:pull", "acme/web", "pull"},
		{"repository:localhost:8080/ubuntu:pull", "ubuntu", "pull"},
		{"repository:A.b_c-d/..:pull", "A.b_c-d/..", "pull"},
		{"", "", ""},
		{"repository", "", ""},
		{"repository:", "", ""},
		{"repository:acme/web", "", ""},
		{"repository:acme/web:", "", ""},
		{"repository:acme/web:delete", "", ""},
		{"repository:acme/web:pull,", "", ""},
		{"repository:acme/web:,pull", "", ""},
		{"repository:acme/web:PULL", "", ""},
		{"repository:acme/web:pull push", "", ""},
		{"repository:acme/web:pull\n", "", ""},
		{"repository:acme/web:pull ", "", ""},
		{" repository:acme/web:pull", "", ""},
		{"Repository:acme/web:pull", "", ""},
		{"registry:catalog:*", "", ""},
		{"repository:/web:pull", "", ""},
		{"repository:acme//web:pull", "", ""},
		{"repository:acme/web/:pull", "", ""},
		{"repository:acme/wéb:pull", "", ""},
		{"repository:acme/w b:pull", "", ""},
		{"repository:other:8080/acme/web:pull", "", ""},
		{"repository:localhost:8080/localhost:8080/web:pull", "", ""},
		{"repository(plugin):acme/web:pull", "", ""},
		{"repository:" + strings.Repeat("a/", MaxScope) + "a:pull", "", ""},
	} {
		s, err := ParseScope(tc.text, local)
		if s.Repository != tc.name || strings.Join(s.Actions, ",") != tc.actions || (err == nil) != (tc.name != "") {
			t.Errorf("%.60q: got %+v, %v", tc.text, s, err)
		}
		if err != nil && (!errs.Is(err, errs.Invalid) || err.Error() != "Unable to decode repository and actions: "+tc.text) {
			t.Errorf("%.60q: %v", tc.text, err)
		}
	}
}

// FuzzParseScope proves that what is understood is made of what is allowed, and means
// the same when it is written again.
func FuzzParseScope(f *testing.F) {
	f.Add("repository:acme/web:pull,push")
	f.Add("repository:h/acme/web:*")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseScope(text, "h")
		if err != nil {
			return
		}
		for _, a := range s.Actions {
			if a != "pull" && a != "push" && a != "*" {
				t.Errorf("%q has action %q", text, a)
			}
		}
		again, err := ParseScope("repository:h/"+s.Repository+":"+strings.Join(s.Actions, ","), "h")
		if err != nil || again.Repository != s.Repository || !slices.Equal(again.Actions, s.Actions) {
			t.Errorf("%q: got %+v, then %+v, %v", text, s, again, err)
		}
	})
}

// pattern is the product's.
var pattern = regexp.MustCompile(`\ABearer (([a-zA-Z0-9+\-_/]+\.)+[a-zA-Z0-9+\-_/]+)\z`)

// FuzzParseBearer proves that exactly those headers have a token that match the
// product's pattern, and that it is the same.
func FuzzParseBearer(f *testing.F) {
	f.Add("Bearer a.b.c")
	f.Add(" Bearer a.b ")
	f.Fuzz(func(t *testing.T, header string) {
		token, ok := ParseBearer(header)
		want := pattern.FindStringSubmatch(strings.TrimSpace(header))
		if ok != (want != nil) || ok && token != want[1] {
			t.Errorf("%q has the token %q, want %q", header, token, want)
		}
	})
}

func BenchmarkParseBearer(b *testing.B) {
	token, err := instance(newStore()).Sign(b.Context(), Entity{}, host, nil)
	if err != nil {
		b.Fatal(err)
	}
	header := "Bearer " + token
	b.ReportAllocs()
	for b.Loop() {
		_, _ = ParseBearer(header)
	}
}
