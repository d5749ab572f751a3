// Package uploads holds the rules about blobs on their way in: sessions that
// clients append to and that end as a blob, or as nothing.
//
// A session belongs to the repository that it was begun in; its id is worth
// nothing in another one. (The product looked sessions up by id alone.)
package uploads

import (
	"context"
	"errors"
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
	// Strict takes a chunk only as the distribution specification has it: it begins
	// where the session ends and has the length that it states, and a session outlives
	// a last chunk that was refused. The product skips what it has already, takes the
	// bytes that come, and ends the session with any refusal of the last chunk
	// (endpoints/v2/blob.py, data/registry_model/blobuploader.py).
	Strict bool
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

// Begin starts a session, at the driver too: whoever goes on with it, and that may be
// the Python product, finds the upload begun.
func (u *Uploads) Begin(ctx context.Context, repo domain.RepositoryID) (*domain.Upload, error) {
	up, err := u.newUpload(repo)
	if err != nil {
		return nil, err
	}
	// The row comes first: Sweep finds by it what a start leaves that is broken off.
	if err := u.store.CreateUpload(ctx, up); err != nil {
		return nil, err
	}
	if err := u.beginAtDriver(ctx, up); err != nil {
		// Nobody would know of it.
		ctx, cancel := detached(ctx)
		defer cancel()
		return nil, errors.Join(err, u.drop(ctx, up))
	}
	return up, nil
}

func (u *Uploads) beginAtDriver(ctx context.Context, up *domain.Upload) error {
	b, err := u.places.Backend(up.Location)
	if err != nil {
		return err
	}
	if up.DriverState, err = b.BeginUpload(ctx, up.UUID); err != nil || len(up.DriverState) == 0 {
		return err
	}
	return u.store.AdvanceUpload(ctx, up, 0)
}

func (u *Uploads) newUpload(repo domain.RepositoryID) (*domain.Upload, error) {
	name, _ := u.places.Preferred()
	state, err := shastate.Save(shastate.New())
	if err != nil {
		return nil, err
	}
	return &domain.Upload{UUID: uuid.NewString(), Repository: repo, Location: name, HashState: state, Created: time.Now()}, nil
}

// Push takes a whole blob in one request. Whatever goes wrong, no session is left of it.
func (u *Uploads) Push(ctx context.Context, repo domain.RepositoryID, c Chunk, digest domain.Digest) (*domain.Upload, error) {
	up, err := u.newUpload(repo)
	if err != nil {
		return nil, err
	}
	release, err := u.claim(up.UUID)
	if err != nil {
		return nil, err
	}
	defer release()
	// The row is for Sweep: it knows of the bytes when this program dies.
	if err := u.store.CreateUpload(ctx, up); err != nil {
		return nil, err
	}
	if err := u.finish(ctx, up, c, digest); err != nil {
		return up, errors.Join(err, u.drop(ctx, up))
	}
	return up, nil
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
	got, err := u.receive(ctx, up, c, domain.SHA256)
	switch {
	case err != nil:
		return u.giveUp(ctx, up, err)
	case !got.counts:
		return got.broken
	}
	return errors.Join(got.broken, u.advance(ctx, up, from))
}

// advance stores how far a session has come. The client may be gone by now; what
// it sent is kept all the same.
func (u *Uploads) advance(ctx context.Context, up *domain.Upload, from int64) error {
	ctx, cancel := detached(ctx)
	defer cancel()
	return u.store.AdvanceUpload(ctx, up, from)
}

// detached is a context for what has to be done although the client may be gone.
func detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
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
