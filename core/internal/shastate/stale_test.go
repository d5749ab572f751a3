package shastate

import (
	"encoding/base64"
	"testing"
)

// TestStaleBytes proves that a state has the bytes that the product leaves behind
// what is pending: recorded of an upload of 109 bytes, however many pieces it comes in.
func TestStaleBytes(t *testing.T) {
	body, err := base64.StdEncoding.DecodeString(recordedBody)
	if err != nil || len(body) != 109 {
		t.Fatal(len(body), err)
	}
	for size := 1; size <= len(body); size++ {
		state := ""
		for rest := body; len(rest) > 0; {
			h, _, err := Load(state)
			if err != nil {
				t.Fatal(err)
			}
			n := min(size, len(rest))
			_, _ = h.Write(rest[:n]) // a hash never fails
			if state, err = Save(h); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if state != recordedState {
			t.Fatalf("in pieces of %d:\n got %s\nwant %s", size, state, recordedState)
		}
	}
	h := New()
	_, _ = h.Write(body) // a hash never fails
	h.Reset()
	if got, err := Save(h); err != nil || got != mustSave(t) {
		t.Errorf("after a reset: %s, %v", got, err)
	}
}

func mustSave(t *testing.T) string {
	t.Helper()
	state, err := Save(New())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

const (
	recordedBody  = "H4sICBIQBWsC/wDt0jEOgkAQBdA9CkcYzCrnIYQWDKz3d2JjYi00vNf83/1iZlqXNi9tLweK9Kj1k+k3I/rh26PPPtxvtXRRTvDa27jlZLmm57jl+bvphDcAAAAAAAAAAADgj977aD8iACgAAA=="
	recordedState = "gASVlQAAAAAAAACMD3Jlc3VtYWJsZXNoYTI1NpSMBnNoYTI1NpSTlCmBlENwo88+3G+1dFFO8NrbuOVkuabnuOX5u+mENwAAAAAAAAAAAOCP3vtoPyIAKAAAZlqXNi9tLweK9Kj1k+k3I/rh2y0AAAAAAAAAAAIAAAAAAABM45NcaHb+r9vQAnu0yOdUwhs2teTqLjZ8mqzu+KytWpRiLg=="
)
