package tags

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/sdk/errs"
)

// keptWhileMoving is how long a manifest is kept from the collector while a tag is
// being pointed to it (data/model/oci/manifest.py, TEMP_TAG_EXPIRATION_SEC).
const keptWhileMoving = 5 * time.Minute

// Moved tells what became of a tag.
type Moved struct {
	// Before is the tag as it was; nil when it was made.
	Before *domain.Tag
	// Manifest is what it names now.
	Manifest domain.Digest
}

// Move points a tag to a manifest that can be pulled, making the tag when there is
// none. ErrUnknownManifest when the repository has no such manifest.
func (t *Tags) Move(ctx context.Context, repo domain.RepositoryID, name string, to domain.Digest) (*Moved, error) {
	return t.move(ctx, domain.ManifestQuery{Repository: repo, Digest: to}, name)
}

// Restore points a tag back to a manifest that it named before, whether that can be
// pulled or not. ErrUnknownManifest when the repository has it no more.
func (t *Tags) Restore(ctx context.Context, repo domain.RepositoryID, name string, to domain.Digest) (*Moved, error) {
	return t.move(ctx, domain.ManifestQuery{Repository: repo, Digest: to, Dead: true}, name)
}

func (t *Tags) move(ctx context.Context, q domain.ManifestQuery, name string) (*Moved, error) {
	if !domain.ValidTag(name) {
		return nil, domain.ErrTag
	}
	now := t.policy.Clock()
	q.At = now
	target, err := t.store.FindManifest(ctx, q)
	if err != nil {
		return nil, unknownManifest(err)
	}
	before, err := t.store.Tag(ctx, q.Repository, name, now)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	of, err := labels.Effective(ctx, t.store, target.ID)
	if err != nil {
		return nil, err
	}
	tag, err := t.Terms(ctx, q.Repository, name, of)
	if err != nil {
		return nil, err
	}
	tag.Reversion = q.Dead
	r := domain.Retarget{
		Repository: q.Repository, Tag: tag, Manifest: target.ID, KeepUntil: now.Add(keptWhileMoving), Policy: t.policy.Tags, Now: now,
	}
	if r.Manifest, err = t.named(ctx, q.Repository, target, name); err != nil {
		return nil, err
	}
	if err := t.store.RetargetTag(ctx, r); err != nil {
		return nil, unknownManifest(err)
	}
	t.cache.Invalidate(q.Repository)
	return &Moved{Before: before, Manifest: target.Digest}, nil
}

func unknownManifest(err error) error {
	if errs.Is(err, errs.NotFound) {
		return ErrUnknownManifest
	}
	return err
}

// named returns the manifest that a tag of a name can point to: the target itself,
// unless it is of schema 1 and has another name written in it.
func (t *Tags) named(ctx context.Context, repo domain.RepositoryID, target *domain.TaggedManifest, name string) (domain.ManifestID, error) {
	if !domain.Schema1(target.MediaType) {
		return target.ID, nil
	}
	if t.policy.Retag == nil {
		return 0, ErrMove
	}
	return t.policy.Retag(ctx, repo, target.ID, name)
}

// Expiry tells what became of a tag's end.
type Expiry struct {
	// Before is when the tag was to end; zero is never.
	Before time.Time
	// Changed is false when it was to end then already.
	Changed bool
}

