package oauth

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

type vectors struct {
	Internal string
	Allowed  []struct {
		Registered, Provided string
		Allowed              bool
	}
	Answers []struct {
		Base           string
		State          *string
		Implicit, Code string
	}
	Errors []struct{ Base, URL string }
}

func read(tb testing.TB) vectors {
	tb.Helper()
	var v vectors
	b, err := os.ReadFile("testdata/redirects.json")
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || len(v.Allowed) == 0 || len(v.Answers) == 0 || len(v.Errors) == 0 {
		tb.Fatal(err)
	}
	return v
}

// TestRedirectAllowed proves that the redirect URIs are allowed that the product allows.
func TestRedirectAllowed(t *testing.T) {
	v := read(t)
	allowed := 0
	for _, c := range v.Allowed {
		if got := RedirectAllowed(v.Internal, c.Registered, c.Provided); got != c.Allowed {
			t.Errorf("%q, registered %q: %v", c.Provided, c.Registered, got)
		}
		if c.Allowed {
			allowed++
		}
	}
	if allowed < 10 || allowed > len(v.Allowed)-10 {
		t.Errorf("%d of %d are allowed", allowed, len(v.Allowed))
	}
}

// TestRedirectStricter proves what is refused that Python would clean up first.
func TestRedirectStricter(t *testing.T) {
	const registered = "https://app.example/cb"
	for _, provided := range []string{
		" " + registered, registered + "\n", "https://app.exam\tple/cb", registered + "/ x", registered + "/\x00", registered + "\x7f",
	} {
		if RedirectAllowed("", registered, provided) {
			t.Errorf("%q", provided)
		}
	}
}

// TestAnswers proves where browsers are sent with tokens, codes and errors, and that
// what is sent cannot be printed.
func TestAnswers(t *testing.T) {
	v := read(t)
	for _, c := range v.Answers {
		r := Request{RedirectURI: c.Base, Scope: "repo:read user:read", State: c.State}
		got := r.ImplicitRedirect(secret.New("TOKEN"), 315576000*time.Second)
		if !got.Equal(c.Implicit) {
			t.Errorf("%s: got %s, want %s", c.Base, got.Reveal(), c.Implicit)
		}
		if s := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(s, "TOKEN") {
			t.Errorf("the token shows: %s", s)
		}
		r.Scope = "repo:read"
		if got := r.CodeRedirect(secret.New("CODE")); !got.Equal(c.Code) {
			t.Errorf("%s: got %s, want %s", c.Base, got.Reveal(), c.Code)
		}
	}
	for _, c := range v.Errors {
		if got := ErrorRedirect(c.Base, "access_denied"); got != c.URL {
			t.Errorf("%s: got %s, want %s", c.Base, got, c.URL)
		}
	}
}

// FuzzRedirect proves that no URI is allowed that a parser by the book sends to another
// host or scheme, and that answers stay there.
func FuzzRedirect(f *testing.F) {
	for _, c := range read(f).Allowed {
		f.Add(c.Provided)
	}
	const registered = "https://app.example/cb"
	f.Fuzz(func(t *testing.T, provided string) {
		if !RedirectAllowed("http://quay.example.test/oauth/localapp", registered, provided) || !strings.HasPrefix(provided, "h") || provided[:5] == "http:" {
			return
		}
		for _, s := range []string{provided, ErrorRedirect(provided, "denied"), Request{RedirectURI: provided}.CodeRedirect(secret.New("C")).Reveal()} {
			u, err := url.Parse(s)
			if err != nil {
				continue // nor would a browser go there
			}
			if u.Scheme != "https" || u.Host != "app.example" || u.User != nil || !strings.HasPrefix(u.Path, "/cb") || strings.Contains(u.Path, "/../") {
				t.Errorf("%q leads to %s", s, u)
			}
		}
	})
}

// TestManyParameters proves that a redirect URI with as many parameters as a request can
// have is answered at once: who sends it chooses it, and each was compared with all
// others.
func TestManyParameters(t *testing.T) {
	var uri strings.Builder
	uri.WriteString("https://example.com/?")
	for i := range 100_000 {
		fmt.Fprintf(&uri, "&%x", i)
	}
	done := make(chan string, 1)
	go func() { done <- ErrorRedirect(uri.String(), "access_denied") }()
	select {
	case got := <-done:
		if n := strings.Count(got, "="); n != 100_001 {
			t.Errorf("%d parameters", n)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("no answer after five seconds")
	}
}

// TestScopes proves how lists of scopes are split and written.
func TestScopes(t *testing.T) {
	for _, tc := range []struct {
		list       string
		split      []string
		normalized string
	}{
		{"repo:read", []string{"repo:read"}, "repo:read"},
		{"repo:read user:read", []string{"repo:read", "user:read"}, "repo:read user:read"},
		{"repo:read,user:read", []string{"repo:read", "user:read"}, "repo:read user:read"},
		{"a, b", []string{"a", "", "b"}, "a b"},
		{"b a,b  a ", []string{"b", "a", "b", "", "a", ""}, "b a"},
		{"", []string{""}, ""},
	} {
		if got := SplitScopes(tc.list); !slices.Equal(got, tc.split) {
			t.Errorf("%q: got %q", tc.list, got)
		}
		if got := NormalizeScopes(tc.list); got != tc.normalized {
			t.Errorf("%q: got %q", tc.list, got)
		}
	}
}

// TestData proves that the data beside a token is read and written as the product does.
func TestData(t *testing.T) {
	for column, want := range map[string]Data{
		"":                                 {},
		`{"username": "x"}`:                {Username: "x"},
		`{"username": "caf\u00e9 <\"\\>"}`: {Username: `café <"\>`},
		`{"kind": "bootstrap", "owner": "admin", "application_name": "__quay_bootstrap_app"}`: {
			Kind: KindBootstrap, Owner: "admin", Application: "__quay_bootstrap_app",
		},
	} {
		got, err := ParseData(column)
		if err != nil || got != want || got.Column() != column {
			t.Errorf("%s: got %+v, %s, %v", column, got, got.Column(), err)
		}
	}
	if got, err := ParseData(`{"somejson": "goeshere"}`); err != nil || got != (Data{}) {
		t.Errorf("other fields: %+v, %v", got, err)
	}
	for _, column := range []string{"x", "[]", `{"username": 1}`, "{"} {
		if got, err := ParseData(column); !errs.Is(err, errs.Corrupt) || got != (Data{}) {
			t.Errorf("%s: %+v, %v", column, got, err)
		}
	}
}

func BenchmarkRedirectAllowed(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = RedirectAllowed("http://quay.example.test/oauth/localapp", "https://app.example/cb", "https://app.example/cb/more?a=1")
	}
}
