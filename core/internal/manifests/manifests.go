// Package manifests holds the rules about manifests: what is accepted, what must
// be there before, how one is found, and what refers to it.
package manifests

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/sdk/errs"
)

// MaxSize is the largest manifest that is accepted, in bytes.
const MaxSize = 4 << 20

// Store is what the rules need of the database.
type Store interface {
	Blob(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) (*domain.Blob, error)
	ManifestID(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) (domain.ManifestID, error)
	ManifestByTag(ctx context.Context, repo domain.RepositoryID, tag string, at time.Time) (*domain.Manifest, error)
	ManifestByDigest(ctx context.Context, repo domain.RepositoryID, digest domain.Digest, at time.Time) (*domain.Manifest, error)
	HasExpiredTag(ctx context.Context, repo domain.RepositoryID, tag string, at time.Time) (bool, error)
	PutManifest(ctx context.Context, n domain.NewManifest) error
	DeleteManifest(ctx context.Context, repo domain.RepositoryID, id domain.ManifestID, now time.Time) ([]string, error)
	Referrers(ctx context.Context, repo domain.RepositoryID, subject domain.Digest, artifactType string,
		at time.Time, after domain.ManifestID, limit int) ([]domain.Referrer, error)
}

// Policy is what the configuration decides.
type Policy struct {
	// UntaggedFor is how long a manifest lives that was pushed by digest and got
	// no tag since (PUSH_TEMP_TAG_EXPIRATION_SEC); zero is for ever. A manifest
	// with a subject always lives on.
	UntaggedFor time.Duration
	// AnyMediaType accepts manifests of types that the product does not know.
	AnyMediaType bool
	// SparseIndexes accepts indexes of which not all manifests are there.
	SparseIndexes bool
}

// Manifests applies the rules.
type Manifests struct {
	store  Store
	cache  *rcache.Cache
	policy Policy
}

// New makes the rules.
func New(s Store, c *rcache.Cache, p Policy) *Manifests { return &Manifests{s, c, p} }

// Sentinels.
var (
	ErrUnknown   = &errs.Error{Kind: errs.NotFound, Reason: "manifest_unknown", Message: "manifest unknown"}
	ErrExpired   = &errs.Error{Kind: errs.NotFound, Reason: "tag_expired"}
	ErrInvalid   = &errs.Error{Kind: errs.Invalid, Reason: "manifest_invalid", Message: "manifest invalid"}
	ErrMediaType = &errs.Error{
		Kind: errs.Invalid, Reason: "manifest_type", Message: "manifest invalid",
		Detail: map[string]string{"message": "manifest schema version not supported"},
	}
)

// Get returns the manifest of a reference, which is a tag or a digest.
// ErrUnknown when there is none, ErrExpired when there was such a tag once.
func (m *Manifests) Get(ctx context.Context, repo domain.RepositoryID, reference string) (*domain.Manifest, error) {
	key := rcache.Key{Kind: rcache.Tag, Repository: repo, Name: reference}
	digest := domain.LooksLikeDigest(reference)
	if digest {
		key.Kind = rcache.Manifest
	}
	if v, ok := m.cache.Get(key); ok {
		return v.(*domain.Manifest), nil
	}
	g := m.cache.Begin(repo)
	var found *domain.Manifest
	var err error
	if digest {
		found, err = m.byDigest(ctx, repo, reference)
	} else {
		found, err = m.byTag(ctx, repo, reference)
	}
	if err != nil {
		return nil, err
	}
	m.cache.Put(key, g, found, len(found.Bytes)+len(found.Digest)+len(reference), found.AliveUntil)
	return found, nil
}

func (m *Manifests) byDigest(ctx context.Context, repo domain.RepositoryID, reference string) (*domain.Manifest, error) {
	digest, err := domain.ParseDigest(reference)
	if err != nil {
		return nil, err
	}
	found, err := m.store.ManifestByDigest(ctx, repo, digest, time.Now())
	if errs.Is(err, errs.NotFound) {
		err = ErrUnknown
	}
	return found, err
}

func (m *Manifests) byTag(ctx context.Context, repo domain.RepositoryID, tag string) (*domain.Manifest, error) {
	if !domain.ValidTag(tag) {
		return nil, ErrUnknown
	}
	now := time.Now()
	found, err := m.store.ManifestByTag(ctx, repo, tag, now)
	if !errs.Is(err, errs.NotFound) {
		return found, err
	}
	expired, err := m.store.HasExpiredTag(ctx, repo, tag, now)
	switch {
	case err != nil:
		return nil, err
	case expired:
		return nil, &errs.Error{
			Kind: ErrExpired.Kind, Reason: ErrExpired.Reason,
			Message: "Tag " + tag + " was deleted or has expired. To pull, revive via time machine",
		}
	}
	return nil, ErrUnknown
}

