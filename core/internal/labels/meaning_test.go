package labels_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
)

// TestParseDuration proves which durations are read, as Python's int and the
// product's units read them, and that others are refused.
func TestParseDuration(t *testing.T) {
	day := 24 * time.Hour
	for s, want := range map[string]time.Duration{
		"60s": time.Minute, "5m": 5 * time.Minute, "24h": day, "7d": 7 * day, "2w": 14 * day, "1y": 365 * day,
		"0s": 0, "-1h": -time.Hour, "+1h": time.Hour, " 1h": time.Hour, "1 h": time.Hour, "1_000s": 1000 * time.Second, "007d": 7 * day,
	} {
		if got, err := labels.ParseDuration(s); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{
		"", "h", "1", "10", "1H", "1x", "1.5h", "1h ", "--1h", "+-1h", "_1h", "1_h", "1__0h", "0x1h", "1e3s", "\u0661h", "1\x00h",
		"9223372036854775807s", "9223372036854775808s", "-9223372036854775807w", "300y", strings.Repeat("9", 1000) + "s",
	} {
		if got, err := labels.ParseDuration(s); err == nil {
			t.Errorf("%q is %v", s, got)
		}
	}
}

// TestParseLifetime proves that lifetimes are read which are longer than a
// time.Duration, up to the longest that the product can hold.
func TestParseLifetime(t *testing.T) {
	const year = 365 * 24 * 3600
	for s, want := range map[string]int64{
		"292y": 292 * year, "293y": 293 * year, "1000y": 1000 * year, "-300y": -300 * year,
		"999999999d": 999_999_999 * 24 * 3600, "142857142w": 142_857_142 * 7 * 24 * 3600,
	} {
		if got, err := labels.ParseLifetime(s); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"1000000000d", "-1000000000d", "2739727y", "9223372036854775807s", "99999999999999999999d"} {
		if got, err := labels.ParseLifetime(s); err == nil {
			t.Errorf("%q is %v", s, got)
		}
	}
}

// FuzzParseDuration proves that what is read has the form and a size that fits.
func FuzzParseDuration(f *testing.F) {
	form := regexp.MustCompile(`^\s*[+-]?[0-9](_?[0-9])*\s*[smhdwy]$`)
	for _, s := range []string{"1h", "-2w", " 1_0d", "y", "999999999999y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := labels.ParseDuration(s); err == nil && (!form.MatchString(s) && s == strings.TrimSpace(s) || d%time.Second != 0) {
			t.Errorf("%q is %v", s, d)
		}
	})
}

// TestValidKey proves which keys clients may use.
func TestValidKey(t *testing.T) {
	for key, want := range map[string]bool{
		"a": true, "7": true, "a.b-c": true, "quay.expires-after": true, strings.Repeat("a", 255): true,
		"": false, "A": false, ".a": false, "a.": false, "-a": false, "a-": false, "a..b": false, "a.-b": false, "a--b": false,
		"a b": false, "a_b": false, "a\n": false, "é": false, strings.Repeat("a", 256): false,
	} {
		if got := labels.ValidKey(key); got != want {
			t.Errorf("%q: %v", key, got)
		}
	}
}

// FuzzValidKey proves that exactly the keys of the product's expression are valid.
func FuzzValidKey(f *testing.F) {
	// The product's, without its look-ahead: no two separators follow each other.
	valid := regexp.MustCompile(`\A[a-z0-9]+([-.][a-z0-9]+)*\z`)
	for _, s := range []string{"a", "a.b", "a..b", "-", "a\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if labels.ValidKey(key) != (len(key) <= 255 && valid.MatchString(key)) {
			t.Errorf("%q: %v", key, labels.ValidKey(key))
		}
	})
}

// TestMeaning proves what labels make of tags.
func TestMeaning(t *testing.T) {
	for value, want := range map[string]int64{"1h": 3600, "never": 0, "": 0, "0s": 0, "400y": 400 * 365 * 24 * 3600} {
		if got := labels.Lifetime(map[string]string{labels.ExpiresAfter: value}); got != want {
			t.Errorf("expires after %q: %v", value, got)
		}
	}
	for value, want := range map[string]bool{"true": true, " TRUE ": true, "false": false, "1": false, "": false} {
		if got := labels.MakesImmutable(map[string]string{labels.Immutable: value}); got != want {
			t.Errorf("immutable %q: %v", value, got)
		}
	}
}

// TestShared proves that of many manifests only what all say counts.
func TestShared(t *testing.T) {
	hour := map[string]string{labels.ExpiresAfter: "1h", labels.Immutable: "True", "other": "x"}
	for _, tc := range []struct {
		all  []map[string]string
		want map[string]string
	}{
		{nil, nil},
		{[]map[string]string{hour}, map[string]string{labels.ExpiresAfter: "1h", labels.Immutable: "true"}},
		{[]map[string]string{hour, {labels.ExpiresAfter: "1h", labels.Immutable: "true "}}, map[string]string{labels.ExpiresAfter: "1h", labels.Immutable: "true"}},
		{[]map[string]string{hour, {labels.ExpiresAfter: "2h"}}, nil},
		{[]map[string]string{{}, hour}, nil},
	} {
		if got := labels.Shared(tc.all); !maps.Equal(got, tc.want) {
			t.Errorf("%v: got %v, want %v", tc.all, got, tc.want)
		}
	}
}

// TestFromManifest proves which labels of a manifest are kept, and of which type
// their values are.
func TestFromManifest(t *testing.T) {
	got := labels.FromManifest(map[string]string{
		"b": `{"a": 1}`, "a": "text", "C D": `[1]`, "e": `{"a"`, "f": "{a}", "": "no key", "g": "nul\x00", "h": "\xff",
		strings.Repeat("k", 256): "too long", strings.Repeat("é", 255): "",
	})
	want := []domain.Label{
		{Key: "C D", Value: `[1]`, MediaType: domain.LabelJSON, Source: domain.LabelFromManifest},
		{Key: "a", Value: "text", MediaType: domain.LabelText, Source: domain.LabelFromManifest},
		{Key: "b", Value: `{"a": 1}`, MediaType: domain.LabelJSON, Source: domain.LabelFromManifest},
		{Key: "e", Value: `{"a"`, MediaType: domain.LabelText, Source: domain.LabelFromManifest},
		{Key: "f", Value: "{a}", MediaType: domain.LabelText, Source: domain.LabelFromManifest},
		{Key: strings.Repeat("é", 255), MediaType: domain.LabelText, Source: domain.LabelFromManifest},
	}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}
