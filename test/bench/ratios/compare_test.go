package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompare proves that ratios are of medians, that slices with errors do not
// count and that a peer without a row gets a dash.
func TestCompare(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"ours-a-k1.json": `{"name":"ours","results":[{"op":"a","count":1,"per_s":10,"srv_cpu_s_per_1000":1}]}`,
		"ours-a-k2.json": `{"name":"ours","results":[{"op":"a","count":1,"per_s":30,"srv_cpu_s_per_1000":3}]}`,
		"ours-a-k3.json": `{"name":"ours","results":[{"op":"a","count":1,"per_s":20,"srv_cpu_s_per_1000":2}]}`,
		"peer-a-k1.json": `{"name":"peer","results":[{"op":"a","count":1,"per_s":8,"srv_cpu_s_per_1000":4}]}`,
		"peer-a-k2.json": `{"name":"peer","results":[{"op":"a","count":1,"errors":3,"per_s":1000,"srv_cpu_s_per_1000":4}]}`,
		"ours-b-k1.json": `{"name":"ours","results":[{"op":"b","count":1,"per_s":1}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := compare(&out, dir); err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{"|a|2.50|0.50|", "|b|-|-|"} {
		if !strings.Contains(out.String(), row) {
			t.Errorf("no row %s in\n%s", row, out.String())
		}
	}
	if err := compare(&out, t.TempDir()); err == nil {
		t.Error("an empty folder was compared")
	}
}
