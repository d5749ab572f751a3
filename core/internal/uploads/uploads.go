// Package uploads holds the rules about blobs on their way in: sessions that
// clients append to and that end as a blob, or as nothing.
//
// A session belongs to the repository that it was begun in; its id is worth
// nothing in another one. (The product looked sessions up by id alone.)
package uploads

import (
	"context"
	"errors"
	"hash"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/shastate"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	CreateUpload(ctx context.Context, u *domain.Upload) error
	Upload(ctx context.Context, repo domain.RepositoryID, id string) (*domain.Upload, error)
	AdvanceUpload(ctx context.Context, u *domain.Upload, from int64) error
	DeleteUpload(ctx context.Context, id domain.UploadID) error
	StaleUploads(ctx context.Context, before time.Time, limit int) ([]domain.Upload, error)
	CommitBlob(ctx context.Context, c domain.CommittedBlob) error
}

// Policy is what the configuration decides.
type Policy struct {
	// MaxBlob is the largest blob in bytes (MAXIMUM_LAYER_SIZE); zero is no limit.
	MaxBlob int64
	// Linger is how long a repository keeps a blob that no manifest takes
	// (PUSH_TEMP_TAG_EXPIRATION_SEC).
	Linger time.Duration
	// Measure finds out how large a blob is when it is inflated, if it came in one
	// piece. It costs the time of inflating; clients do not wait longer for it than
	// that.
	Measure bool
}

const (
	// lockTTL is after how long others get the lock of a process that died.
	lockTTL = 120 * time.Second
	// lockWait is for the pushes of one content that many clients send at once: they
	// follow each other.
	lockWait = time.Minute
)

// Uploads applies the rules.
type Uploads struct {
	store  Store
	places *place.Places
	cache  *rcache.Cache
	locks  lock.Locker
	policy Policy
	busy   sync.Map // uuid → struct{}: sessions that a request is writing to
}

// New makes the rules. The locks are those that whoever removes objects takes.
func New(s Store, p *place.Places, c *rcache.Cache, l lock.Locker, policy Policy) *Uploads {
	return &Uploads{store: s, places: p, cache: c, locks: l, policy: policy}
}

// Sentinels.
var (
	ErrUnknown = &errs.Error{Kind: errs.NotFound, Reason: "upload_unknown", Message: "blob upload unknown to registry"}
	ErrRange   = &errs.Error{Kind: errs.OutOfRange, Reason: "upload_range", Message: "the chunk does not continue the upload"}
	ErrBusy    = &errs.Error{Kind: errs.Conflict, Reason: "upload_invalid", Message: "another request is writing to this upload"}
	ErrDigest  = &errs.Error{Kind: errs.Invalid, Reason: "digest_mismatch", Message: "provided digest did not match uploaded content"}
	ErrBody    = &errs.Error{Kind: errs.Invalid, Reason: "upload_invalid", Message: "the body ended early"}
	ErrTooBig  = &errs.Error{Kind: errs.TooLarge, Reason: "layer_too_large", Message: "Uploaded blob is larger than allowed by this registry"}
)

// Begin starts a session.
func (u *Uploads) Begin(ctx context.Context, repo domain.RepositoryID) (*domain.Upload, error) {
	name, _ := u.places.Preferred()
	state, err := shastate.Save(shastate.New())
	if err != nil {
		return nil, err
	}
	up := &domain.Upload{UUID: uuid.NewString(), Repository: repo, Location: name, HashState: state, Created: time.Now()}
	return up, u.store.CreateUpload(ctx, up)
}

// Get returns a session of a repository; ErrUnknown when there is none such.
func (u *Uploads) Get(ctx context.Context, repo domain.RepositoryID, id string) (*domain.Upload, error) {
	if uuid.Validate(id) != nil {
		return nil, ErrUnknown
	}
	up, err := u.store.Upload(ctx, repo, id)
	if errs.Is(err, errs.NotFound) {
		return nil, ErrUnknown
	}
	return up, err
}

// Chunk is what one request brings.
type Chunk struct {
	Body io.Reader
	// Start is the offset that the client states, or -1.
	Start int64
	// Length is the number of bytes that the client states, or -1.
	Length int64
}

