package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	insertTag statement = `
INSERT INTO tag (name, repository_id, manifest_id, lifetime_start_ms, lifetime_end_ms, hidden, reversion, tag_kind_id, immutable)
VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7, FALSE) RETURNING id`

	namedTag statement = `
SELECT id, name, immutable, hidden FROM tag
WHERE repository_id = $1 AND name = $2 AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $3)`

	manifestTags statement = `
SELECT id, name, immutable, hidden FROM tag
WHERE manifest_id = $1 AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $2)`

	tagAsLong statement = `
SELECT 1 FROM tag WHERE manifest_id = $1 AND (lifetime_end_ms IS NULL OR lifetime_end_ms >= $2) LIMIT 1`

	hiddenAsLong statement = `
SELECT 1 FROM tag WHERE manifest_id = $1 AND hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms >= $2) LIMIT 1`

	endTag statement = `UPDATE tag SET lifetime_end_ms = $2 WHERE id = $1`

	// The last instant up to $3 at which no other incarnation of a name ended.
	freeEnd statement = `
SELECT CASE
  WHEN NOT EXISTS (SELECT 1 FROM tag WHERE repository_id = $1 AND name = $2 AND lifetime_end_ms = $3) THEN $3
  ELSE (SELECT t.lifetime_end_ms - 1 FROM tag t
        WHERE t.repository_id = $1 AND t.name = $2 AND t.lifetime_end_ms <= $3
          AND NOT EXISTS (SELECT 1 FROM tag o WHERE o.repository_id = $1 AND o.name = $2 AND o.lifetime_end_ms = t.lifetime_end_ms - 1)
        ORDER BY t.lifetime_end_ms DESC LIMIT 1)
END`

	listTags statement = `
SELECT name FROM tag
WHERE repository_id = $1 AND name > $2 AND NOT hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $3)
ORDER BY name LIMIT $4`
)

// tagRow is a living tag inside a transaction.
type tagRow struct {
	id        int64
	name      string
	immutable bool
	hidden    bool
}

func (t *Tx) livingTags(q statement, args ...any) ([]tagRow, error) {
	var list []tagRow
	err := t.rows(q, func(r scanner) error {
		var tag tagRow
		err := r.Scan(&tag.id, &tag.name, &tag.immutable, &tag.hidden)
		list = append(list, tag)
		return err
	}, args...)
	return list, err
}

// endTag ends a tag now. Names and ends are unique together: of incarnations that
// end in one millisecond the later ones get earlier ends, so that none is alive
// after now.
func (t *Tx) endTag(repo int64, tag tagRow, now time.Time) error {
	var end int64
	if err := t.row(freeEnd, repo, tag.name, millis(now)).Scan(&end); err != nil {
		return classify(err)
	}
	_, err := t.exec(endTag, tag.id, end)
	return err
}

// retarget ends the living tag of a name, if any, and begins one that names the
// manifest.
func (t *Tx) retarget(repo int64, name string, manifest, kind int64, now time.Time) error {
	tags, err := t.livingTags(namedTag, repo, name, millis(now))
	if err != nil {
		return err
	}
	for _, tag := range tags {
		if tag.immutable {
			return immutable(name)
		}
		if err := t.endTag(repo, tag, now); err != nil {
			return err
		}
	}
	_, err = t.insert(insertTag, name, repo, manifest, millis(now), nil, false, kind)
	return err
}

func immutable(tag string) error {
	return &errs.Error{
		Kind: errs.Conflict, Reason: "tag_immutable", Message: "tag is immutable and cannot be overwritten",
		Detail: map[string]string{"message": "tag '" + tag + "' is immutable"},
	}
}

// Tags lists names of living, visible tags after a name, in byte order.
func (s *Store) Tags(ctx context.Context, repo domain.RepositoryID, after string, at time.Time, limit int) ([]string, error) {
	names := make([]string, 0, min(limit, 1024))
	err := s.rows(ctx, listTags, func(r scanner) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}, repo, after, millis(at), limit)
	return names, err
}

// DeleteTag ends a living tag; errs.NotFound when there is none, errs.Conflict
// when it is immutable.
func (s *Store) DeleteTag(ctx context.Context, repo domain.RepositoryID, name string, now time.Time) error {
	return s.change(ctx, true, func(tx *Tx) error {
		tags, err := tx.livingTags(namedTag, repo, name, millis(now))
		if err != nil {
			return err
		}
		found := false
		for _, tag := range tags {
			if tag.hidden {
				continue
			}
			if tag.immutable {
				return immutable(name)
			}
			if err := tx.endTag(int64(repo), tag, now); err != nil {
				return err
			}
			found = true
		}
		if !found {
			return errNoRow
		}
		return nil
	})
}
