package password

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Encrypt returns the encrypted form of a password, which its owner may write into the
// configuration of a client: base64 of an IV and, in AES-256-CBC, of the password as a
// field of JSON. The key is that of SECRET_KEY (data/users/__init__.py). Nothing
// authenticates it, so it is no stronger than the password: whoever has it has that.
func Encrypt(key secret.Key, password secret.Text) (secret.Text, error) {
	var iv [aes.BlockSize]byte
	_, _ = rand.Read(iv[:]) // never fails
	return encrypt(key, password, iv)
}

func encrypt(key secret.Key, password secret.Text, iv [aes.BlockSize]byte) (secret.Text, error) {
	block, err := newBlock(key)
	if err != nil {
		return secret.Text{}, err
	}
	text := []byte(`{"password": ` + python.JSONString(password.Reveal()) + `}`)
	pad := aes.BlockSize - len(text)%aes.BlockSize
	text = append(text, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv[:]).CryptBlocks(text, text)
	return secret.New(base64.StdEncoding.EncodeToString(append(iv[:], text...))), nil
}

// Decrypt returns the password that a client means by what it sent in basic
// authentication, and whether that was encrypted. Whatever cannot be decrypted is the
// password itself; the caller refuses it where FEATURE_REQUIRE_ENCRYPTED_BASIC_AUTH
// demands that it is encrypted. So does the product take the text itself, as encrypted,
// when there is JSON in it without a password. The key must be set.
func Decrypt(key secret.Key, sent string) (password secret.Text, encrypted bool, err error) {
	block, err := newBlock(key)
	if err != nil {
		return secret.Text{}, false, err
	}
	text, ok := decrypt(block, sent)
	if !ok {
		return secret.New(sent), false, nil
	}
	plain, ok := fromJSON(text)
	switch {
	case !ok:
		return secret.New(sent), false, nil
	case plain == nil:
		return secret.New(sent), true, nil
	}
	return secret.New(*plain), true, nil
}

// fromJSON returns the password in the decrypted text, nil when there is JSON without
// one. It reports false for what is no JSON, and for a password that is no text, on which
// the product fails.
func fromJSON(text []byte) (password *string, ok bool) {
	var fields map[string]json.RawMessage // a struct would take "Password", too
	if !utf8.Valid(text) || json.Unmarshal(text, &fields) != nil || fields == nil {
		return nil, false
	}
	field, there := fields["password"]
	if !there {
		return nil, true
	}
	ok = json.Unmarshal(field, &password) == nil && password != nil
	return password, ok
}

func newBlock(key secret.Key) (cipher.Block, error) {
	if !key.IsSet() {
		return nil, errs.New(errs.Invalid, "SECRET_KEY is needed for encrypted passwords")
	}
	block, err := aes.NewCipher(key.Reveal())
	return block, errs.Wrap(errs.Internal, err, "encrypted passwords")
}

// decrypt returns what is behind IV, CBC and padding.
func decrypt(block cipher.Block, sent string) ([]byte, bool) {
	raw, ok := python.DecodeBase64(sent)
	if !ok || len(raw) < 2*aes.BlockSize || len(raw)%aes.BlockSize != 0 {
		return nil, false
	}
	iv, text := raw[:aes.BlockSize], raw[aes.BlockSize:]
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, text)
	pad := int(text[len(text)-1])
	if pad == 0 || pad > aes.BlockSize {
		return nil, false
	}
	for _, b := range text[len(text)-pad:] {
		if int(b) != pad {
			return nil, false
		}
	}
	return text[:len(text)-pad], true
}
