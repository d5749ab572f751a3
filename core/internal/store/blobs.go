package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	// A repository has a blob through a manifest or through an upload.
	repositoryBlob statement = `
SELECT s.id, s.uuid, COALESCE(s.image_size, 0), s.cas_path, COALESCE(l.name, '')
FROM imagestorage s LEFT JOIN imagestorageplacement p ON p.storage_id = s.id
LEFT JOIN imagestoragelocation l ON l.id = p.location_id
WHERE s.content_checksum = $2
  AND (EXISTS (SELECT 1 FROM manifestblob m WHERE m.repository_id = $1 AND m.blob_id = s.id)
    OR EXISTS (SELECT 1 FROM uploadedblob u WHERE u.repository_id = $1 AND u.blob_id = s.id))
ORDER BY s.id`

	sharedBlob statement = `
SELECT s.id, s.uuid, COALESCE(s.image_size, 0), s.cas_path, l.name
FROM imagestorage s JOIN imagestorageplacement p ON p.storage_id = s.id
JOIN imagestoragelocation l ON l.id = p.location_id
WHERE s.content_checksum = $1
ORDER BY s.id`

	blobAnywhere statement = `
SELECT s.id FROM imagestorage s
WHERE s.content_checksum = $1 AND EXISTS (SELECT 1 FROM imagestorageplacement p WHERE p.storage_id = s.id)
  AND (EXISTS (SELECT 1 FROM manifestblob m WHERE m.blob_id = s.id)
    OR EXISTS (SELECT 1 FROM uploadedblob u WHERE u.blob_id = s.id))
ORDER BY s.id LIMIT 1`

	blobByDigest statement = `SELECT id FROM imagestorage WHERE content_checksum = $1 ORDER BY id LIMIT 1`

	insertBlob statement = `
INSERT INTO imagestorage (uuid, image_size, uncompressed_size, uploading, cas_path, content_checksum)
VALUES ($1, $2, $3, TRUE, TRUE, $4) RETURNING id`

	// What is known stays.
	setBlobSizes statement = `
UPDATE imagestorage SET image_size = COALESCE(image_size, $2), uncompressed_size = COALESCE(uncompressed_size, $3)
WHERE id = $1 AND (image_size IS NULL OR uncompressed_size IS NULL)`

	insertPlacement statement = `
INSERT INTO imagestorageplacement (storage_id, location_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`

	insertUploadedBlob statement = `
INSERT INTO uploadedblob (repository_id, blob_id, uploaded_at, expires_at) VALUES ($1, $2, $3, $4) RETURNING id`

	insertUpload statement = `
INSERT INTO blobupload (repository_id, uuid, byte_count, sha_state, location_id, storage_metadata, chunk_count, created)
VALUES ($1, $2, 0, $6, $3, $4, 0, $5) RETURNING id`

	uploadByUUID statement = `
SELECT id, byte_count, COALESCE(sha_state, ''), location_id, COALESCE(storage_metadata, ''), chunk_count, created,
       uncompressed_byte_count
FROM blobupload WHERE repository_id = $1 AND uuid = $2`

	updateUpload statement = `
UPDATE blobupload SET byte_count = $2, sha_state = $3, storage_metadata = $4, chunk_count = $5, uncompressed_byte_count = $7
WHERE id = $1 AND byte_count = $6`

	staleUploads statement = `
SELECT u.id, u.repository_id, u.uuid, l.name, COALESCE(u.storage_metadata, '')
FROM blobupload u JOIN imagestoragelocation l ON l.id = u.location_id
WHERE u.created <= $1 ORDER BY u.created LIMIT $2`

	deleteUpload statement = `DELETE FROM blobupload WHERE id = $1`

	deleteUploadedBlobs statement = `DELETE FROM uploadedblob WHERE repository_id = $1 AND blob_id = $2`

	blobInManifest statement = `SELECT 1 FROM manifestblob WHERE repository_id = $1 AND blob_id = $2 LIMIT 1`
)

// sharedImages is where the product keeps layers of its oldest images
// (storage/basestorage.py).
const sharedImages = "sharedimages/"

// blobPath is where a blob's bytes are (data/model/storage.py, get_layer_path).
func blobPath(digest domain.Digest, uid string, cas bool) string {
	if cas && digest != "" {
		return digest.Path()
	}
	return sharedImages + uid + "/layer"
}

// Blob returns a blob that a repository has; errs.NotFound otherwise.
func (s *Store) Blob(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) (*domain.Blob, error) {
	return s.blob(ctx, digest, repositoryBlob, repo, string(digest))
}

// SharedBlob returns a blob that any repository has, with bytes at a location. It is
// for content that is no secret. errs.NotFound when there is none.
func (s *Store) SharedBlob(ctx context.Context, digest domain.Digest) (*domain.Blob, error) {
	return s.blob(ctx, digest, sharedBlob, string(digest))
}

// blob reads the first blob that a query finds, with all of its locations.
func (s *Store) blob(ctx context.Context, digest domain.Digest, q statement, args ...any) (*domain.Blob, error) {
	var b *domain.Blob
	err := s.rows(ctx, q, func(r scanner) error {
		var id domain.BlobID
		var uid, location string
		var size int64
		var cas bool
		if err := r.Scan(&id, &uid, &size, &cas, &location); err != nil {
			return err
		}
		if b == nil {
			b = &domain.Blob{ID: id, Digest: digest, Size: size, Path: blobPath(digest, uid, cas)}
		}
		if b.ID == id && location != "" {
			b.Locations = append(b.Locations, location)
		}
		return nil
	}, args...)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, errNoRow
	}
	return b, nil
}

