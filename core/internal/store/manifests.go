package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// A tag lives from lifetime_start_ms until lifetime_end_ms, or without end. A
// manifest is alive while a living tag names it or a manifest that contains it.

const (
	manifestByTag statement = `
SELECT m.id, m.digest, m.media_type_id, m.manifest_bytes, COALESCE(t.lifetime_end_ms, 9223372036854775807)
FROM tag t JOIN manifest m ON m.id = t.manifest_id
WHERE t.repository_id = $1 AND t.name = $2 AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3) AND NOT t.hidden
ORDER BY t.id DESC LIMIT 1`

	manifestByDigest statement = `
SELECT m.id, m.media_type_id, m.manifest_bytes,
  (SELECT MAX(e) FROM (
     SELECT COALESCE(t.lifetime_end_ms, 9223372036854775807) AS e FROM tag t WHERE t.manifest_id = m.id
     UNION ALL
     SELECT COALESCE(t.lifetime_end_ms, 9223372036854775807)
     FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id WHERE c.child_manifest_id = m.id) AS ends)
FROM manifest m WHERE m.repository_id = $1 AND m.digest = $2`

	livingManifestID statement = `
SELECT m.id FROM manifest m WHERE m.repository_id = $1 AND m.digest = $2
  AND (EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3))
    OR EXISTS (SELECT 1 FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id
               WHERE c.child_manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3)))`

	manifestID statement = `SELECT id FROM manifest WHERE repository_id = $1 AND digest = $2`

	insertManifest statement = `
INSERT INTO manifest (repository_id, digest, media_type_id, manifest_bytes, config_media_type, layers_compressed_size,
                      subject, subject_backfilled, artifact_type, artifact_type_backfilled)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)
ON CONFLICT (repository_id, digest) DO NOTHING RETURNING id`

	insertManifestBlob statement = `
INSERT INTO manifestblob (repository_id, manifest_id, blob_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

	insertManifestChild statement = `
INSERT INTO manifestchild (repository_id, manifest_id, child_manifest_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

	insertSecurityStatus statement = `
INSERT INTO manifestsecuritystatus (manifest_id, repository_id, index_status, error_json, last_indexed, indexer_hash,
                                    indexer_version, metadata_json)
VALUES ($1, $2, 0, '{}', $3, '', 4, '{}')`

	referrers statement = `
SELECT m.id, m.digest, mt.name, m.manifest_bytes, COALESCE(m.artifact_type, m.config_media_type, '')
FROM manifest m JOIN mediatype mt ON mt.id = m.media_type_id
WHERE m.repository_id = $1 AND m.subject = $2 AND m.id > CAST($3 AS bigint)
  AND ($4 = '' OR COALESCE(m.artifact_type, m.config_media_type) = $4)
  AND (EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5))
    OR EXISTS (SELECT 1 FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id
               WHERE c.child_manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5)))
ORDER BY m.id LIMIT $6`

	// What was counted becomes unknown; what nobody counted yet stays so.
	forgetRepositorySize statement = `
UPDATE quotarepositorysize SET size_bytes = 0, backfill_start_ms = NULL, backfill_complete = FALSE
WHERE repository_id = $1 AND backfill_start_ms IS NOT NULL`

	forgetNamespaceSize statement = `
UPDATE quotanamespacesize SET size_bytes = 0, backfill_start_ms = NULL, backfill_complete = FALSE
WHERE namespace_user_id = (SELECT namespace_user_id FROM repository WHERE id = $1) AND backfill_start_ms IS NOT NULL`

	forgetParents statement = `DELETE FROM manifestchild WHERE repository_id = $1 AND child_manifest_id = $2`
)

func (s *Store) mediaType(ctx context.Context, id int64) (string, error) {
	return s.enumName(ctx, &s.enums.mediaType, mediaTypeByID, id)
}

// ManifestByTag returns the manifest that a living, visible tag names at an
// instant; errs.NotFound otherwise.
func (s *Store) ManifestByTag(ctx context.Context, repo domain.RepositoryID, tag string, at time.Time) (*domain.Manifest, error) {
	var m domain.Manifest
	var mediaType, end int64
	err := s.row(ctx, manifestByTag, repo, tag, millis(at)).Scan(&m.ID, &m.Digest, &mediaType, &m.Bytes, &end)
	if err != nil {
		return nil, classify(err)
	}
	m.AliveUntil = fromMillis(end)
	m.MediaType, err = s.mediaType(ctx, mediaType)
	return &m, err
}

// ManifestByDigest returns a manifest that is alive at an instant; errs.NotFound
// otherwise.
func (s *Store) ManifestByDigest(ctx context.Context, repo domain.RepositoryID, digest domain.Digest, at time.Time) (*domain.Manifest, error) {
	m := domain.Manifest{Digest: digest}
	var mediaType int64
	var end *int64
	err := s.row(ctx, manifestByDigest, repo, string(digest)).Scan(&m.ID, &mediaType, &m.Bytes, &end)
	if err != nil {
		return nil, classify(err)
	}
	if end == nil || *end <= millis(at) {
		return nil, errNoRow
	}
	m.AliveUntil = fromMillis(*end)
	m.MediaType, err = s.mediaType(ctx, mediaType)
	return &m, err
}

// LivingManifest returns the id of a manifest that is alive at an instant;
// errs.NotFound otherwise.
func (s *Store) LivingManifest(ctx context.Context, repo domain.RepositoryID, digest domain.Digest, at time.Time) (domain.ManifestID, error) {
	var id domain.ManifestID
	err := s.row(ctx, livingManifestID, repo, string(digest), millis(at)).Scan(&id)
	return id, classify(err)
}

// PutManifest stores a manifest, if it is new, and points its tags to it, all in
// one durable transaction with the push's trace (data/model/oci/manifest.py,
// create_manifest; data/model/oci/tag.py, retarget_tag and
// create_temporary_tag_if_necessary).
// errs.Conflict when a tag is immutable.
func (s *Store) PutManifest(ctx context.Context, n domain.NewManifest) error {
	mediaType, err := s.ensureEnum(ctx, &s.enums.mediaType, mediaTypeByName, insertMediaType, n.MediaType)
	if err != nil {
		return err
	}
	kind, err := s.enumID(&s.enums.tagKind, "tag")
	if err != nil {
		return err
	}
	labels, err := s.labelRows(ctx, n.Labels)
	if err != nil {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		if err := tx.lockTags(int64(n.Repository)); err != nil {
			return err
		}
		id, err := tx.putManifest(n, mediaType, kind, labels)
		if err != nil {
			return err
		}
		for _, tag := range n.Tags {
			if err := tx.retarget(int64(n.Repository), tag, id, kind, n.Policy, n.Now); err != nil {
				return err
			}
		}
		switch {
		case n.KeepUntagged:
			err = tx.hide(hiddenAsLong, int64(n.Repository), id, kind, n.Now, n.HiddenUntil)
		case len(n.Tags) == 0:
			err = tx.hide(tagAsLong, int64(n.Repository), id, kind, n.Now, n.HiddenUntil)
		}
		if err != nil {
			return err
		}
		return tx.leave(n.Trace)
	})
}

