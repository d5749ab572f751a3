package domain

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// AdvisoryLock is the number by which PostgreSQL knows a lock of the product: the
// first eight bytes of a SHA-256 (data/database.py, compute_advisory_lock_id).
func AdvisoryLock[K int | int64 | string](namespace string, key K) int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%v", namespace, key))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// RemovalLock is the name of the lock that belongs to whoever removes the object of a
// digest, or relies on its being there (data/model/storage.py).
func RemovalLock(d Digest) string { return "BLOB_DELETE_" + string(d) }
