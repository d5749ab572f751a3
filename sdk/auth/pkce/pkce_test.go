package pkce

import (
	"regexp"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// TestChallenge has the example of RFC 7636, appendix B.
func TestChallenge(t *testing.T) {
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	for method, want := range map[string]string{
		"S256": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "s256": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
		"plain": verifier, "PLAIN": verifier,
	} {
		if got, err := Challenge(verifier, method); err != nil || got != want {
			t.Errorf("%s: got %s, %v", method, got, err)
		}
	}
	for _, method := range []string{"", "S512", "none"} {
		if got, err := Challenge(verifier, method); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: got %s, %v", method, got, err)
		}
	}
}

// TestNewVerifier proves that verifiers have the form of the RFC, differ, and use all
// characters.
func TestNewVerifier(t *testing.T) {
	form := regexp.MustCompile(`^[A-Za-z0-9._~-]{64}$`)
	seen, used := map[string]bool{}, map[rune]bool{}
	for range 200 {
		v := NewVerifier()
		if !form.MatchString(v) || seen[v] {
			t.Errorf("got %q", v)
		}
		seen[v] = true
		for _, c := range v {
			used[c] = true
		}
	}
	if len(used) != len(unreserved) {
		t.Errorf("%d characters were used", len(used))
	}
}
