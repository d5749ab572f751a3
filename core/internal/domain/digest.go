package domain

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// ErrDigest is the sentinel of a malformed or unsupported digest.
var ErrDigest = &errs.Error{Kind: errs.Invalid, Reason: "digest_invalid", Message: "provided digest is not valid"}

// Digest is a checked content digest, "sha256:<64 hex>" or "sha512:<128 hex>" in
// lower case. The zero value is no digest.
type Digest string

// Algorithm is a hash algorithm of digests.
type Algorithm string

// The algorithms that the image specification registers.
const (
	SHA256 Algorithm = "sha256"
	SHA512 Algorithm = "sha512"
)

var hashes = map[Algorithm]struct {
	size int
	make func() hash.Hash
}{
	SHA256: {sha256.Size, sha256.New},
	SHA512: {sha512.Size, sha512.New},
}

// EmptyLayer is the digest of the empty layer that Docker does not push with every
// image: every repository has it once anybody pushed it (image/docker/schema2).
const EmptyLayer Digest = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4"

// ParseDigest checks a digest that a client sent.
func ParseDigest(s string) (Digest, error) {
	alg, enc, ok := strings.Cut(s, ":")
	h, known := hashes[Algorithm(alg)]
	if !ok || !known || len(enc) != 2*h.size {
		return "", ErrDigest
	}
	for i := range len(enc) {
		if c := enc[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", ErrDigest
		}
	}
	return Digest(s), nil
}

// LooksLikeDigest reports whether a manifest reference is meant as a digest: a
// tag cannot have a colon.
func LooksLikeDigest(s string) bool { return strings.Contains(s, ":") }

// Algorithm returns the part before the colon.
func (d Digest) Algorithm() Algorithm {
	alg, _, _ := strings.Cut(string(d), ":")
	return Algorithm(alg)
}

// Path is where the product keeps the content in an object store
// (digest/digest_tools.py, content_path).
func (d Digest) Path() string {
	alg, enc, _ := strings.Cut(string(d), ":")
	return alg + "/" + enc[:2] + "/" + enc
}

// Known reports whether the algorithm is one that this program computes.
func (a Algorithm) Known() bool { _, ok := hashes[a]; return ok }

// New returns a running hash. The algorithm must be Known.
func (a Algorithm) New() hash.Hash { return hashes[a].make() }

// Sum returns the digest that a running hash of this algorithm has reached.
func (a Algorithm) Sum(h hash.Hash) Digest {
	return Digest(string(a) + ":" + hex.EncodeToString(h.Sum(nil)))
}

// Of returns the digest of b.
func (a Algorithm) Of(b []byte) Digest {
	h := a.New()
	h.Write(b)
	return a.Sum(h)
}
