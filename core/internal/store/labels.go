package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	labelsOfManifest statement = `
SELECT l.uuid, l.key, l.value, mt.name, st.name
FROM manifestlabel ml JOIN label l ON l.id = ml.label_id
JOIN mediatype mt ON mt.id = l.media_type_id JOIN labelsourcetype st ON st.id = l.source_type_id
WHERE ml.manifest_id = $1 AND l.id > CAST($2 AS bigint) AND ($3 = '' OR l.key LIKE $3 ESCAPE '!')
ORDER BY l.id LIMIT $4`

	labelByUUID statement = `
SELECT l.id, l.key, l.value, mt.name, st.name, st.mutable
FROM label l JOIN manifestlabel ml ON ml.label_id = l.id
JOIN mediatype mt ON mt.id = l.media_type_id JOIN labelsourcetype st ON st.id = l.source_type_id
WHERE l.uuid = $1 AND ml.manifest_id = $2`

	labelID statement = `SELECT id FROM label WHERE uuid = $1`

	childLabels statement = `
SELECT c.child_manifest_id, COALESCE(l.key, ''), COALESCE(l.value, '')
FROM manifestchild c
LEFT JOIN manifestlabel ml ON ml.manifest_id = c.child_manifest_id
LEFT JOIN label l ON l.id = ml.label_id
WHERE c.manifest_id = $1
ORDER BY c.child_manifest_id, l.id`

	// A label's texts are parts of $2; $3 has six numbers for each: where its key begins
	// and how long it is, the same of its value, and the ids of media type and source.
	insertLabels statement = `
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 36 <= length(CAST($1 AS text)))
INSERT INTO label (uuid, key, value, media_type_id, source_type_id)
SELECT substr(CAST($1 AS text), n * 36 + 1, 36),
       substr(CAST($2 AS text), CAST(substr(CAST($3 AS text), n * 60 + 1, 10) AS integer) + 1, CAST(substr(CAST($3 AS text), n * 60 + 11, 10) AS integer)),
       substr(CAST($2 AS text), CAST(substr(CAST($3 AS text), n * 60 + 21, 10) AS integer) + 1, CAST(substr(CAST($3 AS text), n * 60 + 31, 10) AS integer)),
       CAST(substr(CAST($3 AS text), n * 60 + 41, 10) AS integer), CAST(substr(CAST($3 AS text), n * 60 + 51, 10) AS integer)
FROM part ORDER BY n`

	insertManifestLabels statement = `
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 36 <= length(CAST($3 AS text)))
INSERT INTO manifestlabel (repository_id, manifest_id, label_id)
SELECT CAST($1 AS integer), CAST($2 AS integer), l.id
FROM part JOIN label l ON l.uuid = substr(CAST($3 AS text), n * 36 + 1, 36) ORDER BY n`

	deleteManifestLabels statement = `DELETE FROM manifestlabel WHERE label_id = $1`

	deleteLabel statement = `DELETE FROM label WHERE id = $1`

	labelSourceByName statement = `SELECT id FROM labelsourcetype WHERE name = $1`

	repositoryOfManifest statement = `SELECT repository_id FROM manifest WHERE id = $1`
)

// labelRow is a label with the ids of its enumerations.
type labelRow struct {
	domain.Label
	mediaType, source int64
}

// labelRows looks up the ids of new labels. errs.Invalid for a media type that the
// database does not have: clients may not add any.
func (s *Store) labelRows(ctx context.Context, labels []domain.Label) ([]labelRow, error) {
	rows := make([]labelRow, 0, len(labels))
	sources := make(map[domain.LabelSource]int64)
	for _, l := range labels {
		mediaType, err := s.enumID(&s.enums.mediaType, l.MediaType)
		if err != nil {
			return nil, errs.New(errs.Invalid, "the media type %q of a label is not known", l.MediaType)
		}
		source, known := sources[l.Source]
		if !known {
			if err := s.row(ctx, labelSourceByName, string(l.Source)).Scan(&source); err != nil {
				return nil, classify(err)
			}
			sources[l.Source] = source
		}
		rows = append(rows, labelRow{l, mediaType, source})
	}
	return rows, nil
}

func (t *Tx) insertLabels(repo, manifest int64, labels []labelRow) error {
	for list := range slices.Chunk(labels, packedLabels) {
		uuids, texts, fields := packLabels(list)
		if _, err := t.exec(insertLabels, uuids, texts, fields); err != nil {
			return err
		}
		if _, err := t.exec(insertManifestLabels, repo, manifest, uuids); err != nil {
			return err
		}
	}
	return nil
}

