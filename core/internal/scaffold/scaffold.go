// Package scaffold writes the module of a new plugin: an example that works, passes
// the conformance suite of its kind, and is meant to be changed.
package scaffold

import (
	"bytes"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// templates has a directory for each kind, one with what every module has, and one
// with what those have that ask a web service. The name of a file is that of the
// template without its last part.
//
//go:embed templates
var templates embed.FS

// Options say what to write. Kind and Name must be set.
type Options struct {
	// Kind is one of Kinds.
	Kind string
	// Name is that of the plugin: lower case letters, digits and dashes.
	Name string
	// Dir is the directory of the module, which is made. Empty means the name of the
	// binary, in the working directory.
	Dir string
	// Module is the path of the module. Empty means example.com/ and the name of the
	// binary.
	Module string
	// SDK is a checkout of this repository that the module uses. Empty means the
	// published version of the running program.
	SDK string
}

// Kinds returns the kinds of plugins that there are templates for.
func Kinds() []string {
	return slices.DeleteFunc(protocol.Kinds(), func(kind string) bool {
		_, err := fs.Stat(templates, "templates/"+kind)
		return err != nil
	})
}

// Result is what was written.
type Result struct {
	// Dir is the directory of the module, and Binary the name of its program.
	Dir, Binary string
	// Files are those that were written, relative to Dir, in order.
	Files []string
	// Complete is whether the module builds as it is. Otherwise "go mod tidy" has to
	// fetch what it needs first.
	Complete bool
}

var (
	goodName   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	goodModule = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~-]*(/[A-Za-z0-9][A-Za-z0-9._~-]*)*$`)
)

// maxName is the longest name of a plugin, in bytes.
const maxName = 40

// New writes a module. It fails, before it writes anything, when the options are not
// good or the directory has something in it.
func New(opts Options) (*Result, error) {
	if !slices.Contains(Kinds(), opts.Kind) {
		return nil, errs.New(errs.Invalid, "the kind %q is not one of %s", opts.Kind, strings.Join(Kinds(), ", "))
	}
	if !goodName.MatchString(opts.Name) || len(opts.Name) > maxName {
		return nil, errs.New(errs.Invalid, "the name %q is not good: it has lower case letters, digits and single dashes, begins with a letter and has at most %d characters", opts.Name, maxName)
	}
	binary := protocol.BinaryName(opts.Kind, opts.Name)
	if opts.Dir == "" {
		opts.Dir = binary
	}
	if opts.Module == "" {
		opts.Module = "example.com/" + binary
	}
	if !goodModule.MatchString(opts.Module) {
		return nil, errs.New(errs.Invalid, "%q is no module path, such as example.com/%s", opts.Module, binary)
	}
	require, err := requirement(opts.SDK)
	if err != nil {
		return nil, err
	}
	files, err := render(opts.Kind, data{
		Name: opts.Name, Identifier: strings.ReplaceAll(opts.Name, "-", "_"), Binary: binary, Module: opts.Module,
	})
	if err != nil {
		return nil, err
	}
	files["go.mod"] = require.goMod(opts.Module)
	if require.sums != nil {
		files["go.sum"] = require.sums
	}
	names, err := write(opts.Dir, files)
	return &Result{Dir: opts.Dir, Binary: binary, Files: names, Complete: require.sums != nil}, err
}

// data is what templates know. Identifier is the name with "_" in place of "-".
type data struct{ Name, Identifier, Binary, Module string }

// render returns the files of a kind by their names. Actions in templates are between
// double square brackets, as Go itself has double braces.
func render(kind string, d data) (map[string][]byte, error) {
	files := map[string][]byte{}
	dirs := []string{"module", kind}
	if kind != protocol.KindStorage {
		dirs = append(dirs, "service") // the client of a web service
	}
	for _, dir := range dirs {
		t, err := template.New("").Delims("[[", "]]").ParseFS(templates, path.Join("templates", dir, "*.tmpl"))
		if err != nil {
			return nil, err
		}
		for _, t := range t.Templates() {
			var out bytes.Buffer
			if err := t.Execute(&out, d); err != nil {
				return nil, err
			}
			name := strings.TrimSuffix(t.Name(), ".tmpl")
			if name == "gitignore" {
				name = ".gitignore" // go:embed leaves out names with a dot
			}
			files[name] = out.Bytes()
		}
	}
	return files, nil
}

// write writes files into a new or empty directory and returns their names in order.
func write(dir string, files map[string][]byte) ([]string, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, errs.Wrap(errs.Invalid, err, "%s cannot be the module's directory", dir)
	case len(entries) > 0:
		return nil, errs.New(errs.Exists, "%s is not empty: name another directory with --dir", dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, errs.Wrap(errs.Denied, err, "make the module's directory")
	}
	var names []string
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return nil, errs.Wrap(errs.Denied, err, "write the module")
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}