// BlobAnywhere returns a blob that some repository has; errs.NotFound otherwise.
func (s *Store) BlobAnywhere(ctx context.Context, digest domain.Digest) (domain.BlobID, error) {
	var id domain.BlobID
	err := s.row(ctx, blobAnywhere, string(digest)).Scan(&id)
	return id, classify(err)
}

// LinkBlob gives a repository a blob that another one has, until a manifest takes
// it or the link expires. errs.NotFound when the blob is gone.
func (s *Store) LinkBlob(ctx context.Context, repo domain.RepositoryID, blob domain.BlobID, expires time.Time) error {
	err := s.change(ctx, true, func(tx *Tx) error { return tx.linkBlob(int64(repo), int64(blob), expires) })
	if errs.Is(err, errs.Conflict) { // it was purged meanwhile
		return errNoRow
	}
	return err
}

func (t *Tx) linkBlob(repo, blob int64, expires time.Time) error {
	_, err := t.insert(insertUploadedBlob, repo, blob, time.Now(), expires)
	return err
}

// UnlinkBlob takes an uploaded blob from a repository. errs.Conflict while a
// manifest of the repository has it.
func (s *Store) UnlinkBlob(ctx context.Context, repo domain.RepositoryID, blob domain.BlobID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		var one int
		switch err := classify(tx.row(blobInManifest, repo, blob).Scan(&one)); {
		case err == nil:
			return errs.New(errs.Conflict, "the blob belongs to a manifest")
		case !errs.Is(err, errs.NotFound):
			return err
		}
		_, err := tx.exec(deleteUploadedBlobs, repo, blob)
		return err
	})
}

// CreateUpload stores a new upload and gives it its id.
func (s *Store) CreateUpload(ctx context.Context, u *domain.Upload) error {
	location, err := s.enumID(&s.enums.location, u.Location)
	if err != nil {
		return err
	}
	return s.change(ctx, false, func(tx *Tx) error {
		id, err := tx.insert(insertUpload, u.Repository, u.UUID, location, jsonText(u.DriverState), u.Created, textOrNull(u.HashState))
		u.ID = domain.UploadID(id)
		return err
	})
}

// Upload returns an upload of a repository; errs.NotFound otherwise. That an
// upload belongs to its repository is part of the query: the product looked it
// up by uuid alone.
func (s *Store) Upload(ctx context.Context, repo domain.RepositoryID, id string) (*domain.Upload, error) {
	u := domain.Upload{UUID: id, Repository: repo}
	var location int64
	var state string
	err := s.row(ctx, uploadByUUID, repo, id).
		Scan(&u.ID, &u.Offset, &u.HashState, &location, &state, &u.Chunks, &u.Created, &u.Inflated)
	if err != nil {
		return nil, classify(err)
	}
	u.DriverState = []byte(state)
	u.Location, err = s.enumName(ctx, &s.enums.location, locationByID, location)
	return &u, err
}

// AdvanceUpload stores the new end of an upload, if the old one is still what the
// caller believes; errs.Conflict otherwise.
func (s *Store) AdvanceUpload(ctx context.Context, u *domain.Upload, from int64) error {
	return s.change(ctx, false, func(tx *Tx) error {
		n, err := tx.exec(updateUpload, u.ID, u.Offset, u.HashState, jsonText(u.DriverState), u.Chunks, from, u.Inflated)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "the upload was changed by another request")
		}
		return err
	})
}

// StaleUploads lists uploads that began before a time, oldest first: their ids,
// locations and drivers' states.
func (s *Store) StaleUploads(ctx context.Context, before time.Time, limit int) ([]domain.Upload, error) {
	var list []domain.Upload
	err := s.rows(ctx, staleUploads, func(r scanner) error {
		var u domain.Upload
		var state string
		err := r.Scan(&u.ID, &u.Repository, &u.UUID, &u.Location, &state)
		u.DriverState = []byte(state)
		list = append(list, u)
		return err
	}, before, limit)
	return list, err
}

// DeleteUpload forgets an upload.
func (s *Store) DeleteUpload(ctx context.Context, id domain.UploadID) error {
	return s.change(ctx, false, func(tx *Tx) error {
		_, err := tx.exec(deleteUpload, id)
		return err
	})
}

// CommitBlob records that a location has a blob and that the repository does
// (data/model/blob.py, store_blob_record_and_temp_link_in_repo).
func (s *Store) CommitBlob(ctx context.Context, c domain.CommittedBlob) error {
	location, err := s.enumID(&s.enums.location, c.Location)
	if err != nil {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		id, err := tx.putBlob(c)
		if err != nil {
			return err
		}
		if _, err := tx.exec(insertPlacement, id, location); err != nil {
			return err
		}
		if err := tx.linkBlob(int64(c.Repository), id, c.LinkExpires); err != nil {
			return err
		}
		if c.Upload == 0 {
			return nil
		}
		_, err = tx.exec(deleteUpload, c.Upload)
		return err
	})
}

// putBlob returns the row of a blob's content, making it when there is none. Content
// is one row though many may push it at once: whoever finds none looks again when it
// has the lock.
func (t *Tx) putBlob(c domain.CommittedBlob) (id int64, err error) {
	find := func() error { return classify(t.row(blobByDigest, string(c.Digest)).Scan(&id)) }
	if err = find(); errs.Is(err, errs.NotFound) {
		if err = t.lock(domain.AdvisoryLock("blob", string(c.Digest))); err != nil {
			return 0, err
		}
		err = find()
	}
	switch {
	case err == nil:
		_, err = t.exec(setBlobSizes, id, c.Size, c.Inflated)
	case errs.Is(err, errs.NotFound):
		// The product leaves a finished blob marked as uploading, too.
		id, err = t.insert(insertBlob, uuid.NewString(), c.Size, c.Inflated, string(c.Digest))
	}
	return id, err
}
