package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	manifestID statement = `SELECT id FROM manifest WHERE repository_id = $1 AND digest = $2`

	// The blobs of some digests that a repository has, through a manifest or through an
	// upload.
	repositoryBlobs statement = `
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 144 <= length(CAST($2 AS text)))
SELECT s.content_checksum, s.id, s.uuid, COALESCE(s.image_size, 0), s.cas_path, COALESCE(l.name, '')
FROM part JOIN imagestorage s ON s.content_checksum = rtrim(substr(CAST($2 AS text), n * 144 + 1, 144))
LEFT JOIN imagestorageplacement p ON p.storage_id = s.id LEFT JOIN imagestoragelocation l ON l.id = p.location_id
WHERE EXISTS (SELECT 1 FROM manifestblob m WHERE m.repository_id = $1 AND m.blob_id = s.id)
   OR EXISTS (SELECT 1 FROM uploadedblob u WHERE u.repository_id = $1 AND u.blob_id = s.id)
ORDER BY s.id`

	repositoryManifests statement = `
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 144 <= length(CAST($2 AS text)))
SELECT m.id, m.digest, mt.name, octet_length(m.manifest_bytes),
  EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3))
  OR EXISTS (SELECT 1 FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id
             WHERE c.child_manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3))
FROM part JOIN manifest m ON m.repository_id = $1 AND m.digest = rtrim(substr(CAST($2 AS text), n * 144 + 1, 144))
JOIN mediatype mt ON mt.id = m.media_type_id`

	insertManifest statement = `
INSERT INTO manifest (repository_id, digest, media_type_id, manifest_bytes, config_media_type, layers_compressed_size,
                      subject, subject_backfilled, artifact_type, artifact_type_backfilled)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)
ON CONFLICT (repository_id, digest) DO NOTHING RETURNING id`

	insertManifestBlobs statement = `
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 20 <= length(CAST($3 AS text)))
INSERT INTO manifestblob (repository_id, manifest_id, blob_id)
SELECT CAST($1 AS integer), CAST($2 AS integer), CAST(substr(CAST($3 AS text), n * 20 + 1, 20) AS integer)
FROM part WHERE TRUE ORDER BY n ON CONFLICT DO NOTHING`

	insertManifestChildren statement = `
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 20 <= length(CAST($3 AS text)))
INSERT INTO manifestchild (repository_id, manifest_id, child_manifest_id)
SELECT CAST($1 AS integer), CAST($2 AS integer), CAST(substr(CAST($3 AS text), n * 20 + 1, 20) AS integer)
FROM part WHERE TRUE ORDER BY n ON CONFLICT DO NOTHING`

	// Hidden tags, by their names, for those of some manifests that no tag of their own
	// keeps as long.
	keepManifests statement = `
WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 20 <= length(CAST($1 AS text)))
INSERT INTO tag (name, repository_id, manifest_id, lifetime_start_ms, lifetime_end_ms, hidden, reversion, tag_kind_id, immutable)
SELECT substr(CAST($2 AS text), n * 42 + 1, 42), m.repository_id, m.id, CAST($3 AS bigint), CAST($4 AS bigint), TRUE, FALSE,
       CAST($5 AS integer), FALSE
FROM part JOIN manifest m ON m.id = CAST(substr(CAST($1 AS text), n * 20 + 1, 20) AS integer)
WHERE NOT EXISTS (SELECT 1 FROM tag t WHERE t.manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms >= $4))
ORDER BY n`

	insertSecurityStatus statement = `
INSERT INTO manifestsecuritystatus (manifest_id, repository_id, index_status, error_json, last_indexed, indexer_hash,
                                    indexer_version, metadata_json)
VALUES ($1, $2, 0, '{}', $3, '', 4, '{}')`
)

