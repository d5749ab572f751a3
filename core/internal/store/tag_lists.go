package store

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	listTags statement = `
SELECT name FROM tag
WHERE repository_id = $1 AND name > $2 AND NOT hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $3)
ORDER BY name LIMIT $4`

	countTags statement = `
SELECT COUNT(*) FROM tag
WHERE repository_id = $1 AND NOT hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $2)`

	lastTagged statement = `
SELECT lifetime_start_ms FROM tag
WHERE repository_id = $1 AND NOT hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $2)
ORDER BY lifetime_start_ms DESC LIMIT 1`

	tagByName statement = `
SELECT t.id, t.name, t.lifetime_start_ms, t.lifetime_end_ms, t.hidden, t.reversion, t.immutable,
       m.id, m.digest, mt.name, COALESCE(m.config_media_type, ''), COALESCE(m.layers_compressed_size, -1)
FROM tag t JOIN manifest m ON m.id = t.manifest_id JOIN mediatype mt ON mt.id = m.media_type_id
WHERE t.repository_id = $1 AND t.name = $2 AND NOT t.hidden AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3)
ORDER BY t.id DESC LIMIT 1`

	// The history goes from the latest beginning to the first. A page goes on after
	// ($2, $3, $4): the beginning, name and id of the last one before.
	tagHistory statement = `
SELECT t.id, t.name, t.lifetime_start_ms, t.lifetime_end_ms, t.hidden, t.reversion, t.immutable,
       m.id, m.digest, mt.name, COALESCE(m.config_media_type, ''), COALESCE(m.layers_compressed_size, -1)
FROM tag t JOIN manifest m ON m.id = t.manifest_id JOIN mediatype mt ON mt.id = m.media_type_id
WHERE t.repository_id = $1 AND NOT t.hidden
  AND t.lifetime_start_ms <= $2 AND (t.lifetime_start_ms < $2 OR t.name > $3 OR t.name = $3 AND t.id > CAST($4 AS bigint))
  AND ($5 = '' OR LOWER(t.name) LIKE $5 ESCAPE '!')
  AND (NOT $6 OR t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $7)
  AND (CAST($8 AS bigint) < 0 OR t.lifetime_start_ms > $8 OR t.lifetime_end_ms > $8)
ORDER BY t.lifetime_start_ms DESC, t.name, t.id LIMIT $9 OFFSET $10`

	nameHistory statement = `
SELECT t.id, t.name, t.lifetime_start_ms, t.lifetime_end_ms, t.hidden, t.reversion, t.immutable,
       m.id, m.digest, mt.name, COALESCE(m.config_media_type, ''), COALESCE(m.layers_compressed_size, -1)
FROM tag t JOIN manifest m ON m.id = t.manifest_id JOIN mediatype mt ON mt.id = m.media_type_id
WHERE t.repository_id = $1 AND NOT t.hidden
  AND t.lifetime_start_ms <= $2 AND (t.lifetime_start_ms < $2 OR t.name > $3 OR t.name = $3 AND t.id > CAST($4 AS bigint))
  AND t.name = $5
  AND (NOT $6 OR t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $7)
  AND (CAST($8 AS bigint) < 0 OR t.lifetime_start_ms > $8 OR t.lifetime_end_ms > $8)
ORDER BY t.lifetime_start_ms DESC, t.id LIMIT $9 OFFSET $10`

	namesOfManifest statement = `
SELECT name FROM tag
WHERE manifest_id = $1 AND NOT hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $2)
ORDER BY id LIMIT $3`

	expiredTag statement = `
SELECT 1 FROM tag WHERE repository_id = $1 AND name = $2 AND lifetime_end_ms <= $3 LIMIT 1`
)

// Tags lists names of living, visible tags after a name, in the order of the
// database: byte order on SQLite.
func (s *Store) Tags(ctx context.Context, repo domain.RepositoryID, after string, at time.Time, limit int) ([]string, error) {
	names := make([]string, 0, min(limit, 1024))
	err := s.rows(ctx, listTags, into(&names), repo, after, millis(at), limit)
	return names, err
}

// CountTags counts living, visible tags. It reads all of them.
func (s *Store) CountTags(ctx context.Context, repo domain.RepositoryID, at time.Time) (int, error) {
	var n int
	err := s.row(ctx, countTags, repo, millis(at)).Scan(&n)
	return n, classify(err)
}

// LastTagged returns when the latest of the living, visible tags began; the zero
// time when there is none.
func (s *Store) LastTagged(ctx context.Context, repo domain.RepositoryID, at time.Time) (time.Time, error) {
	var ms int64
	err := classify(s.row(ctx, lastTagged, repo, millis(at)).Scan(&ms))
	if errs.Is(err, errs.NotFound) {
		return time.Time{}, nil
	}
	return fromMillis(ms), err
}

// Tag returns the living, visible tag of a name; errs.NotFound when there is none.
func (s *Store) Tag(ctx context.Context, repo domain.RepositoryID, name string, at time.Time) (*domain.Tag, error) {
	return scanTag(repo, s.row(ctx, tagByName, repo, name, millis(at)))
}

// TagHistory lists incarnations of tags, the latest first.
func (s *Store) TagHistory(ctx context.Context, q domain.TagQuery) ([]domain.Tag, error) {
	statement, filter := nameHistory, q.Name
	if q.Name == "" {
		statement, filter = tagHistory, containing(q.Contains)
	}
	start, name, id := int64(math.MaxInt64), "", domain.TagID(0)
	if q.After != nil {
		start, name, id = millis(q.After.Start), q.After.Name, q.After.ID
	}
	since := int64(-1)
	if !q.Since.IsZero() {
		since = millis(q.Since)
	}
	list := make([]domain.Tag, 0, min(q.Limit, 1024))
	err := s.rows(ctx, statement, func(r scanner) error {
		tag, err := scanTag(q.Repository, r)
		if err != nil {
			return err
		}
		list = append(list, *tag)
		return nil
	}, q.Repository, start, name, id, filter, q.OnlyAlive, millis(q.At), since, q.Limit, q.Skip)
	return list, err
}

// containing is the LIKE pattern of names that contain a part, in any case; empty
// for all names.
func containing(part string) string {
	if part == "" {
		return ""
	}
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(part)) + "%"
}

func scanTag(repo domain.RepositoryID, r scanner) (*domain.Tag, error) {
	t := domain.Tag{Repository: repo}
	var start int64
	var end *int64
	err := r.Scan(&t.ID, &t.Name, &start, &end, &t.Hidden, &t.Reversion, &t.Immutable,
		&t.Manifest.ID, &t.Manifest.Digest, &t.Manifest.MediaType, &t.Manifest.ConfigMediaType, &t.Manifest.LayersSize)
	if err != nil {
		return nil, classify(err)
	}
	t.Start = fromMillis(start)
	if end != nil {
		t.End = fromMillis(*end)
	}
	return &t, nil
}

// TagsOfManifest lists names of living, visible tags of a manifest, the oldest
// first.
func (s *Store) TagsOfManifest(ctx context.Context, id domain.ManifestID, at time.Time, limit int) ([]string, error) {
	var names []string
	err := s.rows(ctx, namesOfManifest, into(&names), id, millis(at), limit)
	return names, err
}

// HasExpiredTag reports whether a tag of this name was there once.
func (s *Store) HasExpiredTag(ctx context.Context, repo domain.RepositoryID, tag string, at time.Time) (bool, error) {
	return s.exists(ctx, expiredTag, repo, tag, millis(at))
}

// temporaryName is the name of a new hidden tag.
func temporaryName() string { return "$temp-" + uuid.NewString() }
