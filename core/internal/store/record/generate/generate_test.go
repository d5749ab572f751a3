package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestGeneratedIsCurrent proves that the committed types are those of the schema, all
// tables of it, and that no file of them is left of an older one.
func TestGeneratedIsCurrent(t *testing.T) {
	files, err := generate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("..", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v): go generate ./core/internal/store/record", name, err)
		}
	}
	found, err := filepath.Glob(filepath.Join("..", "*_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		if files[filepath.Base(path)] == nil {
			t.Errorf("%s is of no subject any more", path)
		}
	}
}

// TestOrderedRefusesCircles proves that tables which refer to each other have no
// order, while one may refer to itself.
func TestOrderedRefusesCircles(t *testing.T) {
	self := map[string]*table{
		"b": {name: "b", refers: []reference{{"a_id", "a", "id"}, {"b_id", "b", "id"}}},
		"a": {name: "a"},
	}
	if order, err := ordered(self); err != nil || len(order) != 2 || order[0] != "a" {
		t.Errorf("got %v, %v", order, err)
	}
	self["a"].refers = []reference{{"b_id", "b", "id"}}
	if order, err := ordered(self); err == nil {
		t.Errorf("a circle has the order %v", order)
	}
}
