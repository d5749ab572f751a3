// Package arch proves the import rules and the habits of the source tree, with
// `go list` and the parser, so that a broken rule is a failed test and not a
// matter for review.
package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/quay/quay"

// pkg is what the rules need of `go list -json`.
type pkg struct {
	ImportPath, Dir, Name string
	Standard              bool
	Imports               []string
	Module                *struct {
		Path string
		Main bool
	}
}

func (p *pkg) ours() bool { return p.Module != nil && p.Module.Main }

// graph holds packages by import path.
type graph map[string]*pkg

// list loads the packages that match the patterns and everything they import;
// no pattern that matches is an empty graph.
func list(t *testing.T, patterns ...string) graph {
	t.Helper()
	args := []string{"list", "-deps", "-json=ImportPath,Dir,Name,Standard,Imports,Module"}
	for _, p := range patterns {
		args = append(args, module+"/"+p)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	g := graph{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return g
		} else if err != nil {
			t.Fatal(err)
		}
		g[p.ImportPath] = &p
	}
}

// root is the directory of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// below returns our packages whose path is one of the folders or inside one.
func (g graph) below(folders ...string) []*pkg {
	var found []*pkg
	for _, path := range slices.Sorted(maps.Keys(g)) {
		for _, folder := range folders {
			if within(path, module+"/"+folder) && g[path].ours() {
				found = append(found, g[path])
				break
			}
		}
	}
	return found
}

// within tells whether a path is a folder or inside it.
func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// chain returns the shortest way of imports from a package to one that is bad, or
// nil. It does not look behind packages for which stop is true.
func (g graph) chain(from string, bad, stop func(*pkg) bool) []string {
	type step struct {
		path string
		prev *step
	}
	seen := map[string]bool{from: true}
	for queue := []*step{{path: from}}; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		p := g[s.path]
		if p == nil {
			continue
		}
		if s.prev != nil && bad(p) {
			var way []string
			for ; s != nil; s = s.prev {
				way = append(way, strings.TrimPrefix(s.path, module+"/"))
			}
			slices.Reverse(way)
			return way
		}
		if s.prev != nil && stop != nil && stop(p) {
			continue
		}
		for _, next := range p.Imports {
			if !seen[next] {
				seen[next] = true
				queue = append(queue, &step{next, s})
			}
		}
	}
	return nil
}

// refuse fails the test for each package that reaches a bad one.
func (g graph) refuse(t *testing.T, from []*pkg, reason string, bad, stop func(*pkg) bool) {
	t.Helper()
	for _, p := range from {
		if way := g.chain(p.ImportPath, bad, stop); way != nil {
			t.Errorf("%s\n  %s", reason, strings.Join(way, "\n  -> "))
		}
	}
}
