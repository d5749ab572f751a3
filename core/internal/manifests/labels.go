package manifests

import (
	"context"
	"encoding/json"
	"io"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/sdk/errs"
)

// Media types of configurations that have an image's labels.
const (
	mediaTypeOCIConfig    = "application/vnd.oci.image.config.v1+json"
	mediaTypeDockerConfig = "application/vnd.docker.container.image.v1+json"
)

// maxConfig is the largest configuration of which the labels are read, in bytes.
const maxConfig = 4 << 20

// Labels reads and applies the labels of manifests.
type Labels struct {
	// Open opens a blob's bytes.
	Open func(ctx context.Context, b *domain.Blob) (place.Object, error)
	// Terms decides how a new tag lives by the labels of what it names.
	Terms func(ctx context.Context, repo domain.RepositoryID, tag string, labels map[string]string) (domain.NewTag, error)
}

// label puts to a new manifest the labels that come with it, and to its tags what
// the labels say about them. A manifest that is there keeps its labels.
func (m *Manifests) label(ctx context.Context, n *domain.NewManifest, read *parsed, config *domain.Blob, names []string) error {
	if m.policy.Labels == nil {
		n.Tags = plain(names)
		return nil
	}
	effective, err := m.labelsOf(ctx, n, read, config)
	if err != nil {
		return err
	}
	for _, name := range names {
		tag, err := m.policy.Labels.Terms(ctx, n.Repository, name, effective)
		if err != nil {
			return err
		}
		n.Tags = append(n.Tags, tag)
	}
	return nil
}

// plain is tags without anything special.
func plain(names []string) []domain.NewTag {
	tags := make([]domain.NewTag, len(names))
	for i, name := range names {
		tags[i].Name = name
	}
	return tags
}

// labelsOf returns the labels that count for tags of a manifest, and sets those that
// a new one brings.
func (m *Manifests) labelsOf(ctx context.Context, n *domain.NewManifest, read *parsed, config *domain.Blob) (map[string]string, error) {
	stored, err := m.store.FindManifest(ctx, domain.ManifestQuery{Repository: n.Repository, Digest: n.Digest, Dead: true})
	if err == nil {
		return labels.Effective(ctx, m.store, stored.ID)
	}
	if !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	if len(n.Children) > 0 {
		return m.sharedLabels(ctx, n.Children)
	}
	own, err := m.imageLabels(ctx, read, config)
	if err != nil {
		return nil, err
	}
	for key, value := range read.annotations {
		own[key] = value
	}
	n.Labels = labels.FromManifest(own)
	return own, nil
}

// sharedLabels returns the labels that all manifests of an index have.
func (m *Manifests) sharedLabels(ctx context.Context, children []domain.ManifestID) (map[string]string, error) {
	all := make([]map[string]string, 0, len(children))
	for _, id := range children {
		own, err := labels.Own(ctx, m.store, id)
		if err != nil {
			return nil, err
		}
		if len(own) == 0 {
			return nil, nil
		}
		all = append(all, own)
	}
	return labels.Shared(all), nil
}

// imageLabels reads the labels of an image's configuration. What is no configuration
// has none; a Docker image must have one.
func (m *Manifests) imageLabels(ctx context.Context, read *parsed, config *domain.Blob) (map[string]string, error) {
	if config == nil || config.Size > maxConfig {
		return make(map[string]string), nil
	}
	o, err := m.policy.Labels.Open(ctx, config)
	if err != nil {
		return nil, err
	}
	defer func() { _ = o.Close() }() // only read
	r, err := o.Range(ctx, 0, min(o.Size(), maxConfig))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if docker(read.mediaType) {
		if err := checkDockerConfig(b); err != nil {
			return nil, err
		}
	}
	var image struct {
		Config struct {
			Labels json.RawMessage `json:"Labels"`
		} `json:"config"`
	}
	if json.Unmarshal(b, &image) != nil {
		return make(map[string]string), nil
	}
	return texts(image.Config.Labels), nil
}

// texts returns those members of a JSON object that are texts.
func texts(raw json.RawMessage) map[string]string {
	found := make(map[string]string)
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return found
	}
	for key, value := range members {
		var text string
		if json.Unmarshal(value, &text) == nil && string(value) != "null" {
			found[key] = text
		}
	}
	return found
}
