package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
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

	referrers statement = `
SELECT m.id, m.digest, mt.name, m.manifest_bytes, COALESCE(m.artifact_type, m.config_media_type, '')
FROM manifest m JOIN mediatype mt ON mt.id = m.media_type_id
WHERE m.repository_id = $1 AND m.subject = $2 AND m.id > CAST($3 AS bigint)
  AND ($4 = '' OR COALESCE(m.artifact_type, m.config_media_type) = $4)
  AND (EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5))
    OR EXISTS (SELECT 1 FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id
               WHERE c.child_manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5)))
ORDER BY m.id LIMIT $6`

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
