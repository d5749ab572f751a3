package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	lastManifest statement = `SELECT COALESCE(MAX(id), 0) FROM manifest`

	// The two values that stand for "not yet" are two ranges of an index.
	unknownSubject statement = `
SELECT 1 FROM manifest WHERE subject_backfilled IS NULL
UNION ALL SELECT 1 FROM manifest WHERE subject_backfilled = FALSE LIMIT 1`
	unknownArtifactType statement = `
SELECT 1 FROM manifest WHERE artifact_type_backfilled IS NULL
UNION ALL SELECT 1 FROM manifest WHERE artifact_type_backfilled = FALSE LIMIT 1`

	unknownSizesBetween statement = `
SELECT m.id, t.name, m.manifest_bytes FROM manifest m JOIN mediatype t ON t.id = m.media_type_id
WHERE m.id >= $1 AND m.id < $2 AND m.layers_compressed_size IS NULL ORDER BY m.id`
	unknownSubjectsBetween statement = `
SELECT m.id, t.name, m.manifest_bytes FROM manifest m JOIN mediatype t ON t.id = m.media_type_id
WHERE m.id >= $1 AND m.id < $2 AND (m.subject_backfilled IS NULL OR NOT m.subject_backfilled) ORDER BY m.id`
	unknownArtifactTypesBetween statement = `
SELECT m.id, t.name, m.manifest_bytes FROM manifest m JOIN mediatype t ON t.id = m.media_type_id
WHERE m.id >= $1 AND m.id < $2 AND (m.artifact_type_backfilled IS NULL OR NOT m.artifact_type_backfilled) ORDER BY m.id`

	fillSize statement = `
UPDATE manifest SET layers_compressed_size = $2, config_media_type = $3 WHERE id = $1 AND layers_compressed_size IS NULL`
	fillSubject statement = `
UPDATE manifest SET subject = $2, subject_backfilled = TRUE
WHERE id = $1 AND (subject_backfilled IS NULL OR NOT subject_backfilled)`
	fillArtifactType statement = `
UPDATE manifest SET artifact_type = $2, artifact_type_backfilled = TRUE
WHERE id = $1 AND (artifact_type_backfilled IS NULL OR NOT artifact_type_backfilled)`
)

// LastManifest returns the greatest id of a manifest, zero without any.
func (s *Store) LastManifest(ctx context.Context) (id domain.ManifestID, err error) {
	err = classify(s.row(ctx, lastManifest).Scan(&id))
	return id, err
}

// HasUnfilledManifests reports whether columns of some manifest are not filled in. Of
// sizes it does not know: nothing tells them but reading every manifest.
func (s *Store) HasUnfilledManifests(ctx context.Context, c domain.ManifestColumns) (bool, error) {
	switch c {
	case domain.ManifestSubject:
		return s.exists(ctx, unknownSubject)
	case domain.ManifestArtifactType:
		return s.exists(ctx, unknownArtifactType)
	}
	return true, nil
}

// UnfilledManifests calls fn for each manifest from one id to another, which is
// excluded, whose columns are not filled in, in the order of ids.
func (s *Store) UnfilledManifests(ctx context.Context, c domain.ManifestColumns, from, to domain.ManifestID,
	fn func(id domain.ManifestID, mediaType string, bytes []byte),
) error {
	q := map[domain.ManifestColumns]statement{
		domain.ManifestSize: unknownSizesBetween, domain.ManifestSubject: unknownSubjectsBetween,
		domain.ManifestArtifactType: unknownArtifactTypesBetween,
	}[c]
	return s.rows(ctx, q, func(r scanner) error {
		var id domain.ManifestID
		var mediaType string
		var bytes []byte
		if err := r.Scan(&id, &mediaType, &bytes); err != nil {
			return err
		}
		fn(id, mediaType, bytes)
		return nil
	}, from, to)
}

// FillManifests fills columns in, where nobody else has done so, and returns of how many
// manifests. Several may do it at once, the Python product among them: the facts are in
// the order of ids, so that they wait for each other and do not lock each other out.
func (s *Store) FillManifests(ctx context.Context, c domain.ManifestColumns, facts []domain.ManifestFacts) (int, error) {
	if len(facts) == 0 {
		return 0, nil
	}
	var filled int64
	err := s.change(ctx, false, func(tx *Tx) error {
		filled = 0
		for i := range facts {
			n, err := tx.fill(c, &facts[i])
			if err != nil {
				return err
			}
			filled += n
		}
		return nil
	})
	return int(filled), err
}

func (t *Tx) fill(c domain.ManifestColumns, f *domain.ManifestFacts) (int64, error) {
	switch c {
	case domain.ManifestSubject:
		return t.exec(fillSubject, f.ID, textOrNull(f.Subject))
	case domain.ManifestArtifactType:
		return t.exec(fillArtifactType, f.ID, textOrNull(f.ArtifactType))
	}
	return t.exec(fillSize, f.ID, f.LayersSize, textOrNull(f.ConfigMediaType))
}
