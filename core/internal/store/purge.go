package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

// Purging a repository is not one transaction, as it is none in the product: it can
// hold millions of rows. Each method below takes a bounded bite, leaves the database
// consistent, and may be called again after a crash (data/model/gc.py).

const (
	purgeChildren statement = `
DELETE FROM manifestchild WHERE id IN (SELECT id FROM manifestchild WHERE repository_id = $1 ORDER BY id LIMIT $2)`

	someTags statement = `SELECT id, name FROM tag WHERE repository_id = $1 ORDER BY id LIMIT $2`

	purgeTagStatistics    statement = `DELETE FROM tagpullstatistics WHERE repository_id = $1 AND tag_name = $2`
	purgeTagNotifications statement = `DELETE FROM tagnotificationsuccess WHERE tag_id = $1`
	unlinkTag             statement = `UPDATE tag SET linked_tag_id = NULL WHERE linked_tag_id = $1`
	purgeTag              statement = `DELETE FROM tag WHERE id = $1`

	// The newest first: a referrer goes before what it refers to.
	someManifests statement = `SELECT id, digest FROM manifest WHERE repository_id = $1 ORDER BY id DESC LIMIT $2`

	manifestLabelIDs          statement = `SELECT label_id FROM manifestlabel WHERE manifest_id = $1`
	manifestBlobIDs           statement = `SELECT blob_id FROM manifestblob WHERE manifest_id = $1`
	purgeManifestLabels       statement = `DELETE FROM manifestlabel WHERE manifest_id = $1`
	purgeManifestChildren     statement = `DELETE FROM manifestchild WHERE manifest_id = $1`
	purgeManifestParents      statement = `DELETE FROM manifestchild WHERE child_manifest_id = $1`
	purgeManifestBlobs        statement = `DELETE FROM manifestblob WHERE manifest_id = $1`
	purgeManifestSecurity     statement = `DELETE FROM manifestsecuritystatus WHERE manifest_id = $1`
	purgeManifestStatistics   statement = `DELETE FROM manifestpullstatistics WHERE repository_id = $1 AND manifest_digest = $2`
	purgeManifest             statement = `DELETE FROM manifest WHERE id = $1`
	purgeLabel                statement = `DELETE FROM label WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM manifestlabel WHERE label_id = $1)`
	someUploadedBlobs         statement = `SELECT id, blob_id FROM uploadedblob WHERE repository_id = $1 ORDER BY id LIMIT $2`
	purgeUploadedBlob         statement = `DELETE FROM uploadedblob WHERE id = $1`
	repositoryUploads         statement = `SELECT uuid FROM blobupload WHERE repository_id = $1 ORDER BY id LIMIT $2`
	deletedRepositoryByMarker statement = `SELECT repository_id FROM deletedrepository WHERE id = $1`
	hideRepository            statement = `UPDATE repository SET state = $2 WHERE id = $1 AND state <> $2`
)

// A blob is an orphan when nothing refers to it. One without a placement is a
// placeholder, which somebody is about to fill.
const (
	blobForPurge statement = `SELECT uuid, cas_path, COALESCE(content_checksum, '') FROM imagestorage WHERE id = $1`

	blobNeeded statement = `
SELECT CASE WHEN EXISTS (SELECT 1 FROM manifestblob WHERE blob_id = $1)
              OR EXISTS (SELECT 1 FROM uploadedblob WHERE blob_id = $1)
              OR NOT EXISTS (SELECT 1 FROM imagestorageplacement WHERE storage_id = $1) THEN 1 ELSE 0 END`

	blobLocations statement = `
SELECT l.name FROM imagestorageplacement p JOIN imagestoragelocation l ON l.id = p.location_id
WHERE p.storage_id = $1 ORDER BY l.name`

	purgePlacements statement = `DELETE FROM imagestorageplacement WHERE storage_id = $1`
	purgeSignatures statement = `DELETE FROM imagestoragesignature WHERE storage_id = $1`
	purgeBlob       statement = `DELETE FROM imagestorage WHERE id = $1`
	blobWithDigest  statement = `SELECT 1 FROM imagestorage WHERE content_checksum = $1 LIMIT 1`
)

