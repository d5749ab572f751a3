package actionlog

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

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

// TestText proves that values are written as Python writes them. The texts on the
// right are what Python 3.11 printed for json.dumps.
func TestText(t *testing.T) {
	for _, tc := range []struct {
		value any
		want  string
	}{
		{nil, `null`},
		{true, `true`},
		{-7, `-7`},
		{int64(math.MaxInt64), `9223372036854775807`},
		{"a\"\\/\b\f\n\r\t\x00\x1f\x7f<&>", `"a\"\\/\b\f\n\r\t\u0000\u001f\u007f<&>"`},
		{"é\u2028\uffff𝄞", `"\u00e9\u2028\uffff\ud834\udd1e"`},
		{"\xff", `"\ufffd"`},
		{1.0, `1.0`},
		{0.1, `0.1`},
		{1e15, `1000000000000000.0`},
		{1e16, `1e+16`},
		{1.5e300, `1.5e+300`},
		{0.0001, `0.0001`},
		{0.00001, `1e-05`},
		{math.Copysign(0, -1), `-0.0`},
		{math.Inf(1), `Infinity`},
		{math.Inf(-1), `-Infinity`},
		{math.NaN(), `NaN`},
		{[]string{}, `[]`},
		{[]string{"a", "b"}, `["a", "b"]`},
		{Metadata{}, `{}`},
		{[]Metadata{{{"a", 1}, {"b", []any{}}}}, `[{"a": 1, "b": []}]`},
		{(*string)(nil), `null`},
		{to("x"), `"x"`},
		{(*int64)(nil), `null`},
		{to(int64(3)), `3`},
	} {
		if got := (Metadata{{"k", tc.value}}).Text(); got != `{"k": `+tc.want+`}` {
			t.Errorf("%v: got %s, want %s", tc.value, got, tc.want)
		}
	}
}

// TestSet proves that a member which is set again keeps its place, and that the
// metadata it was set in does not change.
func TestSet(t *testing.T) {
	base := Metadata{{"a", 1}, {"b", 2}}
	if got := base.Set("a", 3).Set("c", 4).Text(); got != `{"a": 3, "b": 2, "c": 4}` {
		t.Errorf("got %s", got)
	}
	if got := base.Text(); got != `{"a": 1, "b": 2}` {
		t.Errorf("the original became %s", got)
	}
}

// TestParseValue proves that a client's JSON comes out as Python's json.loads and
// json.dumps would leave it.
func TestParseValue(t *testing.T) {
	for in, want := range map[string]string{
		` {"z":1 ,"a":[true,null,"\u00e9é"], "z":{"x":0}} `: `{"z": {"x": 0}, "a": [true, null, "\u00e9\u00e9"]}`,
		`123456789012345678901234567890`:                    `123456789012345678901234567890`,
		`-0`:                                                `0`, `-0.0`: `-0.0`, `1e2`: `100.0`, `1E400`: `Infinity`, `1.10`: `1.1`, `""`: `""`,
	} {
		v, err := ParseValue([]byte(in))
		if got := string(appendValue(nil, v)); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{``, `{`, `{"a"}`, `[1,]`, `1 2`, `nope`, strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)} {
		if _, err := ParseValue([]byte(in)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%.20s: %v", in, err)
		}
	}
}

// FuzzParseValue proves that what is accepted is JSON, comes out as ASCII with the
// same meaning, and does not change when it goes through again.
func FuzzParseValue(f *testing.F) {
	for _, s := range []string{`{"a": [1, 2.5, "é𝄞"]}`, `null`, `1e309`, `{"a":1,"a":2}`, `"\ud800"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		v, err := ParseValue(in)
		if err != nil {
			return
		}
		out := appendValue(nil, v)
		if !utf8.Valid(out) || slices.ContainsFunc(out, func(c byte) bool { return c < ' ' || c > '~' }) {
			t.Fatalf("%q is not ASCII", out)
		}
		if strings.Contains(string(out), "Infinity") {
			return // Python's, and no JSON
		}
		var before, after any
		if !json.Valid(in) {
			t.Fatalf("%q is not JSON", in)
		}
		if json.Unmarshal(in, &before) != nil {
			return // an integer that is too large for Go's float64, and not for Python
		}
		if err := json.Unmarshal(out, &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Fatalf("%q became %q (%v)", in, out, err)
		}
		again, err := ParseValue(out)
		if err != nil || string(appendValue(nil, again)) != string(out) {
			t.Fatalf("%q became %q (%v)", out, appendValue(nil, again), err)
		}
	})
}

func BenchmarkPullEvent(b *testing.B) {
	r := Request{UserAgent: "containers/5.16.0 (github.com/containers/image)", Caller: User("alice")}
	repo := in("acme", "web")
	b.ReportAllocs()
	for b.Loop() {
		e := r.PullTag(repo, "latest", "application/vnd.oci.image.manifest.v1+json")
		_ = e.Metadata.Text()
	}
}
