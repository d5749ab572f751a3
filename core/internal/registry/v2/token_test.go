package v2

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestBasicCredentials proves which headers have a name and a password in them, as the
// product reads them.
func TestBasicCredentials(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for header, want := range map[string][]string{
		"Basic " + b64("alice:secret"):            {"alice", "secret"},
		"basic " + b64("alice:secret"):            {"alice", "secret"},
		"  BASIC   " + b64("alice:se:cret") + " ": {"alice", "se:cret"},
		"Basic " + b64("alice:"):                  {"alice", ""},
		"Basic " + b64(":"):                       {"", ""},
		"Basic " + b64("alice"):                   nil,
		"Basic " + b64("alice:\xff"):              nil,
		"Basic":                                   nil,
		"Basic " + b64("alice:secret") + " x":     nil,
		"Basic !":                                 nil,
		"Bearer " + b64("alice:secret"):           nil,
		"":                                        nil,
		" ":                                       nil,
		"Basic " + b64("a:"+strings.Repeat("x", maxCredentials)): nil,
	} {
		name, password, ok := basicCredentials(header)
		if ok != (want != nil) || ok && !slices.Equal(want, []string{name, password}) {
			t.Errorf("%.60q: %q, %q, %v", header, name, password, ok)
		}
	}
}

// FuzzBasicCredentials proves that no header is read into anything but text.
func FuzzBasicCredentials(f *testing.F) {
	f.Add("Basic YTpi")
	f.Add("basic  \t YTpi")
	f.Add("Basic")
	f.Fuzz(func(t *testing.T, header string) {
		name, password, ok := basicCredentials(header)
		if !ok && name+password != "" && len(header) > maxCredentials || !utf8.ValidString(name) || !utf8.ValidString(password) {
			t.Errorf("%q: %q, %q, %v", header, name, password, ok)
		}
	})
}

// TestScopes proves that an empty scope is one: who asks for it does not log in.
func TestScopes(t *testing.T) {
	for _, tc := range []struct{ query, want []string }{
		{nil, nil},
		{[]string{""}, []string{""}},
		{[]string{"a b", "c"}, []string{"a", "b", "c"}},
	} {
		if got := scopes(tc.query); !slices.Equal(got, tc.want) {
			t.Errorf("%q: %q", tc.query, got)
		}
	}
}

// TestMethods proves what pages of other origins are told of each path: all of its
// methods, as the product's routes have them.
func TestMethods(t *testing.T) {
	d := doors{{method: "GET", path: "/a"}, {method: "PUT", path: "/a"}, {method: "POST", path: "/b"}}
	got := d.methods()
	if got["/a"] != "GET, HEAD, OPTIONS, PUT" || got["/b"] != "OPTIONS, POST" {
		t.Errorf("%v", got)
	}
}