// putManifest stores a manifest that is new, or sees to it that one which is there
// does not go away.
func (t *Tx) putManifest(n domain.NewManifest, mediaType, kind int64, labels []labelRow) (int64, error) {
	id, err := t.findManifest(n)
	if errs.Is(err, errs.NotFound) {
		if id, err = t.insertManifest(n, mediaType, labels); err == nil {
			return id, t.insertChildren(n, id)
		}
		if errs.Is(err, errs.NotFound) { // the product, which takes no lock, was first
			id, err = t.findManifest(n)
		}
	}
	if err == nil && !n.AgainUntil.IsZero() {
		err = t.hide(tagAsLong, int64(n.Repository), id, kind, n.Now, n.AgainUntil)
	}
	if err != nil {
		return 0, err
	}
	return id, t.insertChildren(n, id) // deleting a child took it out
}

func (t *Tx) findManifest(n domain.NewManifest) (id int64, err error) {
	err = classify(t.row(manifestID, n.Repository, string(n.Digest)).Scan(&id))
	return id, err
}

// insertManifest stores a manifest that is new; errs.NotFound when somebody else has
// done so.
func (t *Tx) insertManifest(n domain.NewManifest, mediaType int64, labels []labelRow) (int64, error) {
	var layers any
	if n.LayersSize >= 0 {
		layers = n.LayersSize
	}
	id, err := t.insert(insertManifest, n.Repository, string(n.Digest), mediaType, string(n.Bytes),
		textOrNull(n.ConfigMediaType), layers, textOrNull(string(n.Subject)), true, textOrNull(n.ArtifactType))
	if err != nil {
		return 0, err
	}
	for _, blob := range n.Blobs {
		if _, err := t.exec(insertManifestBlob, n.Repository, id, blob); err != nil {
			return 0, err
		}
	}
	if !n.KeepTotals {
		if err := t.forgetTotals(n.Repository); err != nil {
			return 0, err
		}
	}
	if _, err = t.exec(insertSecurityStatus, id, n.Repository, n.Now); err != nil {
		return 0, err
	}
	return id, t.insertLabels(int64(n.Repository), id, labels)
}

// forgetTotals marks the sizes of a repository and its namespace, where they are
// known, for counting anew (data/model/quota.py, reset_backfill).
func (t *Tx) forgetTotals(repo domain.RepositoryID) error {
	if _, err := t.exec(forgetRepositorySize, repo); err != nil {
		return err
	}
	_, err := t.exec(forgetNamespaceSize, repo)
	return err
}

func (t *Tx) insertChildren(n domain.NewManifest, id int64) error {
	for _, child := range n.Children {
		if _, err := t.exec(insertManifestChild, n.Repository, id, child); err != nil {
			return err
		}
	}
	return nil
}

// Referrers calls fn for living manifests whose subject is a digest, in the order
// of their ids, above after, until fn returns false. An artifact type of "" is any.
func (s *Store) Referrers(ctx context.Context, repo domain.RepositoryID, subject domain.Digest, artifactType string,
	at time.Time, after domain.ManifestID, limit int, fn func(domain.Manifest, string) bool,
) error {
	err := s.rows(ctx, referrers, func(r scanner) error {
		var m domain.Manifest
		var artifactType string
		if err := r.Scan(&m.ID, &m.Digest, &m.MediaType, &m.Bytes, &artifactType); err != nil {
			return err
		}
		if !fn(m, artifactType) {
			return errEnough
		}
		return nil
	}, repo, string(subject), after, artifactType, millis(at), limit)
	return enough(err)
}
