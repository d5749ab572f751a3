package store

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestUpload proves that an upload comes back as it was stored, in its own
// repository only, until it is deleted.
func TestUpload(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		u := f.upload(repo)
		u.Offset, u.Chunks, u.HashState, u.DriverState = 10, 1, "state", []byte(`{"part":1}`)
		f.must(f.AdvanceUpload(f.ctx, u, 0))

		got, err := f.Upload(f.ctx, repo, u.UUID)
		f.must(err)
		if got.ID != u.ID || got.UUID != u.UUID || got.Repository != repo || got.Offset != 10 || got.Chunks != 1 ||
			got.HashState != "state" || got.Location != location || string(got.DriverState) != `{"part":1}` ||
			!got.Created.Equal(u.Created.Truncate(time.Microsecond)) {
			t.Errorf("got %+v, want %+v", got, u)
		}
		_, err = f.Upload(f.ctx, other, u.UUID)
		wantKind(t, "an upload of another repository", err, errs.NotFound)
		_, err = f.Upload(f.ctx, repo, uuid.NewString())
		wantKind(t, "no such upload", err, errs.NotFound)
		f.must(f.DeleteUpload(f.ctx, u.ID))
		_, err = f.Upload(f.ctx, repo, u.UUID)
		wantKind(t, "a deleted upload", err, errs.NotFound)
	})
}

// TestAdvanceUpload proves that of two requests that both saw one end of an
// upload, one is told of the conflict and changes nothing.
func TestAdvanceUpload(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		u := f.upload(repo)
		first, second := *u, *u
		first.Offset, second.Offset = 5, 7
		f.must(f.AdvanceUpload(f.ctx, &first, 0))
		wantKind(t, "the second request", f.AdvanceUpload(f.ctx, &second, 0), errs.Conflict)
		got, err := f.Upload(f.ctx, repo, u.UUID)
		f.must(err)
		if got.Offset != 5 {
			t.Errorf("the upload has %d bytes, want 5", got.Offset)
		}
	})
}

// TestCreateUploadUnknownLocation proves that an upload is not begun in a
// location that the database does not know.
func TestCreateUploadUnknownLocation(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		u := &domain.Upload{UUID: uuid.NewString(), Repository: f.repository("acme/web"), Location: "nowhere"}
		wantKind(t, "unknown location", f.CreateUpload(f.ctx, u), errs.Internal)
	})
}

// TestCommitBlob proves that content is one row however often it is pushed, that
// it is in every location that got it, and that its upload ends with it.
func TestCommitBlob(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.must(f.EnsureLocation(f.ctx, "second"))
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		u := f.upload(repo)
		c := domain.CommittedBlob{
			Repository: repo, Digest: domain.SHA256.Of([]byte("content")), Size: 7, Location: location,
			Upload: u.ID, LinkExpires: time.Now().Add(time.Hour),
		}
		f.must(f.CommitBlob(f.ctx, c))
		_, err := f.Upload(f.ctx, repo, u.UUID)
		wantKind(t, "the upload afterwards", err, errs.NotFound)

		first, err := f.Blob(f.ctx, repo, c.Digest)
		f.must(err)
		if first.Size != 7 || first.Digest != c.Digest || first.Path != c.Digest.Path() || !slices.Equal(first.Locations, []string{location}) {
			t.Errorf("got %+v", first)
		}
		_, err = f.Blob(f.ctx, other, c.Digest)
		wantKind(t, "in a repository that did not get it", err, errs.NotFound)

		c.Repository, c.Location, c.Upload = other, "second", 0
		f.must(f.CommitBlob(f.ctx, c))
		f.must(f.CommitBlob(f.ctx, c))
		again, err := f.Blob(f.ctx, other, c.Digest)
		f.must(err)
		if again.ID != first.ID || len(again.Locations) != 2 {
			t.Errorf("the second time it is %+v, first it was %+v", again, first)
		}
	})
}

