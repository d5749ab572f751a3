package actionlog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// TestKinds proves that the constants are exactly the product's kinds.
func TestKinds(t *testing.T) {
	b, err := os.ReadFile("testdata/kinds.txt")
	if err != nil {
		t.Fatal(err)
	}
	source, err := parser.ParseFile(token.NewFileSet(), "kinds.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	ast.Inspect(source, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, name)
		}
		return true
	})
	slices.Sort(kinds)
	if want := strings.Fields(string(b)); !slices.Equal(kinds, want) {
		t.Errorf("the kinds are\n%q, want\n%q", kinds, want)
	}
}

// TestNumber proves that floats are written as Python writes them.
func TestNumber(t *testing.T) {
	for want, got := range map[string]any{
		"200000000.0": number(2e8), "0.5": number(0.5), "1e+16": number(1e16), "3": number(int64(3)),
	} {
		if got := (Metadata{{"n", got}}).text(); got != `{"n": `+want+`}` {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestParseValue proves that a client's JSON keeps its order, and that what is none
// is refused.
func TestParseValue(t *testing.T) {
	v, err := ParseValue([]byte(`{"b": 1, "a": [true]}`))
	if err != nil || (Metadata{{"v", v.v}}).text() != `{"v": {"b": 1, "a": [true]}}` {
		t.Errorf("%v, %v", v, err)
	}
	if _, err := ParseValue([]byte(`{`)); !errs.Is(err, errs.Invalid) {
		t.Errorf("no JSON: %v", err)
	}
}

func BenchmarkPullEvent(b *testing.B) {
	r := Request{UserAgent: "containers/5.16.0 (github.com/containers/image)", Caller: User("alice")}
	repo := in("acme", "web")
	b.ReportAllocs()
	for b.Loop() {
		e := r.PullTag(repo, "latest", "application/vnd.oci.image.manifest.v1+json")
		_ = e.Metadata.text()
	}
}
