package immutability_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/immutability"
	"github.com/quay/quay/sdk/errs"
)

// policies is a store with nothing but policies.
type policies []domain.ImmutabilityPolicy

func (p policies) ImmutabilityPolicies(context.Context, domain.RepositoryID) ([]domain.ImmutabilityPolicy, error) {
	return p, nil
}

func one(pattern string, matching bool) policies {
	return policies{{UUID: "u", Pattern: pattern, Matching: matching}}
}

// TestCovers proves that a pattern has to match the whole name, and that of several
// policies one is enough.
func TestCovers(t *testing.T) {
	for _, tc := range []struct {
		policies policies
		tag      string
		want     bool
	}{
		{nil, "v1", false},
		{one("v1", true), "v1", true},
		{one("v1", true), "v1.0", false},
		{one("v1", true), "av1", false},
		{one("^v1.*$", true), "v1.0", true},
		{one("a|v1", true), "v1", true},
		{one("a|v1", true), "a", true},
		{one("a|v1", true), "av1", false},
		{one("v|v1", true), "v1", true},
		{one("^v.*$", false), "v1", false},
		{one("^v.*$", false), "latest", true},
		{one("(?!latest).*", true), "latest", false},
		{one("(?!latest).*", true), "v1", true},
		{one(`(?P<major>\d+)\.(?P=major)`, true), "1.1", true},
		{one("(?i)V1", true), "v1", true},
		{one(`\Av1\Z`, true), "v1", true},
		{append(one("a", true), one("v1", true)...), "v1", true},
		{append(one("a", true), one("b", true)...), "v1", false},
	} {
		got, err := immutability.New(tc.policies).Covers(t.Context(), 1, tc.tag)
		if err != nil || got != tc.want {
			t.Errorf("%+v of %q: %v, %v", tc.policies, tc.tag, got, err)
		}
	}
}

// TestUnreadable proves that a policy which cannot be evaluated is not taken for one
// that does not apply.
func TestUnreadable(t *testing.T) {
	if got, err := immutability.New(one("(", true)).Covers(t.Context(), 1, "v1"); !errs.Is(err, errs.Unsupported) || got {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestSlow proves that a pattern which backtracks for ever ends after a second, as
// one that does not match.
func TestSlow(t *testing.T) {
	begun := time.Now()
	got, err := immutability.New(one("(a+)+b", true)).Covers(t.Context(), 1, strings.Repeat("a", 128))
	if err != nil || got {
		t.Errorf("got %v, %v", got, err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

// TestValidate proves which patterns a policy may have.
func TestValidate(t *testing.T) {
	for pattern, want := range map[string]string{
		"v1": "", "^v(?!2).*$": "", strings.Repeat("a", 256): "", strings.Repeat("é", 256): "",
		"":                       "tag_pattern is required and must be a non-empty string",
		strings.Repeat("a", 257): "tag_pattern must be 256 characters or less",
		"(":                      "Invalid regex pattern: ",
		"a)(b":                   "Invalid regex pattern: ",
	} {
		err := immutability.Validate(pattern)
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(errs.Public(err), want) {
			t.Errorf("%q: %v, want %q", pattern, err, want)
		}
	}
}
