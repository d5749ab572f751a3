package domain

import "time"

// TagID is the id of a row of tag.
type TagID int64

// Tag is one incarnation of a name: from Start until End it names a manifest. A
// name that moved has one incarnation for each place that it was at.
type Tag struct {
	ID         TagID
	Repository RepositoryID
	Name       string
	Manifest   TaggedManifest
	Start      time.Time
	// End is zero for a tag without end.
	End time.Time
	// Hidden tags only keep their manifest alive.
	Hidden bool
	// Reversion tells that the tag was moved back to what it named before.
	Reversion bool
	Immutable bool
}

// AliveAt reports whether the tag names its manifest at an instant.
func (t *Tag) AliveAt(at time.Time) bool { return t.End.IsZero() || t.End.After(at) }

// TaggedManifest is what a tag tells of its manifest, without the bytes.
type TaggedManifest struct {
	ID        ManifestID
	Digest    Digest
	MediaType string
	// ConfigMediaType is empty when the manifest has none.
	ConfigMediaType string
	// LayersSize is the sum of its layers' sizes in bytes; negative when it has no
	// layers.
	LayersSize int64
}

// ChildManifest is a manifest that an index contains.
type ChildManifest struct {
	TaggedManifest
	// Present is false for one whose bytes were not fetched yet.
	Present bool
}

// NewTag is a tag to be made.
type NewTag struct {
	Name string
	// Seconds is how long the tag lives, which can be longer than a time.Duration; zero
	// is for ever. What is negative has ended when it begins, as in the product.
	Seconds int64
	// Immutable tags are not moved or deleted until the flag is taken away; ByPolicy
	// tells that a policy of the repository or namespace wants it so.
	Immutable, ByPolicy bool
	// Reversion tells that the tag moves back to what it named before.
	Reversion bool
}

// TagPolicy is what the configuration decides about changes of tags. The zero
// value is the product's default but for immutability, which the product honours
// only with its feature on.
type TagPolicy struct {
	// IgnoreImmutable moves and deletes immutable tags like others
	// (FEATURE_IMMUTABLE_TAGS: false).
	IgnoreImmutable bool
	// ImmutableExpires lets immutable tags have an end
	// (FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE).
	ImmutableExpires bool
	// KeepChildren leaves the hidden tags of what a deleted index contains
	// (RESET_CHILD_MANIFEST_EXPIRATION: false).
	KeepChildren bool
	// PullStatistics forgets the pulls of a deleted tag (FEATURE_IMAGE_PULL_STATS).
	PullStatistics bool
}

// Retarget moves a tag, or makes it.
type Retarget struct {
	Repository RepositoryID
	Tag        NewTag
	Manifest   ManifestID
	// KeepUntil keeps the manifest, whatever becomes of its tags; zero does not.
	KeepUntil time.Time
	Policy    TagPolicy
	Now       time.Time
}

// ManifestQuery asks for a manifest of a repository by its digest.
type ManifestQuery struct {
	Repository RepositoryID
	Digest     Digest
	// Dead finds one that nothing keeps any more, too.
	Dead bool
	// Hidden finds one that only hidden tags keep, too.
	Hidden bool
	At     time.Time
}

// TagQuery asks for the incarnations of a repository's tags, the latest first.
type TagQuery struct {
	Repository RepositoryID
	// Name is the tag; empty is all.
	Name string
	// Contains is a part of the names, in any case; empty is all. It is not looked
	// at when there is a Name.
	Contains string
	// OnlyAlive leaves out what has ended.
	OnlyAlive bool
	// Since leaves out what neither began nor ended after it; zero is no bound.
	Since time.Time
	// After is the last one of the page before; nil is the first page.
	After *Tag
	// Skip leaves out that many. It is for the page numbers of the product's API;
	// After costs the same on every page, Skip does not.
	Skip  int
	Limit int
	At    time.Time
}

// TagPurge takes a tag out of the time machine: nobody can restore it and the next
// collection takes what only it kept.
type TagPurge struct {
	Repository RepositoryID
	Name       string
	// Alive ends the living tag; without, ended ones that named Manifest go.
	Alive    bool
	Manifest ManifestID
	// Children ends hidden tags of what the manifest contains, too.
	Children bool
	Policy   TagPolicy
	Now      time.Time
}

// ImmutabilityPolicy says which tags become immutable when they are made.
type ImmutabilityPolicy struct {
	UUID string
	// Pattern is a regular expression of a whole name.
	Pattern string
	// Matching tells whether names that match become immutable, or all others.
	Matching bool
}