// claim makes sure that one request at a time writes to a session.
func (u *Uploads) claim(id string) (release func(), err error) {
	if _, taken := u.busy.LoadOrStore(id, struct{}{}); taken {
		return nil, ErrBusy
	}
	return func() { u.busy.Delete(id) }, nil
}

// Append adds a chunk. Of a chunk that breaks off, the session keeps what came,
// so that the client may go on from there. ErrRange when Start is not where the
// session ends; the session is returned with it, as it stands.
func (u *Uploads) Append(ctx context.Context, repo domain.RepositoryID, id string, c Chunk) (*domain.Upload, error) {
	release, err := u.claim(id)
	if err != nil {
		return nil, err
	}
	defer release()
	up, err := u.Get(ctx, repo, id)
	if err != nil {
		return nil, err
	}
	return up, u.append(ctx, up, c)
}

// append adds a chunk and stores how far the session has come.
func (u *Uploads) append(ctx context.Context, up *domain.Upload, c Chunk) error {
	from := up.Offset
	_, broken, err := u.receive(ctx, up, c, domain.SHA256)
	if err != nil {
		return u.giveUp(ctx, up, err)
	}
	if up.Offset == from {
		return broken
	}
	return errors.Join(broken, u.advance(ctx, up, from))
}

// advance stores how far a session has come. The client may be gone by now; what
// it sent is kept all the same.
func (u *Uploads) advance(ctx context.Context, up *domain.Upload, from int64) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	return u.store.AdvanceUpload(ctx, up, from)
}

// Finish adds a last chunk, which may be empty, and makes the session a blob.
// When the content is not what the digest says, the session ends and nothing
// stays: ErrDigest.
func (u *Uploads) Finish(ctx context.Context, repo domain.RepositoryID, id string, c Chunk, digest domain.Digest) (*domain.Upload, error) {
	release, err := u.claim(id)
	if err != nil {
		return nil, err
	}
	defer release()
	up, err := u.Get(ctx, repo, id)
	if err != nil {
		return nil, err
	}
	// Whole in one request, any algorithm can be computed on the way.
	algorithm := domain.SHA256
	if up.Offset == 0 {
		algorithm = digest.Algorithm()
	}
	from := up.Offset
	h, broken, err := u.receive(ctx, up, c, algorithm)
	if err != nil {
		return up, u.giveUp(ctx, up, err)
	}
	if broken != nil {
		if algorithm == domain.SHA256 && up.Offset > from {
			err = u.advance(ctx, up, from)
		}
		return up, errors.Join(broken, err)
	}
	// From here on the client's patience does not decide what is kept. Each call
	// of the driver and of the database has a limit of its own.
	ctx = context.WithoutCancel(ctx)
	err = u.commit(ctx, up, h, algorithm, digest)
	switch {
	case err == nil, errors.Is(err, ErrDigest):
	case errs.Is(err, errs.NotFound):
		err = u.giveUp(ctx, up, err)
	default:
		err = errors.Join(err, u.keepLast(ctx, up, from, algorithm))
	}
	return up, err
}

// keepLast stores that a session has its last chunk though it did not become a
// blob: the driver may have made it an object, and only a commit can follow that.
func (u *Uploads) keepLast(ctx context.Context, up *domain.Upload, from int64, algorithm domain.Algorithm) error {
	switch {
	case up.Offset == from:
		return nil
	case algorithm == domain.SHA256:
		return u.advance(ctx, up, from)
	}
	return u.drop(ctx, up) // its running hash cannot be stored
}

// receive gives a chunk to the driver, moves up to the new end, and returns the
// running hash there. broken tells that the chunk was not what it said it is:
// what came of it counts all the same.
func (u *Uploads) receive(ctx context.Context, up *domain.Upload, c Chunk, algorithm domain.Algorithm) (h hash.Hash, broken, err error) {
	if c.Start >= 0 && c.Start != up.Offset {
		return nil, nil, ErrRange
	}
	h = algorithm.New()
	if algorithm == domain.SHA256 {
		var seen int64
		if h, seen, err = shastate.Load(up.HashState); err != nil || seen != up.Offset {
			return nil, nil, errs.New(errs.Corrupt, "upload %s has a hash state that does not fit it", up.UUID)
		}
	}
	buf := bufferPool.Get().(*buffer)
	defer bufferPool.Put(buf)
	// Nothing is opened for an empty body: that is the usual end of a session.
	n, err := io.ReadAtLeast(c.Body, buf[:], 1)
	if errors.Is(err, io.EOF) {
		if c.Length > 0 {
			broken = ErrBody
		}
		return h, broken, nil
	}
	if err != nil {
		return nil, nil, errs.Wrap(errs.Invalid, err, "the body could not be read")
	}
	broken, err = u.write(ctx, up, c, h, buf, n)
	if err == nil && algorithm == domain.SHA256 {
		up.HashState, err = shastate.Save(h)
	}
	return h, broken, err
}

