package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	referrers statement = `
SELECT m.id, m.digest, mt.name, m.manifest_bytes, COALESCE(m.artifact_type, m.config_media_type, '')
FROM manifest m JOIN mediatype mt ON mt.id = m.media_type_id
WHERE m.repository_id = $1 AND m.subject = $2 AND m.id > CAST($3 AS bigint)
  AND ($4 = '' OR COALESCE(m.artifact_type, m.config_media_type) = $4)
  AND (EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5))
    OR EXISTS (SELECT 1 FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id
               WHERE c.child_manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5)))
ORDER BY m.id LIMIT $6`

	// $7 is the tag that names an index of referrers, and $8 the type of such an index.
	taggedReferrers statement = `
SELECT m.id, m.digest, mt.name, m.manifest_bytes, COALESCE(m.artifact_type, m.config_media_type, '')
FROM tag t JOIN manifest i ON i.id = t.manifest_id JOIN mediatype it ON it.id = i.media_type_id
JOIN manifestchild c ON c.manifest_id = i.id JOIN manifest m ON m.id = c.child_manifest_id
JOIN mediatype mt ON mt.id = m.media_type_id
WHERE t.repository_id = $1 AND t.name = $7 AND NOT t.hidden AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5)
  AND it.name = $8 AND COALESCE(m.subject, '') <> $2 AND m.id > CAST($3 AS bigint)
  AND ($4 = '' OR COALESCE(m.artifact_type, m.config_media_type) = $4)
ORDER BY m.id LIMIT $6`
)

// Referrers calls fn for living manifests whose subject is a digest, or, where the query
// has a tag, for those in the OCI index that the tag names and whose subject is another,
// in the order of their ids, until fn returns false.
func (s *Store) Referrers(ctx context.Context, q domain.ReferrerQuery, fn func(m domain.Manifest, artifactType string) bool) error {
	text, args := referrers, []any{q.Repository, string(q.Subject), q.After, q.ArtifactType, millis(q.At), q.Limit}
	if q.Tag != "" {
		text, args = taggedReferrers, append(args, q.Tag, domain.MediaTypeOCIIndex)
	}
	return enough(s.rows(ctx, text, func(r scanner) error {
		var m domain.Manifest
		var artifactType string
		if err := r.Scan(&m.ID, &m.Digest, &m.MediaType, &m.Bytes, &artifactType); err != nil {
			return err
		}
		if !fn(m, artifactType) {
			return errEnough
		}
		return nil
	}, args...))
}
