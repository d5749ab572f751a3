package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

const (
	// A change counts only if the tag is still as its caller saw it: its end and its
	// flag decide on each other.
	setTagEnd statement = `
UPDATE tag SET lifetime_end_ms = $2 WHERE id = $1 AND lifetime_end_ms IS NOT DISTINCT FROM $3 AND immutable = $4`

	setTagImmutable statement = `
UPDATE tag SET immutable = $2
WHERE id = $1 AND immutable <> $2 AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $3) AND lifetime_end_ms IS NOT DISTINCT FROM $4`

	tagsToExpire statement = `
SELECT t.id, t.repository_id, t.name, t.lifetime_start_ms, t.lifetime_end_ms, t.immutable
FROM tag t
WHERE t.manifest_id = $1 AND NOT t.hidden AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $2) AND ($3 OR NOT t.immutable)
ORDER BY t.id`

	makeImmutable statement = `
UPDATE tag SET immutable = TRUE, lifetime_end_ms = CASE WHEN $3 THEN lifetime_end_ms END
WHERE manifest_id = $1 AND NOT hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $2)`

	// How long the namespace of a repository keeps what ended, in seconds.
	timeMachine statement = `
SELECT u.removed_tag_expiration_s FROM repository r JOIN "user" u ON u.id = r.namespace_user_id WHERE r.id = $1`

	restorableTags statement = `
SELECT id FROM tag
WHERE repository_id = $1 AND name = $2 AND manifest_id = $3 AND lifetime_end_ms <= $4 AND lifetime_end_ms > $5 AND ($6 OR NOT immutable)
ORDER BY id`

	moveTagEnd statement = `UPDATE tag SET lifetime_end_ms = $2 WHERE id = $1`
)

// SetTagEnd changes when a tag ends; zero is never. It reports false when the tag's
// end or flag is no longer what the tag given says (data/model/oci/tag.py,
// set_tag_end_ms, which looks at the end only).
func (s *Store) SetTagEnd(ctx context.Context, tag *domain.Tag, end time.Time) (bool, error) {
	changed := false
	err := s.change(ctx, true, func(tx *Tx) error {
		if _, err := tx.exec(forgetTagNotifications, tag.ID); err != nil {
			return err
		}
		n, err := tx.exec(setTagEnd, tag.ID, endMillis(end), endMillis(tag.End), tag.Immutable)
		changed = n == 1
		return err
	})
	return changed && err == nil, err
}

// endMillis is the end of a tag as its column has it; zero is NULL.
func endMillis(end time.Time) any {
	if end.IsZero() {
		return nil
	}
	return millis(end)
}

// SetTagImmutable changes a living tag's flag. It reports false when the tag is not
// there any more, has the flag already, or no longer ends when the tag given says.
func (s *Store) SetTagImmutable(ctx context.Context, tag *domain.Tag, immutable bool, now time.Time) (bool, error) {
	changed := false
	err := s.change(ctx, true, func(tx *Tx) error {
		n, err := tx.exec(setTagImmutable, tag.ID, immutable, millis(now), endMillis(tag.End))
		changed = n == 1
		return err
	})
	return changed && err == nil, err
}

// expiring is a tag whose end is to be set.
type expiring struct {
	id, repo, start int64
	name            string
	end             *int64
	immutable       bool
}

// expireTags lets the visible tags of a manifest end some seconds after they began
// (data/model/oci/tag.py, set_tag_expiration_sec_for_manifest), immutable ones only
// where those may.
func (t *Tx) expireTags(manifest, seconds int64, p domain.TagPolicy, now time.Time) error {
	var list []expiring
	err := t.rows(tagsToExpire, func(r scanner) error {
		var e expiring
		err := r.Scan(&e.id, &e.repo, &e.name, &e.start, &e.end, &e.immutable)
		list = append(list, e)
		return err
	}, manifest, millis(now), p.ImmutableExpires || p.IgnoreImmutable)
	for _, e := range list {
		if err != nil {
			break
		}
		var end int64
		if end, err = t.freeEnd(e.repo, e.name, e.start+seconds*1000); err != nil {
			break
		}
		if _, err = t.exec(forgetTagNotifications, e.id); err == nil {
			_, err = t.exec(setTagEnd, e.id, end, e.end, e.immutable)
		}
	}
	return err
}

// PurgeTag takes a tag out of the time machine and reports whether there was
// anything to take (data/model/oci/tag.py, remove_tag_from_timemachine). Immutable
// tags stay.
func (s *Store) PurgeTag(ctx context.Context, p domain.TagPurge) (bool, error) {
	purged := false
	err := s.change(ctx, true, func(tx *Tx) error {
		purged = false
		if err := tx.lockTags(int64(p.Repository)); err != nil {
			return err
		}
		var seconds int64
		if err := tx.row(timeMachine, p.Repository).Scan(&seconds); err != nil {
			return classify(err)
		}
		out := millis(p.Now) - seconds*1000
		ids, latest, err := tx.purgeable(p, out)
		if err != nil || len(ids) == 0 {
			return err
		}
		if p.Policy.PullStatistics {
			if _, err := tx.exec(forgetTagPulls, p.Repository, p.Name); err != nil {
				return err
			}
		}
		for _, id := range ids {
			end, err := tx.freeEnd(int64(p.Repository), p.Name, latest)
			if err != nil {
				return err
			}
			if _, err := tx.exec(moveTagEnd, id, end); err != nil {
				return err
			}
		}
		purged = true
		if !p.Children || p.Policy.KeepChildren {
			return nil
		}
		_, err = tx.exec(endChildren, p.Repository, p.Manifest, out)
		return err
	})
	return purged && err == nil, err
}

// purgeable finds what PurgeTag ends, and the latest end that is outside of the
// time machine.
func (t *Tx) purgeable(p domain.TagPurge, out int64) (ids []int64, latest int64, err error) {
	if p.Alive {
		tags, err := t.livingTags(namedTag, p.Repository, p.Name, millis(p.Now))
		for _, tag := range tags {
			if !tag.hidden && (!tag.immutable || p.Policy.IgnoreImmutable) {
				ids = append(ids, tag.id)
			}
		}
		return ids, out, err
	}
	err = t.rows(restorableTags, into(&ids), p.Repository, p.Name, p.Manifest, millis(p.Now), out, p.Policy.IgnoreImmutable)
	return ids, out - 1, err
}
