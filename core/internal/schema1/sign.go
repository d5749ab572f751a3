package schema1

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base32"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Key signs manifests. It does not print its private half.
type Key struct {
	secret.Opaque
	private secret.Box[*rsa.PrivateKey]
	public  pyjson.Object
}

const keyBits = 2048

// NewKey makes a key, for a server without docker_v2.pem: it is as good as another,
// since it is in each manifest that it signs. It takes a while.
func NewKey() (*Key, error) {
	k, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, errs.Wrap(errs.Internal, err, "make a key for manifests")
	}
	return newKey(k)
}

// ParseKey reads docker_v2.pem: an RSA key, in PKCS#1 or PKCS#8.
func ParseKey(text []byte) (*Key, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errs.New(errs.Invalid, "the key for manifests is not a PEM file")
	}
	if k, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return newKey(k)
	}
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the key for manifests cannot be read")
	}
	private, ok := k.(*rsa.PrivateKey)
	if !ok {
		return nil, errs.New(errs.Invalid, "the key for manifests is not an RSA key")
	}
	return newKey(private)
}

func newKey(k *rsa.PrivateKey) (*Key, error) {
	kid, err := keyID(&k.PublicKey)
	if err != nil {
		return nil, err
	}
	b64 := base64.RawURLEncoding.EncodeToString
	return &Key{
		private: secret.Enclose(k),
		public: pyjson.Object{
			{Name: "n", Value: b64(k.N.Bytes())},
			{Name: "e", Value: b64(big.NewInt(int64(k.E)).Bytes())},
			{Name: "kid", Value: kid},
			{Name: "kty", Value: "RSA"},
		},
	}, nil
}

// ID is the key's id in libtrust's form: twelve groups of four characters.
func (k *Key) ID() string { return k.public.String("kid") }

func keyID(k *rsa.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k)
	if err != nil {
		return "", errs.Wrap(errs.Internal, err, "encode a public key")
	}
	sum := sha256.Sum256(der)
	text := base32.StdEncoding.EncodeToString(sum[:30])
	var groups []string
	for ; text != ""; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(groups, ":"), nil
}

// pretty is the form of all that is signed.
var pretty = pyjson.Form{Indent: 3}

// Unsigned is the image's manifest without a signature.
func (i Image) Unsigned() []byte { return pretty.Append(nil, i.document()) }

func (i Image) document() pyjson.Object {
	history, layers := make([]any, 0, len(i.Layers)), make([]any, 0, len(i.Layers))
	for _, l := range i.Layers {
		history = append(history, pyjson.Object{{Name: "v1Compatibility", Value: l.V1Compatibility}})
		layers = append(layers, pyjson.Object{{Name: "blobSum", Value: string(l.Digest)}})
	}
	var architecture any
	if i.Architecture != "" {
		architecture = i.Architecture
	}
	return pyjson.Object{
		{Name: "tag", Value: i.Tag},
		{Name: "name", Value: i.Name},
		{Name: "architecture", Value: architecture},
		{Name: "schemaVersion", Value: 1},
		{Name: "history", Value: history},
		{Name: "fsLayers", Value: layers},
	}
}

// Sign returns the image's manifest with a signature. The same image, key and second
// give the same text; its digest is that of Unsigned.
func (k *Key) Sign(i Image, now time.Time) ([]byte, error) {
	doc := i.document()
	payload := pretty.Append(nil, doc)
	split := bytes.LastIndex(payload, []byte("\n}"))
	b64 := base64.RawURLEncoding.EncodeToString
	protected := b64(pyjson.Form{Compact: true}.Append(nil, pyjson.Object{
		{Name: "formatTail", Value: b64(payload[split:])},
		{Name: "formatLength", Value: split},
		{Name: "time", Value: now.UTC().Format("2006-01-02T15:04:05Z")},
	}))
	sum := sha256.Sum256(signingInput(protected, payload))
	sig, err := rsa.SignPKCS1v15(nil, k.private.Reveal(), crypto.SHA256, sum[:])
	if err != nil {
		return nil, errs.Wrap(errs.Internal, err, "sign a manifest")
	}
	doc.Set("signatures", []any{pyjson.Object{
		{Name: "header", Value: pyjson.Object{{Name: "jwk", Value: k.public}, {Name: "alg", Value: "RS256"}}},
		{Name: "signature", Value: b64(sig)},
		{Name: "protected", Value: protected},
	}})
	return pretty.Append(nil, doc), nil
}
