package schema1

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	_ "crypto/sha512" // for SHA-384 and SHA-512
	"encoding/base64"
	"math/big"

	"github.com/quay/quay/core/internal/pyjson"
)

// signature is one signature of a manifest, as it is in the document.
type signature struct {
	protected, signature, algorithm string
	key                             pyjson.Object
}

func readSignature(value any) (signature, error) {
	o, _ := value.(pyjson.Object)
	h, _ := o.Get("header")
	header, _ := h.(pyjson.Object)
	k, _ := header.Get("jwk")
	key, ok := k.(pyjson.Object)
	s := signature{o.String("protected"), o.String("signature"), header.String("alg"), key}
	if !ok || s.protected == "" || s.signature == "" || s.algorithm == "" {
		return s, invalid("a signature lacks a member")
	}
	return s, nil
}

// algorithms are those of libtrust.
var algorithms = map[string]struct {
	hash  crypto.Hash
	curve elliptic.Curve // nil for RSA
}{
	"RS256": {crypto.SHA256, nil},
	"RS384": {crypto.SHA384, nil},
	"RS512": {crypto.SHA512, nil},
	"ES256": {crypto.SHA256, elliptic.P256()},
	"ES384": {crypto.SHA384, elliptic.P384()},
	"ES512": {crypto.SHA512, elliptic.P521()},
}

// Verify checks each signature with the key beside it: that shows that nobody changed
// the manifest by accident, and not who made it. A manifest without signatures is good.
func (m *Manifest) Verify() error {
	for _, s := range m.signatures {
		if err := s.verify(m.payload); err != nil {
			return err
		}
	}
	return nil
}

func (s signature) verify(payload []byte) error {
	alg, ok := algorithms[s.algorithm]
	if !ok {
		return unverified("the algorithm %q is not known", s.algorithm)
	}
	sig, err := decode(s.signature)
	if err != nil {
		return unverified("%v", err)
	}
	h := alg.hash.New()
	h.Write(signingInput(s.protected, payload))
	sum := h.Sum(nil)
	if alg.curve == nil {
		key, err := rsaKey(s.key)
		if err != nil {
			return err
		}
		if err := rsa.VerifyPKCS1v15(key, alg.hash, sum, sig); err != nil {
			return unverified("%v", err)
		}
		return nil
	}
	key, err := ecKey(s.key, alg.curve)
	if err != nil {
		return err
	}
	size := len(sig) / 2
	if len(sig) != 2*((alg.curve.Params().BitSize+7)/8) ||
		!ecdsa.Verify(key, sum, new(big.Int).SetBytes(sig[:size]), new(big.Int).SetBytes(sig[size:])) {
		return unverified("it does not fit")
	}
	return nil
}

// signingInput is what is hashed.
func signingInput(protected string, payload []byte) []byte {
	return base64.RawURLEncoding.AppendEncode([]byte(protected+"."), payload)
}

// maxModulus is the largest RSA key that is looked at, in bytes.
const maxModulus = 8192 / 8

func rsaKey(jwk pyjson.Object) (*rsa.PublicKey, error) {
	n, err := decode(jwk.String("n"))
	e, err2 := decode(jwk.String("e"))
	if jwk.String("kty") != "RSA" || err != nil || err2 != nil || len(n) > maxModulus || len(e) == 0 || len(e) > 4 {
		return nil, unverified("the key is not an RSA key")
	}
	exponent := new(big.Int).SetBytes(e).Int64()
	if exponent > 1<<31-1 {
		return nil, unverified("the key's exponent is too large")
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)}, nil
}

func ecKey(jwk pyjson.Object, curve elliptic.Curve) (*ecdsa.PublicKey, error) {
	x, err := decode(jwk.String("x"))
	y, err2 := decode(jwk.String("y"))
	size := (curve.Params().BitSize + 7) / 8
	if jwk.String("kty") != "EC" || jwk.String("crv") != curve.Params().Name || err != nil || err2 != nil || len(x) > size || len(y) > size {
		return nil, unverified("the key is not one of the curve %s", curve.Params().Name)
	}
	point := make([]byte, 1+2*size)
	point[0] = 4 // uncompressed
	copy(point[1+size-len(x):], x)
	copy(point[1+2*size-len(y):], y)
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, unverified("%v", err)
	}
	return key, nil
}
