package scaffold_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/scaffold"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// repository is the checkout that these tests are in.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// run runs a program in the directory of a module, without a network and without
// whatever the caller's environment says about modules.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestModules proves that the module of every kind builds, vets, is formatted, and
// passes its tests, which run the conformance suite; that the program is a plugin;
// that the module needs nothing which it does not name.
func TestModules(t *testing.T) {
	for _, kind := range scaffold.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "new", "module")
			result, err := scaffold.New(scaffold.Options{Kind: kind, Name: "acme-2", Dir: dir, SDK: repository(t)})
			if err != nil {
				t.Fatal(err)
			}
			if !result.Complete || result.Binary != "quay-"+kind+"-acme-2" {
				t.Errorf("the result is %+v", result)
			}
			for _, name := range []string{"main.go", "driver.go", "driver_test.go", "go.mod", "go.sum", "Makefile", "README.md", ".gitignore"} {
				if !slices.Contains(result.Files, name) {
					t.Errorf("there is no %s among %v", name, result.Files)
				}
			}
			before, err := os.ReadFile(filepath.Join(dir, "go.mod"))
			if err != nil {
				t.Fatal(err)
			}
			run(t, dir, "go", "vet", "./...")
			run(t, dir, "go", "build", "-o", result.Binary, ".")
			run(t, dir, "go", "test", "./...")
			if out := run(t, dir, "gofmt", "-l", "."); out != "" {
				t.Errorf("gofmt would change %s", out)
			}
			out := run(t, dir, "./"+result.Binary, "describe")
			for _, want := range []string{`"kind": "` + kind + `"`, `"name": "acme-2"`, `"config_schema": {`} {
				if !strings.Contains(out, want) {
					t.Errorf("the description has no %s:\n%s", want, out)
				}
			}
			after, err := os.ReadFile(filepath.Join(dir, "go.mod"))
			if err != nil || string(before) != string(after) {
				t.Errorf("go build changed the go.mod to\n%s%v", after, err)
			}
		})
	}
}

// TestKinds proves that there is a template for each kind of plugin.
func TestKinds(t *testing.T) {
	if got := scaffold.Kinds(); !slices.Equal(got, protocol.Kinds()) {
		t.Errorf("the kinds are %v", got)
	}
}

// TestRefusals proves that nothing is written when the options are not good, and that
// the error says what is wrong.
func TestRefusals(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		opts scaffold.Options
		kind errs.Kind
		want string
	}{
		{"an unknown kind", scaffold.Options{Kind: "queue", Name: "x"}, errs.Invalid, "storage"},
		{"no name", scaffold.Options{Kind: "storage"}, errs.Invalid, "name"},
		{"upper case", scaffold.Options{Kind: "storage", Name: "Acme"}, errs.Invalid, "lower case"},
		{"a path", scaffold.Options{Kind: "storage", Name: "../x"}, errs.Invalid, "lower case"},
		{"a dash at the end", scaffold.Options{Kind: "storage", Name: "x-"}, errs.Invalid, "dashes"},
		{"a digit first", scaffold.Options{Kind: "storage", Name: "3par"}, errs.Invalid, "letter"},
		{"a long name", scaffold.Options{Kind: "storage", Name: strings.Repeat("x", 41)}, errs.Invalid, "40"},
		{"a bad module", scaffold.Options{Kind: "storage", Name: "x", Module: "a b"}, errs.Invalid, "module path"},
		{"a checkout of nothing", scaffold.Options{Kind: "storage", Name: "x", SDK: full}, errs.Invalid, "--sdk"},
		{"no published version", scaffold.Options{Kind: "storage", Name: "x", SDK: "-"}, errs.Invalid, "--sdk"},
		{"a directory with something", scaffold.Options{Kind: "storage", Name: "x", Dir: full}, errs.Exists, "not empty"},
		{"a file", scaffold.Options{Kind: "storage", Name: "x", Dir: filepath.Join(full, "file")}, errs.Invalid, "directory"},
	}
	for _, test := range tests {
		opts := test.opts
		if opts.Dir == "" {
			opts.Dir = filepath.Join(t.TempDir(), "module")
		}
		switch opts.SDK {
		case "":
			opts.SDK = repository(t)
		case "-":
			opts.SDK = ""
		}
		_, err := scaffold.New(opts)
		if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %v with %q", test.name, err, test.kind, test.want)
		}
		if _, err := os.Stat(filepath.Join(opts.Dir, "go.mod")); err == nil {
			t.Errorf("%s: a module was written", test.name)
		}
	}
}
