package domain

import (
	"encoding/json"
	"time"
)

// NewRepository is a repository to be made.
type NewRepository struct {
	Name   Name
	Public bool
	// Kind is "image" or "application"; empty is "image".
	Kind string
	// Description is in Markdown; nil is none.
	Description *string
	// State that it begins in.
	State RepositoryState
	// Creator becomes the repository's administrator; zero is nobody. An
	// organisation gets no role.
	Creator UserID
	// CreatorReads lets the creator only read: the repository caches another
	// registry's.
	CreatorReads bool
	// LockNamespace makes it wait for whoever changes the namespace's settings.
	LockNamespace bool
	// MakeNamespace makes a missing namespace an organisation, owned by Creator.
	MakeNamespace bool
	// OnlyNewNamespace refuses a namespace that is there: nobody has checked whether
	// Creator may use it.
	OnlyNewNamespace bool
}

// RepositoryDeletion marks a repository for the collector.
type RepositoryDeletion struct {
	Repository RepositoryID
	// Name that it had.
	Name Name
	// Suffix is put to the name that it gets; empty is none.
	Suffix string
	// Delay is how long the collector waits.
	Delay time.Duration
	Now   time.Time
}

// CommittedBlob is a blob whose bytes a location has, to be recorded.
type CommittedBlob struct {
	Repository RepositoryID
	Digest     Digest
	Size       int64
	// Inflated is the size of the inflated content; nil is not known.
	Inflated *int64
	// Location has the bytes.
	Location string
	// Upload is the upload that ends with this; zero is none.
	Upload UploadID
	// LinkExpires is when the repository loses the blob unless a manifest takes it.
	LinkExpires time.Time
}

// NewManifest is a manifest to be stored.
type NewManifest struct {
	Repository RepositoryID
	Digest     Digest
	MediaType  string
	Bytes      []byte
	// ConfigMediaType and ArtifactType are empty when the manifest has none.
	ConfigMediaType string
	ArtifactType    string
	// Subject is the digest that the manifest refers to; empty is none.
	Subject Digest
	// LayersSize is the sum of its layers' sizes; negative when it has no layers.
	LayersSize int64
	Blobs      []BlobID
	Children   []ManifestID
	// Tags are retargeted to it. Without tags it gets a hidden one.
	Tags []NewTag
	// Labels come with it when it is new.
	Labels []Label
	// KeepUntagged gives it a hidden tag beside its tags, so that it outlives them.
	KeepUntagged bool
	// HiddenUntil is when the hidden tag ends; zero is never.
	HiddenUntil time.Time
	// AgainUntil is when the hidden tag ends that a manifest gets when it is there
	// already and no tag keeps it as long; zero is none.
	AgainUntil time.Time
	// Ledger is what becomes of the totals of the quota when it is new.
	Ledger Ledger
	// Full decides by how many bytes the namespace holds, with the manifest in it,
	// whether the tags are refused; nil refuses none. It is asked once for each attempt
	// to store.
	Full   func(namespaceSize int64) bool
	Policy TagPolicy
	Now    time.Time
}

// PutManifest tells what became of a NewManifest.
type PutManifest struct {
	// New is false when the repository had the manifest already.
	New bool
	// Refused says that the quota refused the tags, and NamespaceSize how many bytes the
	// namespace holds. They are looked up for a manifest with tags, where Full is set.
	Refused       bool
	NamespaceSize int64
}

// ServiceKey is the public half of a key that signs for a service.
type ServiceKey struct {
	KID     string
	Service string
	// Name is for people.
	Name string
	// JWK is the public key as a JSON Web Key.
	JWK json.RawMessage
	// Approved keys may be trusted.
	Approved bool
	// Expires is zero for a key without an end.
	Expires time.Time
}

// Expired tells whether the key's end has come.
func (k *ServiceKey) Expired(now time.Time) bool {
	return !k.Expires.IsZero() && !now.Before(k.Expires)
}
