package uploads

import (
	"context"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/sdk/errs"
)

// Finish adds a last chunk, which may be empty, and makes the session a blob.
// When the content is not what the digest says, the session ends and nothing
// stays: ErrDigest. Of a chunk that breaks off, the session keeps what came, as in
// Append.
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
	return up, u.finish(ctx, up, c, digest)
}

func (u *Uploads) finish(ctx context.Context, up *domain.Upload, c Chunk, digest domain.Digest) error {
	// Whole in one request, any algorithm can be computed on the way.
	algorithm := domain.SHA256
	if up.Offset == 0 {
		algorithm = digest.Algorithm()
	}
	from := up.Offset
	got, err := u.receive(ctx, up, c, algorithm)
	switch {
	case errors.Is(err, ErrRange) && !u.policy.Strict:
		return errors.Join(err, u.drop(ctx, up))
	case err != nil:
		return u.giveUp(ctx, up, err)
	case got.broken != nil:
		if algorithm == domain.SHA256 && got.counts {
			err = u.advance(ctx, up, from)
		}
		return errors.Join(got.broken, err)
	}
	// From here on the client's patience does not decide what is kept. Each call
	// of the driver and of the database has a limit of its own.
	ctx = context.WithoutCancel(ctx)
	err = u.commit(ctx, up, got.hash, algorithm, digest)
	switch {
	case err == nil, errors.Is(err, ErrDigest):
	case errs.Is(err, errs.NotFound):
		err = u.giveUp(ctx, up, err)
	default:
		err = errors.Join(err, u.keepLast(ctx, up, from, algorithm))
	}
	return err
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

// commit checks the digest and makes the session a blob.
func (u *Uploads) commit(ctx context.Context, up *domain.Upload, h hash.Hash, algorithm domain.Algorithm, digest domain.Digest) error {
	b, err := u.places.Backend(up.Location)
	if err != nil {
		return err
	}
	if up.Offset == 0 && up.DriverState == nil { // no byte came to a session of one request
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
		err = whole(b.CommitUpload(ctx, up.UUID, digest.Path(), up.Offset, up.DriverState))
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

// whole tells of a commit that failed since the upload has fewer bytes than were
// acknowledged (after a loss of power: only commits are synced) that its bytes are lost.
// Asking again would not help.
func whole(err error) error {
	if errs.Is(err, errs.Conflict) {
		return errs.Wrap(errs.NotFound, err, "the storage has lost a part of the upload")
	}
	return err
}

// staged is where the bytes of a session wait for their digest.
func staged(up *domain.Upload) string { return "staged/" + up.UUID }

// commitOther ends a session whose digest is of another algorithm than the one
// that was computed on the way: the bytes are read again before they get a name.
func (u *Uploads) commitOther(ctx context.Context, b place.Backend, up *domain.Upload, digest domain.Digest) error {
	staged := staged(up)
	if err := whole(b.CommitUpload(ctx, up.UUID, staged, up.Offset, up.DriverState)); err != nil {
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
