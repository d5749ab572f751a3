package uploads_test

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/uploads"
)

// TestOverlap proves that of a chunk which begins before the session's end only what is
// new counts, as in the product, and that one which begins behind it, or anew, is
// refused and changes nothing.
func TestOverlap(t *testing.T) {
	data := random(100)
	for _, tc := range []struct {
		start, end int
		stands     int64
		err        error
	}{
		{40, 100, 100, nil},
		{39, 100, 100, nil},
		{1, 100, 100, nil},
		{10, 40, 40, nil},             // nothing of it is new
		{10, 20, 40, uploads.ErrBody}, // it ends before what is new
		{41, 100, 40, uploads.ErrRange},
		{0, 100, 40, uploads.ErrRange},
		{0, 40, 40, uploads.ErrRange},
		{math.MaxInt64 - 10, math.MaxInt64, 40, uploads.ErrRange},
	} {
		for _, stated := range []bool{true, false} {
			r := open(t, uploads.Policy{})
			id := r.begin()
			if _, err := r.add(id, at(0, data[:40])); err != nil {
				t.Fatal(err)
			}
			c := uploads.Chunk{Start: int64(tc.start), Length: -1, Body: bytes.NewReader(data[min(tc.start, 99):min(tc.end, 100)])}
			want := tc.err
			if stated {
				c.Length = int64(tc.end - tc.start)
			}
			if stated && tc.end <= 40 && errors.Is(tc.err, uploads.ErrBody) {
				want = nil // it says that it has nothing new
			}
			stands, err := r.add(id, c)
			if !errors.Is(err, want) || stands != tc.stands || r.offset(id) != tc.stands {
				t.Errorf("%d to %d, stated %v: at %d, %v", tc.start, tc.end, stated, stands, err)
			}
			if err := r.finish(id, at(int(tc.stands), data[tc.stands:]), domain.SHA256.Of(data)); err != nil {
				t.Errorf("after %d to %d: %v", tc.start, tc.end, err)
			}
			r.wantBlob(domain.SHA256.Of(data), data)
		}
	}
}

// TestStatedLength proves that of a body no more counts than its range says, and that
// one which has less counts as it is: clients of the product take the end of a range
// for exclusive.
func TestStatedLength(t *testing.T) {
	data := random(100)
	for _, tc := range []struct{ said, stands int64 }{{101, 100}, {100, 100}, {99, 99}, {1, 1}, {0, 0}, {math.MaxInt64, 100}} {
		r := open(t, uploads.Policy{})
		id := r.begin()
		c := uploads.Chunk{Body: bytes.NewReader(data), Start: 0, Length: tc.said}
		if stands, err := r.add(id, c); err != nil || stands != tc.stands || r.offset(id) != tc.stands {
			t.Errorf("said %d: at %d, %v", tc.said, stands, err)
		}
		if err := r.finish(id, at(int(tc.stands), data[tc.stands:]), domain.SHA256.Of(data)); err != nil {
			t.Errorf("said %d: %v", tc.said, err)
		}
		r.wantBlob(domain.SHA256.Of(data), data)
	}
}

// TestStatedTooBig proves that a chunk which says that it makes the blob too large is
// refused before a byte of it is read.
func TestStatedTooBig(t *testing.T) {
	for _, c := range []uploads.Chunk{
		{Body: failing{}, Start: 0, Length: 1001},
		{Body: failing{}, Start: -1, Length: 1001},
		{Body: failing{}, Start: 0, Length: math.MaxInt64},
	} {
		r := open(t, uploads.Policy{MaxBlob: 1000})
		id := r.begin()
		if _, err := r.add(id, c); !errors.Is(err, uploads.ErrTooBig) {
			t.Errorf("%d bytes at %d: %v", c.Length, c.Start, err)
		}
		r.wantEnded(id)
	}
}

// TestRefusedEnd proves that a last chunk which does not continue its session ends it,
// as in the product, and that under strict rules it does not.
func TestRefusedEnd(t *testing.T) {
	data := random(100)
	for _, strict := range []bool{false, true} {
		r := open(t, uploads.Policy{Strict: strict})
		id := r.begin()
		if _, err := r.add(id, at(0, data[:40])); err != nil {
			t.Fatal(err)
		}
		up, err := r.Finish(t.Context(), r.repo, id, at(50, data[50:]), domain.SHA256.Of(data))
		if !errors.Is(err, uploads.ErrRange) || up == nil || up.Offset != 40 {
			t.Errorf("strict %v: %+v, %v", strict, up, err)
		}
		if !strict {
			r.wantEnded(id)
			continue
		}
		must(t, r.finish(id, at(40, data[40:]), domain.SHA256.Of(data)))
	}
}

// TestPush proves that a blob in one request leaves the blob and nothing else, or
// nothing at all.
func TestPush(t *testing.T) {
	for _, size := range []int{0, 1, 600_000} {
		for _, alg := range algorithms {
			data := random(size)
			r, digest := open(t, uploads.Policy{}), alg.Of(data)
			up, err := r.Push(t.Context(), r.repo, chunk(data), digest)
			must(t, err)
			r.wantBlob(digest, data)
			r.wantEnded(up.UUID)

			r = open(t, uploads.Policy{})
			for name, c := range map[string]uploads.Chunk{
				"another digest": chunk(append([]byte("x"), data...)),
				"not its begin":  at(5, data),
				"broken off":     {Body: failing{}, Start: -1, Length: -1},
			} {
				up, err := r.Push(t.Context(), r.repo, c, digest)
				if err == nil {
					t.Errorf("%s: no error", name)
				}
				r.wantNoBlob(digest)
				r.wantEnded(up.UUID)
			}
		}
	}
}

// TestChunkCount proves what a session counts: each chunk, also one without bytes, but
// not one that says it has none.
func TestChunkCount(t *testing.T) {
	r := open(t, uploads.Policy{})
	id := r.begin()
	for i, c := range []uploads.Chunk{chunk(nil), at(0, []byte("abc")), at(3, nil), at(1, []byte("bc")), chunk(nil)} {
		if _, err := r.add(id, c); err != nil {
			t.Fatal(err)
		}
		up, err := r.Get(t.Context(), r.repo, id)
		must(t, err)
		if want := []int{1, 2, 2, 2, 3}[i]; up.Chunks != want {
			t.Errorf("after %d: %d chunks, want %d", i, up.Chunks, want)
		}
	}
}
