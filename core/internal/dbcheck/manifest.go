package dbcheck

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/schema1"
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

// What a media type of a layer has whose bytes others have.
const (
	foreignLayer   = "foreign"
	nondistributed = "nondistributable"
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
		c.blobs = append(c.blobs, descriptor{Digest: l.BlobSum, Size: -1})
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

// read reads a manifest and compares it with its digest, or says what is wrong.
func read(m domain.StoredManifest) (c *content, problem string) {
	digest, err := digestOf(m.MediaType, m.Bytes, m.Digest)
	switch {
	case err != nil:
		return nil, "its digest cannot be computed: " + err.Error()
	case digest != m.Digest:
		return nil, "its bytes have the digest " + digest
	}
	if c, err = parse(m.Bytes); err != nil {
		return nil, "its bytes are no manifest"
	}
	return c, ""
}

// digestOf returns the digest that a manifest's bytes have, by the algorithm of
// another digest. That of schema 1 is of what was signed.
func digestOf(mediaType string, b []byte, like string) (string, error) {
	if mediaType == schema1.MediaType || mediaType == schema1.SignedMediaType {
		m, err := schema1.Parse(b)
		if err != nil {
			return "", err
		}
		b = m.Payload()
	}
	name, _, _ := strings.Cut(like, ":")
	algorithm := domain.Algorithm(name)
	if !algorithm.Known() {
		return "", errors.New("the algorithm of its digest is not known")
	}
	return string(algorithm.Of(b)), nil
}
