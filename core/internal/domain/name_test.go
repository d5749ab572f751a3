package domain

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

// TestParseName proves how names are split, and which are refused.
func TestParseName(t *testing.T) {
	long := strings.Repeat("a", 255)
	for _, tc := range []struct{ in, namespace, repository string }{
		{"acme/web", "acme", "web"},
		{"acme/web/api/v2", "acme", "web/api/v2"},
		{"ubuntu", "library", "ubuntu"},
		{"acme/tags/list", "acme", "tags/list"},
		{"acme/blobs/uploads", "acme", "blobs/uploads"},
		{"acme/manifests", "acme", "manifests"},
		{"a-b.c_d/1", "a-b.c_d", "1"},
		{"00/0", "00", "0"},
		{"acme/a--b..c__d.", "acme", "a--b..c__d."},
		{"acme/" + long, "acme", long},
		{long + "/a", long, "a"},
		{"acme/" + strings.Repeat("a/", 40) + "a", "acme", strings.Repeat("a/", 40) + "a"},
	} {
		got, err := ParseName(tc.in, "library")
		if err != nil || got != (Name{tc.namespace, tc.repository}) {
			t.Errorf("%q: got %+v, %v", tc.in, got, err)
		}
		if tc.namespace != "library" && got.String() != tc.in {
			t.Errorf("%q is written as %q", tc.in, got.String())
		}
	}
	for _, in := range []string{
		"", "/", "//", "acme/", "/web", "acme//web", "acme/web/", "acme/web//api",
		".", "..", "acme/..", "acme/../web", "../acme/web", "acme/./web", "acme/.hidden", "acme/a/..",
		"acme/%2e%2e", "acme%2fweb", "acme/%252e", `acme\web`, "acme/a\\b",
		"Acme/web", "acme/Web", "ACME/web", "acme/caf\u00e9", "acme/\U0001f600", "acm\u0435/web",
		"_catalog", "_catalog/list", "acme/_web", "acme/-web", "-acme/web", "acme-/web", "ac--me/web", "ac._me/web", "a/web",
		"acme/web\x00", "ac\x00me/web", "acme/web\n", "acme/web ", " acme/web", "acme/a b", "acme/a:b", "acme/a@b", "acme/a+b",
		"acme/" + long + "a", long + "a/web", "acme/" + strings.Repeat("a/", 128), "a" + long,
	} {
		if got, err := ParseName(in, "library"); !errors.Is(err, ErrName) || got != (Name{}) {
			t.Errorf("%q: got %+v, %v", in, got, err)
		}
	}
	if _, err := ParseName("ubuntu", ""); !errors.Is(err, ErrName) {
		t.Errorf("without a library: %v", err)
	}
}

// The product's expressions (util/validation.py, util/names.py). It also limits
// their lengths.
var (
	productNamespace  = regexp.MustCompile(`\A([a-z0-9]+(?:[._-][a-z0-9]+)*)\z`)
	productRepository = regexp.MustCompile(`\A[a-z0-9][.a-z0-9_-]*(?:/[a-z0-9][.a-z0-9_-]*)*\z`)
)

// FuzzParseName proves that exactly those names are accepted which the product
// accepts.
func FuzzParseName(f *testing.F) {
	for _, s := range []string{"acme/web", "ubuntu", "acme/../x", "a.b_c-d/e..f", "acme/a/", "a//b", "A/b", "ab/c\n", "__/a", "0.0/.a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		namespace, repository, nested := strings.Cut(s, "/")
		if !nested {
			namespace, repository = "library", s
		}
		want := len(namespace) >= 2 && len(namespace) <= 255 && productNamespace.MatchString(namespace) &&
			len(repository) <= 255 && productRepository.MatchString(repository)
		got, err := ParseName(s, "library")
		if want != (err == nil) {
			t.Errorf("%q: %v, the product says %v", s, err, want)
		}
		if want && got != (Name{namespace, repository}) {
			t.Errorf("%q: got %+v", s, got)
		}
	})
}

// TestValidTag proves which tags are accepted.
func TestValidTag(t *testing.T) {
	for _, tag := range []string{"latest", "V1.0", "_", "0", "a..b", "a--b", "a.", "a-", "sha256-abc.sig", strings.Repeat("a", 128)} {
		if !ValidTag(tag) {
			t.Errorf("%q is refused", tag)
		}
	}
	for _, tag := range []string{
		"", ".", "..", ".a", "-", "-a", "a/b", "a:b", "a b", "a+b", "a@b", "$temp-1", "a\x00", "a\n", "\n", "caf\u00e9", "\U0001f600", "\u0430",
		"%2e", "a\\b", strings.Repeat("a", 129),
	} {
		if ValidTag(tag) {
			t.Errorf("%q is accepted", tag)
		}
	}
}

// FuzzValidTag proves that exactly the tags of the distribution specification are
// accepted.
func FuzzValidTag(f *testing.F) {
	specification := regexp.MustCompile(`\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z`)
	for _, s := range []string{"latest", "", ".", "-a", "A_b-c.d", strings.Repeat("x", 129)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := ValidTag(s); got != specification.MatchString(s) {
			t.Errorf("%q: %v", s, got)
		}
	})
}
