package uploads

import (
	"context"
	"errors"
	"hash"
	"io"
	"sync"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/shastate"
	"github.com/quay/quay/sdk/errs"
)

// Chunk is what one request brings.
type Chunk struct {
	Body io.Reader
	// Start is the offset that the client states, or -1.
	Start int64
	// Length is the number of bytes that the client states, or -1.
	Length int64
}

// trim makes of a chunk what it adds to a session, and returns how many bytes of its
// body the session has already. ErrRange when it does not continue the session,
// ErrTooBig when it would make it too large.
func (p Policy) trim(up *domain.Upload, c *Chunk) (skip int64, err error) {
	if c.Start < 0 {
		c.Start = up.Offset
	}
	// One that begins anew is none, either: the product writes it over what is there and
	// hashes it as more, so that the blob is not what its digest says.
	if c.Start > up.Offset || c.Start < up.Offset && (p.Strict || c.Start == 0) {
		return 0, ErrRange
	}
	if p.MaxBlob > 0 && c.Length > p.MaxBlob-c.Start {
		return 0, ErrTooBig
	}
	skip = up.Offset - c.Start
	if c.Length >= 0 {
		c.Length = max(c.Length-skip, 0)
	}
	return skip, nil
}

// received is what came of a chunk.
type received struct {
	// hash is the running hash at the session's new end.
	hash hash.Hash
	// broken tells that the chunk was not what it said it is: what came of it counts
	// all the same.
	broken error
	// counts tells that the session is not as it was.
	counts bool
}

// receive gives a chunk to the driver and moves up to the new end.
func (u *Uploads) receive(ctx context.Context, up *domain.Upload, c Chunk, algorithm domain.Algorithm) (got received, err error) {
	skip, err := u.policy.trim(up, &c)
	if err != nil {
		return got, err
	}
	got.hash = algorithm.New()
	if algorithm == domain.SHA256 {
		var seen int64
		if got.hash, seen, err = shastate.Load(up.HashState); err != nil || seen != up.Offset {
			return got, errs.New(errs.Corrupt, "upload %s has a hash state that does not fit it", up.UUID)
		}
	}
	if !u.policy.Strict && c.Length == 0 {
		return got, nil // nothing of it is new
	}
	if !u.policy.Strict && c.Length > 0 {
		c.Body = &io.LimitedReader{R: c.Body, N: skip + c.Length} // The product leaves the rest alone.
	}
	if _, err := io.CopyN(io.Discard, c.Body, skip); err != nil {
		got.broken = endedEarly(err)
		return got, nil
	}
	buf := bufferPool.Get().(*buffer)
	defer bufferPool.Put(buf)
	// Nothing is opened for an empty body: that is the usual end of a session.
	n, err := io.ReadAtLeast(c.Body, buf[:], 1)
	if errors.Is(err, io.EOF) {
		u.empty(up, c, &got)
		return got, nil
	}
	if err != nil {
		return got, errs.Wrap(errs.Invalid, err, "the body could not be read")
	}
	got.broken, err = u.write(ctx, up, c, got.hash, buf, n)
	got.counts = err == nil
	if err == nil && algorithm == domain.SHA256 {
		up.HashState, err = shastate.Save(got.hash)
	}
	return got, err
}

// empty counts a chunk without bytes, as the product does; but it is none where it
// said that it has some.
func (u *Uploads) empty(up *domain.Upload, c Chunk, got *received) {
	if u.policy.Strict && c.Length > 0 {
		got.broken = ErrBody
		return
	}
	got.counts = true
	if up.Chunks++; up.Chunks == 1 && u.policy.Measure {
		up.Inflated = new(int64)
	}
}

// endedEarly is the error of a body that ended with err.
func endedEarly(err error) error {
	return &errs.Error{Kind: ErrBody.Kind, Reason: ErrBody.Reason, Message: ErrBody.Message, Err: err}
}

// buffer is what a request's body passes through, the only memory that a push
// costs however large it is.
type buffer [256 << 10]byte

var bufferPool = sync.Pool{New: func() any { return new(buffer) }}

// unbegun is the state of a session that was begun without asking the driver, and of
// those of drivers that need none.
const unbegun = "{}"

// write moves a body, whose first n bytes are in buf, to the driver. early tells that
// it ended before it should have.
func (u *Uploads) write(ctx context.Context, up *domain.Upload, c Chunk, h hash.Hash, buf *buffer, n int) (early, err error) {
	b, err := u.places.Backend(up.Location)
	if err != nil {
		return nil, err
	}
	if up.Offset == 0 && string(up.DriverState) == unbegun {
		up.DriverState = nil // the driver begins it, if it did not
	}
	w, err := b.AppendUpload(ctx, up.UUID, up.Offset, up.DriverState)
	if err != nil {
		return nil, err
	}
	defer func() { _ = w.Close() }() // Finish told what matters

	var inflate *inflater
	if u.policy.Measure && up.Chunks == 0 {
		inflate = newInflater()
		defer inflate.size() // ends it, whatever happens
	}
	from, end := up.Offset, up.Offset
	for err == nil {
		end += int64(n)
		if u.policy.MaxBlob > 0 && end > u.policy.MaxBlob {
			return nil, ErrTooBig
		}
		if u.policy.Strict && c.Length >= 0 && end-from > c.Length {
			return nil, ErrRange
		}
		h.Write(buf[:n])
		inflate.write(buf[:n])
		if _, err := w.Write(buf[:n]); err != nil {
			return nil, err
		}
		for n = 0; n == 0 && err == nil; {
			n, err = c.Body.Read(buf[:])
		}
		if n > 0 {
			err = nil // if it lasts, it comes again
		}
	}
	switch {
	case !errors.Is(err, io.EOF):
		early = endedEarly(err)
	case u.policy.Strict && c.Length >= 0 && end-from != c.Length:
		early = ErrBody
	}
	ctx, cancel := detached(ctx)
	defer cancel()
	state, err := w.Finish(ctx)
	if err != nil {
		return nil, err
	}
	up.Offset, up.DriverState, up.Chunks, up.Inflated = end, state, up.Chunks+1, inflate.size()
	return early, nil
}