// packLabels makes the parameters of insertLabels, which count characters.
func packLabels(labels []labelRow) (uuids, texts, fields string) {
	var u, t, f strings.Builder
	end := 0
	put := func(text string) {
		n := utf8.RuneCountInString(text)
		fmt.Fprintf(&f, "%0*d%0*d", numberWidth, end, numberWidth, n)
		t.WriteString(text)
		end += n
	}
	for _, l := range labels {
		if l.UUID == "" {
			l.UUID = uuid.NewString()
		}
		u.WriteString(l.UUID)
		put(l.Key)
		put(l.Value)
		fmt.Fprintf(&f, "%0*d%0*d", numberWidth, l.mediaType, numberWidth, l.source)
	}
	return u.String(), t.String(), f.String()
}

// AddLabel puts a label on a manifest and applies what it says about the
// manifest's tags (data/registry_model/label_handlers.py). errs.NotFound when the
// manifest is gone.
func (s *Store) AddLabel(ctx context.Context, n domain.NewLabel) error {
	rows, err := s.labelRows(ctx, []domain.Label{n.Label})
	if err != nil {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		var repo int64
		if err := tx.row(repositoryOfManifest, n.Manifest).Scan(&repo); err != nil {
			return classify(err)
		}
		if err := tx.lockTags(repo); err != nil {
			return err
		}
		if err := tx.insertLabels(repo, int64(n.Manifest), rows); err != nil {
			return err
		}
		if n.Expires != nil {
			if err := tx.expireTags(int64(n.Manifest), *n.Expires, n.Policy, n.Now); err != nil {
				return err
			}
		}
		if !n.Immutable {
			return nil
		}
		_, err := tx.exec(makeImmutable, n.Manifest, millis(n.Now), n.Policy.ImmutableExpires)
		return err
	})
}

// Labels lists labels of a manifest in the order of their making, after the one
// that has a uuid; empty is from the start. A prefix of "" is any.
func (s *Store) Labels(ctx context.Context, id domain.ManifestID, prefix, after string, limit int) ([]domain.Label, error) {
	var afterID int64
	if after != "" {
		if err := s.row(ctx, labelID, after).Scan(&afterID); err != nil {
			return nil, classify(err)
		}
	}
	if prefix != "" {
		prefix = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(prefix) + "%"
	}
	var list []domain.Label
	err := s.rows(ctx, labelsOfManifest, func(r scanner) error {
		var l domain.Label
		err := r.Scan(&l.UUID, &l.Key, &l.Value, &l.MediaType, &l.Source)
		list = append(list, l)
		return err
	}, id, afterID, prefix, limit)
	return list, err
}

// Label returns a label of a manifest; errs.NotFound when there is none.
func (s *Store) Label(ctx context.Context, manifest domain.ManifestID, uid string) (*domain.Label, error) {
	l := domain.Label{UUID: uid}
	var id int64
	var mutable bool
	err := s.row(ctx, labelByUUID, uid, manifest).Scan(&id, &l.Key, &l.Value, &l.MediaType, &l.Source, &mutable)
	if err != nil {
		return nil, classify(err)
	}
	return &l, nil
}

// DeleteLabel takes a label off a manifest and returns what it was; errs.NotFound
// when there is none, errs.Conflict when its source does not allow it
// (data/model/oci/label.py, delete_manifest_label).
func (s *Store) DeleteLabel(ctx context.Context, manifest domain.ManifestID, uid string) (*domain.Label, error) {
	l := domain.Label{UUID: uid}
	err := s.change(ctx, true, func(tx *Tx) error {
		var id int64
		var mutable bool
		err := tx.row(labelByUUID, uid, manifest).Scan(&id, &l.Key, &l.Value, &l.MediaType, &l.Source, &mutable)
		switch {
		case err != nil:
			return classify(err)
		case !mutable:
			return errs.New(errs.Conflict, "Cannot delete immutable label")
		}
		if _, err := tx.exec(deleteManifestLabels, id); err != nil {
			return err
		}
		_, err = tx.exec(deleteLabel, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &l, nil
}

// ChildLabels returns the labels of each manifest that an index contains, the last
// of a key where it has several.
func (s *Store) ChildLabels(ctx context.Context, index domain.ManifestID) ([]map[string]string, error) {
	var list []map[string]string
	var last int64
	err := s.rows(ctx, childLabels, func(r scanner) error {
		var child int64
		var key, value string
		if err := r.Scan(&child, &key, &value); err != nil {
			return err
		}
		if child != last || list == nil {
			last, list = child, append(list, make(map[string]string))
		}
		labels := list[len(list)-1]
		if key != "" {
			labels[key] = value
		}
		return nil
	}, index)
	return list, err
}
