package config

import (
	"fmt"
	"strings"
)

// suggest returns the end of a sentence, which asks whether one of the names
// was meant when it is near.
func suggest(name string, names []string) string {
	plain := func(s string) string { return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(s)) }
	// Two slips, as in letters that changed places; one in a short name, which is near
	// to many, and three in a long one.
	best, least := "", 1+min(len(name)/2, max(2, len(name)/3), 3)
	for _, n := range names {
		if d := distance(plain(name), plain(n)); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return "."
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the number of bytes that must be inserted, removed or replaced to
// make b of a. Words that are far too long are as far apart as can be.
func distance(a, b string) int {
	const longest = 100
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
