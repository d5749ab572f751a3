package trust

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/quay/quay/sdk/errs"
)

// SignatureSuffix is appended to the path of a binary for that of its signature.
const SignatureSuffix = ".sig"

// maxSignatureBytes bounds a signature in base64; one of P-384 has 140.
const maxSignatureBytes = 1024

// maxKeyBytes bounds the file of a public key; one of P-384 has 215.
const maxKeyBytes = 64 << 10

// Key is a public key whose signatures count.
type Key struct {
	// Name is how the key is called in messages, for instance its file.
	Name string

	// public is an *ecdsa.PublicKey of P-256 or P-384, or an ed25519.PublicKey.
	public crypto.PublicKey
}

// ReadKey reads the file of a public key, by whose name it is called. It fails with
// errs.Denied when others could have written it.
func ReadKey(path string) (Key, error) {
	data, err := readOwn("the public key for plugins", path, maxKeyBytes)
	if err != nil {
		return Key{}, err
	}
	return ParseKey(filepath.Base(path), data)
}

// ParseKey reads a public key in PEM, as "cosign generate-key-pair" and "openssl
// pkey -pubout" write it: ECDSA on P-256 or P-384, or Ed25519.
func ParseKey(name string, data []byte) (Key, error) {
	fail := func(err error) (Key, error) {
		return Key{}, errs.Wrap(errs.Invalid, err, "%s is no key for plugins: give the public key in PEM, ECDSA on P-256 or P-384 or Ed25519", name)
	}
	block, rest := pem.Decode(data)
	switch {
	case block == nil:
		return fail(errors.New("it has no PEM block"))
	case block.Type != "PUBLIC KEY":
		return fail(errors.New("its PEM block is of the type " + block.Type))
	case len(bytes.TrimSpace(rest)) > 0:
		return fail(errors.New("something follows the PEM block"))
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return fail(err)
	}
	switch k := public.(type) {
	case ed25519.PublicKey:
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() {
			return fail(errors.New("it is on the curve " + k.Curve.Params().Name))
		}
	default:
		return fail(errors.New("it is of another algorithm"))
	}
	return Key{Name: name, public: public}, nil
}

// verifies reports whether a signature over a file is by the key: of ECDSA over
// the file's SHA-256, of Ed25519 over its bytes, as cosign makes them.
func (k Key) verifies(sum []byte, content io.Reader, signature []byte) (bool, error) {
	switch public := k.public.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(public, sum, signature), nil
	case ed25519.PublicKey:
		message, err := io.ReadAll(content)
		return err == nil && ed25519.Verify(public, message, signature), err
	}
	return false, errs.New(errs.Invalid, "the key %q is empty: make it with ParseKey", k.Name)
}

// ParseSignature decodes a signature in base64, which white space may surround.
func ParseSignature(data []byte) ([]byte, error) {
	text := bytes.TrimSpace(data)
	if len(text) > maxSignatureBytes {
		return nil, errs.New(errs.TooLarge, "the signature has more than %d bytes", maxSignatureBytes)
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(string(text))
	if err == nil && (len(signature) == 0 || bytes.ContainsAny(text, "\r\n")) {
		err = errors.New("it is empty or has several lines")
	}
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the signature is not in base64: sign with \"cosign sign-blob\", or encode it with \"base64 -w0\"")
	}
	return signature, nil
}

// readSignature reads the signature beside a binary. It is nil when there is none.
func readSignature(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errs.Wrap(errs.Denied, err, "the signature %s cannot be read", path)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 2*maxSignatureBytes))
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "the signature %s cannot be read", path)
	}
	signature, err := ParseSignature(data)
	return signature, errs.Wrap(errs.KindOf(err), err, "%s", path)
}
