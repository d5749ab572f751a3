package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	// A manifest lives through a tag of its own or of one that contains it; $3 is the
	// time, $4 looks at no tag and $5 at hidden ones, too.
	findManifest statement = `
SELECT m.id, m.digest, mt.name, COALESCE(m.config_media_type, ''), COALESCE(m.layers_compressed_size, -1)
FROM manifest m JOIN mediatype mt ON mt.id = m.media_type_id
WHERE m.repository_id = $1 AND m.digest = $2
  AND ($4
    OR EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id
               AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3) AND ($5 OR NOT t.hidden))
    OR EXISTS (SELECT 1 FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id
               WHERE c.child_manifest_id = m.id
               AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3) AND ($5 OR NOT t.hidden)))`

	manifestBytes statement = `
SELECT m.digest, mt.name, m.manifest_bytes
FROM manifest m JOIN mediatype mt ON mt.id = m.media_type_id
WHERE m.repository_id = $1 AND m.id = $2`

	manifestChildren statement = `
SELECT m.id, m.digest, mt.name, COALESCE(m.config_media_type, ''), COALESCE(m.layers_compressed_size, -1), m.manifest_bytes <> ''
FROM manifestchild c JOIN manifest m ON m.id = c.child_manifest_id JOIN mediatype mt ON mt.id = m.media_type_id
WHERE c.manifest_id = $1 AND m.id > CAST($2 AS bigint)
ORDER BY m.id LIMIT $3`

	manifestBlobs statement = `
SELECT s.id, COALESCE(s.content_checksum, ''), COALESCE(s.image_size, 0), s.uuid, s.cas_path
FROM manifestblob b JOIN imagestorage s ON s.id = b.blob_id
WHERE b.manifest_id = $1 AND s.id > CAST($2 AS bigint)
ORDER BY s.id LIMIT $3`
)

// FindManifest returns what tags tell of a manifest; errs.NotFound when there is
// none (data/model/oci/manifest.py, lookup_manifest).
func (s *Store) FindManifest(ctx context.Context, q domain.ManifestQuery) (*domain.TaggedManifest, error) {
	var m domain.TaggedManifest
	err := s.row(ctx, findManifest, q.Repository, string(q.Digest), millis(q.At), q.Dead, q.Hidden).
		Scan(&m.ID, &m.Digest, &m.MediaType, &m.ConfigMediaType, &m.LayersSize)
	if err != nil {
		return nil, classify(err)
	}
	return &m, nil
}

// StoredManifest returns a manifest of a repository, whether it is alive or not:
// one of any media type, also those that are no longer accepted. AliveUntil is not
// looked up. errs.NotFound when there is none.
func (s *Store) StoredManifest(ctx context.Context, repo domain.RepositoryID, id domain.ManifestID) (*domain.Manifest, error) {
	m := domain.Manifest{ID: id}
	err := s.row(ctx, manifestBytes, repo, id).Scan(&m.Digest, &m.MediaType, &m.Bytes)
	if err != nil {
		return nil, classify(err)
	}
	return &m, nil
}

// Children lists the manifests that an index contains and that are known, in the
// order of their ids, above after. A child without bytes (the product's pull-through
// cache has some that were not fetched yet) is not Present.
func (s *Store) Children(ctx context.Context, index, after domain.ManifestID, limit int) ([]domain.ChildManifest, error) {
	var list []domain.ChildManifest
	err := s.rows(ctx, manifestChildren, func(r scanner) error {
		var c domain.ChildManifest
		err := r.Scan(&c.ID, &c.Digest, &c.MediaType, &c.ConfigMediaType, &c.LayersSize, &c.Present)
		list = append(list, c)
		return err
	}, index, after, limit)
	return list, err
}

// BlobsOfManifest lists the blobs of a manifest in the order of their ids, above
// after. Their Locations are not looked up.
func (s *Store) BlobsOfManifest(ctx context.Context, id domain.ManifestID, after domain.BlobID, limit int) ([]domain.Blob, error) {
	var list []domain.Blob
	err := s.rows(ctx, manifestBlobs, func(r scanner) error {
		var b domain.Blob
		var uuid string
		var cas bool
		err := r.Scan(&b.ID, &b.Digest, &b.Size, &uuid, &cas)
		b.Path = blobPath(b.Digest, uuid, cas)
		list = append(list, b)
		return err
	}, id, after, limit)
	return list, err
}
