// Package tags holds the rules about tags: how long they live, what they may be
// pointed to and by whom not, how they are listed, deleted and brought back.
// Pushing a manifest points a tag to it; that is in package manifests, which asks
// here for the tag's Terms.
package tags

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	labels.Reader
	Tags(ctx context.Context, repo domain.RepositoryID, after string, at time.Time, limit int) ([]string, error)
	CountTags(ctx context.Context, repo domain.RepositoryID, at time.Time) (int, error)
	LastTagged(ctx context.Context, repo domain.RepositoryID, at time.Time) (time.Time, error)
	Tag(ctx context.Context, repo domain.RepositoryID, name string, at time.Time) (*domain.Tag, error)
	TagHistory(ctx context.Context, q domain.TagQuery) ([]domain.Tag, error)
	TagsOfManifest(ctx context.Context, id domain.ManifestID, at time.Time, limit int) ([]string, error)
	FindManifest(ctx context.Context, q domain.ManifestQuery) (*domain.TaggedManifest, error)
	RetargetTag(ctx context.Context, r domain.Retarget) error
	DeleteTag(ctx context.Context, repo domain.RepositoryID, name string, p domain.TagPolicy, now time.Time) error
	SetTagEnd(ctx context.Context, tag *domain.Tag, end time.Time) (bool, error)
	SetTagImmutable(ctx context.Context, tag *domain.Tag, immutable bool, now time.Time) (bool, error)
	PurgeTag(ctx context.Context, p domain.TagPurge) (bool, error)
}

// Immutability decides which new tags are immutable.
type Immutability interface {
	Covers(ctx context.Context, repo domain.RepositoryID, tag string) (bool, error)
}

// Policy is what the configuration decides. The zero value has the product's
// defaults, but honours the immutable flag of a tag.
type Policy struct {
	Tags domain.TagPolicy
	// Immutability makes new tags immutable; nil makes none, neither by policies nor
	// by labels (FEATURE_IMMUTABLE_TAGS).
	Immutability Immutability
	// MinLifetime and MaxLifetime bound the end that people give to a tag, from its
	// beginning (LABELED_EXPIRATION_MINIMUM and _MAXIMUM); zero is an hour and 104
	// weeks.
	MinLifetime, MaxLifetime time.Duration
	// Retag makes the manifest that a tag of another name needs for one of schema 1,
	// which has its tag written in it; nil refuses that.
	Retag func(ctx context.Context, repo domain.RepositoryID, manifest domain.ManifestID, tag string) (domain.ManifestID, error)
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
}

// Bounds of lifetimes, where the configuration has none.
const (
	minLifetime = time.Hour
	maxLifetime = 104 * 7 * 24 * time.Hour
)

// Tags applies the rules.
type Tags struct {
	store  Store
	cache  *rcache.Cache
	policy Policy
}

// New makes the rules.
func New(s Store, c *rcache.Cache, p Policy) *Tags {
	if p.MinLifetime == 0 {
		p.MinLifetime = minLifetime
	}
	if p.MaxLifetime == 0 {
		p.MaxLifetime = maxLifetime
	}
	if p.Clock == nil {
		p.Clock = time.Now
	}
	return &Tags{s, c, p}
}

// Policy returns what the configuration decides about changes of tags.
func (t *Tags) Policy() domain.TagPolicy { return t.policy.Tags }

// Sentinels. A change that an immutable tag forbids fails with errs.Conflict and the
// reason "tag_immutable".
var (
	ErrUnknown         = &errs.Error{Kind: errs.NotFound, Reason: "tag_unknown", Message: "Not Found"}
	ErrUnknownManifest = &errs.Error{Kind: errs.NotFound, Reason: "manifest_unknown", Message: "Not Found"}
	ErrMove            = &errs.Error{Kind: errs.Invalid, Reason: "tag_move", Message: "Could not move tag"}
	ErrEnd             = &errs.Error{Kind: errs.Invalid, Reason: "tag_end", Message: "the end of a tag must be in the future"}
	ErrEndChanged      = &errs.Error{Kind: errs.Invalid, Reason: "tag_changed", Message: "Could not update tag expiration; Tag has probably changed"}
	ErrFlagChanged     = &errs.Error{Kind: errs.Invalid, Reason: "tag_changed", Message: "Could not update tag immutability; Tag has probably changed"}
)

// Terms decides how a new tag lives: by the labels of what it names, and by the
// policies of its repository.
func (t *Tags) Terms(ctx context.Context, repo domain.RepositoryID, name string, of map[string]string) (domain.NewTag, error) {
	tag := domain.NewTag{Name: name, Seconds: labels.Lifetime(of)}
	if t.policy.Immutability == nil {
		return tag, nil
	}
	var err error
	tag.ByPolicy, err = t.policy.Immutability.Covers(ctx, repo, name)
	tag.Immutable = tag.ByPolicy || labels.MakesImmutable(of)
	return tag, err
}

// List returns up to limit names of tags after a name, in byte order, and
// whether there are more.
func (t *Tags) List(ctx context.Context, repo domain.RepositoryID, after string, limit int) (names []string, more bool, err error) {
	if limit <= 0 {
		return []string{}, false, nil
	}
	names, err = t.store.Tags(ctx, repo, after, t.policy.Clock(), limit+1)
	if err != nil || len(names) <= limit {
		return names, false, err
	}
	return names[:limit], true, nil
}

// Count returns the number of a repository's tags. It reads all of them.
func (t *Tags) Count(ctx context.Context, repo domain.RepositoryID) (int, error) {
	return t.store.CountTags(ctx, repo, t.policy.Clock())
}

// LastModified returns when the latest of a repository's tags was pushed; the zero
// time when it has none.
func (t *Tags) LastModified(ctx context.Context, repo domain.RepositoryID) (time.Time, error) {
	return t.store.LastTagged(ctx, repo, t.policy.Clock())
}

// Get returns a tag; ErrUnknown when there is none.
func (t *Tags) Get(ctx context.Context, repo domain.RepositoryID, name string) (*domain.Tag, error) {
	tag, err := t.store.Tag(ctx, repo, name, t.policy.Clock())
	if errs.Is(err, errs.NotFound) {
		err = ErrUnknown
	}
	return tag, err
}

// OfManifest returns up to limit names of tags of a manifest, the oldest first.
func (t *Tags) OfManifest(ctx context.Context, id domain.ManifestID, limit int) ([]string, error) {
	return t.store.TagsOfManifest(ctx, id, t.policy.Clock(), limit)
}

// History lists incarnations of tags, the latest first, and tells whether there
// are more after q.Limit of them. q.At is set here.
func (t *Tags) History(ctx context.Context, q domain.TagQuery) (page []domain.Tag, more bool, err error) {
	limit := q.Limit
	q.Limit, q.At = limit+1, t.policy.Clock()
	if page, err = t.store.TagHistory(ctx, q); err != nil || len(page) <= limit {
		return page, false, err
	}
	return page[:limit], true, nil
}

// Delete ends a tag; errs.NotFound when there is none.
func (t *Tags) Delete(ctx context.Context, repo domain.RepositoryID, name string) error {
	if err := t.store.DeleteTag(ctx, repo, name, t.policy.Tags, t.policy.Clock()); err != nil {
		return err
	}
	t.cache.Invalidate(repo)
	return nil
}
