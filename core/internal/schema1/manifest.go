// Package schema1 reads, checks, writes and signs manifests of the first schema
// (image/docker/schema1.py): JSON with a JSON Web Signature inside, as Docker's
// libtrust made them.
package schema1

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

// Media types of manifests without and with signatures.
const (
	MediaType       = "application/vnd.docker.distribution.manifest.v1+json"
	SignedMediaType = "application/vnd.docker.distribution.manifest.v1+prettyjws"
)

// ErrInvalid says that a text is no manifest of this schema; its message says why.
var ErrInvalid = &errs.Error{Kind: errs.Invalid, Reason: "manifest_invalid", Message: "the schema 1 manifest is not valid"}

// ErrSignature says that a manifest is not what was signed.
var ErrSignature = &errs.Error{Kind: errs.Invalid, Reason: "manifest_unverified", Message: "the signature of the schema 1 manifest is not valid"}

func invalid(format string, args ...any) error {
	return &errs.Error{Kind: ErrInvalid.Kind, Reason: ErrInvalid.Reason, Message: ErrInvalid.Message, Err: errs.New(errs.Invalid, format, args...)}
}

func unverified(format string, args ...any) error {
	return &errs.Error{Kind: ErrSignature.Kind, Reason: ErrSignature.Reason, Message: ErrSignature.Message, Err: errs.New(errs.Invalid, format, args...)}
}

// Image is what a manifest says.
type Image struct {
	// Name is "namespace/repository", or "repository" alone.
	Name string
	Tag  string
	// Architecture is "amd64" and the like, or empty.
	Architecture string
	// Layers are those of the document: the topmost first.
	Layers []Layer
}

// Split returns the namespace of the image's name, which may be missing, and the
// repository.
func (i Image) Split() (namespace, repository string) {
	namespace, repository, found := strings.Cut(i.Name, "/")
	if !found {
		return "", i.Name
	}
	return namespace, repository
}

// Layer is one layer of an image.
type Layer struct {
	Digest domain.Digest
	// V1Compatibility is the layer's metadata, a JSON text of its own.
	V1Compatibility string
}

// Manifest is a manifest that was read.
type Manifest struct {
	Image
	payload    []byte
	signatures []signature
	signed     bool
}

// maxSignatures is more than any program made, and bounds the work of Verify.
const maxSignatures = 16

// Parse reads a manifest. It does not check its signatures, since those of stored
// ones were; Verify does. The product takes the digest from the signed text and
// everything else from the document, which may differ; here they may not.
func Parse(text []byte) (*Manifest, error) {
	doc, err := pyjson.ParseObject(text)
	if err != nil {
		return nil, invalid("%v", err)
	}
	m := &Manifest{payload: text}
	if m.Image, err = readImage(doc); err != nil {
		return nil, err
	}
	value, ok := doc.Get("signatures")
	if !ok {
		return m, nil
	}
	list, ok := value.([]any)
	if !ok || len(list) > maxSignatures {
		return nil, invalid("signatures is not a list of at most %d", maxSignatures)
	}
	for _, v := range list {
		s, err := readSignature(v)
		if err != nil {
			return nil, err
		}
		m.signatures = append(m.signatures, s)
	}
	if m.signed = len(list) > 0; !m.signed {
		return nil, invalid("signatures is empty")
	}
	if m.payload, err = payload(text, m.signatures[0].protected); err != nil {
		return nil, err
	}
	return m, m.same(doc)
}

// same checks that the signed text says what the document says.
func (m *Manifest) same(doc pyjson.Object) error {
	signed, err := pyjson.ParseObject(m.payload)
	if err != nil {
		return invalid("the signed text: %v", err)
	}
	doc.Delete("signatures")
	if !reflect.DeepEqual(signed, doc) {
		return invalid("the signed text is another manifest")
	}
	return nil
}

// Signed tells whether there are signatures.
func (m *Manifest) Signed() bool { return m.signed }

// MediaType is that of the manifest.
func (m *Manifest) MediaType() string {
	if m.signed {
		return SignedMediaType
	}
	return MediaType
}

// Payload is the text that was signed, or the whole text without signatures.
func (m *Manifest) Payload() []byte { return m.payload }

// Digest is that of the payload: signatures do not change it.
func (m *Manifest) Digest() domain.Digest { return domain.SHA256.Of(m.payload) }

func readImage(doc pyjson.Object) (Image, error) {
	var image Image
	for _, field := range []struct {
		name     string
		to       *string
		optional bool
	}{{"tag", &image.Tag, false}, {"name", &image.Name, false}, {"architecture", &image.Architecture, true}} {
		v, _ := doc.Get(field.name)
		if field.optional && v == nil {
			continue
		}
		text, ok := v.(string)
		if !ok {
			return Image{}, invalid("%s is not a string", field.name)
		}
		*field.to = text
	}
	digests, err := texts(doc, "fsLayers", "blobSum")
	if err != nil {
		return Image{}, err
	}
	history, err := texts(doc, "history", "v1Compatibility")
	if err != nil {
		return Image{}, err
	}
	if len(digests) != len(history) {
		return Image{}, invalid("%d layers have %d entries of history", len(digests), len(history))
	}
	for i, d := range digests {
		digest, err := domain.ParseDigest(d)
		if err != nil {
			return Image{}, invalid("could not parse manifest digest: %s", d)
		}
		image.Layers = append(image.Layers, Layer{digest, history[i]})
	}
	return image, nil
}

// texts reads a list of objects with one string that counts in each.
func texts(doc pyjson.Object, list, member string) ([]string, error) {
	v, _ := doc.Get(list)
	entries, ok := v.([]any)
	if !ok {
		return nil, invalid("%s is not a list", list)
	}
	found := make([]string, 0, len(entries))
	for _, e := range entries {
		o, _ := e.(pyjson.Object)
		v, _ := o.Get(member)
		s, ok := v.(string)
		if !ok {
			return nil, invalid("an entry of %s has no %s", list, member)
		}
		found = append(found, s)
	}
	return found, nil
}

// payload is the signed text: the beginning of the document, and the tail that was in
// the place of the signatures.
func payload(text []byte, protected string) ([]byte, error) {
	var p struct {
		FormatLength *int            `json:"formatLength"`
		FormatTail   string          `json:"formatTail"`
		Critical     json.RawMessage `json:"crit"`
	}
	b, err := decode(protected)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		return nil, invalid("protected: %v", err)
	}
	tail, err := decode(p.FormatTail)
	if err != nil || p.FormatLength == nil || *p.FormatLength < 0 || *p.FormatLength > len(text) || p.Critical != nil {
		return nil, invalid("protected does not say what was signed")
	}
	return append(bytes.Clone(text[:*p.FormatLength]), tail...), nil
}

// decode reads URL-safe base64, with or without padding.
func decode(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
}
