package distributiondriver

import (
	"encoding/hex"
	"strings"
)

// tempDir holds what is being written. No object is in it: escape never writes "_x"
// without two hexadecimal digits.
const tempDir = "/_xtmp"

// escape returns the path of a driver for one of the host's: "/" and the same bytes,
// but "_xHH" for those that distribution's path expression refuses. To be reversible
// it escapes the "_" of "_x", and, as some services cut it off, a dot at the end of an
// element.
func escape(path string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	b.Grow(len(path) + 1)
	b.WriteByte('/')
	for i := range len(path) {
		c := path[i]
		if c == '/' || kept(path, i) {
			b.WriteByte(c)
			continue
		}
		b.WriteString("_x")
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

// kept tells whether the byte at i stands for itself.
func kept(path string, i int) bool {
	last := i+1 == len(path) || path[i+1] == '/'
	switch c := path[i]; {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-':
		return true
	case c == '.':
		return !last
	case c == '_':
		return last || path[i+1] != 'x'
	}
	return false
}

// unescape returns the path whose escape is path, or false when there is none: it is
// of somebody else.
func unescape(path string) (string, bool) {
	if !strings.HasPrefix(path, "/") {
		return "", false
	}
	var b strings.Builder
	for rest := path[1:]; rest != ""; {
		plain, escaped, found := strings.Cut(rest, "_x")
		b.WriteString(plain)
		if !found {
			break
		}
		if len(escaped) < 2 {
			return "", false
		}
		c, err := hex.DecodeString(escaped[:2])
		if err != nil {
			return "", false
		}
		b.Write(c)
		rest = escaped[2:]
	}
	original := b.String()
	return original, escape(original) == path
}
