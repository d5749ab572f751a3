package v2

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// TestAccepts proves which media types a client takes, as the product understands its
// headers.
func TestAccepts(t *testing.T) {
	const want = domain.MediaTypeOCIManifest
	for header, accepted := range map[string]bool{
		"":                                       false,
		want:                                     true,
		" " + want + " ":                         true,
		strings.ToUpper(want):                    true,
		want + "x":                               false,
		"*/*":                                    false,
		"application/*":                          false,
		"application/json":                       false,
		"text/html, " + want:                     true,
		want + ",text/html":                      true,
		",," + want + ",":                        true,
		want + ";q=0.5":                          true,
		want + " ; q = 0.5":                      true,
		want + `;q="0.5"`:                        true,
		want + ";Q=1":                            true,
		want + ";q=0":                            true,
		want + ";q=1.000":                        true,
		want + ";q=2":                            false,
		want + ";q=-1":                           false,
		want + ";q=.5":                           false,
		want + ";q=1.":                           false,
		want + ";q=NaN":                          false,
		want + ";q=0x1":                          false,
		want + ";q=1e0":                          false,
		want + ";q=":                             false,
		want + ";q":                              true,
		want + ";":                               true,
		want + ";charset=utf-8":                  false,
		want + ";charset=utf-8;q=1":              false,
		`text/html;x="a,` + want + `"`:           false,
		`text/html;x="a\",` + want + `"`:         false,
		`text/html;x="a";q=1,` + want:            true,
		`text/html;x="never closed,` + want:      false,
		"text/html;q=0.9," + want + ";q=0.8,*/*": true,
	} {
		if got := accepts([]string{header}, want); got != accepted {
			t.Errorf("%q: %t", header, got)
		}
	}
	if accepts(nil, want) || !accepts([]string{"text/html", want}, want) || accepts([]string{"", "*/*"}, want) {
		t.Error("several headers are not one list")
	}
}

// TestAcceptsAllocations keeps the pull path from paying for it.
func TestAcceptsAllocations(t *testing.T) {
	headers := []string{"application/vnd.docker.distribution.manifest.v2+json;q=0.9, text/html", domain.MediaTypeOCIIndex + ", " + domain.MediaTypeOCIManifest}
	if n := testing.AllocsPerRun(1000, func() { accepts(headers, domain.MediaTypeOCIManifest) }); n > 0 { // measured: 0
		t.Errorf("%v allocations", n)
	}
}

// FuzzAccepts proves that no header makes reading panic, and that a type which stands in
// a list by itself is found there.
func FuzzAccepts(f *testing.F) {
	for _, s := range []string{"", "*/*", `a/b;q=0.1;c="d,e"`, `"`, `\`, ";;,,", `a;x="\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		named := accepts([]string{header}, "a/b")
		if named && !strings.Contains(strings.ToLower(header), "a/b") {
			t.Errorf("%q names no a/b", header)
		}
		if !accepts([]string{"a/b," + header}, "a/b") || !accepts([]string{header, "a/b"}, "a/b") {
			t.Errorf("%q hides a/b", header)
		}
	})
}

// TestDistinct proves that a tag which is named twice in one push is moved once, and that
// a list which is too long stays so.
func TestDistinct(t *testing.T) {
	if got := distinct([]string{"v2", "v1", "v2", "v1"}); !slices.Equal(got, []string{"v2", "v1"}) {
		t.Errorf("got %v", got)
	}
	long := make([]string, maxTagsPerPush+50)
	for i := range long {
		long[i] = strconv.Itoa(i)
	}
	if got := distinct(long); len(got) <= maxTagsPerPush {
		t.Errorf("%d of %d are left", len(got), len(long))
	}
}
