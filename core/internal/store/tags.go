package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	insertTag statement = `
INSERT INTO tag (name, repository_id, manifest_id, lifetime_start_ms, lifetime_end_ms, hidden, reversion, tag_kind_id, immutable)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`

	// Living tags of a name, with whether there is anything about them that goes when
	// they end: notes of who was told of their end, and tags that cosign hung to them.
	namedTag statement = `
SELECT t.id, t.name, t.immutable, t.hidden, COALESCE(t.manifest_id, 0),
       COALESCE((SELECT m.digest FROM manifest m WHERE m.id = t.manifest_id), ''),
       EXISTS (SELECT 1 FROM tagnotificationsuccess s WHERE s.tag_id = t.id),
       EXISTS (SELECT 1 FROM manifest m JOIN tag c ON c.repository_id = m.repository_id
                 AND c.name IN (replace(m.digest, ':', '-') || '.sig', replace(m.digest, ':', '-') || '.att', replace(m.digest, ':', '-') || '.sbom')
               WHERE m.id = t.manifest_id AND NOT c.immutable AND (c.lifetime_end_ms IS NULL OR c.lifetime_end_ms > $3))
FROM tag t
WHERE t.repository_id = $1 AND t.name = $2 AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3)`

	manifestTags statement = `
SELECT t.id, t.name, t.immutable, t.hidden, t.manifest_id,
       (SELECT m.digest FROM manifest m WHERE m.id = t.manifest_id), TRUE, TRUE
FROM tag t
WHERE t.manifest_id = $1 AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $2)
ORDER BY t.id`

	tagAsLong statement = `
SELECT 1 FROM tag WHERE manifest_id = $1 AND (lifetime_end_ms IS NULL OR lifetime_end_ms >= $2) LIMIT 1`

	hiddenAsLong statement = `
SELECT 1 FROM tag WHERE manifest_id = $1 AND hidden AND (lifetime_end_ms IS NULL OR lifetime_end_ms >= $2) LIMIT 1`

	// The end is $2, or the last instant before it at which no other incarnation of the
	// name ended.
	endTag statement = `
UPDATE tag SET lifetime_end_ms = CASE
  WHEN NOT EXISTS (SELECT 1 FROM tag e WHERE e.repository_id = tag.repository_id AND e.name = tag.name AND e.lifetime_end_ms = $2)
  THEN CAST($2 AS bigint)
  ELSE (SELECT e.lifetime_end_ms - 1 FROM tag e
        WHERE e.repository_id = tag.repository_id AND e.name = tag.name AND e.lifetime_end_ms <= $2
          AND NOT EXISTS (SELECT 1 FROM tag o
                          WHERE o.repository_id = e.repository_id AND o.name = e.name AND o.lifetime_end_ms = e.lifetime_end_ms - 1)
        ORDER BY e.lifetime_end_ms DESC LIMIT 1)
END
WHERE id = $1 AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $2)`

	// The last instant up to $3 at which no other incarnation of a name ended.
	freeEnd statement = `
SELECT CASE
  WHEN NOT EXISTS (SELECT 1 FROM tag WHERE repository_id = $1 AND name = $2 AND lifetime_end_ms = $3) THEN $3
  ELSE (SELECT t.lifetime_end_ms - 1 FROM tag t
        WHERE t.repository_id = $1 AND t.name = $2 AND t.lifetime_end_ms <= $3
          AND NOT EXISTS (SELECT 1 FROM tag o WHERE o.repository_id = $1 AND o.name = $2 AND o.lifetime_end_ms = t.lifetime_end_ms - 1)
        ORDER BY t.lifetime_end_ms DESC LIMIT 1)
END`

	forgetTagNotifications statement = `DELETE FROM tagnotificationsuccess WHERE tag_id = $1`

	forgetTagPulls statement = `DELETE FROM tagpullstatistics WHERE repository_id = $1 AND tag_name = $2`

	cosignTags statement = `
SELECT t.id, t.name, t.immutable, t.hidden, COALESCE(t.manifest_id, 0), '', FALSE, FALSE
FROM tag t WHERE t.repository_id = $1 AND t.name IN ($2, $3, $4) AND NOT t.immutable
  AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $5)
ORDER BY t.id`

	// The hidden tags of what a manifest contains, as far as they end after $3.
	endChildren statement = `
UPDATE tag SET lifetime_end_ms = $3
WHERE repository_id = $1 AND hidden AND name LIKE '$temp-%' AND lifetime_end_ms > $3
  AND manifest_id IN (SELECT c.child_manifest_id FROM manifestchild c WHERE c.repository_id = $1 AND c.manifest_id = $2)`

	manifestInRepository statement = `SELECT 1 FROM manifest WHERE id = $1 AND repository_id = $2`
)

