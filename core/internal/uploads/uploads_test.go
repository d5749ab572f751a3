package uploads_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/sdk/errs"
)

var algorithms = []domain.Algorithm{domain.SHA256, domain.SHA512}

// TestUpload proves that content of any size arrives as it was sent, in one
// request or in many, whatever the algorithm of its digest is, and that nothing is
// left of the session.
func TestUpload(t *testing.T) {
	const buffer = 256 << 10
	for _, size := range []int{0, 1, 1000, buffer - 1, buffer, buffer + 1, 3*buffer + 7} {
		data := random(size)
		for _, parts := range []int{0, 1, 2, 5} { // requests before the last one
			for _, alg := range algorithms {
				r, digest := open(t, uploads.Policy{}), alg.Of(data)
				id := r.begin()
				step := (size + parts) / (parts + 1)
				rest := data
				for range parts {
					n := min(step, len(rest))
					stands, err := r.add(id, chunk(rest[:n]))
					rest = rest[n:]
					if err != nil || stands != int64(size-len(rest)) || r.offset(id) != stands {
						t.Errorf("%d bytes in %d: at %d, %v", size, parts, stands, err)
					}
				}
				if err := r.finish(id, chunk(rest), digest); err != nil {
					t.Errorf("%d bytes in %d, %s: %v", size, parts, alg, err)
				}
				r.wantBlob(digest, data)
				r.wantEnded(id)
				if err := r.finish(id, chunk(nil), digest); !errors.Is(err, uploads.ErrUnknown) {
					t.Errorf("finished twice: %v", err)
				}
			}
		}
	}
}

// TestSmallReads proves that a body which comes in single bytes, or whose end comes
// with its last bytes, is the same body.
func TestSmallReads(t *testing.T) {
	data := random(5000)
	for name, body := range map[string]io.Reader{
		"single bytes":      iotest.OneByteReader(bytes.NewReader(data)),
		"end with the data": iotest.DataErrReader(bytes.NewReader(data)),
		"half of each":      iotest.HalfReader(bytes.NewReader(data)),
	} {
		r, digest := open(t, uploads.Policy{}), domain.SHA256.Of(data)
		c := uploads.Chunk{Body: body, Start: 0, Length: int64(len(data))}
		if err := r.finish(r.begin(), c, digest); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		r.wantBlob(digest, data)
	}
}