// RepositoryBlobs returns those blobs of some digests that a repository has.
func (s *Store) RepositoryBlobs(ctx context.Context, repo domain.RepositoryID, digests []domain.Digest) (map[domain.Digest]*domain.Blob, error) {
	found := make(map[domain.Digest]*domain.Blob, len(digests))
	for list := range bites(digests) {
		err := s.rows(ctx, repositoryBlobs, func(r scanner) error {
			var b domain.Blob
			var uid, location string
			var cas bool
			if err := r.Scan(&b.Digest, &b.ID, &uid, &b.Size, &cas, &location); err != nil {
				return err
			}
			known := found[b.Digest]
			if known == nil {
				b.Path = blobPath(b.Digest, uid, cas)
				known = &b
				found[b.Digest] = known
			}
			if known.ID == b.ID && location != "" {
				known.Locations = append(known.Locations, location)
			}
			return nil
		}, repo, packedDigests(list))
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// RepositoryManifests returns those manifests of some digests that a repository has,
// and whether they are alive at an instant.
func (s *Store) RepositoryManifests(ctx context.Context, repo domain.RepositoryID, digests []domain.Digest, at time.Time) (map[domain.Digest]domain.FoundManifest, error) {
	found := make(map[domain.Digest]domain.FoundManifest, len(digests))
	for list := range bites(digests) {
		err := s.rows(ctx, repositoryManifests, func(r scanner) error {
			var m domain.FoundManifest
			var digest domain.Digest
			err := r.Scan(&m.ID, &digest, &m.MediaType, &m.Size, &m.Alive)
			found[digest] = m
			return err
		}, repo, packedDigests(list), millis(at))
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// PutManifest stores a manifest, if it is new, and points its tags to it, all in
// one durable transaction with the push's trace (data/model/oci/manifest.py, create_manifest;
// data/model/oci/tag.py, retarget_tag and create_temporary_tag_if_necessary).
// errs.Conflict when a tag is immutable. Where the namespace's quota refuses the tags
// the manifest is stored all the same, for the collector to take away, as the product
// leaves it.
func (s *Store) PutManifest(ctx context.Context, n domain.NewManifest) (domain.PutManifest, error) {
	var put domain.PutManifest
	mediaType, err := s.ensureEnum(ctx, &s.enums.mediaType, mediaTypeByName, insertMediaType, n.MediaType)
	if err != nil {
		return put, err
	}
	kind, err := s.enumID(&s.enums.tagKind, "tag")
	if err != nil {
		return put, err
	}
	labels, err := s.labelRows(ctx, n.Labels)
	if err != nil {
		return put, err
	}
	err = s.change(ctx, true, func(tx *Tx) error {
		p := push{Tx: tx, NewManifest: n, mediaType: mediaType, kind: kind, labels: labels}
		err := p.put()
		put = p.outcome
		return err
	})
	return put, err
}

// push is the transaction of one push.
type push struct {
	*Tx
	domain.NewManifest
	mediaType, kind int64
	labels          []labelRow
	// id of the manifest.
	id      int64
	outcome domain.PutManifest
}

func (p *push) put() error {
	if err := p.store(); err != nil {
		return err
	}
	refused, err := p.refused()
	switch {
	case err != nil:
		return err
	case refused:
		return p.discard()
	}
	for _, tag := range p.Tags {
		if err := p.retarget(int64(p.Repository), tag, p.id, p.kind, p.Policy, p.Now); err != nil {
			return err
		}
	}
	switch {
	case p.KeepUntagged:
		err = p.hide(hiddenAsLong, int64(p.Repository), p.id, p.kind, p.Now, p.HiddenUntil)
	case len(p.Tags) == 0:
		err = p.hide(tagAsLong, int64(p.Repository), p.id, p.kind, p.Now, p.HiddenUntil)
	}
	if err != nil {
		return err
	}
	if err := p.replicate(p.Trace, p.id); err != nil {
		return err
	}
	return p.leave(p.Trace)
}

// store stores a manifest that is new, or sees to it that one which is there does not
// go away. It takes the locks for which other pushes wait when the manifest is there.
func (p *push) store() error {
	if err := p.ensure(); err != nil {
		return err
	}
	if p.outcome.New {
		return p.insertBlobs()
	}
	return p.keep()
}

// ensure finds the manifest or stores it.
func (p *push) ensure() error {
	err := p.find()
	if errs.Is(err, errs.NotFound) {
		if err = p.insert(); errs.Is(err, errs.NotFound) { // somebody else was first
			err = p.find()
		}
	}
	return err
}

func (p *push) find() error {
	return classify(p.row(manifestID, p.Repository, string(p.Digest)).Scan(&p.id))
}

// insert stores a manifest that is new, without its blobs; errs.NotFound when somebody
// else has done so.
func (p *push) insert() (err error) {
	var layers any
	if p.LayersSize >= 0 {
		layers = p.LayersSize
	}
	p.id, err = p.Tx.insert(insertManifest, p.Repository, string(p.Digest), p.mediaType, string(p.Bytes),
		textOrNull(p.ConfigMediaType), layers, textOrNull(string(p.Subject)), true, textOrNull(p.ArtifactType))
	if err != nil {
		return err
	}
	p.outcome.New = true
	if err := p.insertChildren(); err != nil {
		return err
	}
	if _, err := p.exec(insertSecurityStatus, p.id, p.Repository, p.Now); err != nil {
		return err
	}
	return p.insertLabels(int64(p.Repository), p.id, p.labels)
}

// insertBlobs gives a new manifest its blobs, which count, and keeps what it contains.
func (p *push) insertBlobs() error {
	mode := p.Ledger
	if mode == domain.LedgerCount && len(p.Blobs) == 0 {
		mode = domain.LedgerKeep // an index begins no totals
	}
	return p.account(p.Repository, mode, []int64{tagsLock(int64(p.Repository))}, func(l *ledger) error {
		if err := p.keepChildren(); err != nil {
			return err
		}
		for list := range bites(p.Blobs) {
			if _, err := p.exec(insertManifestBlobs, p.Repository, p.id, packedIDs(list)); err != nil {
				return err
			}
		}
		return l.add(p.id)
	})
}

// keep sees to it that a manifest which was there does not go away.
func (p *push) keep() error {
	if err := p.lockTags(int64(p.Repository)); err != nil {
		return err
	}
	if !p.AgainUntil.IsZero() {
		if err := p.hide(tagAsLong, int64(p.Repository), p.id, p.kind, p.Now, p.AgainUntil); err != nil {
			return err
		}
	}
	return p.insertChildren() // deleting a child took it out
}

func (p *push) insertChildren() error {
	for list := range bites(p.Children) {
		if _, err := p.exec(insertManifestChildren, p.Repository, p.id, packedIDs(list)); err != nil {
			return err
		}
	}
	return nil
}

// keepChildren keeps what the manifest contains from the collector until it is tagged.
func (p *push) keepChildren() error {
	if p.AgainUntil.IsZero() {
		return nil
	}
	for list := range bites(p.Children) {
		names := make([]byte, 0, len(list)*hiddenWidth)
		for range list {
			names = append(names, temporaryName()...)
		}
		_, err := p.exec(keepManifests, packedIDs(list), string(names), millis(p.Now), millis(p.AgainUntil), p.kind)
		if err != nil {
			return err
		}
	}
	return nil
}

// refused asks whether the namespace, with the manifest in it, holds too much for tags.
func (p *push) refused() (bool, error) {
	if p.Full == nil || len(p.Tags) == 0 {
		return false, nil
	}
	size, err := p.namespaceSize(p.Repository)
	if err != nil {
		return false, err
	}
	p.outcome.NamespaceSize, p.outcome.Refused = size, p.Full(size)
	return p.outcome.Refused, nil
}

// discard leaves a manifest that is new to the collector, by a hidden tag that has
// ended long ago (data/model/oci/tag.py, create_temporary_tag_outside_timemachine).
func (p *push) discard() error {
	if !p.outcome.New {
		return nil
	}
	_, err := p.Tx.insert(insertTag, temporaryName(), p.Repository, p.id, millis(p.Now), 0, true, false, p.kind, false)
	return err
}
