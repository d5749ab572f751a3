package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/plugin"
)

// What a plugin says cannot command a terminal or pretend to be another row: control
// characters, those that turn the direction of text and ends of lines do not get there,
// and letters of all languages do.
func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"größer 大きい ✓":          "größer 大きい ✓",
		"\x1b[2Jcleared":        "[2Jcleared",
		"\u009b31mred\x07\x00":  "31mred",
		"one\ntwo\r\nthree\tx":  "one two  three x",
		"\u202etxt.exe\u2066 a": "txt.exe a",
		"broken \xff\xfe":       "broken \ufffd\ufffd",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q gives %q, not %q", text, got, want)
		}
	}
	var out bytes.Buffer
	st := plugin.Status{
		Reason:    "\x1b]0;title\x07\nstate  healthy",
		LastCrash: &plugin.Crash{Stderr: []string{"\x1b[31mred"}},
	}
	if err := (&output{format: "table"}).print(&out, st, []string{"PLUGIN", "x"}, statusRows(st)); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\x07") || strings.Contains(out.String(), "\nstate  healthy") {
		t.Errorf("the table is %q", out.String())
	}
}
