package store

import "github.com/quay/quay/core/internal/domain"

// lockTags keeps others, of both products, from changing the tags of a repository
// until the transaction ends. SQLite has one writer and needs no lock.
func (t *Tx) lockTags(repo int64) error {
	return t.lock(domain.AdvisoryLock("retarget_tag", repo))
}