// Push is a manifest as a client sends it.
type Push struct {
	Repository domain.RepositoryID
	MediaType  string
	Body       []byte
	// Digest is what the client says it is; empty when it says nothing.
	Digest domain.Digest
	// Tags to point to it; without, it is kept by digest alone.
	Tags []string
}

// Stored tells what became of a push.
type Stored struct {
	Digest domain.Digest
	// Subject is the manifest that it refers to; empty is none.
	Subject   domain.Digest
	MediaType string
}

// Put accepts a manifest. All that it refers to must be in the repository. It is
// durable when Put returns. Putting what is there succeeds.
func (m *Manifests) Put(ctx context.Context, p Push) (*Stored, error) {
	for _, tag := range p.Tags {
		if !domain.ValidTag(tag) {
			return nil, domain.ErrTag
		}
	}
	read, err := parse(p.Body, p.MediaType)
	if err != nil {
		return nil, err
	}
	if !m.policy.AnyMediaType && !known(read.mediaType) {
		return nil, ErrMediaType
	}
	digest := domain.SHA256.Of(p.Body)
	if p.Digest != "" {
		if digest = p.Digest.Algorithm().Of(p.Body); digest != p.Digest {
			return nil, invalid("manifest digest mismatch")
		}
	}
	n := domain.NewManifest{
		Repository: p.Repository, Digest: digest, MediaType: read.mediaType, Bytes: p.Body,
		ConfigMediaType: read.configMediaType, ArtifactType: read.artifactType, Subject: read.subject,
		LayersSize: read.layersSize, Tags: p.Tags, Now: time.Now(),
	}
	if m.policy.UntaggedFor > 0 && read.subject == "" {
		n.HiddenUntil = n.Now.Add(m.policy.UntaggedFor)
	}
	if n.Blobs, err = m.findBlobs(ctx, p.Repository, read.blobs); err != nil {
		return nil, err
	}
	if n.Children, err = m.findChildren(ctx, p.Repository, read.children); err != nil {
		return nil, err
	}
	if err := m.store.PutManifest(ctx, n); err != nil {
		return nil, err
	}
	m.cache.Invalidate(p.Repository)
	return &Stored{Digest: digest, Subject: read.subject, MediaType: read.mediaType}, nil
}

func (m *Manifests) findBlobs(ctx context.Context, repo domain.RepositoryID, digests []domain.Digest) ([]domain.BlobID, error) {
	ids := make([]domain.BlobID, 0, len(digests))
	for _, d := range digests {
		b, err := m.store.Blob(ctx, repo, d)
		if errs.Is(err, errs.NotFound) {
			return nil, invalid("Unknown blob `%s`", d)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, b.ID)
	}
	return ids, nil
}

func (m *Manifests) findChildren(ctx context.Context, repo domain.RepositoryID, digests []domain.Digest) ([]domain.ManifestID, error) {
	ids := make([]domain.ManifestID, 0, len(digests))
	for _, d := range digests {
		id, err := m.store.ManifestID(ctx, repo, d)
		switch {
		case err == nil:
			ids = append(ids, id)
		case !errs.Is(err, errs.NotFound):
			return nil, err
		case !m.policy.SparseIndexes:
			return nil, invalid("Unknown manifest `%s`", d)
		}
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

// Delete ends all tags of a manifest, so that it is not pullable any more.
// ErrUnknown when it is not pullable now.
func (m *Manifests) Delete(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) error {
	now := time.Now()
	found, err := m.store.ManifestByDigest(ctx, repo, digest, now)
	if errs.Is(err, errs.NotFound) {
		return ErrUnknown
	}
	if err != nil {
		return err
	}
	if _, err := m.store.DeleteManifest(ctx, repo, found.ID, now); err != nil {
		return err
	}
	m.cache.Invalidate(repo)
	return nil
}

// Referrers lists manifests whose subject is a digest, whether it exists or not,
// in the order in which they came, above after.
func (m *Manifests) Referrers(ctx context.Context, repo domain.RepositoryID, subject domain.Digest, artifactType string,
	after domain.ManifestID, limit int,
) ([]domain.Referrer, error) {
	return m.store.Referrers(ctx, repo, subject, artifactType, time.Now(), after, limit)
}
