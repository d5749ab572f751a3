package storage

import (
	"strings"
	"unicode/utf8"

	"github.com/quay/quay/sdk/errs"
)

// Longest names, in bytes.
const (
	MaxPathBytes   = 1024
	MaxUploadBytes = 128
)

// CheckPath returns errs.Invalid unless path is a good path of an object. The
// SDK has checked every path that a Store is given.
func CheckPath(path string) error {
	switch {
	case path == "":
		return errs.New(errs.Invalid, "the path is empty")
	case len(path) > MaxPathBytes:
		return errs.New(errs.Invalid, "the path has %d bytes, more than %d", len(path), MaxPathBytes)
	case !utf8.ValidString(path):
		return errs.New(errs.Invalid, "the path %q is not UTF-8", path)
	case strings.IndexByte(path, 0) >= 0:
		return errs.New(errs.Invalid, "the path has a NUL byte")
	}
	for element := range strings.SplitSeq(path, "/") {
		if element == "" || element == "." || element == ".." {
			return errs.New(errs.Invalid, "the path %q has the element %q", path, element)
		}
	}
	return nil
}

// CheckPrefix returns errs.Invalid unless prefix can be the beginning of a path
// that CheckPath accepts. The empty prefix is good.
func CheckPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	// Whatever the last element is, more of it may follow.
	return CheckPath(prefix + "x")
}

// CheckUpload returns errs.Invalid unless id can name an upload: letters, digits,
// ".", "_" and "-", beginning with a letter or digit, so that a driver may use it
// as a file name and may use other beginnings for its own files.
func CheckUpload(id string) error {
	if id == "" || len(id) > MaxUploadBytes {
		return errs.New(errs.Invalid, "the upload's id has %d bytes, it must have 1 to %d", len(id), MaxUploadBytes)
	}
	for i := range len(id) {
		c := id[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case i > 0 && (c == '.' || c == '_' || c == '-'):
		default:
			return errs.New(errs.Invalid, "the upload's id %q is not a good file name", id)
		}
	}
	return nil
}
