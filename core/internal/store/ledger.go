package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// The ledger is the totals of the quota: how many bytes the blobs of a repository's
// manifests have, and those of a namespace's, each blob once (data/model/quota.py).

const (
	namespaceOfRepository statement = `SELECT namespace_user_id FROM repository WHERE id = $1`

	// What a manifest ($3) adds to the totals of its repository ($2) and of its namespace
	// ($1): the blobs that no other manifest has there.
	ledgerShare statement = `
SELECT CAST(COALESCE(SUM(CASE WHEN x.elsewhere THEN 0 ELSE x.size END), 0) AS bigint),
       CAST(COALESCE(SUM(x.size), 0) AS bigint)
FROM (SELECT COALESCE(s.image_size, 0) AS size,
             EXISTS (SELECT 1 FROM manifestblob o JOIN repository r ON r.id = o.repository_id
                     WHERE o.blob_id = b.blob_id AND o.manifest_id <> $3 AND r.namespace_user_id = $1) AS elsewhere
      FROM manifestblob b JOIN imagestorage s ON s.id = b.blob_id
      WHERE b.manifest_id = $3
        AND NOT EXISTS (SELECT 1 FROM manifestblob o
                        WHERE o.repository_id = $2 AND o.blob_id = b.blob_id AND o.manifest_id <> $3)) AS x`

	// A total that is being computed, or is to be computed anew, says nothing.
	addToRepository statement = `
UPDATE quotarepositorysize SET size_bytes = COALESCE(size_bytes, 0) + $2 WHERE repository_id = $1 AND backfill_complete`

	addToNamespace statement = `
UPDATE quotanamespacesize SET size_bytes = COALESCE(size_bytes, 0) + $2 WHERE namespace_user_id = $1 AND backfill_complete`

	// Totals begin with the first manifest ($2); whoever has content already is computed
	// by a worker.
	beginRepositoryTotal statement = `
INSERT INTO quotarepositorysize (repository_id, size_bytes, backfill_start_ms, backfill_complete)
SELECT r.id, CAST($3 AS bigint), 0, TRUE FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE r.id = $1 AND u.enabled AND NOT u.robot
  AND NOT EXISTS (SELECT 1 FROM quotarepositorysize q WHERE q.repository_id = r.id)
  AND NOT EXISTS (SELECT 1 FROM manifestblob b WHERE b.repository_id = r.id AND b.manifest_id <> $2)
ON CONFLICT DO NOTHING`

	beginNamespaceTotal statement = `
INSERT INTO quotanamespacesize (namespace_user_id, size_bytes, backfill_start_ms, backfill_complete)
SELECT u.id, CAST($3 AS bigint), 0, TRUE FROM "user" u
WHERE u.id = $1 AND u.enabled AND NOT u.robot
  AND NOT EXISTS (SELECT 1 FROM quotanamespacesize q WHERE q.namespace_user_id = u.id)
  AND NOT EXISTS (SELECT 1 FROM repository r JOIN manifestblob b ON b.repository_id = r.id
                  WHERE r.namespace_user_id = u.id AND b.manifest_id <> $2)
ON CONFLICT DO NOTHING`

	// What was counted becomes unknown; what nobody counted yet stays so.
	forgetRepositorySize statement = `
UPDATE quotarepositorysize SET size_bytes = 0, backfill_start_ms = NULL, backfill_complete = FALSE
WHERE repository_id = $1 AND backfill_start_ms IS NOT NULL`

	forgetNamespaceSize statement = `
UPDATE quotanamespacesize SET size_bytes = 0, backfill_start_ms = NULL, backfill_complete = FALSE
WHERE namespace_user_id = (SELECT namespace_user_id FROM repository WHERE id = $1) AND backfill_start_ms IS NOT NULL`

	repositoryNamespaceSize statement = `
SELECT COALESCE(q.size_bytes, 0) FROM repository r LEFT JOIN quotanamespacesize q ON q.namespace_user_id = r.namespace_user_id
WHERE r.id = $1`
)

