package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// ours is the name that peers.sh gives to this registry.
const ours = "ours"

// slice is one measurement of one operation.
type slice struct {
	Op     string  `json:"op"`
	Count  int     `json:"count"`
	Errors int     `json:"errors"`
	PerS   float64 `json:"per_s"`
	CPU    float64 `json:"srv_cpu_s_per_1000"`
}

// table holds the slices of each operation of each server.
type table map[string]map[string][]slice

// compare prints for each operation the ratio of our throughput, and of the CPU
// time that we take, to those of each peer, medians of slices.
func compare(out io.Writer, folder string) error {
	t, err := load(folder)
	if err != nil {
		return err
	}
	var peers []string
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if name != ours {
			peers = append(peers, name)
		}
	}
	if len(t[ours]) == 0 || len(peers) == 0 {
		return fmt.Errorf("%s holds nothing to compare", folder)
	}
	fmt.Fprintf(out, "\n### Ours divided by each peer, of medians: throughput (more is better), server CPU per operation (less is better)\n\n|operation|")
	for _, p := range peers {
		fmt.Fprintf(out, "%s throughput|%s CPU|", p, p)
	}
	fmt.Fprint(out, "\n|---|")
	for range peers {
		fmt.Fprint(out, "---|---|")
	}
	fmt.Fprintln(out)
	for _, op := range slices.Sorted(maps.Keys(t[ours])) {
		fmt.Fprintf(out, "|%s|", op)
		for _, p := range peers {
			fmt.Fprintf(out, "%s|%s|", ratio(t[ours][op], t[p][op], slice.throughput), ratio(t[ours][op], t[p][op], slice.cpu))
		}
		fmt.Fprintln(out)
	}
	return nil
}

func (s slice) throughput() float64 { return s.PerS }
func (s slice) cpu() float64        { return s.CPU }

// ratio is the quotient of two medians, or a dash where there is none.
func ratio(a, b []slice, value func(slice) float64) string {
	x, y := median(a, value), median(b, value)
	if x == 0 || y == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", x/y)
}

func median(s []slice, value func(slice) float64) float64 {
	var v []float64
	for _, x := range s {
		if x.Count > 0 && x.Errors == 0 {
			v = append(v, value(x))
		}
	}
	if len(v) == 0 {
		return 0
	}
	slices.SortFunc(v, cmp.Compare)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

func load(folder string) (table, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	t := table{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		var doc struct {
			Name    string  `json:"name"`
			Results []slice `json:"results"`
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		if t[doc.Name] == nil {
			t[doc.Name] = map[string][]slice{}
		}
		for _, s := range doc.Results {
			t[doc.Name][s.Op] = append(t[doc.Name][s.Op], s)
		}
	}
	return t, nil
}
