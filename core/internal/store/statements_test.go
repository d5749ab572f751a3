package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestStatements proves that the database understands every statement of this
// package: a wrong table, column or clause is found here and not in production.
func TestStatements(t *testing.T) {
	s := open(t)
	all := statements(t)
	if len(all) < 50 {
		t.Fatalf("only %d statements were found", len(all))
	}
	for name, text := range all {
		st, err := s.read.PrepareContext(t.Context(), text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s.must(st.Close())
	}
}

// statements returns the text of every constant of type statement by its name.
func statements(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]string)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		collect(t, source, all)
	}
	return all
}

// collect adds the statements of one file.
func collect(t *testing.T, source *ast.File, all map[string]string) {
	ast.Inspect(source, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "statement" {
			return true
		}
		for i, name := range spec.Names {
			literal, ok := spec.Values[i].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s is not a literal: this test cannot read it", name.Name)
				continue
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Errorf("%s: %v", name.Name, err)
			}
			all[name.Name] = text
		}
		return true
	})
}

// TestNoScans proves that no statement reads a table that grows from end to end:
// what a request costs does not depend on how much the registry holds.
func TestNoScans(t *testing.T) {
	mayScan := map[string]bool{
		// They go in the order of ids and stop at their limit.
		"publicRepositories": true, "visibleRepositories": true, "anyPerson": true,
		// SQLite looks for rows that refer to the account already, in small tables.
		"insertAccount": true,
	}
	small := map[string]bool{ // enumerations of the product
		"mediatype": true, "imagestoragelocation": true, "visibility": true, "role": true,
		"repositorykind": true, "tagkind": true, "ro": true, "tr": true,
	}
	s := open(t)
	for name, text := range statements(t) {
		if mayScan[name] {
			continue
		}
		err := eachRow(func(r scanner) error {
			var id, parent, unused int
			var detail string
			if err := r.Scan(&id, &parent, &unused, &detail); err != nil {
				return err
			}
			table, scan := strings.CutPrefix(detail, "SCAN ")
			table, _, _ = strings.Cut(table, " ")
			if scan && !small[table] && table != "CONSTANT" {
				t.Errorf("%s: %s", name, detail)
			}
			return nil
		})(s.read.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, nulls(text)...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// nulls is a value for each parameter of a statement.
func nulls(text string) (args []any) {
	for n := 1; strings.Contains(text, "$"+strconv.Itoa(n)); n++ {
		args = append(args, nil)
	}
	return args
}
