package auth_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
)

// TestCheckUser proves that users pass who can be stored and shown, and no others.
func TestCheckUser(t *testing.T) {
	long := strings.Repeat("x", auth.MaxNameBytes)
	tests := []struct {
		name string
		user auth.User
		good bool
	}{
		{"the least", auth.User{Subject: "1", Username: "ada"}, true},
		{"the most", auth.User{Subject: long, Username: long, Email: long, FullName: long, Groups: []string{long, ""}}, true},
		{"other scripts", auth.User{Subject: "1", Username: "эйда", FullName: "李"}, true},
		{"no subject", auth.User{Username: "ada"}, false},
		{"no user name", auth.User{Subject: "1"}, false},
		{"a long subject", auth.User{Subject: long + "x", Username: "ada"}, false},
		{"no UTF-8", auth.User{Subject: "1", Username: "\xff"}, false},
		{"two lines", auth.User{Subject: "1", Username: "ada", FullName: "a\nb"}, false},
		{"a group of two lines", auth.User{Subject: "1", Username: "ada", Groups: []string{"a\x00b"}}, false},
		{"too many groups", auth.User{Subject: "1", Username: "ada", Groups: make([]string, auth.MaxUserGroups+1)}, false},
	}
	for _, test := range tests {
		err := auth.CheckUser(test.user)
		if test.good && err != nil || !test.good && !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestCheckInfo proves that a provider's description can be stored and shown.
func TestCheckInfo(t *testing.T) {
	tests := []struct {
		info auth.Info
		good bool
	}{
		{auth.Info{Service: "ldap"}, true},
		{auth.Info{Service: "a_1", Title: "Company directory", Metadata: map[string]string{"base_dn": "dc=quay"}}, true},
		{auth.Info{}, false},
		{auth.Info{Service: "1a"}, false},
		{auth.Info{Service: "LDAP"}, false},
		{auth.Info{Service: "../x"}, false},
		{auth.Info{Service: "ldap", Title: "a\nb"}, false},
		{auth.Info{Service: "ldap", Metadata: map[string]string{"x": strings.Repeat("x", auth.MaxMetadataBytes)}}, false},
	}
	for _, test := range tests {
		err := auth.CheckInfo(test.info)
		if test.good && err != nil || !test.good && !errs.Is(err, errs.Invalid) {
			t.Errorf("%.60v: %v", test.info, err)
		}
	}
}

// FuzzCheckRedirect proves that a browser is only ever sent to a host, by http or
// https, by an address that fits into one header field.
func FuzzCheckRedirect(f *testing.F) {
	for _, seed := range []string{
		"https://idp.example/authorize?state=x", "http://127.0.0.1:8080", "javascript:alert(1)", "//x", "https:///x",
		"https://x\r\nSet-Cookie: a=b", "https://user:password@x/", "HTTPS://X",
	} {
		f.Add(seed, `{"code_verifier":"x"}`)
	}
	f.Fuzz(func(t *testing.T, address, session string) {
		if auth.CheckRedirect(auth.Redirect{URL: address, Session: []byte(session)}) != nil {
			return
		}
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("the address %q is good, but it is %+v, error %v", address, u, err)
		}
		if strings.ContainsAny(address, "\r\n\x00") || len(address) > auth.MaxURLBytes || len(session) > auth.MaxSessionBytes {
			t.Errorf("the address %q with the session %q is good", address, session)
		}
	})
}

// everything has all capabilities.
type everything struct {
	auth.Provider
	auth.Verifier
	auth.TokenVerifier
	auth.Finder
	auth.Searcher
	auth.RoleKeeper
	auth.Grouper
	auth.Login
}

// TestCapabilities proves that each optional interface is one capability.
func TestCapabilities(t *testing.T) {
	if got := auth.Capabilities(nil); len(got) != 0 {
		t.Errorf("nothing has the capabilities %q", got)
	}
	want := "auth.verify auth.tokens auth.lookup auth.search auth.roles auth.groups auth.login"
	if got := strings.Join(auth.Capabilities(everything{}), " "); got != want {
		t.Errorf("everything has the capabilities %q", got)
	}
}
