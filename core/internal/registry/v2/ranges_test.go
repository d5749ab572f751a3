package v2

import (
	"math"
	"math/big"
	"regexp"
	"testing"
)

// TestContentRange proves what the field says.
func TestContentRange(t *testing.T) {
	for header, want := range map[string][2]int64{
		"0-0":                   {0, 1},
		"10-19":                 {10, 10},
		"007-8":                 {7, 2},
		"5-4":                   {5, 0},
		"0-9223372036854775807": {0, math.MaxInt64},
		"9223372036854775808-9223372036854775809":   {math.MaxInt64, 1},
		"99999999999999999999-99999999999999999999": {math.MaxInt64, 1},
	} {
		start, length, err := contentRange(header)
		if err != nil || start != want[0] || length != want[1] {
			t.Errorf("%s: %d, %d, %v", header, start, length, err)
		}
	}
	for _, header := range []string{
		"-", "1-", "-1", "1", "5-3", "-1-1", "1--1", "1-2-3", "+1-2", "1-+2", " 1-2", "1 - 2", "1-2 ", "0x1-0x2", "1_0-20", "١-٢",
		"bytes=0-1", "bytes 0-1/2", "0-1/2", "0-1,2-3", "a-b", "1.0-2",
	} {
		if _, _, err := contentRange(header); err == nil {
			t.Errorf("%q is taken", header)
		}
	}
}

var productRange = regexp.MustCompile(`^([0-9]+)-([0-9]+)$`)

// FuzzContentRange proves that the field is read as the product's own expression and
// whole numbers of any size read it, as far as those fit.
func FuzzContentRange(f *testing.F) {
	for _, seed := range []string{"0-0", "5-4", "5-3", "-", "1-9223372036854775808", "00-1", "bytes=0-1", "9223372036854775807-0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		start, length, err := contentRange(header)
		m := productRange.FindStringSubmatch(header)
		var first, size big.Int
		if m != nil {
			last, _ := new(big.Int).SetString(m[2], 10)
			first.SetString(m[1], 10)
			size.Add(size.Sub(last, &first), big.NewInt(1))
		}
		if m == nil || size.Sign() < 0 && first.IsInt64() {
			if err == nil {
				t.Fatalf("%q is taken", header)
			}
			return
		}
		if !first.IsInt64() {
			if err == nil && start != math.MaxInt64 {
				t.Fatalf("%q starts at %d", header, start)
			}
			return
		}
		if err != nil || start != first.Int64() || length < 0 {
			t.Fatalf("%q: %d, %d, %v", header, start, length, err)
		}
		if whole := new(big.Int).Add(&first, &size); whole.IsInt64() && length != size.Int64() {
			t.Fatalf("%q: %d bytes, want %s", header, length, &size)
		}
	})
}
