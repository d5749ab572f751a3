// Package domain holds the values that every other package of the host talks
// about: names, digests, media types, rows. It imports nothing of ours but the
// error kinds, and no rule lives here beyond what makes a value well-formed.
package domain

import (
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// Limits of names, as the product's database and clients have them.
const (
	MaxNamespace  = 255
	MaxRepository = 255
	MaxTag        = 128
)

// ErrName is the sentinel of a malformed repository name.
var ErrName = &errs.Error{Kind: errs.Invalid, Reason: "name_invalid", Message: "invalid repository name"}

// ErrTag is the sentinel of a malformed tag.
var ErrTag = &errs.Error{Kind: errs.Invalid, Reason: "tag_invalid", Message: "invalid tag"}

// Name is a repository's name: a namespace (user or organisation) and, inside
// it, a name that may have slashes.
type Name struct {
	Namespace  string
	Repository string
}

func (n Name) String() string { return n.Namespace + "/" + n.Repository }

// ParseName splits and checks a repository name as clients write it in /v2. A
// name without a slash belongs to the namespace library (in the product:
// LIBRARY_NAMESPACE).
func ParseName(s, library string) (Name, error) {
	n := Name{Namespace: library, Repository: s}
	if ns, rest, nested := strings.Cut(s, "/"); nested {
		n = Name{Namespace: ns, Repository: rest}
	}
	if !ValidNamespace(n.Namespace) || !ValidRepository(n.Repository) {
		return Name{}, ErrName
	}
	return n, nil
}

// ValidNamespace reports whether s can be the name of a user or organisation:
// 2 to 255 of [a-z0-9], separated by single ".", "_" or "-"
// (util/validation.py).
func ValidNamespace(s string) bool {
	if len(s) < 2 || len(s) > MaxNamespace {
		return false
	}
	alnum := false
	for i := range len(s) {
		switch c := s[i]; {
		case isLowerAlnum(c):
			alnum = true
		case c == '.' || c == '_' || c == '-':
			if !alnum {
				return false
			}
			alnum = false
		default:
			return false
		}
	}
	return alnum
}

// ValidRepository reports whether s can be the name of a repository in its
// namespace: slash-separated elements, each starting with [a-z0-9] and going on
// with [a-z0-9._-], 255 bytes in all (util/names.py). An element ".." cannot occur
// since an element cannot start with a dot.
func ValidRepository(s string) bool {
	if s == "" || len(s) > MaxRepository {
		return false
	}
	start := true
	for i := range len(s) {
		switch c := s[i]; {
		case isLowerAlnum(c):
			start = false
		case c == '/' || c == '.' || c == '_' || c == '-':
			if start {
				return false
			}
			start = c == '/'
		default:
			return false
		}
	}
	return !start
}

// ValidFlatRepository reports whether s can be the name of a repository where names
// have no slashes (util/names.py, REPOSITORY_NAME_REGEX).
func ValidFlatRepository(s string) bool { return !strings.Contains(s, "/") && ValidRepository(s) }

// ValidTag reports whether s is a tag: [A-Za-z0-9_][A-Za-z0-9_.-]{0,127}
// (distribution-spec, "Pulling manifests").
func ValidTag(s string) bool {
	if s == "" || len(s) > MaxTag {
		return false
	}
	for i := range len(s) {
		c := s[i]
		word := isLowerAlnum(c) || c >= 'A' && c <= 'Z' || c == '_'
		if !word && (i == 0 || c != '.' && c != '-') {
			return false
		}
	}
	return true
}

// CosignTag reports whether a tag is one that cosign makes for a digest: its
// signature, attestation or bill of materials.
func CosignTag(tag string) bool {
	rest, ok := strings.CutPrefix(tag, "sha256-")
	hex, suffix, dot := strings.Cut(rest, ".")
	return ok && dot && len(hex) == 64 && strings.Trim(hex, "0123456789abcdef") == "" &&
		(suffix == "sig" || suffix == "att" || suffix == "sbom")
}

func isLowerAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }
