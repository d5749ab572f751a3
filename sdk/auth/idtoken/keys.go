package idtoken

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// KeySet is a provider's RSA keys by their ids.
type KeySet map[string]*rsa.PublicKey

// bounds of what a provider may send.
const (
	maxKeys    = 1000
	maxModulus = 8192 / 8
)

// ParseKeySet reads a JSON Web Key Set. Keys of other types than RSA are left out, and so
// are keys without an id; an RSA key that cannot be read is errs.Invalid.
func ParseKeySet(text []byte) (KeySet, error) {
	var set struct {
		Keys []struct{ Kty, KID, N, E string }
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the key set cannot be read")
	}
	if len(set.Keys) > maxKeys {
		return nil, errs.New(errs.Invalid, "the key set has more than %d keys", maxKeys)
	}
	keys := make(KeySet)
	for _, k := range set.Keys {
		if k.Kty != "RSA" || k.KID == "" {
			continue
		}
		n, err := unpadded(k.N)
		e, err2 := unpadded(k.E)
		exponent := new(big.Int).SetBytes(e).Int64()
		if err != nil || err2 != nil || len(n) == 0 || len(n) > maxModulus || len(e) > 4 || exponent < 3 || exponent > 1<<31-1 {
			return nil, errs.New(errs.Invalid, "a key of the key set cannot be read")
		}
		keys[k.KID] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)}
	}
	return keys, nil
}

func unpadded(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}

// Find returns a key by its id. No id is the id of no key.
func (s KeySet) Find(kid string) (*rsa.PublicKey, error) {
	if k := s[kid]; k != nil {
		return k, nil
	}
	return nil, errs.New(errs.NotFound, "Public key %q not found", kid)
}

// ParsePublicKey reads an RSA key from PEM (jwt-authn.cert): a public key, or a
// certificate, of which nothing but the key counts.
func ParsePublicKey(text []byte) (*rsa.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errs.New(errs.Invalid, "the public key is not in PEM")
	}
	var key any
	var err error
	switch block.Type {
	case "CERTIFICATE":
		var c *x509.Certificate
		if c, err = x509.ParseCertificate(block.Bytes); err == nil {
			key = c.PublicKey
		}
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	}
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the public key cannot be read")
	}
	k, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, errs.New(errs.Invalid, "the public key is not an RSA key")
	}
	return k, nil
}
