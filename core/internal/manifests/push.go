package manifests

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/quota"
	"github.com/quay/quay/sdk/errs"
)

// Push is a manifest as a client sends it.
type Push struct {
	MediaType string
	Body      []byte
	// Digest is what the client says it is; empty when it says nothing.
	Digest domain.Digest
	// Tags to point to it; without, it is kept by digest alone.
	Tags []string
}

// Accepted is a push that is well-formed. What it refers to was not looked at.
type Accepted struct {
	push   Push
	parsed *parsed
	digest domain.Digest
}

// Accept reads a push and refuses one that is malformed, before anything is made
// for it.
func (m *Manifests) Accept(ctx context.Context, p Push) (*Accepted, error) {
	for _, tag := range p.Tags {
		if !domain.ValidTag(tag) {
			return nil, domain.ErrTag
		}
	}
	if len(p.Body) > MaxSize {
		return nil, ErrTooLarge
	}
	select { // reading costs several times the manifest's size in memory
	case m.readers <- struct{}{}:
		defer func() { <-m.readers }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	read, err := parse(p.Body, p.MediaType)
	if err != nil {
		return nil, err
	}
	if !m.policy.AnyMediaType {
		if !known(read.mediaType) {
			return nil, ErrMediaType
		}
		if err := read.checkTypes(); err != nil {
			return nil, err
		}
	}
	digest := domain.SHA256.Of(p.Body)
	if p.Digest != "" {
		if digest = p.Digest.Algorithm().Of(p.Body); digest != p.Digest {
			return nil, invalid("manifest digest mismatch")
		}
	}
	return &Accepted{p, read, digest}, nil
}

// keptAgain is how long a manifest is kept that is pushed again with a tag
// (data/model/oci/manifest.py, TEMP_TAG_EXPIRATION_SEC).
const keptAgain = 5 * time.Minute

// Stored tells what became of a push.
type Stored struct {
	Digest domain.Digest
	// Subject is the manifest that it refers to; empty is none.
	Subject   domain.Digest
	MediaType string
	// New is false when the repository had it already.
	New bool
	// Tags are those that point to it now.
	Tags []domain.NewTag
}

// Put stores an accepted push. All that it refers to must be in the repository.
// It is durable when Put returns. Putting what is there succeeds. quota.ErrExceeded
// when the namespace holds too much with it: the manifest is stored then, for the
// collector, and no tag points to it.
func (m *Manifests) Put(ctx context.Context, repo domain.RepositoryID, a *Accepted) (*Stored, error) {
	n := m.newManifest(repo, a)
	if err := m.complete(ctx, &n, a); err != nil {
		return nil, err
	}
	var allowance *quota.Allowance
	if m.policy.Quota != nil && len(n.Tags) > 0 {
		var err error
		if allowance, err = m.policy.Quota.Of(ctx, repo); err != nil {
			return nil, err
		}
	}
	if allowance != nil {
		n.Full = allowance.Full
	}
	put, err := m.store.PutManifest(ctx, n)
	if err != nil {
		return nil, err
	}
	m.cache.Invalidate(repo)
	if allowance != nil {
		if err := allowance.Stored(ctx, put.NamespaceSize); err != nil {
			return nil, err
		}
	}
	return &Stored{
		Digest: a.digest, Subject: a.parsed.subject, MediaType: a.parsed.mediaType, New: put.New, Tags: n.Tags,
	}, nil
}

// newManifest is what the manifest itself says of its row, and the policy of its life.
func (m *Manifests) newManifest(repo domain.RepositoryID, a *Accepted) domain.NewManifest {
	read := a.parsed
	n := domain.NewManifest{
		Repository: repo, Digest: a.digest, MediaType: read.mediaType, Bytes: a.push.Body,
		ConfigMediaType: read.configMediaType, ArtifactType: read.artifactType, Subject: read.subject,
		LayersSize: read.layersSize, KeepUntagged: m.policy.UntaggedFor == 0, Ledger: m.policy.Ledger,
		Policy: m.policy.Tags, Now: time.Now(),
	}
	if m.policy.UntaggedFor > 0 && read.subject == "" {
		n.HiddenUntil = n.Now.Add(m.policy.UntaggedFor)
	}
	if m.policy.HiddenTags {
		n.AgainUntil = n.Now.Add(keptAgain)
		if len(a.push.Tags) == 0 {
			n.AgainUntil = n.Now.Add(m.policy.UntaggedFor)
		}
	}
	return n
}

// complete finds what the manifest refers to, and what its labels say. What is wrong
// with a manifest that is pushed by its digest is not told, as in the product.
func (m *Manifests) complete(ctx context.Context, n *domain.NewManifest, a *Accepted) error {
	err := m.resolve(ctx, n, a)
	if errs.Is(err, errs.Invalid) && len(a.push.Tags) == 0 {
		return &errs.Error{Kind: ErrInvalid.Kind, Reason: ErrInvalid.Reason, Message: ErrInvalid.Message, Err: err}
	}
	return err
}

func (m *Manifests) resolve(ctx context.Context, n *domain.NewManifest, a *Accepted) error {
	config, err := m.findBlobs(ctx, n, a.parsed)
	if err != nil {
		return err
	}
	if n.Children, err = m.findChildren(ctx, n, a.parsed.children); err != nil {
		return err
	}
	return m.label(ctx, n, a.parsed, config, a.push.Tags)
}

// findBlobs finds the blobs that a manifest needs, and returns the one with an
// image's labels, if any.
func (m *Manifests) findBlobs(ctx context.Context, n *domain.NewManifest, read *parsed) (config *domain.Blob, err error) {
	found, err := m.store.RepositoryBlobs(ctx, n.Repository, read.blobs)
	if err != nil {
		return nil, err
	}
	n.Blobs = make([]domain.BlobID, 0, len(read.blobs))
	for _, d := range read.blobs {
		b := found[d]
		if b == nil && d == domain.EmptyLayer { // it belongs to all
			if b, err = m.store.SharedBlob(ctx, d); err != nil && !errs.Is(err, errs.NotFound) {
				return nil, err
			}
		}
		if b == nil {
			return nil, invalid("Unknown blob `%s`", d)
		}
		n.Blobs = append(n.Blobs, b.ID)
		if d == read.imageConfig {
			config = b
		}
	}
	if config != nil && config.Size != read.imageConfigSize {
		return nil, invalid("Size of config does not match that retrieved: %d vs %d", config.Size, read.imageConfigSize)
	}
	return config, nil
}

// findChildren finds the manifests that an index needs.
func (m *Manifests) findChildren(ctx context.Context, n *domain.NewManifest, children []child) ([]domain.ManifestID, error) {
	digests := make([]domain.Digest, len(children))
	for i, c := range children {
		digests[i] = c.digest
	}
	found, err := m.store.RepositoryManifests(ctx, n.Repository, digests, n.Now)
	if err != nil {
		return nil, err
	}
	ids := make([]domain.ManifestID, 0, len(children))
	for _, c := range children {
		f, there := found[c.digest]
		// Where hidden tags keep what an index contains, it may have been dead before.
		if there = there && (f.Alive || m.policy.HiddenTags); !there {
			if m.policy.SparseIndexes {
				continue
			}
			return nil, invalid("Could not find child manifest with digest `%s`", c.digest)
		}
		if f.Size != c.size {
			return nil, invalid("Size of manifest does not match that retrieved: %d vs %d", f.Size, c.size)
		}
		ids = append(ids, f.ID)
	}
	return ids, nil
}

// known reports whether the product accepts a media type.
func known(mediaType string) bool {
	switch mediaType {
	case domain.MediaTypeDockerManifest, domain.MediaTypeDockerManifestList,
		domain.MediaTypeOCIManifest, domain.MediaTypeOCIIndex:
		return true
	}
	return false
}
