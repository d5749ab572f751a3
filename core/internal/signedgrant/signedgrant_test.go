package signedgrant

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/core/internal/session"
)

var then = time.Unix(1700000000, 0)

func signer() *session.Signer { return session.NewSigner(secret.New("anothercrazykey!")) }

// example is the worked example of the format.
const example = "sigv2=.eJyrVkovSswrKVayiq5WUigBUkpFqQX5xZkl-UWVSjpKKallJYlJOalAZnFmbgGYUZSamKIUWxuro1RanFoUn5yfV5JaAdSKUFwLAB9fHjk" +
	".ZVPxAA.J_2OS6JheIaWBudbnPwQ9X_-ZUA"

// simple is a grant in the repository of the examples.
func simple(role Role) Grant { return Grant{"devtable", "simple", role} }

// TestProductGrants proves that grants of the product's libraries are understood
// (testdata/grants.json names the versions), and that what we sign of them is too.
func TestProductGrants(t *testing.T) {
	b, err := os.ReadFile("testdata/grants.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []struct{ Name, Token string }
	}
	if err := json.Unmarshal(b, &vectors); err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{"worked example": example}
	for _, v := range vectors.Cases {
		tokens[v.Name] = v.Token
	}
	want := map[string]Content{
		"worked example": {[]Grant{simple(Read)}, "devtable"},
		"read":           {[]Grant{simple(Read)}, ""},
		"write, user":    {[]Grant{simple(Write)}, "devtable"},
		"admin, robot":   {[]Grant{{"buynlarge", "a/b", Admin}}, "buynlarge+bot"},
		"none":           {nil, "devtable"},
		"two":            {[]Grant{simple(Read), {"devtable", "shared", Read}}, "devtable"},
	}
	if len(tokens) != len(want) {
		t.Fatalf("%d vectors", len(tokens))
	}
	for name, content := range want {
		token := tokens[name]
		for _, text := range []string{token, Sign(signer(), content, then)} {
			for _, header := range []string{"Token " + text, "token  " + text + " ", "TOKEN " + text} {
				got, err := Verify(signer(), header, DefaultLifetime, then.Add(DefaultLifetime))
				if err != nil || !reflect.DeepEqual(*got, content) {
					t.Errorf("%s: got %+v, %v", name, got, err)
				}
			}
		}
	}
}

// TestVerifyRefuses proves what is no grant, and what is a bad one.
func TestVerifyRefuses(t *testing.T) {
	s := signer()
	sealed := func(v any) string { return "Token sigv2=" + s.Seal(v, then) }
	grants := func(list ...any) string {
		return sealed(pyjson.Object{{Name: "grants", Value: list}, {Name: "user_context", Value: nil}})
	}
	tuple := func(v ...any) any { return pyjson.Object{{Name: " t", Value: v}} }
	for name, tc := range map[string]struct {
		header string
		after  time.Duration
		want   error
	}{
		"nothing":              {"", 0, ErrNone},
		"blanks":               {"  ", 0, ErrNone},
		"basic":                {"Basic " + example, 0, ErrNone},
		"the word alone":       {"Token", 0, ErrNone},
		"no prefix":            {"Token " + example[6:], 0, ErrNone},
		"a robot's token":      {"Token signature=x,repository=\"a/b\"", 0, ErrNone},
		"three words":          {"Token " + example + " x", 0, ErrNone},
		"a day and a second":   {"Token " + example, DefaultLifetime + time.Second, ErrInvalid},
		"forged":               {"Token " + example + "A", 0, ErrInvalid},
		"empty":                {"Token sigv2=", 0, ErrInvalid},
		"longer than a header": {"Token sigv2=" + strings.Repeat("a", 1<<20), 0, ErrInvalid},
		"a session's cookie":   {"Token sigv2=" + s.Write(&session.Session{}, then), 0, ErrInvalid},
		"a list":               {sealed([]any{}), 0, ErrInvalid},
		"grants are no list":   {sealed(pyjson.Object{{Name: "grants", Value: "x"}}), 0, ErrInvalid},
		"a list for a tuple":   {grants([]any{"repository", "a", "b", "read"}), 0, ErrInvalid},
		"a short tuple":        {grants(tuple("repository", "a", "b")), 0, ErrInvalid},
		"a number":             {grants(tuple("repository", "a", 1, "read")), 0, ErrInvalid},
		"another kind":         {grants(tuple("organization", "a", "b", "read")), 0, ErrInvalid},
		"another role":         {grants(tuple("repository", "a", "b", "root")), 0, ErrInvalid},
		"one good, one bad":    {grants(tuple("repository", "a", "b", "read"), "x"), 0, ErrInvalid},
	} {
		c, err := Verify(s, tc.header, DefaultLifetime, then.Add(tc.after))
		if !errors.Is(err, tc.want) || c != nil {
			t.Errorf("%s: got %+v, %v", name, c, err)
		}
	}
}

// FuzzVerify proves that no signed text, whatever is in it, does harm, and that what
// is understood means the same after signing it again.
func FuzzVerify(f *testing.F) {
	f.Add(`{"grants":[{" t":["repository","a","b","read"]}],"user_context":"u"}`)
	f.Add(`{"grants":[],"user_context":null}`)
	f.Add(`[]`)
	s := signer()
	f.Fuzz(func(t *testing.T, text string) {
		v, err := pyjson.Parse([]byte(text))
		if err != nil || len(text) > 10000 {
			return
		}
		c, err := Verify(s, "Token sigv2="+s.Seal(v, then), time.Hour, then)
		if err != nil {
			return
		}
		again, err := Verify(s, "Token "+Sign(s, *c, then), time.Hour, then)
		if err != nil || !reflect.DeepEqual(c, again) {
			t.Errorf("got %+v, then %+v, %v", c, again, err)
		}
	})
}
