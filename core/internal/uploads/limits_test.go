package uploads_test

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/sdk/errs"
)

// stall begins an append of which the body stops in its middle until release. done
// delivers what became of it.
func (r *registry) stall(id string) (release func(), done <-chan error) {
	r.t.Helper()
	begun, gate, result := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	body := io.MultiReader(bytes.NewReader([]byte("first")), readerFunc(func([]byte) (int, error) {
		close(begun)
		<-gate
		return 0, io.EOF
	}))
	go func() {
		_, err := r.Append(r.t.Context(), r.repo, id, uploads.Chunk{Body: body, Start: -1, Length: -1})
		result <- err
	}()
	<-begun
	return sync.OnceFunc(func() { close(gate) }), result
}

// TestTwoWriters proves that while one request writes to a session every other one
// is refused, whatever it wants, and that other sessions go on.
func TestTwoWriters(t *testing.T) {
	r := open(t, uploads.Policy{})
	id := r.begin()
	release, done := r.stall(id)
	if _, err := r.add(id, chunk([]byte("x"))); !errors.Is(err, uploads.ErrBusy) {
		t.Errorf("append: %v", err)
	}
	if err := r.finish(id, chunk(nil), domain.SHA256.Of(nil)); !errors.Is(err, uploads.ErrBusy) {
		t.Errorf("finish: %v", err)
	}
	if err := r.Cancel(t.Context(), r.repo, id); !errors.Is(err, uploads.ErrBusy) {
		t.Errorf("cancel: %v", err)
	}
	data := random(100)
	if err := r.finish(r.begin(), chunk(data), domain.SHA256.Of(data)); err != nil {
		t.Errorf("another session: %v", err)
	}
	release()
	must(t, <-done)
	if err := r.finish(id, at(5, nil), domain.SHA256.Of([]byte("first"))); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	r.wantBlob(domain.SHA256.Of([]byte("first")), []byte("first"))
}

// TestTwoProcesses proves that of two processes which write to one session at once
// one is told so, and that what the other one sent stands.
func TestTwoProcesses(t *testing.T) {
	one := open(t, uploads.Policy{})
	other := open(t, uploads.Policy{})
	other.repo, other.storage.uploads = one.repo, one.storage.uploads
	id := one.begin()
	release, done := one.stall(id)
	if _, err := other.add(id, chunk([]byte("second"))); err != nil {
		t.Fatal(err)
	}
	release()
	if err := <-done; !errs.Is(err, errs.Conflict) {
		t.Errorf("the slower one: %v", err)
	}
	if n := one.offset(id); n != 6 {
		t.Errorf("the session has %d bytes, want 6", n)
	}
}

// TestMaxBlob proves that a blob may have as many bytes as the policy says and not
// one more, over all requests, and that what is too large is dropped without being
// read to its end.
func TestMaxBlob(t *testing.T) {
	const most = 1000
	data := random(most + 1)
	for _, before := range []int{0, 1, most - 1, most} {
		r := open(t, uploads.Policy{MaxBlob: most})
		id := r.begin()
		if _, err := r.add(id, chunk(data[:before])); err != nil {
			t.Fatal(err)
		}
		if err := r.finish(id, chunk(data[before:most]), domain.SHA256.Of(data[:most])); err != nil {
			t.Errorf("%d bytes and the rest: %v", before, err)
		}
		r.wantBlob(domain.SHA256.Of(data[:most]), data[:most])

		for _, last := range []bool{false, true} {
			id := r.begin()
			if _, err := r.add(id, chunk(data[:before])); err != nil {
				t.Fatal(err)
			}
			var err error
			if last {
				err = r.finish(id, chunk(data[before:]), domain.SHA256.Of(data))
			} else {
				_, err = r.add(id, chunk(data[before:]))
			}
			if !errors.Is(err, uploads.ErrTooBig) || !errs.Is(err, errs.TooLarge) {
				t.Errorf("%d bytes and one too many, last %v: %v", before, last, err)
			}
			r.wantNoBlob(domain.SHA256.Of(data))
			r.wantEnded(id)
		}
	}
	r := open(t, uploads.Policy{MaxBlob: 1 << 20})
	read := 0
	endless := readerFunc(func(p []byte) (int, error) { read += len(p); return len(p), nil })
	if _, err := r.add(r.begin(), uploads.Chunk{Body: endless, Start: -1, Length: -1}); !errors.Is(err, uploads.ErrTooBig) {
		t.Errorf("a body without an end: %v", err)
	}
	if read > 2<<20 {
		t.Errorf("%d bytes of a body without an end were read", read)
	}
}

// TestNoSpace proves that a location that is full ends the session, so that what it
// has does not fill the disk for good, and that the kind of the error survives.
func TestNoSpace(t *testing.T) {
	r := open(t, uploads.Policy{})
	id := r.begin()
	if _, err := r.add(id, chunk(random(100))); err != nil {
		t.Fatal(err)
	}
	r.storage.write = func(p []byte) (int, error) { return len(p) / 2, errs.New(errs.Exhausted, "no space left") }
	if _, err := r.add(id, chunk(random(100))); !errs.Is(err, errs.Exhausted) {
		t.Errorf("got %v", err)
	}
	r.wantEnded(id)
}

// TestDamagedState proves that a session whose hash does not fit its bytes is never
// made a blob.
func TestDamagedState(t *testing.T) {
	data := random(100)
	for _, state := range []string{"", "x", "gASVlQAAAA=="} {
		r := open(t, uploads.Policy{})
		id := r.begin()
		if _, err := r.add(id, chunk(data)); err != nil {
			t.Fatal(err)
		}
		up, err := r.Get(t.Context(), r.repo, id)
		must(t, err)
		up.HashState = state
		must(t, db.AdvanceUpload(t.Context(), up, up.Offset))
		if err := r.finish(id, chunk(nil), domain.SHA256.Of(data)); !errs.Is(err, errs.Corrupt) {
			t.Errorf("state %q: %v", state, err)
		}
		r.wantNoBlob(domain.SHA256.Of(data))
	}
}

// TestMissingLocation proves that a session of a location which is not configured
// any more waits for it: nothing is written elsewhere.
func TestMissingLocation(t *testing.T) {
	must(t, db.EnsureLocation(t.Context(), "elsewhere"))
	r := open(t, uploads.Policy{})
	up := &domain.Upload{UUID: uuid.NewString(), Repository: r.repo, Location: "elsewhere"}
	must(t, db.CreateUpload(t.Context(), up))
	if _, err := r.add(up.UUID, chunk(random(10))); !errs.Is(err, errs.Unavailable) {
		t.Errorf("append: %v", err)
	}
	if err := r.finish(up.UUID, chunk(nil), domain.SHA256.Of(nil)); !errs.Is(err, errs.Unavailable) {
		t.Errorf("finish: %v", err)
	}
	if len(r.storage.calls) != 0 {
		t.Errorf("the other location was asked: %v", r.storage.calls)
	}
	must(t, db.DeleteUpload(t.Context(), up.ID)) // out of the way of other tests
}
