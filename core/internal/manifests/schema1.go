package manifests

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/schema1"
	"github.com/quay/quay/sdk/errs"
)

// readSchema1 reads a manifest of schema 1 and checks its signatures. Its digest is that
// of what was signed, and it is of the signed type when it has a signature, whatever was
// said of it.
func readSchema1(body []byte) (*parsed, error) {
	var names object // as strict as with other kinds
	if err := json.Unmarshal(body, &names); err != nil {
		return nil, invalid("malformed manifest data: %v", err)
	}
	m, err := schema1.Parse(body)
	if err != nil {
		return nil, err
	}
	if err := m.Verify(); err != nil {
		return nil, err
	}
	if len(m.Layers) > maxDescriptors {
		return nil, invalid("fsLayers has more than %d layers", maxDescriptors)
	}
	p := &parsed{mediaType: m.MediaType(), digest: m.Digest(), schema1: &m.Image}
	list := make([]descriptor, len(m.Layers))
	for i, l := range m.Layers {
		about, err := l.Metadata()
		if err != nil {
			return nil, err
		}
		if about.Size > 0 {
			p.layersSize += about.Size
		}
		if i == 0 { // the topmost has the labels
			p.annotations = about.Labels
		}
		list[i].digest = l.Digest
	}
	if p.layersSize < 0 {
		return nil, invalid("the sizes of the layers overflow")
	}
	p.take(list)
	return p, nil
}

// checkSchema1 checks what a manifest of schema 1 says about the place that it is pushed
// to (endpoints/v2/manifest.py, _validate_schema1_manifest), and the order of its layers.
// A push to a digest also moves the tag that is written in the manifest.
func (m *Manifests) checkSchema1(p *Push, image *schema1.Image) error {
	namespace, repository := image.Split()
	switch {
	case namespace == "" && m.policy.Library != "" && p.Name.Namespace == m.policy.Library:
	case namespace != p.Name.Namespace:
		return otherName("namespace", p.Name.Namespace, namespace)
	}
	if repository != p.Name.Repository {
		return otherName("repository", p.Name.Repository, repository)
	}
	if len(image.Layers) == 0 {
		return invalid("manifest does not reference any layers")
	}
	if err := image.CheckParents(); err != nil {
		return invalid("%s", reasonOf(err))
	}
	if p.Digest != "" && !slices.Contains(p.Tags, image.Tag) {
		if !domain.ValidTag(image.Tag) {
			return domain.ErrTag
		}
		p.Tags = append([]string{image.Tag}, p.Tags...)
	}
	return nil
}

// otherName says that a manifest was made for another place than it is pushed to.
func otherName(part, pushed, written string) error {
	return &errs.Error{
		Kind: domain.ErrName.Kind, Reason: domain.ErrName.Reason, Message: part + " name does not match manifest",
		Detail: map[string]string{"message": part + " name `" + pushed + "` does not match `" + written + "` in manifest"},
	}
}

// checkArchitecture checks that a manifest of schema 1 is for the architecture for which an
// index has it (image/docker/schema2/list.py, validate).
func (m *Manifests) checkArchitecture(ctx context.Context, repo domain.RepositoryID, c child) error {
	if !domain.Schema1(c.mediaType) {
		return nil
	}
	found, err := m.store.ManifestByDigest(ctx, repo, c.digest, time.Now())
	if errs.Is(err, errs.NotFound) {
		return nil // it is not alive, and may be known all the same
	}
	if err != nil {
		return err
	}
	if !domain.Schema1(found.MediaType) {
		return nil
	}
	read, err := schema1.Parse(found.Bytes)
	if err != nil {
		return invalid("%s", reasonOf(err))
	}
	if read.Architecture != "" && read.Architecture != c.architecture {
		return invalid("Mismatch in arch for manifest `%s`", c.digest)
	}
	return nil
}
