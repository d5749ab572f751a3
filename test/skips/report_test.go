package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReport proves that the run fails exactly when a test failed, a skip was not
// allowed, or nothing ran.
func TestReport(t *testing.T) {
	list := filepath.Join(t.TempDir(), "allowed.txt")
	if err := os.WriteFile(list, []byte("# comment\n\na TestKnown needs a moon\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const pass = `{"Action":"pass","Package":"github.com/quay/quay/a","Test":"TestGood"}` + "\n"
	const end = `{"Action":"pass","Package":"github.com/quay/quay/a","Elapsed":1}` + "\n"
	tests := []struct {
		name, in, want, err string
	}{
		{"all pass", pass + end, "1 packages, 1 tests passed", ""},
		{"log of a passing test", `{"Action":"output","Package":"p","Test":"T","Output":"took 3 s\n"}` + "\n" +
			`{"Action":"pass","Package":"p","Test":"T"}` + "\n" + end, "took 3 s", ""},
		{"nothing ran", "", "0 packages", "no test ran"},
		{"failure", `{"Action":"output","Package":"p","Test":"T","Output":"boom\n"}` + "\n" +
			`{"Action":"fail","Package":"p","Test":"T"}` + "\n" + end, "boom", "tests failed"},
		{"package dies", `{"Action":"output","Package":"p","Output":"panic: x\n"}` + "\n" +
			`{"Action":"fail","Package":"p"}` + "\n", "panic: x", "tests failed"},
		{"build fails", `{"Action":"build-output","ImportPath":"p","Output":"undefined: x\n"}` + "\n" +
			`{"Action":"fail","Package":"p"}` + "\n", "undefined: x", "tests failed"},
		{"allowed skip", `{"Action":"skip","Package":"github.com/quay/quay/a","Test":"TestKnown"}` + "\n" + end, "needs a moon", ""},
		{"other skip", `{"Action":"skip","Package":"github.com/quay/quay/a","Test":"TestOther"}` + "\n" + end, "SKIP  a TestOther", "a TestOther"},
		{"no tests in package", `{"Action":"skip","Package":"github.com/quay/quay/b"}` + "\n" + pass + end, "1 packages", ""},
		{"go complains", "go: cannot find module\n", "cannot find module", "no test ran"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			err := report(strings.NewReader(tt.in), &out, list, true)
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
			if !strings.Contains(out.String(), tt.want) {
				t.Errorf("report %q, want it to contain %q", out.String(), tt.want)
			}
		})
	}
}

// TestList proves that the committed list is well-formed.
func TestList(t *testing.T) {
	if _, err := readAllowed("allowed.txt"); err != nil {
		t.Error(err)
	}
}