// tagRow is a living tag inside a transaction.
type tagRow struct {
	id        int64
	name      string
	immutable bool
	hidden    bool
	manifest  int64
	digest    string
	// noted and signed are false when nobody was told of the tag's end, and when cosign
	// hung no tags to its manifest.
	noted, signed bool
}

// livingTags reads tags and keeps them as they are: the product makes tags immutable
// without the lock of their repository.
func (t *Tx) livingTags(q statement, args ...any) ([]tagRow, error) {
	var list []tagRow
	err := t.rowsForUpdate(q, func(r scanner) error {
		var tag tagRow
		err := r.Scan(&tag.id, &tag.name, &tag.immutable, &tag.hidden, &tag.manifest, &tag.digest, &tag.noted, &tag.signed)
		list = append(list, tag)
		return err
	}, args...)
	return list, err
}

// endTag ends a tag now and reports whether it was alive still. Names and ends are
// unique together: of incarnations that end in one millisecond the later ones get
// earlier ends, so that none is alive after now.
func (t *Tx) endTag(tag tagRow, now time.Time) (bool, error) {
	if tag.noted {
		if _, err := t.exec(forgetTagNotifications, tag.id); err != nil {
			return false, err
		}
	}
	n, err := t.exec(endTag, tag.id, millis(now))
	return n == 1, err
}

func (t *Tx) freeEnd(repo int64, name string, latest int64) (end int64, err error) {
	err = classify(t.row(freeEnd, repo, name, latest).Scan(&end))
	return end, err
}

// retarget ends the living tag of a name, if any, and begins one that names the
// manifest (data/model/oci/tag.py, retarget_tag). The repository's tags are locked.
func (t *Tx) retarget(repo int64, tag domain.NewTag, manifest, kind int64, p domain.TagPolicy, now time.Time) error {
	tags, err := t.livingTags(namedTag, repo, tag.Name, millis(now))
	if err != nil {
		return err
	}
	for _, old := range tags {
		if old.immutable && !p.IgnoreImmutable {
			return immutable("overwrite", tag.Name)
		}
		if _, err := t.endTag(old, now); err != nil {
			return err
		}
		if old.manifest != manifest {
			if err := t.endCosign(repo, old, now); err != nil {
				return err
			}
		}
	}
	var end any
	if tag.Seconds != 0 && (!tag.Immutable || p.ImmutableExpires) {
		end = millis(now) + tag.Seconds*1000
	}
	_, err = t.insert(insertTag, tag.Name, repo, manifest, millis(now), end, false, tag.Reversion, kind, tag.Immutable)
	return err
}

// endCosign ends the tags that cosign hung to a manifest's digest, after the last
// name of the manifest went to something else (data/model/oci/tag.py,
// _expire_cosign_sibling_tags). The repository's tags are locked.
func (t *Tx) endCosign(repo int64, gone tagRow, now time.Time) error {
	if !gone.signed || gone.digest == "" || domain.CosignTag(gone.name) {
		return nil
	}
	stem := strings.Replace(gone.digest, ":", "-", 1)
	siblings, err := t.livingTags(cosignTags, repo, stem+".sig", stem+".att", stem+".sbom", millis(now))
	if err != nil || len(siblings) == 0 {
		return err
	}
	others, err := t.livingTags(manifestTags, gone.manifest, millis(now))
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.id != gone.id && !o.hidden && !domain.CosignTag(o.name) {
			return nil
		}
	}
	for _, s := range siblings {
		if _, err := t.endTag(s, now); err != nil {
			return err
		}
	}
	return nil
}

// immutable is the refusal of a change to an immutable tag, in the words of the
// product's API.
func immutable(change, tag string) error {
	return &errs.Error{
		Kind: errs.Conflict, Reason: "tag_immutable", Message: "Cannot " + change + " immutable tag '" + tag + "'",
		Detail: map[string]string{"message": "tag '" + tag + "' is immutable"},
	}
}

