package scaffold

import (
	"runtime/debug"
	"strings"
	"testing"
)

// TestPublished proves which programs have a version that others can get.
func TestPublished(t *testing.T) {
	tests := []struct{ version, want string }{
		{"v1.2.3", "v1.2.3"},
		{"v1.2.3-0.20260102030405-abcdefabcdef", "v1.2.3-0.20260102030405-abcdefabcdef"},
		{"v1.2.3-0.20260102030405-abcdefabcdef+dirty", ""},
		{"(devel)", ""},
		{"", ""},
	}
	for _, test := range tests {
		info := &debug.BuildInfo{Main: debug.Module{Path: module, Version: test.version}}
		if got := published(info); got != test.want {
			t.Errorf("%s is published as %q", test.version, got)
		}
	}
}

// TestLanguage proves that a go.mod names no release of the toolchain that others may
// not have.
func TestLanguage(t *testing.T) {
	for toolchain, want := range map[string]string{"go1.26.8": "1.26.0", "go1.27": "1.27.0", "go1.26.8 X:fips": "1.26.0", "devel": "1.26.0"} {
		if got := language(toolchain); got != want {
			t.Errorf("%s: %s", toolchain, got)
		}
	}
}

// TestGoMod proves what the go.mod has in both cases: a published version, and a
// checkout whose path needs quotes.
func TestGoMod(t *testing.T) {
	published := string(required{language: "1.26.0", version: "v1.2.3"}.goMod("example.com/x"))
	if published != "module example.com/x\n\ngo 1.26.0\n\nrequire github.com/quay/quay v1.2.3\n" {
		t.Errorf("it is\n%s", published)
	}
	local := string(required{language: "1.26.0", version: "v0.0.0", replace: "/a b", indirect: []string{"c v1"}}.goMod("example.com/x"))
	for _, want := range []string{"replace github.com/quay/quay => \"/a b\"\n", "\tc v1 // indirect\n"} {
		if !strings.Contains(local, want) {
			t.Errorf("there is no %q in\n%s", want, local)
		}
	}
}
