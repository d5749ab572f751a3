// Package credential has the forms of what clients present instead of a password: the
// tokens of robots, repositories, accounts and OAuth applications, the codes in e-mails
// and the tokens of forms. It makes and reads them and says whether they are still good;
// looking them up is for those who call it.
//
// FIPS: random values are of Go's FIPS module. The secret halves of OAuth tokens and
// codes are kept as bcrypt hashes; package password says what that means.
package credential

import (
	"crypto/rand"

	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// User names of basic authentication that say what the password is
// (auth/credential_consts.py). A name with a "+" is a robot's.
const (
	AccessTokenUser = "$token"
	OAuthTokenUser  = "$oauthtoken"
	AppTokenUser    = "$app"
)

// ErrForm says that a text cannot be a token or code of that form. Clients get the same
// answer as for one that nobody issued.
var ErrForm = &errs.Error{Kind: errs.Unauthenticated, Reason: "invalid_token", Message: "Invalid token"}

// Alphabets of random texts.
const (
	upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

// Random returns n random characters of A to Z and 0 to 9, the product's default for
// columns with secrets (data/database.py, random_string_generator).
func Random(n int) secret.Text { return secret.New(random(upper, n)) }

// random draws from an alphabet of up to 256 characters. A byte beyond the last whole
// multiple of the alphabet is drawn again, so that no character is likelier than others.
func random(alphabet string, n int) string {
	out := make([]byte, 0, n)
	limit := 256 / len(alphabet) * len(alphabet)
	var drawn [64]byte
	for len(out) < n {
		_, _ = rand.Read(drawn[:]) // never fails
		for _, b := range drawn {
			if int(b) < limit && len(out) < n {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}

// RobotTokenLength is the number of characters of a robot's token, which is one secret:
// compare it with the decrypted column by secret.Text.Equal.
const RobotTokenLength = 64

// NewRobotToken makes a robot's token.
func NewRobotToken() secret.Text { return Random(RobotTokenLength) }
