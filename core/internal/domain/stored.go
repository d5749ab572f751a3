package domain

import "time"

// What follows are rows as a check of the whole database reads them: page by page,
// in the order of their ids, and nothing in them is taken for granted.

// StoredTag is a visible tag, living or not.
type StoredTag struct {
	ID         int64
	Repository RepositoryID
	Name       string
	// Manifest is zero when the row names none or one that is not there;
	// ManifestRepository is the one that the manifest belongs to.
	Manifest           ManifestID
	ManifestRepository RepositoryID
	Start              time.Time
	// End is zero for a tag without an end.
	End time.Time
}

// StoredManifest is a manifest that is alive.
type StoredManifest struct {
	ID           ManifestID
	Repository   RepositoryID
	Digest       string
	MediaType    string
	Bytes        []byte
	Subject      string
	ArtifactType string
	// Derived says that the columns Subject and ArtifactType have been filled in.
	Derived bool
}

// StoredBlobRef is a blob or a child that the rows of a manifest name.
type StoredBlobRef struct {
	Digest string
	// Size is negative where the row has none.
	Size int64
	// Repository is that of a child.
	Repository RepositoryID
}

// StoredBlob is a blob and where its bytes are said to be.
type StoredBlob struct {
	ID     BlobID
	Digest string
	// Size is negative where the row has none.
	Size int64
	// Uploading is set as long as a push through /v1 is under way, and for ever on
	// blobs of /v2.
	Uploading bool
	Path      string
	Locations []string
}

// StoredLedger is a total of the quota ledger, and the sum that it should be.
type StoredLedger struct {
	ID int64
	// Owner is the repository or the namespace.
	Owner      int64
	Total, Sum int64
}

// StoredUpload is an upload session.
type StoredUpload struct {
	ID         UploadID
	UUID       string
	Repository RepositoryID
	// Owned says that the repository is there.
	Owned bool
}

// StoredLog is an entry of the action log.
type StoredLog struct {
	ID       int64
	At       time.Time
	Kind     string
	Metadata string
}

// StoredOwner says of a repository what decides on its log entries.
type StoredOwner struct {
	Namespace string
	State     RepositoryState
	// Proxied says that the namespace is a cache of another registry.
	Proxied bool
	// Keeps is how long tags that have ended are kept.
	Keeps time.Duration
}
