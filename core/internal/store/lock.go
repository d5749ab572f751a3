package store

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
)

// advisoryLock is the number of one of the product's advisory locks: the first
// eight bytes of the SHA-256 of "namespace:key" (data/database.py,
// compute_advisory_lock_id).
func advisoryLock(namespace string, key int64) int64 {
	sum := sha256.Sum256([]byte(namespace + ":" + strconv.FormatInt(key, 10)))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// lockTags keeps others, of both products, from changing the tags of a repository
// until the transaction ends. SQLite has one writer and needs no lock.
func (t *Tx) lockTags(repo int64) error {
	return t.lock(advisoryLock("retarget_tag", repo))
}
