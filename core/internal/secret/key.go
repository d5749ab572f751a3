package secret

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/sdk/errs"
)

// KeySize is the number of bytes of a key.
const KeySize = 32

// Key is what the product makes of a secret in its configuration
// (util/security/secret.py): of DATABASE_SECRET_KEY for encrypted columns, and of
// SECRET_KEY for encrypted passwords. The zero value is no key.
type Key struct {
	Opaque
	// material are the bytes of the secret, at least one.
	material Text
}

// ParseKey makes a key of a secret as the configuration has it. The first of these that
// can be made of the text is what it means: a whole number, whose bytes in hexadecimal
// must be complete; a UUID; the characters up to U+00FF as bytes. What is a number or a
// UUID is decided by the rules of Python, which are wider than they look: digits of any
// script, underscores between digits and blanks around the number. Errors are
// errs.Invalid and do not have the secret in them.
func ParseKey(s string) (Key, error) {
	material, ok := numberBytes(s)
	if !ok {
		material, ok = uuidBytes(s)
	}
	if !ok {
		material, ok = latin1(s)
	}
	switch {
	case !ok:
		return Key{}, errs.New(errs.Invalid, "a secret key is a number, a UUID or a text of characters up to U+00FF")
	case len(material) == 0:
		return Key{}, errs.New(errs.Invalid, "a secret key may not be empty")
	}
	return Key{material: New(string(material))}, nil
}

// IsSet reports whether there is a key.
func (k Key) IsSet() bool { return k.material.IsSet() }

// Reveal returns the key: the bytes of the secret, repeated or cut to KeySize.
func (k Key) Reveal() []byte {
	m := k.RevealMaterial()
	if m == nil {
		return nil
	}
	return bytes.Repeat(m, (KeySize+len(m)-1)/len(m))[:KeySize]
}

// RevealMaterial returns the bytes of the secret as they are, at least one. Keys are
// derived from them.
func (k Key) RevealMaterial() []byte {
	if !k.material.IsSet() {
		return nil
	}
	return []byte(k.material.Reveal())
}

// numberBytes reads a number and returns its bytes. Python writes the number in
// hexadecimal and reads that as bytes, which fails for an odd number of digits and for
// a sign.
func numberBytes(s string) ([]byte, bool) {
	n, ok := python.ParseInt(s, 10)
	if !ok || n.Sign() < 0 {
		return nil, false
	}
	if n.Sign() == 0 {
		return []byte{0}, true
	}
	if digits := (n.BitLen() + 3) / 4; digits > 1 && digits%2 != 0 {
		return nil, false
	}
	return n.Bytes(), true
}

// uuidBytes reads a UUID as loosely as Python's module uuid does: it takes what remains
// without prefixes, braces and hyphens for a number of 32 characters.
func uuidBytes(s string) ([]byte, bool) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "urn:", ""), "uuid:", "")
	s = strings.ReplaceAll(strings.Trim(s, "{}"), "-", "")
	if utf8.RuneCountInString(s) != 32 {
		return nil, false
	}
	n, ok := python.ParseInt(s, 16)
	if !ok || n.Sign() < 0 {
		return nil, false
	}
	return n.FillBytes(make([]byte, 16)), true
}

// latin1 takes each character for a byte.
func latin1(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return nil, false
		}
		b = append(b, byte(r))
	}
	return b, true
}
