// Package password hashes and compares what the product keeps as bcrypt: the passwords
// of its own accounts, and the secret halves of OAuth tokens, authorisation codes and
// codes in e-mails (data/model/user.py, data/fields.py). It also reads the encrypted
// passwords that clients may send instead of their own (util/security/aes.py).
//
// FIPS: bcrypt is not of Go's FIPS module, nor of any. A FIPS build compares with the
// hashes in the database all the same, as the product does, and that is no approved use
// of the module; whoever may not rely on it has accounts in a directory (LDAP, OIDC) and
// signs in with robot accounts. Encrypted passwords are AES in CBC mode, of the module.
package password

import (
	"strings"

	"golang.org/x/crypto/bcrypt"

	"github.com/quay/quay/sdk/errs"
)

// maxBytes is where bcrypt stops reading. The product's bcrypt (3.1.7) cuts there, in
// the middle of a character if need be; Go's refuses more.
const maxBytes = 72

// hashSize is the length of every hash of these versions.
const hashSize = 60

// ErrNUL says that a password has a NUL in it, where bcrypt stops reading. The product
// fails on such passwords, too.
var ErrNUL = &errs.Error{Kind: errs.Invalid, Reason: "invalid_password", Message: "Invalid password, password must not contain the character NUL."}

// Hash returns the hash of a password: 60 characters that begin with $2b$12$. What is
// beyond 72 bytes does not count. The error is ErrNUL.
func Hash(password string) (string, error) { return hash(password, Cost) }

func hash(password string, cost int) (string, error) {
	if strings.IndexByte(password, 0) >= 0 {
		return "", ErrNUL
	}
	b, err := bcrypt.GenerateFromPassword(significant(password), cost)
	if err != nil {
		return "", errs.Wrap(errs.Internal, err, "hash a password")
	}
	// Go writes the version a and means what the others call b.
	return "$2b$" + strings.TrimPrefix(string(b), "$2a$"), nil
}

// Matches reports whether a hash, of version 2a, 2b or 2y and any cost, is that of a
// password. What is no such hash matches nothing, an empty one included.
func Matches(hash, password string) bool {
	switch {
	case len(hash) != hashSize: // Go does not look at the end
		return false
	case !strings.HasPrefix(hash, "$2a$") && !strings.HasPrefix(hash, "$2b$") && !strings.HasPrefix(hash, "$2y$"):
		return false
	case strings.IndexByte(password, 0) >= 0:
		return false
	}
	return bcrypt.CompareHashAndPassword([]byte(hash), significant(password)) == nil
}

func significant(password string) []byte { return []byte(password[:min(len(password), maxBytes)]) }
