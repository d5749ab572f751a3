package store

import (
	"context"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

// Statements of a check of the whole database (package dbcheck). Each page is one
// query in the order of ids, so that a check neither holds a snapshot nor keeps
// anybody waiting.

const (
	checkTags statement = `
SELECT t.id, t.repository_id, t.name, COALESCE(m.id, 0), COALESCE(m.repository_id, 0), t.lifetime_start_ms,
       COALESCE(t.lifetime_end_ms, 9223372036854775807)
FROM tag t LEFT JOIN manifest m ON m.id = t.manifest_id
WHERE t.id > CAST($1 AS bigint) AND NOT t.hidden ORDER BY t.id LIMIT $2`

	// EXISTS would let PostgreSQL read all tags for each page: it makes a hash of them.
	checkManifests statement = `
SELECT m.id, m.repository_id, m.digest, mt.name, m.manifest_bytes, COALESCE(m.subject, ''), COALESCE(m.artifact_type, ''),
       COALESCE(m.subject_backfilled, FALSE) AND COALESCE(m.artifact_type_backfilled, FALSE)
FROM manifest m JOIN mediatype mt ON mt.id = m.media_type_id
WHERE m.id > CAST($1 AS bigint)
  AND COALESCE((SELECT 1 FROM tag t WHERE t.manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $2) LIMIT 1),
    (SELECT 1 FROM manifestchild c JOIN tag t ON t.manifest_id = c.manifest_id
     WHERE c.child_manifest_id = m.id AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $2) LIMIT 1)) = 1
ORDER BY m.id LIMIT $3`

	checkManifestBlobs statement = `
SELECT COALESCE(s.content_checksum, ''), COALESCE(s.image_size, -1)
FROM manifestblob b JOIN imagestorage s ON s.id = b.blob_id WHERE b.manifest_id = $1`

	checkManifestChildren statement = `
SELECT m.digest, m.repository_id FROM manifestchild c JOIN manifest m ON m.id = c.child_manifest_id WHERE c.manifest_id = $1`

	// The inner LIMIT is known when PostgreSQL plans; of $2 alone it would expect a tenth
	// of all blobs, and read all placements.
	checkBlobs statement = `
SELECT page.id, page.uuid, COALESCE(page.content_checksum, ''), COALESCE(page.image_size, -1), page.cas_path,
       COALESCE(page.uploading, FALSE), COALESCE(l.name, '')
FROM (SELECT * FROM (SELECT * FROM imagestorage WHERE id > CAST($1 AS bigint) ORDER BY id LIMIT 500) AS page ORDER BY id LIMIT $2) AS page
LEFT JOIN imagestorageplacement p ON p.storage_id = page.id
LEFT JOIN imagestoragelocation l ON l.id = p.location_id
ORDER BY page.id`

	// A cache of another registry has rows of blobs that nobody has pulled yet.
	blobIsProxied statement = `
SELECT EXISTS (SELECT 1 FROM manifestblob b JOIN repository r ON r.id = b.repository_id
               JOIN proxycacheconfig ON organization_id = r.namespace_user_id WHERE b.blob_id = $1)
   AND NOT EXISTS (SELECT 1 FROM manifestblob b JOIN repository r ON r.id = b.repository_id
               WHERE b.blob_id = $1 AND NOT EXISTS (SELECT 1 FROM proxycacheconfig WHERE organization_id = r.namespace_user_id))`

	digestPlaced statement = `
SELECT 1 FROM imagestorage s JOIN imagestorageplacement p ON p.storage_id = s.id
JOIN imagestoragelocation l ON l.id = p.location_id WHERE s.content_checksum = $1 AND l.name = $2 AND s.cas_path LIMIT 1`

	imagePlaced statement = `
SELECT 1 FROM imagestorage s JOIN imagestorageplacement p ON p.storage_id = s.id
JOIN imagestoragelocation l ON l.id = p.location_id WHERE s.uuid = $1 AND l.name = $2 AND NOT s.cas_path LIMIT 1`

	uploadExists statement = `SELECT 1 FROM blobupload WHERE uuid = $1 LIMIT 1`

	checkRepositorySizes statement = `
SELECT q.id, q.repository_id, q.size_bytes, CAST(COALESCE((SELECT SUM(s.image_size) FROM imagestorage s WHERE s.id IN (
         SELECT b.blob_id FROM manifestblob b WHERE b.repository_id = q.repository_id)), 0) AS bigint)
FROM quotarepositorysize q WHERE q.id > CAST($1 AS bigint) AND q.backfill_complete ORDER BY q.id LIMIT $2`

	checkNamespaceSizes statement = `
SELECT q.id, q.namespace_user_id, q.size_bytes, CAST(COALESCE((SELECT SUM(s.image_size) FROM imagestorage s WHERE s.id IN (
         SELECT b.blob_id FROM repository r JOIN manifestblob b ON b.repository_id = r.id
         WHERE r.namespace_user_id = q.namespace_user_id)), 0) AS bigint)
FROM quotanamespacesize q WHERE q.id > CAST($1 AS bigint) AND q.backfill_complete ORDER BY q.id LIMIT $2`

	checkUploads statement = `
SELECT u.id, u.uuid, u.repository_id, EXISTS (SELECT 1 FROM repository r WHERE r.id = u.repository_id)
FROM blobupload u WHERE u.id > CAST($1 AS bigint) ORDER BY u.id LIMIT $2`

	checkLogs statement = `
SELECT l.id, l.datetime, COALESCE(k.name, ''), l.metadata_json FROM logentry3 l LEFT JOIN logentrykind k ON k.id = l.kind_id
WHERE l.id > CAST($1 AS bigint) ORDER BY l.id LIMIT $2`

	oldestLog statement = `SELECT datetime FROM logentry3 ORDER BY datetime LIMIT 1`

	repositoryLogsOf statement = `
SELECT l.id, l.datetime, k.name, l.metadata_json FROM logentry3 l JOIN logentrykind k ON k.id = l.kind_id
WHERE l.repository_id = $1 AND l.datetime >= $2 AND l.datetime <= $3 AND CAST($4 AS text) LIKE '%,' || k.name || ',%'
ORDER BY l.datetime, l.id LIMIT $5`

	tagStarts statement = `
SELECT lifetime_start_ms FROM tag
WHERE repository_id = $1 AND name = $2 AND NOT hidden AND lifetime_start_ms >= $3 AND lifetime_start_ms <= $4
ORDER BY lifetime_start_ms LIMIT $5`

	hasLabel statement = `
SELECT 1 FROM manifestlabel m JOIN label l ON l.id = m.label_id
WHERE m.manifest_id IN (SELECT id FROM manifest WHERE id = $1 UNION ALL SELECT child_manifest_id FROM manifestchild WHERE manifest_id = $1)
  AND l.key = $2 LIMIT 1`

	repositoryOwner statement = `
SELECT u.username, r.state, u.removed_tag_expiration_s,
       EXISTS (SELECT 1 FROM proxycacheconfig WHERE organization_id = r.namespace_user_id)
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id WHERE r.id = $1`
)

// list collects the rows of a query.
func list[T any](ctx context.Context, s *Store, scan func(scanner, *T) error, q statement, args ...any) ([]T, error) {
	var all []T
	err := s.rows(ctx, q, func(r scanner) error {
		var v T
		err := scan(r, &v)
		all = append(all, v)
		return err
	}, args...)
	return all, err
}

// CheckTags lists visible tags, living or not, above an id.
func (s *Store) CheckTags(ctx context.Context, after int64, limit int) ([]domain.StoredTag, error) {
	return list(ctx, s, func(r scanner, t *domain.StoredTag) error {
		var start, end int64
		err := r.Scan(&t.ID, &t.Repository, &t.Name, &t.Manifest, &t.ManifestRepository, &start, &end)
		t.Start, t.End = fromMillis(start), fromMillis(end)
		return err
	}, checkTags, after, limit)
}

// CheckManifests lists manifests that are alive at an instant, above an id.
func (s *Store) CheckManifests(ctx context.Context, after int64, at time.Time, limit int) ([]domain.StoredManifest, error) {
	return list(ctx, s, func(r scanner, m *domain.StoredManifest) error {
		return r.Scan(&m.ID, &m.Repository, &m.Digest, &m.MediaType, &m.Bytes, &m.Subject, &m.ArtifactType, &m.Derived)
	}, checkManifests, after, millis(at), limit)
}

// ManifestBlobs lists the blobs that the rows of a manifest name.
func (s *Store) ManifestBlobs(ctx context.Context, id domain.ManifestID) ([]domain.StoredBlobRef, error) {
	return list(ctx, s, func(r scanner, b *domain.StoredBlobRef) error {
		return r.Scan(&b.Digest, &b.Size)
	}, checkManifestBlobs, id)
}

// ManifestChildren lists the manifests that the rows of an index name.
func (s *Store) ManifestChildren(ctx context.Context, id domain.ManifestID) ([]domain.StoredBlobRef, error) {
	return list(ctx, s, func(r scanner, c *domain.StoredBlobRef) error {
		return r.Scan(&c.Digest, &c.Repository)
	}, checkManifestChildren, id)
}

// HasManifest reports whether a repository has a manifest, alive or not.
func (s *Store) HasManifest(ctx context.Context, repo domain.RepositoryID, digest string) (bool, error) {
	return s.exists(ctx, manifestID, repo, digest)
}

// CheckBlobs lists blobs above an id, 500 at most.
func (s *Store) CheckBlobs(ctx context.Context, after int64, limit int) ([]domain.StoredBlob, error) {
	var all []domain.StoredBlob
	err := s.rows(ctx, checkBlobs, func(r scanner) error {
		var b domain.StoredBlob
		var uuid, location string
		var cas bool
		if err := r.Scan(&b.ID, &uuid, &b.Digest, &b.Size, &cas, &b.Uploading, &location); err != nil {
			return err
		}
		if n := len(all); n == 0 || all[n-1].ID != b.ID {
			b.Path = sharedImages + uuid + "/layer"
			if cas && strings.Contains(b.Digest, ":") && len(b.Digest) > 2+strings.Index(b.Digest, ":") {
				b.Path = domain.Digest(b.Digest).Path()
			}
			all = append(all, b)
		}
		if last := &all[len(all)-1]; location != "" {
			last.Locations = append(last.Locations, location)
		}
		return nil
	}, after, limit)
	return all, err
}

// BlobIsProxied reports whether a blob is of caches of other registries alone, so
// that its bytes come when it is pulled.
func (s *Store) BlobIsProxied(ctx context.Context, id domain.BlobID) (proxied bool, err error) {
	err = s.row(ctx, blobIsProxied, id).Scan(&proxied)
	return proxied, classify(err)
}

// DigestIsPlaced reports whether a blob of a digest is said to be in a location.
func (s *Store) DigestIsPlaced(ctx context.Context, digest, location string) (bool, error) {
	return s.exists(ctx, digestPlaced, digest, location)
}

// ImageIsPlaced is DigestIsPlaced for a layer of the product's oldest images, by its
// uuid.
func (s *Store) ImageIsPlaced(ctx context.Context, uuid, location string) (bool, error) {
	return s.exists(ctx, imagePlaced, uuid, location)
}

// UploadExists reports whether there is an upload session.
func (s *Store) UploadExists(ctx context.Context, uuid string) (bool, error) {
	return s.exists(ctx, uploadExists, uuid)
}

func scanLedger(r scanner, l *domain.StoredLedger) error {
	return r.Scan(&l.ID, &l.Owner, &l.Total, &l.Sum)
}

// CheckRepositorySizes lists totals of repositories that are complete, above an id.
func (s *Store) CheckRepositorySizes(ctx context.Context, after int64, limit int) ([]domain.StoredLedger, error) {
	return list(ctx, s, scanLedger, checkRepositorySizes, after, limit)
}

// CheckNamespaceSizes lists totals of namespaces that are complete, above an id.
func (s *Store) CheckNamespaceSizes(ctx context.Context, after int64, limit int) ([]domain.StoredLedger, error) {
	return list(ctx, s, scanLedger, checkNamespaceSizes, after, limit)
}

// CheckUploads lists upload sessions above an id.
func (s *Store) CheckUploads(ctx context.Context, after int64, limit int) ([]domain.StoredUpload, error) {
	return list(ctx, s, func(r scanner, u *domain.StoredUpload) error {
		return r.Scan(&u.ID, &u.UUID, &u.Repository, &u.Owned)
	}, checkUploads, after, limit)
}

func scanLog(r scanner, l *domain.StoredLog) error {
	return r.Scan(&l.ID, &l.At, &l.Kind, &l.Metadata)
}

// CheckLogs lists entries of the action log above an id.
func (s *Store) CheckLogs(ctx context.Context, after int64, limit int) ([]domain.StoredLog, error) {
	return list(ctx, s, scanLog, checkLogs, after, limit)
}

// OldestLog returns the time of the oldest entry of the action log; errs.NotFound
// when there is none.
func (s *Store) OldestLog(ctx context.Context) (at time.Time, err error) {
	err = s.row(ctx, oldestLog).Scan(&at)
	return at, classify(err)
}

// RepositoryLogs lists entries of a repository of some kinds between two instants,
// both included, the oldest first.
func (s *Store) RepositoryLogs(ctx context.Context, repo domain.RepositoryID, from, to time.Time, kinds []string, limit int) ([]domain.StoredLog, error) {
	return list(ctx, s, scanLog, repositoryLogsOf, repo, from, to, between(kinds), limit)
}

// TagStarts lists when incarnations of a tag began between two instants, both
// included, the oldest first.
func (s *Store) TagStarts(ctx context.Context, repo domain.RepositoryID, name string, from, to time.Time, limit int) ([]time.Time, error) {
	return list(ctx, s, func(r scanner, at *time.Time) error {
		var ms int64
		err := r.Scan(&ms)
		*at = fromMillis(ms)
		return err
	}, tagStarts, repo, name, millis(from), millis(to), limit)
}

// ManifestHasLabel reports whether a manifest, or one that it contains, has a label of
// a key.
func (s *Store) ManifestHasLabel(ctx context.Context, id domain.ManifestID, key string) (bool, error) {
	return s.exists(ctx, hasLabel, id, key)
}

// RepositoryOwner returns what decides on the entries of a repository;
// errs.NotFound when it is not there.
func (s *Store) RepositoryOwner(ctx context.Context, repo domain.RepositoryID) (o domain.StoredOwner, err error) {
	var seconds int64
	err = s.row(ctx, repositoryOwner, repo).Scan(&o.Namespace, &o.State, &seconds, &o.Proxied)
	o.Keeps = time.Duration(seconds) * time.Second
	return o, classify(err)
}
