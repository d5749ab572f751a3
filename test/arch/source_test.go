package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is one Go file of the tree.
type source struct {
	path      string // relative to the root
	data      []byte
	generated bool
	ast       *ast.File
}

func (s source) lines() int { return bytes.Count(s.data, []byte("\n")) }

// sources parses every Go file of ours.
func sources(t *testing.T) []source {
	t.Helper()
	var found []source
	base := root(t)
	err := filepath.WalkDir(base, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "bin" || path != base && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(base, path)
		found = append(found, source{rel, data, ast.IsGenerated(file), file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const (
	maxFileLines = 500
	maxMainLines = 25
)

// TestFilesAreSmall proves that no file is longer than a reader can hold in mind.
func TestFilesAreSmall(t *testing.T) {
	for _, s := range sources(t) {
		switch n := s.lines(); {
		case s.generated:
		case n > maxFileLines:
			t.Errorf("%s has %d lines, more than %d: split it by subject", s.path, n, maxFileLines)
		case strings.HasPrefix(s.path, "cmd/") && filepath.Base(s.path) == "main.go" && n >= maxMainLines:
			t.Errorf("%s has %d lines, want fewer than %d: main only wires", s.path, n, maxMainLines)
		}
	}
}

// TestNoInit proves that no import has an effect: registries are values that are
// passed in.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
				t.Errorf("%s has a func init(): pass a value in instead, imports have no effects", s.path)
			}
		}
	}
}

// vague are names that say nothing about what a package holds.
var vague = []string{
	"util", "utils", "common", "helper", "helpers", "type", "types", "model", "models",
	"manager", "managers", "misc", "lib", "shared", "base", "interfaces", "tools",
}

// TestPackageNames proves that packages are named by what they hold.
func TestPackageNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		dir := filepath.Dir(s.path)
		if s.generated || seen[dir] {
			continue
		}
		seen[dir] = true
		name := strings.TrimSuffix(s.ast.Name.Name, "_test")
		for _, n := range []string{name, filepath.Base(dir)} {
			if slices.Contains(vague, n) {
				t.Errorf("package %s is called %s: name it by what it holds", dir, n)
			}
		}
	}
}

// TestNoReplace proves that go.mod has no replace directive: those who import the
// sdk would not see it, and `go install` of a version would refuse.
func TestNoReplace(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(strings.TrimSpace(line), "replace") {
			t.Errorf("go.mod: %s", strings.TrimSpace(line))
		}
	}
}
