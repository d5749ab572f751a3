package pyjson

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// TestDumps proves that what was read is written byte for byte as Python's json module
// writes it (testdata/dumps.json names its version).
func TestDumps(t *testing.T) {
	b, err := os.ReadFile("testdata/dumps.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []struct{ Text, Default, Compact, Sorted, Indent string }
	}
	if err := json.Unmarshal(b, &vectors); err != nil || len(vectors.Cases) == 0 {
		t.Fatal(err)
	}
	for _, tc := range vectors.Cases {
		v, err := Parse([]byte(tc.Text))
		if err != nil {
			t.Errorf("%s: %v", tc.Text, err)
			continue
		}
		for _, form := range []struct {
			Form
			want string
		}{
			{Form{}, tc.Default},
			{Form{Compact: true}, tc.Compact},
			{Form{Compact: true, Sorted: true}, tc.Sorted},
			{Form{Indent: 3}, tc.Indent},
		} {
			if got := string(form.Append(nil, v)); got != form.want {
				t.Errorf("%s as %+v: got %s, want %s", tc.Text, form.Form, got, form.want)
			}
		}
	}
}

// TestParseRefuses proves that broken, endless and dangerous texts are refused.
func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "{", "[", `{"a"}`, `{"a":}`, `{"a":1,}`, "[1,]", "[1 2]", "{1:2}", "nul", "NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.",
		"{} {}", "{}x", `"\x"`, "\"\x00\"", "\"\xff\"", "\xef\xbb\xbf{}", "'a'", "1e999", "-1e999",
		strings.Repeat("9", maxDigits+1), strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), strings.Repeat("[", 1<<20),
	} {
		if v, err := Parse([]byte(text)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%.40q: got %v, %v", text, v, err)
		}
	}
	for _, text := range []string{"[]", "null", `"{}"`} {
		if _, err := ParseObject([]byte(text)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s is an object: %v", text, err)
		}
	}
}

// TestObject proves that members keep their places through every change.
func TestObject(t *testing.T) {
	o := Object{{"a", "1"}, {"b", "2"}, {"c", "3"}}
	before := o
	o.Set("b", "two")
	o.Set("d", "4")
	o.Delete("a")
	o.Delete("a")
	if got := string(Form{Compact: true}.Append(nil, o)); got != `{"b":"two","c":"3","d":"4"}` {
		t.Error(got)
	}
	if o.String("d") != "4" || o.String("a") != "" || before[0].Name != "a" {
		t.Errorf("got %v, before %v", o, before)
	}
}

// FuzzParse proves that reading what was written changes nothing any more, whatever
// the text, and that what is written is JSON.
func FuzzParse(f *testing.F) {
	f.Add(`{"b":[1,2.5e3,null,true,"é😀"],"a":{"a":-0}}`)
	f.Add(`[1e16,1e-5,"\ud800"]`)
	f.Add(`{"a":1,"a":2}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse([]byte(text))
		if err != nil {
			return
		}
		for _, form := range []Form{{}, {Compact: true, Sorted: true}, {Indent: 3}} {
			once := form.Append(nil, v)
			again, err := Parse(once)
			if err != nil || !json.Valid(once) {
				t.Fatalf("wrote %s: %v", once, err)
			}
			if twice := form.Append(nil, again); string(twice) != string(once) {
				t.Errorf("wrote %s, then %s", once, twice)
			}
		}
	})
}