// repositoryRows delete, a bite at a time, what refers to a repository, in the
// product's order; rows that refer to each other's tables come in theirs.
var repositoryRows = []statement{
	purgeRepositorySize, purgeRepositoryPolicies, purgeRepositoryImmutability, purgeRepositoryPermissions, purgeBuilds,
	purgeTriggers, purgeActionCounts, purgeStars, purgeAccessTokens, purgeRepositoryNotified, purgeRepositoryNotifications,
	purgeMirrorRules, purgeMirrors, purgeOrganizationMirrored, purgeAuthorizedEmails, purgeRepositoryTagStatistics,
	purgeRepositoryManifestStatistics, purgeSearchScores, purgeAppTags,
}

const (
	purgeRepositorySize statement = `
DELETE FROM quotarepositorysize WHERE id IN (SELECT id FROM quotarepositorysize WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeRepositoryPolicies statement = `
DELETE FROM repositoryautoprunepolicy WHERE id IN (SELECT id FROM repositoryautoprunepolicy WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeRepositoryImmutability statement = `
DELETE FROM repositoryimmutabilitypolicy WHERE id IN (SELECT id FROM repositoryimmutabilitypolicy WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeRepositoryPermissions statement = `
DELETE FROM repositorypermission WHERE id IN (SELECT id FROM repositorypermission WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeBuilds statement = `
DELETE FROM repositorybuild WHERE id IN (SELECT id FROM repositorybuild WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeTriggers statement = `
DELETE FROM repositorybuildtrigger WHERE id IN (SELECT id FROM repositorybuildtrigger WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeActionCounts statement = `
DELETE FROM repositoryactioncount WHERE id IN (SELECT id FROM repositoryactioncount WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeStars statement = `
DELETE FROM star WHERE id IN (SELECT id FROM star WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeAccessTokens statement = `
DELETE FROM accesstoken WHERE id IN (SELECT id FROM accesstoken WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeRepositoryNotified statement = `
DELETE FROM tagnotificationsuccess WHERE id IN (
  SELECT s.id FROM tagnotificationsuccess s JOIN repositorynotification n ON n.id = s.notification_id
  WHERE n.repository_id = $1 ORDER BY s.id LIMIT $2)`
	purgeRepositoryNotifications statement = `
DELETE FROM repositorynotification WHERE id IN (SELECT id FROM repositorynotification WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeMirrorRules statement = `
DELETE FROM repomirrorrule WHERE id IN (SELECT id FROM repomirrorrule WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeMirrors statement = `
DELETE FROM repomirrorconfig WHERE id IN (SELECT id FROM repomirrorconfig WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeOrganizationMirrored statement = `
DELETE FROM orgmirrorrepository WHERE id IN (SELECT id FROM orgmirrorrepository WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeAuthorizedEmails statement = `
DELETE FROM repositoryauthorizedemail WHERE id IN (SELECT id FROM repositoryauthorizedemail WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeRepositoryTagStatistics statement = `
DELETE FROM tagpullstatistics WHERE id IN (SELECT id FROM tagpullstatistics WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeRepositoryManifestStatistics statement = `
DELETE FROM manifestpullstatistics WHERE id IN (SELECT id FROM manifestpullstatistics WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeSearchScores statement = `
DELETE FROM repositorysearchscore WHERE id IN (SELECT id FROM repositorysearchscore WHERE repository_id = $1 ORDER BY id LIMIT $2)`
	purgeAppTags statement = `
DELETE FROM apprtag WHERE id IN (SELECT id FROM apprtag WHERE repository_id = $1 ORDER BY id LIMIT $2)`

	purgeDeletedRepository statement = `DELETE FROM deletedrepository WHERE repository_id = $1`
	purgeRepository        statement = `DELETE FROM repository WHERE id = $1`
)

// DeletedRepository returns the repository that a marker is about; errs.NotFound when
// it is gone.
func (s *Store) DeletedRepository(ctx context.Context, marker int64) (domain.RepositoryID, error) {
	var id domain.RepositoryID
	err := s.row(ctx, deletedRepositoryByMarker, marker).Scan(&id)
	return id, classify(err)
}

// HideRepository keeps others from writing to a repository that is about to be purged.
func (s *Store) HideRepository(ctx context.Context, repo domain.RepositoryID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(hideRepository, repo, domain.StateMarkedForDeletion)
		return err
	})
}

// PurgeTags takes some tags of a repository away, dead or alive, and returns how many.
// The links between its manifests go first: a child could not be purged before its
// parent.
func (s *Store) PurgeTags(ctx context.Context, repo domain.RepositoryID, limit int) (int, error) {
	purged := 0
	err := s.change(ctx, true, func(tx *Tx) error {
		links, err := tx.exec(purgeChildren, repo, limit)
		if err != nil {
			return err
		}
		var tags []tagRow
		err = tx.rowsForUpdate(someTags, func(r scanner) error {
			var tag tagRow
			err := r.Scan(&tag.id, &tag.name)
			tags = append(tags, tag)
			return err
		}, repo, limit)
		if err != nil {
			return err
		}
		for _, tag := range tags {
			if err := tx.purgeTag(repo, tag); err != nil {
				return err
			}
		}
		purged = int(links) + len(tags)
		return nil
	})
	return purged, err
}

func (t *Tx) purgeTag(repo domain.RepositoryID, tag tagRow) error {
	if _, err := t.exec(purgeTagStatistics, repo, tag.name); err != nil {
		return err
	}
	return t.execEach(tag.id, purgeTagNotifications, unlinkTag, purgeTag)
}

// execEach runs statements with one argument.
func (t *Tx) execEach(arg any, statements ...statement) error {
	for _, q := range statements {
		if _, err := t.exec(q, arg); err != nil {
			return err
		}
	}
	return nil
}

// PurgeManifests takes some manifests of a repository away, with the labels and blobs
// that nothing else refers to, and returns how many. The objects of the blobs are left:
// nothing knows them any more but the caller. Call it when no tags are left.
func (s *Store) PurgeManifests(ctx context.Context, repo domain.RepositoryID, mode domain.Ledger, limit int) (int, []domain.OrphanedObject, error) {
	return s.purge(ctx, repo, mode, func(l *ledger) (int, []int64, error) {
		var manifests []domain.Manifest
		err := l.rows(someManifests, func(r scanner) error {
			var m domain.Manifest
			err := r.Scan(&m.ID, &m.Digest)
			manifests = append(manifests, m)
			return err
		}, repo, limit)
		if err != nil {
			return 0, nil, err
		}
		var labels, blobs []int64
		for _, m := range manifests {
			if err := l.subtract(int64(m.ID)); err != nil {
				return 0, nil, err
			}
			gone, orphans, err := l.purgeManifest(repo, m)
			if err != nil {
				return 0, nil, err
			}
			labels, blobs = append(labels, gone...), append(blobs, orphans...)
		}
		for _, label := range labels {
			if _, err := l.exec(purgeLabel, label); err != nil {
				return 0, nil, err
			}
		}
		return len(manifests), blobs, nil
	})
}

// purgeManifest returns the ids of the labels and blobs that it had.
func (t *Tx) purgeManifest(repo domain.RepositoryID, m domain.Manifest) (labels, blobs []int64, err error) {
	if labels, err = t.ids(manifestLabelIDs, m.ID); err != nil {
		return nil, nil, err
	}
	if blobs, err = t.ids(manifestBlobIDs, m.ID); err != nil {
		return nil, nil, err
	}
	if _, err := t.exec(purgeManifestStatistics, repo, string(m.Digest)); err != nil {
		return nil, nil, err
	}
	return labels, blobs, t.execEach(m.ID, purgeManifestLabels, purgeManifestChildren, purgeManifestParents, purgeManifestBlobs,
		purgeManifestSecurity, purgeManifest)
}

// ids returns the ids that a query finds.
func (t *Tx) ids(q statement, args ...any) ([]int64, error) {
	var list []int64
	err := t.rows(q, into(&list), args...)
	return list, err
}

// PurgeUploadedBlobs takes some blobs away that a repository holds without a manifest,
// as PurgeManifests does.
func (s *Store) PurgeUploadedBlobs(ctx context.Context, repo domain.RepositoryID, limit int) (int, []domain.OrphanedObject, error) {
	return s.purge(ctx, repo, domain.LedgerKeep, func(l *ledger) (int, []int64, error) {
		var links, blobs []int64
		err := l.rows(someUploadedBlobs, func(r scanner) error {
			var link, blob int64
			err := r.Scan(&link, &blob)
			links, blobs = append(links, link), append(blobs, blob)
			return err
		}, repo, limit)
		if err != nil {
			return 0, nil, err
		}
		for _, link := range links {
			if _, err := l.exec(purgeUploadedBlob, link); err != nil {
				return 0, nil, err
			}
		}
		return len(links), blobs, nil
	})
}

// purge runs a bite in one transaction with the removal of the blobs that it freed:
// what is freed and forgotten before a crash would never be looked for again.
func (s *Store) purge(
	ctx context.Context, repo domain.RepositoryID, mode domain.Ledger, bite func(*ledger) (int, []int64, error),
) (int, []domain.OrphanedObject, error) {
	purged, objects := 0, []domain.OrphanedObject(nil)
	err := s.change(ctx, true, func(tx *Tx) error {
		purged, objects = 0, nil
		return tx.account(repo, mode, nil, func(l *ledger) error {
			n, blobs, err := bite(l)
			if err != nil {
				return err
			}
			purged = n
			for _, blob := range blobs {
				orphaned, err := tx.purgeOrphan(blob)
				if err != nil {
					return err
				}
				objects = append(objects, orphaned...)
			}
			return nil
		})
	})
	return purged, objects, err
}

// purgeOrphan removes a blob that nothing refers to, and returns its objects.
func (t *Tx) purgeOrphan(id int64) ([]domain.OrphanedObject, error) {
	var o domain.OrphanedObject
	var uid string
	var cas bool
	found := false
	err := t.rowsForUpdate(blobForPurge, func(r scanner) error {
		found = true
		return r.Scan(&uid, &cas, &o.Digest)
	}, id)
	if err != nil || !found {
		return nil, err // another manifest of the bite had it, too
	}
	var needed int
	if err := t.row(blobNeeded, id).Scan(&needed); err != nil || needed != 0 {
		return nil, classify(err)
	}
	o.Path = sharedImages + uid + "/layer"
	if cas {
		o.Path = o.Digest.Path()
	}
	var objects []domain.OrphanedObject
	err = t.rows(blobLocations, func(r scanner) error {
		err := r.Scan(&o.Location)
		objects = append(objects, o)
		return err
	}, id)
	if err != nil {
		return nil, err
	}
	return objects, t.execEach(id, purgePlacements, purgeSignatures, purgeBlob)
}

// HasBlob reports whether there is a blob with a digest, in whatever repository.
func (s *Store) HasBlob(ctx context.Context, digest domain.Digest) (bool, error) {
	return s.exists(ctx, blobWithDigest, string(digest))
}

// RepositoryUploads lists some uploads of a repository.
func (s *Store) RepositoryUploads(ctx context.Context, repo domain.RepositoryID, limit int) ([]string, error) {
	var list []string
	err := s.rows(ctx, repositoryUploads, into(&list), repo, limit)
	return list, err
}

// PurgeRepositoryRows takes some rows away that refer to a repository and are no
// content, and returns how many; zero means that none are left.
func (s *Store) PurgeRepositoryRows(ctx context.Context, repo domain.RepositoryID, limit int) (int, error) {
	for _, q := range repositoryRows {
		var n int64
		err := s.change(ctx, true, func(tx *Tx) (err error) {
			n, err = tx.exec(q, repo, limit)
			return err
		})
		if err != nil || n > 0 {
			return int(n), err
		}
	}
	return 0, nil
}

// PurgeRepository removes a repository that nothing refers to any more, and its
// marker. It is no error that it is gone.
func (s *Store) PurgeRepository(ctx context.Context, repo domain.RepositoryID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		return tx.execEach(repo, purgeDeletedRepository, purgeRepository)
	})
}
