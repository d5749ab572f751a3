package trust

import (
	"bytes"
	"crypto/sha256"
)

// Verifies reports whether a signature over content is by the key.
func (k Key) Verifies(content, signature []byte) (bool, error) {
	sum := sha256.Sum256(content)
	return k.verifies(sum[:], bytes.NewReader(content), signature)
}
