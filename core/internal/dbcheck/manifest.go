package dbcheck

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
)

// content is what the bytes of a manifest name. It is read leniently: both
// products have written manifests, and what they accepted is not the question here.
type content struct {
	blobs    []descriptor
	children []string
	subject  string
	// artifactType is what a list of referrers shows; empty where the manifest has
	// none of its own.
	artifactType string
}

type descriptor struct {
	Digest string   `json:"digest"`
	Size   int64    `json:"size"`
	URLs   []string `json:"urls"`
}

// Schema 1 is signed: its digest is that of what was signed.
const (
	schema1         = "application/vnd.docker.distribution.manifest.v1+json"
	schema1Signed   = "application/vnd.docker.distribution.manifest.v1+prettyjws"
	foreignLayer    = "foreign"
	nondistributed  = "nondistributable"
	noSizeInSchema1 = -1
)

func parse(b []byte) (*content, error) {
	var m struct {
		Config   *descriptor `json:"config"`
		Layers   []layer     `json:"layers"`
		Blobs    []layer     `json:"blobs"`
		FSLayers []struct {
			BlobSum string `json:"blobSum"`
		} `json:"fsLayers"`
		Manifests    []descriptor `json:"manifests"`
		Subject      *descriptor  `json:"subject"`
		ArtifactType string       `json:"artifactType"`
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, err
	}
	c := &content{artifactType: m.ArtifactType}
	if m.Config != nil {
		c.blobs = append(c.blobs, *m.Config)
	}
	for _, l := range append(m.Layers, m.Blobs...) {
		// Others have the bytes of these.
		if len(l.URLs) == 0 && !strings.Contains(l.MediaType, foreignLayer) && !strings.Contains(l.MediaType, nondistributed) {
			c.blobs = append(c.blobs, l.descriptor)
		}
	}
	for _, l := range m.FSLayers {
		c.blobs = append(c.blobs, descriptor{Digest: l.BlobSum, Size: noSizeInSchema1})
	}
	for _, child := range m.Manifests {
		c.children = append(c.children, child.Digest)
	}
	if m.Subject != nil {
		c.subject = m.Subject.Digest
	}
	return c, nil
}

type layer struct {
	descriptor
	MediaType string `json:"mediaType"`
}

// digestOf returns the digest that a manifest's bytes have, by the algorithm of
// another digest.
func digestOf(mediaType string, b []byte, like string) (string, error) {
	if mediaType == schema1 || mediaType == schema1Signed {
		payload, err := signedPayload(b)
		if err != nil {
			return "", err
		}
		b = payload
	}
	algorithm, _, _ := strings.Cut(like, ":")
	switch algorithm {
	case "sha256":
		sum := sha256.Sum256(b)
		return algorithm + ":" + hex.EncodeToString(sum[:]), nil
	case "sha512":
		sum := sha512.Sum512(b)
		return algorithm + ":" + hex.EncodeToString(sum[:]), nil
	}
	return "", errors.New("the algorithm of its digest is not known")
}

// signedPayload returns what the signatures of a schema 1 manifest are over: the
// bytes up to where the signatures were put in, and the end that stood there. A
// manifest without signatures is its own payload.
func signedPayload(b []byte) ([]byte, error) {
	var m struct {
		Signatures []struct {
			Protected string `json:"protected"`
		} `json:"signatures"`
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, err
	}
	if len(m.Signatures) == 0 {
		return b, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(m.Signatures[0].Protected, "="))
	if err != nil {
		return nil, err
	}
	var protected struct {
		Length int    `json:"formatLength"`
		Tail   string `json:"formatTail"`
	}
	if err := json.Unmarshal(text, &protected); err != nil {
		return nil, err
	}
	tail, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(protected.Tail, "="))
	if err != nil {
		return nil, err
	}
	if protected.Length < 0 || protected.Length > len(b) {
		return nil, errors.New("its signature is over more than there is")
	}
	return append(b[:protected.Length:protected.Length], tail...), nil
}
