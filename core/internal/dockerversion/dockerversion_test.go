package dockerversion

import (
	"strings"
	"testing"
)

// TestHas proves which user agents are versions of Docker that a set has.
func TestHas(t *testing.T) {
	for _, tc := range []struct {
		spec, agent string
		known, has  bool
	}{
		{"<1.6.0", "docker/1.5.9 go/go1.3", true, true},
		{"<1.6.0", "docker/1.6.0 go/go1.4", true, false},
		{"<1.6.0", "docker/17.03.1-ce", true, false},
		{"<1.6.0", "docker/1.5", true, true},
		{"<1.6.0", "Go 1.1 package http", true, true},
		{"<1.6.0", "Go 1.1 package http/2", false, false},
		{"<1.6.0", "skopeo/1.14", false, false},
		{"<1.6.0", "", false, false},
		{"<1.6", "docker/1.5.9", true, true},
		{"<=1.6", "docker/1.6.3", true, true},
		{"<=1.6.0", "docker/1.6.1", true, false},
		{">1.6", "docker/1.6.3", true, false},
		{">1.6", "docker/1.7.0", true, true},
		{">1.6.0", "docker/1.6.1", true, true},
		{">=1.0, <1.6", "docker/0.9.1", true, false},
		{">=1.0, <1.6", "docker/1.5.1", true, true},
		{"==1.6", "docker/1.6.2", true, true},
		{"!=1.6", "docker/1.6.2", true, false},
		{"!=1.6", "docker/1.7.2", true, true},
		{"", "docker/1.0.0", true, false},
		{"<1.6.0", "docker/9999999999.1.1", false, false},
	} {
		s, err := ParseSpec(tc.spec)
		if err != nil {
			t.Fatal(err)
		}
		v, known := Parse(tc.agent)
		if known != tc.known || known && s.Has(v) != tc.has {
			t.Errorf("%q in %q: %v, known %v, has %v", tc.agent, tc.spec, v, known, s.Has(v))
		}
	}
	for _, bad := range []string{"1.6", "<", "<a", "<1.2.3.4", ",", "<1.6,", "^1.6"} {
		if _, err := ParseSpec(bad); err == nil || !strings.Contains(err.Error(), "set of versions") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
