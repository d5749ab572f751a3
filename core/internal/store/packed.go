package store

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/domain"
)

// A list is one parameter of a statement: the two engines have no type for lists in
// common, so it is a text of parts of equal width, which the statement cuts into rows
// of part(n), n from zero:
//
//	WITH RECURSIVE part(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE (n + 2) * 20 <= length($1))
//	SELECT substr($1, n * 20 + 1, 20) FROM part
//
// It has at least one part, and at the most packedParts: finding a part in a text takes
// a time that grows with its place.
const (
	packedParts  = 500
	idWidth      = 20
	digestWidth  = 144 // sha512 has 135 characters
	hiddenWidth  = 42  // $temp- and a UUID
	numberWidth  = 10
	packedLabels = 100
)

// packedIDs is a list of ids, each with leading zeros.
func packedIDs[T ~int64](ids []T) string {
	var b strings.Builder
	b.Grow(len(ids) * idWidth)
	for _, id := range ids {
		fmt.Fprintf(&b, "%0*d", idWidth, int64(id))
	}
	return b.String()
}

// packedDigests is a list of digests, each with blanks behind it.
func packedDigests(digests []domain.Digest) string {
	var b strings.Builder
	b.Grow(len(digests) * digestWidth)
	for _, d := range digests {
		fmt.Fprintf(&b, "%-*s", digestWidth, string(d))
	}
	return b.String()
}

// bites cuts a list into pieces that one statement takes.
func bites[T any](list []T) iter.Seq[[]T] { return slices.Chunk(list, packedParts) }