// TestResume proves that of a chunk which breaks off the session keeps what came,
// also after its client is gone, and that another request goes on from there.
func TestResume(t *testing.T) {
	data := random(600_000)
	digest := domain.SHA256.Of(data)
	for _, first := range []int{1, 1000, 300_000} {
		for _, last := range []bool{false, true} { // whether the chunk that breaks off is to be the last one
			r := open(t, uploads.Policy{Strict: last})
			id := r.begin()
			ctx, cancel := context.WithCancel(t.Context())
			body := io.MultiReader(bytes.NewReader(data[:first]), readerFunc(func([]byte) (int, error) {
				cancel()
				return 0, errGone
			}))
			c := uploads.Chunk{Body: body, Start: 0, Length: int64(len(data))}
			var err error
			if last {
				_, err = r.Finish(ctx, r.repo, id, c, digest)
			} else {
				_, err = r.Append(ctx, r.repo, id, c)
			}
			if !errors.Is(err, uploads.ErrBody) || !errors.Is(err, errGone) {
				t.Errorf("broken off after %d: %v", first, err)
			}
			if n := r.offset(id); n != int64(first) {
				t.Fatalf("broken off after %d, the session has %d bytes", first, n)
			}
			r.wantNoBlob(digest)
			if err := r.finish(id, at(first, data[first:]), digest); err != nil {
				t.Errorf("resumed after %d: %v", first, err)
			}
			r.wantBlob(digest, data)
		}
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestNothingCame proves that a body which fails at once changes nothing.
func TestNothingCame(t *testing.T) {
	r := open(t, uploads.Policy{})
	id := r.begin()
	c := uploads.Chunk{Body: failing{}, Start: -1, Length: -1}
	if _, err := r.add(id, c); !errs.Is(err, errs.Invalid) || !errors.Is(err, errGone) {
		t.Errorf("append: %v", err)
	}
	if err := r.finish(id, c, domain.SHA256.Of(nil)); !errs.Is(err, errs.Invalid) {
		t.Errorf("finish: %v", err)
	}
	if n := r.offset(id); n != 0 {
		t.Errorf("the session has %d bytes", n)
	}
}

// TestStart proves that under strict rules a chunk counts only where the session ends:
// an overlap or a gap is refused with where it stands, and leaves it there.
func TestStart(t *testing.T) {
	data := random(100)
	for _, start := range []int{0, 1, 39, 41, 100, 1 << 62} {
		r := open(t, uploads.Policy{Strict: true})
		id := r.begin()
		if _, err := r.add(id, at(0, data[:40])); err != nil {
			t.Fatal(err)
		}
		if stands, err := r.add(id, at(start, data[40:])); !errors.Is(err, uploads.ErrRange) || stands != 40 {
			t.Errorf("append at %d: at %d, %v", start, stands, err)
		}
		if err := r.finish(id, at(start, data[40:]), domain.SHA256.Of(data)); !errors.Is(err, uploads.ErrRange) {
			t.Errorf("finish at %d: %v", start, err)
		}
		if n := r.offset(id); n != 40 {
			t.Errorf("after %d the session has %d bytes", start, n)
		}
		if err := r.finish(id, at(40, data[40:]), domain.SHA256.Of(data)); err != nil {
			t.Errorf("after %d: %v", start, err)
		}
	}
}

// TestLength proves that under strict rules a body which is shorter than it says counts
// as far as it came, and that one which is longer does not count at all.
func TestLength(t *testing.T) {
	data := random(100)
	digest := domain.SHA256.Of(data)
	for _, tc := range []struct {
		sent, said int
		err        error
		stands     int64
	}{
		{50, 100, uploads.ErrBody, 50},
		{0, 100, uploads.ErrBody, 0},
		{100, 50, uploads.ErrRange, 0},
		{100, 0, uploads.ErrRange, 0},
	} {
		for _, last := range []bool{false, true} {
			r := open(t, uploads.Policy{Strict: true})
			id := r.begin()
			c := uploads.Chunk{Body: bytes.NewReader(data[:tc.sent]), Start: 0, Length: int64(tc.said)}
			var err error
			if last {
				err = r.finish(id, c, digest)
			} else {
				_, err = r.add(id, c)
			}
			if n := r.offset(id); !errors.Is(err, tc.err) || n != tc.stands {
				t.Errorf("%d bytes instead of %d, last %v: at %d, %v", tc.sent, tc.said, last, n, err)
			}
			if err := r.finish(id, at(int(tc.stands), data[tc.stands:]), digest); err != nil {
				t.Errorf("%d bytes instead of %d: the next request: %v", tc.sent, tc.said, err)
			}
			r.wantBlob(digest, data)
		}
	}
}

// TestDigestMismatch proves that content which is not what its digest says ends the
// session, and that nothing of it stays.
func TestDigestMismatch(t *testing.T) {
	data := random(1000)
	for _, alg := range algorithms {
		for _, before := range []int{0, 500, 1000} { // bytes sent before the last request
			r, wrong := open(t, uploads.Policy{}), alg.Of([]byte("something else"))
			id := r.begin()
			if _, err := r.add(id, chunk(data[:before])); err != nil {
				t.Fatal(err)
			}
			if err := r.finish(id, chunk(data[before:]), wrong); !errors.Is(err, uploads.ErrDigest) {
				t.Errorf("%s after %d bytes: %v", alg, before, err)
			}
			r.wantNoBlob(wrong)
			r.wantNoBlob(alg.Of(data))
			r.wantEnded(id)
		}
	}
}

// TestOtherRepository proves that a session is worth nothing in another repository
// than its own, and that an id which is none is not looked up.
func TestOtherRepository(t *testing.T) {
	r := open(t, uploads.Policy{})
	id, other := r.begin(), newRepository(t)
	data := random(10)
	for _, tc := range []struct {
		repo domain.RepositoryID
		id   string
	}{{other, id}, {r.repo, uuid.NewString()}, {r.repo, ""}, {r.repo, "../../etc/passwd"}, {r.repo, id + "0"}, {r.repo, "' OR 1=1"}} {
		_, err := r.Get(t.Context(), tc.repo, tc.id)
		_, err2 := r.Append(t.Context(), tc.repo, tc.id, chunk(data))
		_, err3 := r.Finish(t.Context(), tc.repo, tc.id, chunk(data), domain.SHA256.Of(data))
		err4 := r.Cancel(t.Context(), tc.repo, tc.id)
		for call, err := range map[string]error{"get": err, "append": err2, "finish": err3, "cancel": err4} {
			if !errors.Is(err, uploads.ErrUnknown) {
				t.Errorf("%s of %q in %d: %v", call, tc.id, tc.repo, err)
			}
		}
		if err := r.Abandon(t.Context(), tc.repo, tc.id); err != nil {
			t.Errorf("abandon: %v", err)
		}
	}
	if !slices.Equal(r.storage.calls, []string{"begin"}) {
		t.Errorf("the location was asked: %v", r.storage.calls)
	}
	if n := r.offset(id); n != 0 {
		t.Errorf("the session has %d bytes", n)
	}
}

// TestCancel proves that a cancelled session is gone with its bytes, also when its
// client is gone already.
func TestCancel(t *testing.T) {
	r := open(t, uploads.Policy{})
	id := r.begin()
	if _, err := r.add(id, chunk(random(10))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	must(t, r.Cancel(ctx, r.repo, id))
	r.wantEnded(id)
	if err := r.Cancel(t.Context(), r.repo, id); !errors.Is(err, uploads.ErrUnknown) {
		t.Errorf("the second time: %v", err)
	}
	must(t, r.Cancel(t.Context(), r.repo, r.begin())) // without a byte
}

// TestSweep proves that old sessions end with their bytes, and that one which is
// being written to, or is not old, stays.
func TestSweep(t *testing.T) {
	r := open(t, uploads.Policy{})
	old, busy := r.begin(), r.begin()
	if _, err := r.add(old, chunk(random(10))); err != nil {
		t.Fatal(err)
	}
	release, done := r.stall(busy)
	if n, err := r.Sweep(t.Context(), time.Now().Add(-time.Hour)); err != nil || n != 0 {
		t.Errorf("nothing is old: %d, %v", n, err)
	}
	if n, err := r.Sweep(t.Context(), time.Now().Add(time.Hour)); err != nil || n == 0 {
		t.Errorf("swept %d, %v", n, err)
	}
	if r.offset(old) >= 0 || r.offset(busy) < 0 {
		t.Errorf("the old one is at %d, the busy one at %d", r.offset(old), r.offset(busy))
	}
	release()
	must(t, <-done)
}