// ledger is what a transaction does to the totals of a repository and its namespace.
type ledger struct {
	*Tx
	mode                  domain.Ledger
	namespace, repository int64
	// What is added to the totals when the transaction is done with everything else.
	toNamespace, toRepository int64
	// first is a manifest that may be the first one; zero is none.
	first int64
	// touched says that content came or went.
	touched bool
}

// account takes locks, runs fn, which tells the ledger what content it brings or takes,
// and brings the totals up to date. Where they are counted nobody else changes the
// content of the namespace meanwhile: of two who bring the same blob, one counts it. Rows
// of totals, which everybody in the namespace waits for, are locked last.
func (t *Tx) account(repo domain.RepositoryID, mode domain.Ledger, locks []int64, fn func(*ledger) error) error {
	l := &ledger{Tx: t, mode: mode, repository: int64(repo)}
	if mode == domain.LedgerCount {
		switch err := classify(t.row(namespaceOfRepository, repo).Scan(&l.namespace)); {
		case errs.Is(err, errs.NotFound):
			l.mode = domain.LedgerKeep // what is gone has no totals
		case err != nil:
			return err
		default:
			locks = append(locks, totalsLock(l.namespace))
		}
	}
	if err := t.lock(locks...); err != nil {
		return err
	}
	if err := fn(l); err != nil || !l.touched {
		return err
	}
	switch l.mode {
	case domain.LedgerCount:
		return l.write()
	case domain.LedgerForget:
		return l.forget()
	}
	return nil
}

// add counts a manifest that has its blobs now.
func (l *ledger) add(manifest int64) error {
	l.first = manifest
	return l.share(manifest, 1)
}

// subtract counts a manifest that is about to lose its blobs.
func (l *ledger) subtract(manifest int64) error { return l.share(manifest, -1) }

func (l *ledger) share(manifest, sign int64) error {
	l.touched = true
	if l.mode != domain.LedgerCount {
		return nil
	}
	var namespace, repository int64
	err := l.row(ledgerShare, l.namespace, l.repository, manifest).Scan(&namespace, &repository)
	l.toNamespace += sign * namespace
	l.toRepository += sign * repository
	return classify(err)
}

// write changes the rows in the order of the product's workers and servers, which take no
// lock: in another one each could wait for the other (data/model/quota.py, update_sizes).
func (l *ledger) write() error {
	if err := l.put(addToNamespace, beginNamespaceTotal, l.namespace, l.toNamespace); err != nil {
		return err
	}
	return l.put(addToRepository, beginRepositoryTotal, l.repository, l.toRepository)
}

// put adds to a total, or begins one that is missing.
func (l *ledger) put(add, begin statement, owner, bytes int64) error {
	if bytes != 0 {
		n, err := l.exec(add, owner, bytes)
		if err != nil || n > 0 {
			return err
		}
	}
	if l.first == 0 {
		return nil
	}
	_, err := l.exec(begin, owner, l.first, bytes)
	return err
}

// forget marks the totals, where they are known, for counting anew (data/model/quota.py,
// reset_backfill).
func (l *ledger) forget() error {
	if _, err := l.exec(forgetRepositorySize, l.repository); err != nil {
		return err
	}
	_, err := l.exec(forgetNamespaceSize, l.repository)
	return err
}

// namespaceSize returns the total of a repository's namespace; zero where it is not known.
func (t *Tx) namespaceSize(repo domain.RepositoryID) (size int64, err error) {
	err = classify(t.row(repositoryNamespaceSize, repo).Scan(&size))
	return size, err
}

// NamespaceSize returns the total of a repository's namespace in bytes; zero where it is
// not known. errs.NotFound without the repository.
func (s *Store) NamespaceSize(ctx context.Context, repo domain.RepositoryID) (size int64, err error) {
	err = classify(s.row(ctx, repositoryNamespaceSize, repo).Scan(&size))
	return size, err
}