// RetargetTag points a tag to a manifest of its repository, making the tag when
// there is none. errs.NotFound when the manifest is gone, errs.Conflict when the
// tag is immutable.
func (s *Store) RetargetTag(ctx context.Context, r domain.Retarget) error {
	kind, err := s.enumID(&s.enums.tagKind, "tag")
	if err != nil {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		if err := tx.lockTags(int64(r.Repository)); err != nil {
			return err
		}
		var one int
		if err := tx.row(manifestInRepository, r.Manifest, r.Repository).Scan(&one); err != nil {
			return classify(err)
		}
		if !r.KeepUntil.IsZero() {
			if err := tx.hide(tagAsLong, int64(r.Repository), int64(r.Manifest), kind, r.Now, r.KeepUntil); err != nil {
				return err
			}
		}
		return tx.retarget(int64(r.Repository), r.Tag, int64(r.Manifest), kind, r.Policy, r.Now)
	})
}

// DeleteTag ends a living tag; errs.NotFound when there is none, errs.Conflict
// when it is immutable (data/model/oci/tag.py, delete_tag).
func (s *Store) DeleteTag(ctx context.Context, d domain.TagDeletion) error {
	repo := int64(d.Repository)
	return s.change(ctx, true, func(tx *Tx) error {
		if err := tx.lockTags(repo); err != nil {
			return err
		}
		tags, err := tx.livingTags(namedTag, repo, d.Name, millis(d.Now))
		if err != nil {
			return err
		}
		found := false
		for _, tag := range tags {
			if tag.hidden {
				continue
			}
			if tag.immutable && !d.Policy.IgnoreImmutable {
				return immutable("delete", d.Name)
			}
			ended, err := tx.deleteTag(repo, tag, d.Policy, d.Now)
			if err == nil {
				err = tx.endCosign(repo, tag, d.Now)
			}
			if err != nil {
				return err
			}
			found = found || ended
		}
		if !found {
			return errNoRow
		}
		return tx.leaveTag(d.Trace, d.Name)
	})
}

// leaveTag writes what the end of a tag leaves.
func (t *Tx) leaveTag(trace func(tag string) domain.Trace, tag string) error {
	if trace == nil {
		return nil
	}
	return t.leave(trace(tag))
}

// deleteTag ends a tag with what goes with it, but for what cosign made.
func (t *Tx) deleteTag(repo int64, tag tagRow, p domain.TagPolicy, now time.Time) (bool, error) {
	if p.PullStatistics {
		if _, err := t.exec(forgetTagPulls, repo, tag.name); err != nil {
			return false, err
		}
	}
	ended, err := t.endTag(tag, now)
	if err != nil || p.KeepChildren {
		return ended, err
	}
	_, err = t.exec(endChildren, repo, tag.manifest, millis(now))
	return ended, err
}

// DeleteManifest ends the visible tags of a manifest, and with Everything all that
// keeps it (data/model/oci/tag.py, delete_tags_for_manifest). errs.Conflict when a tag
// is immutable.
func (s *Store) DeleteManifest(ctx context.Context, d domain.ManifestDeletion) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if err := tx.lockTags(int64(d.Repository)); err != nil {
			return err
		}
		err := tx.deleteTags(d)
		if err != nil || !d.Everything {
			return err
		}
		_, err = tx.exec(forgetParents, d.Repository, d.Manifest)
		return err
	})
}

func (t *Tx) deleteTags(d domain.ManifestDeletion) error {
	repo := int64(d.Repository)
	tags, err := t.livingTags(manifestTags, int64(d.Manifest), millis(d.Now))
	if err != nil {
		return err
	}
	var named tagRow
	for _, tag := range tags {
		if tag.hidden && !d.Everything {
			continue
		}
		if tag.immutable && !d.Policy.IgnoreImmutable {
			return immutable("delete", tag.name)
		}
		if !tag.hidden && !domain.CosignTag(tag.name) {
			named = tag
		}
		if _, err := t.deleteTag(repo, tag, d.Policy, d.Now); err != nil {
			return err
		}
		if !tag.hidden {
			if err := t.leaveTag(d.Trace, tag.name); err != nil {
				return err
			}
		}
	}
	return t.endCosign(repo, named, d.Now)
}

// hide gives a manifest a hidden tag, unless the query finds a tag that lives as
// long (data/model/oci/tag.py, create_temporary_tag_if_necessary). A zero until is
// never.
func (t *Tx) hide(asLong statement, repo, manifest, kind int64, now, until time.Time) error {
	end, endValue := never, any(nil)
	if !until.IsZero() {
		end = millis(until)
		endValue = end
	}
	var one int
	err := classify(t.row(asLong, manifest, end).Scan(&one))
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	_, err = t.insert(insertTag, temporaryName(), repo, manifest, millis(now), endValue, true, false, kind, false)
	return err
}

// errEnough ends a query whose reader has seen enough.
var errEnough = &errs.Error{Kind: errs.Canceled, Reason: "enough"}

// enough turns errEnough into success.
func enough(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}
