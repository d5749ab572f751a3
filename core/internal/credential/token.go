package credential

import (
	"strings"

	"github.com/quay/quay/core/internal/secret"
)

// Form is how a token or code of two halves is split: by position, into a name, which
// is unique and looked up, and a secret.
type Form struct {
	// name is the length of the name, secret that of new secrets; existing ones may be
	// longer.
	name, secret int
	alphabet     string
	// cleans drops what is not ASCII before it reads.
	cleans bool
}

// The forms. In the first two the secret is an encrypted column; in the others it is a
// bcrypt hash (password.Hash, password.Matches).
var (
	// AccessToken is accesstoken.token_name and .token_code (data/model/token.py).
	AccessToken = Form{name: 32, secret: 32, alphabet: upper}
	// AppToken is appspecificauthtoken.token_name and .token_secret
	// (data/model/appspecifictoken.py).
	AppToken = Form{name: 60, secret: 60, alphabet: upper, cleans: true}
	// OAuthToken is oauthaccesstoken.token_name and .token_code (data/model/oauth.py).
	OAuthToken = Form{name: 20, secret: 20, alphabet: letters}
	// OAuthCode is oauthauthorizationcode.code_name and .code_credential.
	OAuthCode = Form{name: 20, secret: 20, alphabet: letters}
)

// Token is a token or code in its halves.
type Token struct {
	Name   string
	Secret secret.Text
}

// Text returns what the client presents.
func (t Token) Text() secret.Text { return secret.New(t.Name + t.Secret.Reveal()) }

// New makes a random token.
func (f Form) New() Token {
	s := random(f.alphabet, f.name+f.secret)
	return Token{Name: s[:f.name], Secret: secret.New(s[f.name:])}
}

// Parse splits what a client presented. The error is ErrForm: for a text that is not
// longer than a name, and for one with characters outside printable ASCII, which no
// database of the product has in a token and some cannot look up.
func (f Form) Parse(presented string) (Token, error) {
	if f.cleans {
		presented = strings.Map(func(r rune) rune {
			if r > 0x7f {
				return -1
			}
			return r
		}, presented)
	}
	if len(presented) <= f.name || !printable(presented) {
		return Token{}, ErrForm
	}
	return Token{Name: presented[:f.name], Secret: secret.New(presented[f.name:])}, nil
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