// buffer is what a request's body passes through, the only memory that a push
// costs however large it is.
type buffer [256 << 10]byte

var bufferPool = sync.Pool{New: func() any { return new(buffer) }}

// write moves a body, whose first n bytes are in buf, to the driver.
func (u *Uploads) write(ctx context.Context, up *domain.Upload, c Chunk, h hash.Hash, buf *buffer, n int) (broken, err error) {
	b, err := u.places.Backend(up.Location)
	if err != nil {
		return nil, err
	}
	if up.Chunks == 0 {
		up.DriverState = nil // whatever a broken first chunk left is begun anew
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
		if c.Length >= 0 && end-from > c.Length {
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
		broken = &errs.Error{Kind: ErrBody.Kind, Reason: ErrBody.Reason, Message: ErrBody.Message, Err: err}
	case c.Length >= 0 && end-from != c.Length:
		broken = ErrBody
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	state, err := w.Finish(ctx)
	if err != nil {
		return nil, err
	}
	up.Offset, up.DriverState, up.Chunks, up.Inflated = end, state, up.Chunks+1, inflate.size()
	return broken, nil
}

// commit checks the digest and makes the session a blob.
func (u *Uploads) commit(ctx context.Context, up *domain.Upload, h hash.Hash, algorithm domain.Algorithm, digest domain.Digest) error {
	b, err := u.places.Backend(up.Location)
	if err != nil {
		return err
	}
	if up.Chunks == 0 { // no byte ever came
		if up.DriverState, err = b.BeginUpload(ctx, up.UUID); err != nil {
			return err
		}
	}
	if algorithm == digest.Algorithm() && algorithm.Sum(h) != digest {
		return errors.Join(ErrDigest, u.drop(ctx, up))
	}
	return u.undisturbed(ctx, digest, func(ctx context.Context) error {
		return u.keep(ctx, b, up, algorithm, digest)
	})
}

// undisturbed runs fn while nobody removes the object of a digest: whoever found that
// no blob has it would remove the one that is stored now (data/model/storage.py,
// with_blob_lock_or_fallback). Where locks cannot be had at all, they cannot be had by
// the other either, who removes nothing without.
func (u *Uploads) undisturbed(ctx context.Context, digest domain.Digest, fn func(context.Context) error) error {
	l, err := u.locks.Acquire(ctx, domain.RemovalLock(digest), lock.Options{TTL: lockTTL, Wait: lockWait, Renew: true})
	switch {
	case errors.Is(err, lock.ErrHeld):
		return errs.Wrap(errs.Unavailable, err, "the object of this digest is being removed")
	case errs.Is(err, errs.Unavailable):
		return fn(ctx)
	case err != nil:
		return err
	}
	if err := fn(l.Context()); err != nil {
		return errors.Join(err, l.Release(ctx))
	}
	if l.Release(ctx) != nil {
		return errs.New(errs.Unavailable, "the lock of this digest was lost")
	}
	return nil
}

// keep stores the object of a session and its row.
func (u *Uploads) keep(ctx context.Context, b place.Backend, up *domain.Upload, algorithm domain.Algorithm, digest domain.Digest) error {
	var err error
	if algorithm == digest.Algorithm() {
		err = b.CommitUpload(ctx, up.UUID, digest.Path(), up.Offset, up.DriverState)
	} else {
		err = u.commitOther(ctx, b, up, digest)
	}
	if err != nil {
		return err
	}
	c := domain.CommittedBlob{
		Repository: up.Repository, Digest: digest, Size: up.Offset, Inflated: up.Inflated, Location: up.Location,
		Upload: up.ID, LinkExpires: time.Now().Add(u.policy.Linger),
	}
	if algorithm != digest.Algorithm() {
		c.Upload = 0 // The session stays until its staged bytes are gone.
	}
	err = u.store.CommitBlob(ctx, c)
	u.cache.Invalidate(up.Repository)
	if err == nil && c.Upload == 0 {
		_ = u.drop(ctx, up) // The blob is there; what is left is for Sweep.
	}
	return err
}

// staged is where the bytes of a session wait for their digest.
func staged(up *domain.Upload) string { return "staged/" + up.UUID }

// commitOther ends a session whose digest is of another algorithm than the one
// that was computed on the way: the bytes are read again before they get a name.
func (u *Uploads) commitOther(ctx context.Context, b place.Backend, up *domain.Upload, digest domain.Digest) error {
	staged := staged(up)
	if err := b.CommitUpload(ctx, up.UUID, staged, up.Offset, up.DriverState); err != nil {
		return err
	}
	o, err := b.Open(ctx, staged)
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }() // only read
	r, err := o.Range(ctx, 0, o.Size())
	if err != nil {
		return err
	}
	h := digest.Algorithm().New()
	if _, err := io.Copy(h, r); err != nil {
		return err
	}
	if digest.Algorithm().Sum(h) != digest {
		return errors.Join(ErrDigest, u.drop(ctx, up))
	}
	if r, err = o.Range(ctx, 0, o.Size()); err != nil {
		return err
	}
	return b.Put(ctx, digest.Path(), r)
}

// giveUp ends a session that cannot go on after err: one whose bytes are lost, and
// one that would only fill the disk. Other failures leave it, so that the client may
// try again.
func (u *Uploads) giveUp(ctx context.Context, up *domain.Upload, err error) error {
	switch errs.KindOf(err) {
	case errs.NotFound:
		lost := &errs.Error{Kind: ErrUnknown.Kind, Reason: ErrUnknown.Reason, Message: ErrUnknown.Message, Err: err}
		return errors.Join(lost, u.drop(ctx, up))
	case errs.Exhausted, errs.TooLarge:
		return errors.Join(err, u.drop(ctx, up))
	}
	return err
}

// Sweep ends sessions that began before a time and that nobody writes to
// (workers/blobuploadcleanupworker). It returns how many.
func (u *Uploads) Sweep(ctx context.Context, before time.Time) (int, error) {
	swept := 0
	for {
		stale, err := u.store.StaleUploads(ctx, before, sweepBatch)
		if err != nil || len(stale) == 0 {
			return swept, err
		}
		progress := swept
		for i := range stale {
			release, err := u.claim(stale[i].UUID)
			if err != nil {
				continue // somebody writes to it
			}
			err = u.drop(ctx, &stale[i])
			release()
			if err != nil {
				return swept, err
			}
			swept++
		}
		if swept == progress {
			return swept, nil
		}
	}
}

const sweepBatch = 100

// Abandon is Cancel for the one who began the session, after a failure: a session
// that is gone already is no error.
func (u *Uploads) Abandon(ctx context.Context, repo domain.RepositoryID, id string) error {
	err := u.Cancel(ctx, repo, id)
	if errors.Is(err, ErrUnknown) {
		return nil
	}
	return err
}

// Cancel ends a session and drops its bytes, whatever becomes of the client.
func (u *Uploads) Cancel(ctx context.Context, repo domain.RepositoryID, id string) error {
	ctx = context.WithoutCancel(ctx)
	release, err := u.claim(id)
	if err != nil {
		return err
	}
	defer release()
	up, err := u.Get(ctx, repo, id)
	if err != nil {
		return err
	}
	return u.drop(ctx, up)
}

// drop forgets a session's bytes first and the session second. When it fails in
// between, the session stays for the client, or Sweep, to end it again; a request
// that goes on with it instead finds its bytes lost. The other way round nobody would
// know of the bytes any more.
func (u *Uploads) drop(ctx context.Context, up *domain.Upload) error {
	ctx = context.WithoutCancel(ctx)
	b, err := u.places.Backend(up.Location)
	if err != nil {
		return err
	}
	if err := b.CancelUpload(ctx, up.UUID, up.DriverState); err != nil {
		return err
	}
	if err := b.Delete(ctx, staged(up)); err != nil {
		return err
	}
	return u.store.DeleteUpload(ctx, up.ID)
}
