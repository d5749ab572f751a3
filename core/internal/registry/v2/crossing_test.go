package v2_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
)

// States of a running SHA-256 as the product writes them (data/fields.py): of an upload
// that it had begun, and made by its library, resumablesha256 1.0.
const (
	stateOfNothing = "gASVlQAAAAAAAACMD3Jlc3VtYWJsZXNoYTI1NpSMBnNoYTI1NpSTlCmBlENwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABn5glqha5nu3Lzbjw69U+lf1IOUYxoBZur2YMfGc3gW5RiLg=="
	stateOfHello   = "gASVlQAAAAAAAACMD3Jlc3VtYWJsZXNoYTI1NpSMBnNoYTI1NpSTlCmBlENwaGVsbG8gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAYAAAAAAAAAAAAAAAAAAABn5glqha5nu3Lzbjw69U+lf1IOUYxoBZur2YMfGc3gW5RiLg=="
)

// TestGoesOnWithProduct proves that an upload which the Python product began, with row
// and file as it leaves them, is gone on with and becomes the right blob: before its
// first byte, after its first chunk, and where the product died in a chunk that it never
// acknowledged.
func TestGoesOnWithProduct(t *testing.T) {
	each(t, settings{}, func(t *testing.T, reg *registry) {
		for _, tc := range []struct {
			what, state, file string
			offset            int64
			chunks            int
			rest              string
		}{
			{"begun", stateOfNothing, "", 0, 0, "hello world"},
			{"died in the first chunk", stateOfNothing, "hel", 0, 0, "hello world"},
			{"after the first chunk", stateOfHello, "hello ", 6, 1, "world"},
			{"died in the second chunk", stateOfHello, "hello wörld and more", 6, 1, "world"},
			{"all is there", stateOfHello, "hello ", 6, 1, ""},
		} {
			for _, last := range []bool{false, true} {
				up := &domain.Upload{
					UUID: uuid.NewString(), Repository: reg.repo.ID, Location: location, Created: time.Now(),
					HashState: stateOfNothing, DriverState: []byte("{}"),
				}
				must(t, reg.db.CreateUpload(t.Context(), up))
				up.Offset, up.Chunks, up.HashState = tc.offset, tc.chunks, tc.state
				must(t, reg.db.AdvanceUpload(t.Context(), up, 0))
				must(t, os.MkdirAll(filepath.Join(reg.dir, "uploads"), 0o755))
				must(t, os.WriteFile(filepath.Join(reg.dir, "uploads", up.UUID), []byte(tc.file), 0o644))

				rest := tc.rest
				if !last {
					if a := reg.send("PATCH", "uploads/"+up.UUID, rest); a.status != 202 {
						t.Errorf("%s: %+v", tc.what, a)
					}
					rest = ""
				}
				content := "hello " + tc.rest
				if tc.offset == 0 {
					content = tc.rest
				}
				if a := reg.send("PUT", "uploads/"+up.UUID+"?digest="+digest(content), rest); a.status != 201 {
					t.Errorf("%s, last %v: %+v", tc.what, last, a)
				}
				reg.holds(content)
				if _, there := reg.file("uploads/" + up.UUID); there {
					t.Errorf("%s: the upload's file is left", tc.what)
				}
			}
		}
	})
}

// TestLeavesForProduct proves that what an upload leaves here after each request is what
// the product would have left, so that it can go on: the file of a begun upload, and row
// and file after a chunk.
func TestLeavesForProduct(t *testing.T) {
	each(t, settings{}, func(t *testing.T, reg *registry) {
		id := reg.begin()
		left := func(what, file, state string, offset int64, chunks int) {
			t.Helper()
			up, err := reg.db.Upload(t.Context(), reg.repo.ID, id)
			must(t, err)
			if up.HashState != state || up.Offset != offset || up.Chunks != chunks || string(up.DriverState) != "{}" || up.Inflated != nil {
				t.Errorf("%s: the row is %+v", what, up)
			}
			if got, ok := reg.file("uploads/" + id); !ok || got != file {
				t.Errorf("%s: the file has %q, %v", what, got, ok)
			}
		}
		left("begun", "", stateOfNothing, 0, 0)
		reg.send("PATCH", "uploads/"+id, "hello ")
		left("after a chunk", "hello ", stateOfHello, 6, 1)
		reg.send("PATCH", "uploads/"+id, "gap", "Content-Range", "9-11")
		left("after one that was refused", "hello ", stateOfHello, 6, 1)
		reg.send("DELETE", "uploads/"+id, "")
		if _, ok := reg.file("uploads/" + id); ok {
			t.Error("cancelled: the file is left")
		}
	})
}
