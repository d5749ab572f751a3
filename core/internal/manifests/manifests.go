// Package manifests holds the rules about manifests: what is accepted, what must
// be there before, how one is found, and what refers to it.
package manifests

import (
	"context"
	"encoding/json"
	"runtime"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/quota"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/sdk/errs"
)

// MaxSize is the largest manifest that is accepted, in bytes.
const MaxSize = 4 << 20

// Store is what the rules need of the database.
type Store interface {
	RepositoryBlobs(ctx context.Context, repo domain.RepositoryID, digests []domain.Digest) (map[domain.Digest]*domain.Blob, error)
	RepositoryManifests(ctx context.Context, repo domain.RepositoryID, digests []domain.Digest, at time.Time) (map[domain.Digest]domain.FoundManifest, error)
	ManifestByTag(ctx context.Context, repo domain.RepositoryID, tag string, at time.Time) (*domain.Manifest, error)
	ManifestByDigest(ctx context.Context, repo domain.RepositoryID, digest domain.Digest, at time.Time) (*domain.Manifest, error)
	HasExpiredTag(ctx context.Context, repo domain.RepositoryID, tag string, at time.Time) (bool, error)
	SharedBlob(ctx context.Context, digest domain.Digest) (*domain.Blob, error)
	FindManifest(ctx context.Context, q domain.ManifestQuery) (*domain.TaggedManifest, error)
	Children(ctx context.Context, index, after domain.ManifestID, limit int) ([]domain.ChildManifest, error)
	labels.Reader
	PutManifest(ctx context.Context, n domain.NewManifest) (domain.PutManifest, error)
	DeleteManifest(ctx context.Context, repo domain.RepositoryID, id domain.ManifestID, everything bool, p domain.TagPolicy, now time.Time) error
	Referrers(ctx context.Context, repo domain.RepositoryID, subject domain.Digest, artifactType string,
		at time.Time, after domain.ManifestID, limit int, fn func(m domain.Manifest, artifactType string) bool) error
}

// Policy is what the configuration decides.
type Policy struct {
	// UntaggedFor is how long a manifest lives that was pushed by digest and got
	// no tag since (PUSH_TEMP_TAG_EXPIRATION_SEC). A manifest with a subject always
	// lives on. Zero keeps every manifest until it is deleted, whatever becomes of
	// its tags.
	UntaggedFor time.Duration
	// AnyMediaType accepts manifests of types that the product does not know.
	AnyMediaType bool
	// SparseIndexes accepts indexes of which not all manifests are there.
	SparseIndexes bool
	// Labels makes labels of what manifests bring; nil makes none.
	Labels *Labels
	// HiddenTags keeps manifests alive by hidden tags as the product does: for some
	// minutes when one is pushed again that no tag keeps, and after it was deleted
	// when it was pushed by digest. Without, deleting ends hidden tags, too, and takes
	// the manifest out of the indexes that contain it.
	HiddenTags bool
	// Ledger is what becomes of the totals of the quota when a manifest is new.
	Ledger domain.Ledger
	// Quota refuses tags in namespaces that hold too much; nil refuses none.
	Quota *quota.Rules
	Tags  domain.TagPolicy
}

// Manifests applies the rules.
type Manifests struct {
	store   Store
	cache   *rcache.Cache
	policy  Policy
	readers chan struct{} // bounds how many manifests are read at a time
}

// New makes the rules.
func New(s Store, c *rcache.Cache, p Policy) *Manifests {
	return &Manifests{s, c, p, make(chan struct{}, 2*runtime.GOMAXPROCS(0))}
}

// Sentinels.
var (
	ErrUnknown   = &errs.Error{Kind: errs.NotFound, Reason: "manifest_unknown", Message: "manifest unknown"}
	ErrExpired   = &errs.Error{Kind: errs.NotFound, Reason: "tag_expired"}
	ErrInvalid   = &errs.Error{Kind: errs.Invalid, Reason: "manifest_invalid", Message: "manifest invalid"}
	ErrTooLarge  = &errs.Error{Kind: errs.TooLarge, Reason: "manifest_size", Message: "a manifest may have 4 MiB"}
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

// Delete ends the tags of a manifest, so that it is not pullable any more unless
// the policy lets hidden tags survive. ErrUnknown when it is not pullable now.
func (m *Manifests) Delete(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) error {
	now := time.Now()
	found, err := m.store.FindManifest(ctx, domain.ManifestQuery{
		Repository: repo, Digest: digest, Hidden: !m.policy.HiddenTags, At: now,
	})
	if errs.Is(err, errs.NotFound) {
		return ErrUnknown
	}
	if err != nil {
		return err
	}
	if err := m.store.DeleteManifest(ctx, repo, found.ID, !m.policy.HiddenTags, m.policy.Tags, now); err != nil {
		return err
	}
	m.cache.Invalidate(repo)
	return nil
}

// Find returns a manifest of a repository without its bytes; ErrUnknown when there
// is none that the query asks for. The query's time is set here.
func (m *Manifests) Find(ctx context.Context, q domain.ManifestQuery) (*domain.TaggedManifest, error) {
	q.At = time.Now()
	found, err := m.store.FindManifest(ctx, q)
	if errs.Is(err, errs.NotFound) {
		err = ErrUnknown
	}
	return found, err
}

// Children lists the manifests that an index contains and that the repository has,
// in the order of their ids, above after.
func (m *Manifests) Children(ctx context.Context, index, after domain.ManifestID, limit int) ([]domain.ChildManifest, error) {
	return m.store.Children(ctx, index, after, limit)
}

// Bounds of one page of referrers.
const (
	pageReferrers = 1000
	pageBytes     = 1 << 20
)

// Referrers lists manifests whose subject is a digest, whether it exists or not,
// in the order in which they came, above after. A page ends after a thousand, or
// when its annotations have a MiB; more tells that there is another.
func (m *Manifests) Referrers(ctx context.Context, repo domain.RepositoryID, subject domain.Digest, artifactType string,
	after domain.ManifestID,
) (page []domain.Referrer, more bool, err error) {
	size := 0
	err = m.store.Referrers(ctx, repo, subject, artifactType, time.Now(), after, pageReferrers+1,
		func(found domain.Manifest, artifactType string) bool {
			if len(page) == pageReferrers || size >= pageBytes {
				more = true
				return false
			}
			r := domain.Referrer{
				ID: found.ID, Digest: found.Digest, MediaType: found.MediaType, ArtifactType: artifactType, Size: len(found.Bytes),
				Annotations: annotations(found.Bytes),
			}
			size += len(r.Annotations)
			page = append(page, r)
			return true
		})
	return page, more, err
}

// annotations returns a copy of a stored manifest's annotations.
func annotations(manifest []byte) []byte {
	var o struct {
		Annotations json.RawMessage `json:"annotations"`
	}
	if json.Unmarshal(manifest, &o) != nil || string(o.Annotations) == "null" {
		return nil
	}
	return o.Annotations
}
