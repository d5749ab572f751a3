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
