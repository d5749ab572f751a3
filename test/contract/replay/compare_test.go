package replay

import (
	"strings"
	"testing"
)

// TestCompare proves what an expectation accepts and what it says of the rest.
func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name, want, got string
		// differences are parts of the lines that are to come, one for each line.
		differences []string
	}{
		{"equal", `{"a":[1,"x",null,true]}`, `{"a":[1,"x",null,true]}`, nil},
		{"numbers by value", `1`, `1.0`, nil},
		{"large numbers", `9007199254740993`, `9007199254740992`, []string{"want 9007199254740993"}},
		{"true is not 1", `true`, `1`, []string{"want true, got 1"}},
		{"null is not false", `null`, `false`, []string{"want null"}},
		{"a number is no text", `1`, `"1"`, []string{`want 1, got "1"`}},
		{"a text is no number", `"1"`, `1`, []string{`want "1", got 1`}},
		{"missing and unexpected", `{"a":1}`, `{"b":2}`, []string{"$.a: missing", "$.b: unexpected (2)"}},
		{"no object", `{"a":1}`, `[]`, []string{"want an object"}},
		{"no list", `[1]`, `{}`, []string{"want a list"}},
		{"short list", `[1,2]`, `[1]`, []string{"want 2 items, got 1"}},
		{"long list", `[1]`, `[1,2]`, []string{"want 1 items, got 2"}},
		{"place", `{"a":[{"b":1}]}`, `{"a":[{"b":2}]}`, []string{"$.a[0].b: want 1, got 2"}},

		{"any order", `{"{{unordered}}":[1,2]}`, `[2,1]`, nil},
		{"any order, as many", `{"{{unordered}}":[1,1]}`, `[1]`, []string{"no item like 1"}},
		{"any order, no more", `{"{{unordered}}":[1]}`, `[1,1]`, []string{"1 unexpected items, first 1"}},
		{"any order, no list", `{"{{unordered}}":[]}`, `null`, []string{"want a list"}},
		{"a failed try binds nothing", `{"{{unordered}}":[{"a":"{{int:x}}","b":1},{"a":"{{int:x}}","b":2}]}`, `[{"a":7,"b":2},{"a":7,"b":1}]`, nil},

		{"JSON in a text", `{"{{json}}":{"a":1}}`, `"{ \"a\": 1 }"`, nil},
		{"other JSON in a text", `{"{{json}}":{"a":1}}`, `"{\"a\":2}"`, []string{"$(json).a: want 1"}},
		{"no JSON in a text", `{"{{json}}":{"a":1}}`, `"{"`, []string{"want JSON text"}},
		{"no text", `{"{{json}}":{"a":1}}`, `{"a":1}`, []string{"want JSON text"}},

		{"a mark", `"{{uuid:a}}"`, `"12345678-1234-1234-1234-1234567890ab"`, nil},
		{"a mark of another kind", `"{{uuid:a}}"`, `"x"`, []string{"want"}},
		{"a mark in a text", `"/v2/{{hex:a}}/x"`, `"/v2/0af/x"`, nil},
		{"the text around a mark", `"a.{{int:n}}"`, `"ab1"`, []string{"want"}},
		{"the whole text", `"{{int:n}}"`, `"1\n"`, []string{"want"}},
		{"a name again", `["{{any:a}}","{{any:a}}"]`, `["x","x"]`, nil},
		{"a name again, another value", `["{{any:a}}","{{any:a}}"]`, `["x","y"]`, []string{`$[1]`}},
		{"a name twice in a text", `"{{int:a}}-{{int:a}}"`, `"1-1"`, nil},
		{"a name twice, another value", `"{{int:a}}-{{int:a}}"`, `"1-2"`, []string{"want"}},
		{"a number for int", `["{{int:a}}","{{int:a}}","n{{int:a}}"]`, `[5,5,"n5"]`, nil},
		{"another number again", `["{{int:a}}","{{int:a}}"]`, `[5,6]`, []string{"want 5 again, got 6"}},
		{"no number for int", `"{{int:a}}"`, `true`, []string{"want a number, got true"}},
		{"anything for any", `"{{any:a}}"`, `{"b":[]}`, nil},
		{"no number for uuid", `"{{uuid:a}}"`, `5`, []string{"want"}},
		{"an unknown kind", `"{{colour:a}}"`, `"red"`, []string{"no mark of the kind"}},
		{
			"times",
			`["{{time:a}}","{{time:b}}","{{time:c}}","{{date:d}}"]`,
			`["Tue, 24 Nov 2026 04:13:34 GMT","2026-11-24 04:13:34.123456","2026-11-24T04:13:34Z","2026-11-24"]`, nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, err := decode([]byte(c.want))
			if err != nil {
				t.Fatal(err)
			}
			got, err := decode([]byte(c.got))
			if err != nil {
				t.Fatal(err)
			}
			lines := Bindings{}.compare("$", want, got)
			if len(lines) != len(c.differences) {
				t.Fatalf("differences: %q, want %d", lines, len(c.differences))
			}
			for i, part := range c.differences {
				if !strings.Contains(lines[i], part) {
					t.Errorf("%q does not contain %q", lines[i], part)
				}
			}
		})
	}
}

