package oci

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
)

// The media types that tests push.
const (
	MediaTypeManifest = "application/vnd.oci.image.manifest.v1+json"
	MediaTypeIndex    = "application/vnd.oci.image.index.v1+json"
	MediaTypeConfig   = "application/vnd.oci.image.config.v1+json"
	MediaTypeLayer    = "application/vnd.oci.image.layer.v1.tar"
	MediaTypeEmpty    = "application/vnd.oci.empty.v1+json"
)

// Digest returns the sha256 digest of data in the protocol's form.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Digest512 is Digest with the other algorithm that is registered.
func Digest512(data []byte) string {
	sum := sha512.Sum512(data)
	return "sha512:" + hex.EncodeToString(sum[:])
}

// Stream returns size pseudo-random bytes that depend on seed alone.
func Stream(seed uint64, size int64) io.Reader {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	return io.LimitReader(rand.NewChaCha8(key), size)
}

// Bytes returns what Stream gives, at once.
func Bytes(seed uint64, size int) []byte {
	data := make([]byte, size)
	if _, err := io.ReadFull(Stream(seed, int64(size)), data); err != nil {
		panic(err) // a generator does not fail
	}
	return data
}

// StreamDigest returns the digest of a Stream.
func StreamDigest(seed uint64, size int64) string {
	digest, _, err := DigestOf(Stream(seed, size))
	if err != nil {
		panic(err) // a generator does not fail
	}
	return digest
}

// DigestOf reads r to its end and returns the digest and the length of what came.
func DigestOf(r io.Reader) (string, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), n, err
}

// Descriptor points at content.
type Descriptor struct {
	MediaType    string            `json:"mediaType"`
	Digest       string            `json:"digest"`
	Size         int64             `json:"size"`
	ArtifactType string            `json:"artifactType,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	Platform     *Platform         `json:"platform,omitempty"`
}

// Platform is what an image of an index runs on.
type Platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
}

// Manifest is an image manifest or an index, whichever fields are set.
type Manifest struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType,omitempty"`
	ArtifactType  string            `json:"artifactType,omitempty"`
	Config        *Descriptor       `json:"config,omitempty"`
	Layers        []Descriptor      `json:"layers,omitempty"`
	Manifests     []Descriptor      `json:"manifests,omitempty"`
	Subject       *Descriptor       `json:"subject,omitempty"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

// JSON returns the manifest's bytes.
func (m Manifest) JSON() []byte {
	m.SchemaVersion = 2
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // plain strings and numbers always marshal
	}
	return data
}

// Describe returns the descriptor of data.
func Describe(mediaType string, data []byte) Descriptor {
	return Descriptor{MediaType: mediaType, Digest: Digest(data), Size: int64(len(data))}
}

// Image is an image of one platform.
type Image struct {
	Config   []byte
	Layers   [][]byte
	Manifest []byte
}

// NewImage returns an image of one layer of the given size; different seeds give
// images that share nothing.
func NewImage(seed uint64, size int) Image {
	layer := Bytes(seed, size)
	config := fmt.Appendf(nil,
		`{"architecture":"amd64","os":"linux","config":{"Labels":{"seed":"%d"}},"rootfs":{"type":"layers","diff_ids":[%q]}}`,
		seed, Digest(layer))
	c := Describe(MediaTypeConfig, config)
	m := Manifest{MediaType: MediaTypeManifest, Config: &c, Layers: []Descriptor{Describe(MediaTypeLayer, layer)}}
	return Image{Config: config, Layers: [][]byte{layer}, Manifest: m.JSON()}
}
