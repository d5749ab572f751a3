package store

import "github.com/quay/quay/core/internal/domain"

// tagsLock is the lock of whoever changes the tags of a repository; the product takes
// it, too (data/model/oci/tag.py, retarget_tag).
func tagsLock(repo int64) int64 { return domain.AdvisoryLock("retarget_tag", repo) }

func (t *Tx) lockTags(repo int64) error { return t.lock(tagsLock(repo)) }

// totalsLock is the lock of whoever brings counted content to a namespace or takes it.
// It is taken after tagsLock.
func totalsLock(namespace int64) int64 { return domain.AdvisoryLock("quota_totals", namespace) }