// TestCommitBlobFillsSize proves that a size which the product left open is
// filled in, and that one that is known is never changed.
func TestCommitBlobFillsSize(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		blob := f.blob(repo, "content")
		f.exec(`UPDATE imagestorage SET image_size = NULL WHERE id = $1`, blob.ID)
		if b, err := f.Blob(f.ctx, repo, blob.Digest); err != nil || b.Size != 0 {
			t.Fatalf("got %+v, %v", b, err)
		}
		c := domain.CommittedBlob{Repository: repo, Digest: blob.Digest, Size: 7, Location: location}
		for _, size := range []int64{7, 9} {
			c.Size = size
			f.must(f.CommitBlob(f.ctx, c))
			if b, err := f.Blob(f.ctx, repo, blob.Digest); err != nil || b.Size != 7 {
				t.Errorf("after a commit of %d bytes: %+v, %v", size, b, err)
			}
		}
	})
}

// TestOldBlobPath proves that content which the product stored before it used
// digests as names is found where it was put.
func TestOldBlobPath(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		blob := f.blob(repo, "content")
		f.exec(`UPDATE imagestorage SET cas_path = FALSE, uuid = 'old' WHERE id = $1`, blob.ID)
		b, err := f.Blob(f.ctx, repo, blob.Digest)
		f.must(err)
		if b.Path != "sharedimages/old/layer" {
			t.Errorf("path %s", b.Path)
		}
	})
}

// TestBlobWithoutPlacement proves that a blob of which no location is known is
// found all the same, with none.
func TestBlobWithoutPlacement(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		blob := f.blob(repo, "content")
		f.exec(`DELETE FROM imagestorageplacement`)
		b, err := f.Blob(f.ctx, repo, blob.Digest)
		f.must(err)
		if len(b.Locations) != 0 {
			t.Errorf("locations %v", b.Locations)
		}
	})
}

// TestLinkBlob proves that a link gives a blob to a repository and unlinking
// takes it away, there alone.
func TestLinkBlob(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		from, to := f.repository("acme/web"), f.repository("acme/other")
		blob := f.blob(from, "content")
		f.must(f.LinkBlob(f.ctx, to, blob.ID, time.Now().Add(time.Hour)))
		if _, err := f.Blob(f.ctx, to, blob.Digest); err != nil {
			t.Errorf("after the link: %v", err)
		}
		f.must(f.UnlinkBlob(f.ctx, to, blob.ID))
		_, err := f.Blob(f.ctx, to, blob.Digest)
		wantKind(t, "after unlinking", err, errs.NotFound)
		if _, err := f.Blob(f.ctx, from, blob.Digest); err != nil {
			t.Errorf("where it came from: %v", err)
		}
	})
}

// TestUnlinkBlobOfManifest proves that a blob cannot be taken from under a
// manifest, and stays when it is tried.
func TestUnlinkBlobOfManifest(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		blob := f.blob(repo, "content")
		f.must(f.LinkBlob(f.ctx, other, blob.ID, time.Now()))
		n := manifest(repo, "{}", time.Now(), "latest")
		n.Blobs = []domain.BlobID{blob.ID}
		f.must(f.PutManifest(f.ctx, n))

		wantKind(t, "while in a manifest", f.UnlinkBlob(f.ctx, repo, blob.ID), errs.Conflict)
		f.must(f.UnlinkBlob(f.ctx, other, blob.ID)) // its own manifests count
		// Without the upload's link the manifest alone keeps it.
		f.exec(`DELETE FROM uploadedblob`)
		if _, err := f.Blob(f.ctx, repo, blob.Digest); err != nil {
			t.Error(err)
		}
	})
}

// TestBlobAnywhere proves that content is found while some repository has it and
// some location holds it, and not on the strength of a left-over row.
func TestBlobAnywhere(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		blob := f.blob(f.repository("acme/web"), "content")
		expect := func(when string, there bool) {
			t.Helper()
			id, err := f.BlobAnywhere(f.ctx, blob.Digest)
			if there && (err != nil || id != blob.ID) || !there && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: got %v, %v", when, id, err)
			}
		}
		expect("uploaded", true)
		f.exec(`DELETE FROM imagestorageplacement`)
		expect("without a location", false)
		f.must(f.CommitBlob(f.ctx, domain.CommittedBlob{Repository: 1, Digest: blob.Digest, Size: 7, Location: location}))
		f.exec(`DELETE FROM uploadedblob`)
		expect("without a repository", false)
	})
}