// TestDecode proves that one JSON text is read and nothing else.
func TestDecode(t *testing.T) {
	for _, bad := range []string{"", "{", "1 2", "\"\xff\""} {
		if v, err := decode([]byte(bad)); err == nil {
			t.Errorf("%q is %v", bad, v)
		}
	}
}

// TestCompareResponse proves which headers matter, and how bodies are compared.
func TestCompareResponse(t *testing.T) {
	for _, c := range []struct {
		name        string
		want        Expect
		got         exchange
		differences []string
	}{
		{
			"a header of the contract that was not recorded",
			Expect{},
			exchange{headers: map[string]string{"location": "/x", "content-type": "a/b", "date": "now"}},
			[]string{`header location: unexpected ("/x")`},
		},
		{
			"any header that was recorded",
			Expect{Headers: map[string]string{"x-other": "1", "cache-control": "no-store"}},
			exchange{headers: map[string]string{"x-other": "2"}},
			[]string{"header cache-control: missing", "header x-other: want"},
		},
		{
			"spaces and case of a media type, the order of methods",
			Expect{Headers: map[string]string{"content-type": "text/html; charset=UTF-8", "allow": "GET, PUT"}},
			exchange{headers: map[string]string{"content-type": "Text/HTML;charset=utf-8", "allow": "PUT,GET"}},
			nil,
		},
		{
			"JSON of any JSON type",
			Expect{Body: map[string]any{"json": map[string]any{"a": int64(1)}}},
			exchange{headers: map[string]string{"content-type": "application/vnd.x+JSON; a=b"}, body: []byte(`{ "a": 1 }`)},
			nil,
		},
		{
			"a page, whatever is on it",
			Expect{Body: map[string]any{"html": true}},
			exchange{headers: map[string]string{"content-type": "text/plain"}, body: []byte("x")},
			nil,
		},
		{
			"no body",
			Expect{Body: map[string]any{"empty": true}},
			exchange{body: []byte("x")},
			[]string{"body.empty: missing", `body.text: unexpected ("x")`},
		},
		{
			"bytes",
			Expect{Body: map[string]any{"sha256": "a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89", "length": int64(1)}},
			exchange{body: []byte("\xff")},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := Bindings{}.compareResponse(&c.want, &c.got)
			if len(lines) != len(c.differences) {
				t.Fatalf("differences: %q, want %d", lines, len(c.differences))
			}
			for i, part := range c.differences {
				if !strings.Contains(lines[i], part) {
					t.Errorf("%q does not contain %q", lines[i], part)
				}
			}
		})
	}
}