// SetEnd changes when a tag ends; zero is never. The end is moved to the bounds of
// lifetimes, counted from the tag's beginning. ErrUnknown when there is no such tag,
// ErrEnd when the end is not in the future, ErrEndChanged when somebody else
// changed the tag meanwhile (data/model/oci/tag.py, change_tag_expiration).
func (t *Tags) SetEnd(ctx context.Context, repo domain.RepositoryID, name string, end time.Time) (*Expiry, error) {
	now := t.policy.Clock()
	tag, err := t.Get(ctx, repo, name)
	if err != nil {
		return nil, err
	}
	if !end.IsZero() {
		if !end.After(now) {
			return nil, ErrEnd
		}
		if tag.Immutable && !t.policy.Tags.IgnoreImmutable && !t.policy.Tags.ImmutableExpires {
			return nil, &errs.Error{
				Kind: errs.Conflict, Reason: "tag_immutable", Message: "Cannot set expiration on immutable tag '" + name + "'",
			}
		}
		end = t.bounded(tag.Start, end)
	}
	if end.Equal(tag.End) {
		return &Expiry{Before: tag.End}, nil
	}
	changed, err := t.store.SetTagEnd(ctx, tag, end)
	if err != nil {
		return nil, err
	}
	if !changed {
		return nil, ErrEndChanged
	}
	t.cache.Invalidate(repo)
	return &Expiry{Before: tag.End, Changed: true}, nil
}

// bounded moves an end to the bounds of lifetimes. It counts whole seconds, as the
// product does: the end has the milliseconds of the beginning. An end that is further
// away than a time.Duration can be is at the upper bound.
func (t *Tags) bounded(start, end time.Time) time.Time {
	seconds := end.Unix() - start.Unix()
	if seconds > int64(t.policy.MaxLifetime/time.Second) {
		return start.Add(t.policy.MaxLifetime)
	}
	return start.Add(min(max(time.Duration(seconds)*time.Second, t.policy.MinLifetime), t.policy.MaxLifetime))
}

// SetImmutable sets or takes away a tag's flag and returns what it was. ErrUnknown
// when there is no such tag, errs.Invalid for one that is to end, ErrFlagChanged
// when somebody else changed the tag meanwhile. Where immutability is off it
// changes nothing (data/model/oci/tag.py, set_tag_immutable).
func (t *Tags) SetImmutable(ctx context.Context, repo domain.RepositoryID, name string, immutable bool) (before bool, err error) {
	tag, err := t.Get(ctx, repo, name)
	if err != nil || t.policy.Tags.IgnoreImmutable {
		return false, err
	}
	if immutable && !tag.End.IsZero() && !t.policy.Tags.ImmutableExpires {
		return false, errs.New(errs.Invalid, "Cannot make tag '%s' immutable: tag has expiration set. "+
			"Clear expiration first or enable FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE.", name)
	}
	if tag.Immutable == immutable {
		return immutable, nil
	}
	changed, err := t.store.SetTagImmutable(ctx, tag, immutable, t.policy.Clock())
	if err != nil {
		return false, err
	}
	if !changed {
		return false, ErrFlagChanged
	}
	return tag.Immutable, nil
}

// Purge takes a tag out of the time machine: nobody can restore it any more. It
// ends the living tag or, with a digest, those that named that manifest and ended
// already; children also lets go what the manifest contains. It returns the digest
// of what was named; ErrUnknown when there is nothing to purge.
func (t *Tags) Purge(ctx context.Context, repo domain.RepositoryID, name string, ended domain.Digest, children bool) (domain.Digest, error) {
	p := domain.TagPurge{
		Repository: repo, Name: name, Alive: ended == "", Children: children, Policy: t.policy.Tags, Now: t.policy.Clock(),
	}
	if p.Alive {
		tag, err := t.Get(ctx, repo, name)
		if err != nil {
			return "", err
		}
		p.Manifest, ended = tag.Manifest.ID, tag.Manifest.Digest
	} else {
		m, err := t.store.FindManifest(ctx, domain.ManifestQuery{Repository: repo, Digest: ended, Dead: true, At: p.Now})
		if err != nil {
			return "", unknownManifest(err)
		}
		p.Manifest = m.ID
	}
	purged, err := t.store.PurgeTag(ctx, p)
	if err != nil {
		return "", err
	}
	if !purged {
		return "", ErrUnknown
	}
	t.cache.Invalidate(repo)
	return ended, nil
}
