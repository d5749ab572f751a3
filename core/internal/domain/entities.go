package domain

import (
	"fmt"
	"log/slog"
	"time"
)

type (
	// RepositoryID is the id of a row of repository.
	RepositoryID int64
	// ManifestID is the id of a row of manifest.
	ManifestID int64
	// BlobID is the id of a row of imagestorage.
	BlobID int64
	// UserID is the id of a row of user.
	UserID int64
	// UploadID is the id of a row of blobupload.
	UploadID int64
)

// RepositoryState is the product's enumeration (data/database.py).
type RepositoryState int

// States of a repository.
const (
	StateNormal            RepositoryState = 0
	StateReadOnly          RepositoryState = 1
	StateMirror            RepositoryState = 2
	StateMarkedForDeletion RepositoryState = 3
	StateOrgMirror         RepositoryState = 4
)

// Repository is a repository as rules need it.
type Repository struct {
	ID     RepositoryID
	Name   Name
	Public bool
	// Kind is "image" or "application".
	Kind  string
	State RepositoryState
	// NamespaceEnabled is false when the owner's account is disabled.
	NamespaceEnabled bool
}

// Kinds of repositories.
const (
	KindImage       = "image"
	KindApplication = "application"
)

// RepositoryDetails is a repository with all that people see of it.
type RepositoryDetails struct {
	Repository
	// Description is in Markdown; nil is none.
	Description *string
	// BadgeToken opens the repository's status badge to those who may not read it.
	BadgeToken string
	// Trust tells that tags are signed.
	Trust bool
	// Namespace owns it.
	Namespace               UserID
	NamespaceIsOrganization bool
	// TimeMachine is how long the namespace keeps what was deleted.
	TimeMachine time.Duration
}

// Manifest is a stored manifest.
type Manifest struct {
	ID        ManifestID
	Digest    Digest
	MediaType string
	// Bytes are as they were pushed. Callers must not change them.
	Bytes []byte
	// AliveUntil is when it stops being pullable if nothing changes; zero is never.
	AliveUntil time.Time
}

// FoundManifest is what a push needs of a manifest that it refers to.
type FoundManifest struct {
	ID        ManifestID
	MediaType string
	// Size in bytes.
	Size int64
	// Alive is false for one that no tag keeps any more.
	Alive bool
}

// Referrer describes a manifest that names another as its subject.
type Referrer struct {
	ID           ManifestID
	Digest       Digest
	MediaType    string
	ArtifactType string
	// Size of the manifest in bytes.
	Size int
	// Annotations of the manifest: a JSON object, or nil.
	Annotations []byte
}

// Blob is a stored blob.
type Blob struct {
	ID     BlobID
	Digest Digest
	// Size in bytes.
	Size int64
	// Path in an object store.
	Path string
	// Locations that have it, by name, in no order.
	Locations []string
}

// Upload is a blob upload that has begun.
type Upload struct {
	ID         UploadID
	UUID       string
	Repository RepositoryID
	// Offset is the number of bytes acknowledged.
	Offset int64
	Chunks int
	// HashState is the running hash in the product's form; empty before the first
	// byte.
	HashState string
	// Inflated is the size of the inflated content, if it came in one piece; nil is
	// not known.
	Inflated *int64
	Location string
	// DriverState is what the storage driver wants back.
	DriverState []byte
	Created     time.Time
}

// User is an account: a person, an organisation or a robot. It prints as its id and name,
// and so does what it is part of: the hash of a password can be tried out elsewhere.
type User struct {
	ID           UserID
	UUID         string
	Name         string
	Email        string
	PasswordHash string `json:"-"`
	Organization bool
	Robot        bool
	Enabled      bool
	Verified     bool
	// InvalidLogins is the number of failed logins since the last good one.
	InvalidLogins    int
	LastInvalidLogin time.Time
}

// Format implements fmt.Formatter, for every verb.
func (u User) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "account %d %q", u.ID, u.Name) }

// LogValue implements slog.LogValuer.
func (u User) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(u)) }

// Permission of a caller in a repository; each includes the ones before it.
type Permission int

// Permissions.
const (
	PermissionNone Permission = iota
	PermissionRead
	PermissionWrite
	PermissionAdmin
)

// TeamRole is the strongest role of a user in an organisation's teams; each
// includes the ones before it.
type TeamRole int

// Team roles.
const (
	TeamNone TeamRole = iota
	TeamMember
	TeamCreator
	TeamAdmin
)
