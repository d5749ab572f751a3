package domain

import (
	"encoding/json"
	"time"
)

// NewRepository is a repository to be made.
type NewRepository struct {
	Name   Name
	Public bool
	// Creator becomes the repository's administrator; zero is nobody.
	Creator UserID
	// MakeNamespace makes a missing namespace an organisation, owned by Creator.
	MakeNamespace bool
	// OnlyNewNamespace refuses a namespace that is there: nobody has checked whether
	// Creator may use it.
	OnlyNewNamespace bool
}

// CommittedBlob is a blob whose bytes a location has, to be recorded.
type CommittedBlob struct {
	Repository RepositoryID
	Digest     Digest
	Size       int64
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
	Tags []string
	// KeepUntagged gives it a hidden tag beside its tags, so that it outlives them.
	KeepUntagged bool
	// HiddenUntil is when the hidden tag ends; zero is never.
	HiddenUntil time.Time
	Now         time.Time
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
