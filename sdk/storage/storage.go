// Package storage is what the author of a storage driver implements.
//
// A driver implements Driver and, for each configured location, Store: four
// methods. Everything else is an optional interface that a Store may have too;
// where it is missing the SDK or the host falls back to the four. Errors are
// those of package errs: in particular errs.NotFound for a missing object,
// errs.Exhausted for a full store and errs.Unavailable for a store that may
// answer when asked again.
//
// Every method may be called from many goroutines at once, returns soon after
// its context ends, and may be called again after a failure.
package storage

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"time"

	"github.com/quay/quay/sdk/config"
)

// Config is the configuration of one location.
type Config = config.Config

// Problem is one thing that is wrong with a configuration, as package config finds
// it.
type Problem = config.Problem

// Driver opens locations.
type Driver interface {
	// Validate checks a configuration offline and without side effects. It
	// returns nil when there is nothing wrong with it.
	Validate(cfg Config) []Problem
	// Open opens a location. A Store that implements io.Closer is closed when the
	// location is configured anew or the process is drained.
	Open(ctx context.Context, cfg Config) (Store, error)
}

// Store is one location. Objects are immutable in practice: the host never
// changes one, it only replaces it by equal bytes.
//
// Paths are slash-separated and relative, without empty, "." or ".." elements,
// and have at most 1,024 bytes of UTF-8; the SDK refuses others before they get here.
type Store interface {
	// Open returns the object from an offset on. An offset at the end gives an
	// empty reader, one beyond it errs.OutOfRange. The caller closes the reader.
	Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error)
	// Put stores all of r under path, replacing what is there. When it returns
	// nil the object is whole and durable; when it fails nothing new is visible.
	Put(ctx context.Context, path string, r io.Reader) error
	// Stat describes an object.
	Stat(ctx context.Context, path string) (Info, error)
	// Delete removes an object. Deleting what does not exist is no error.
	Delete(ctx context.Context, path string) error
}

// Info describes an object.
type Info struct {
	Path string
	// Size in bytes.
	Size int64
	// Modified is when it was stored; zero when the store does not know.
	Modified time.Time
}

// Prober is a Store that can tell cheaply whether it works. Without it the SDK
// asks for an object that does not exist.
type Prober interface {
	Probe(ctx context.Context) error
}

// Lister is a Store that can enumerate. Capability "storage.list".
type Lister interface {
	// List calls fn for each object whose path starts with prefix, in lexical
	// order, until fn fails; it then returns fn's error. Objects that come and go
	// during the call may or may not be seen. What is in the store under a path that
	// no object can have (CheckPath) is left out.
	List(ctx context.Context, prefix string, fn func(Info) error) error
}

// Copier is a Store that copies without moving the bytes through the host.
// Capability "storage.copy".
type Copier interface {
	Copy(ctx context.Context, from, to string) error
}

// BulkDeleter is a Store that deletes many objects by one call of its service. Without
// it the SDK calls Delete for each, up to 16 at a time.
type BulkDeleter interface {
	// DeleteAll removes up to 1,000 objects. It may be repeated after a failure.
	DeleteAll(ctx context.Context, paths []string) error
}

// Signer is a Store whose objects can be read from a URL.
// Capability "storage.sign".
type Signer interface {
	// SignURL returns a URL at which an HTTP client without credentials can do
	// method (GET or HEAD) until the expiry.
	SignURL(ctx context.Context, path, method string, expiry time.Duration) (string, error)
}

// LocalReader is a Store whose objects are regular files of this machine.
// Capability "storage.local": the host reads them without the driver's help.
type LocalReader interface {
	// OpenFile opens an object read-only with an open file description of its
	// own. The SDK passes it to the host and closes it.
	OpenFile(ctx context.Context, path string) (*os.File, error)
}

// Uploader is a Store that takes an object in pieces.
// Capability "storage.uploads". Without it the host spools uploads itself where it has a
// directory of its own, as a mirror has; elsewhere it refuses to serve the location.
//
// An upload is known by an id that the host chooses; ids are good file names.
// The driver keeps nothing in memory: between calls the host remembers the size
// and the State, and any process of the driver continues from them.
type Uploader interface {
	// Begin starts an empty upload or empties an existing one.
	Begin(ctx context.Context, id string) (State, error)
	// Append adds r at u.Offset, the size so far; what the upload has after it is
	// dropped. It returns the number of bytes added, which is all that r has, and the
	// state after them. When it fails, or the process dies under it, nothing of it
	// counts: the next call has the old offset and the old state.
	Append(ctx context.Context, u Upload, r io.Reader) (int64, State, error)
	// Commit makes the upload, which has u.Offset bytes, the object at path. When
	// it returns nil the object is whole and survives the loss of power.
	// Repeating a Commit that succeeded succeeds.
	Commit(ctx context.Context, u Upload, path string) error
	// Cancel drops an upload. Cancelling what does not exist is no error.
	Cancel(ctx context.Context, u Upload) error
}

// LocalUploader is an Uploader whose uploads are regular files of this machine.
// Capability "storage.local.uploads": the host writes them itself.
type LocalUploader interface {
	Uploader
	// OpenUpload opens the upload's file write-only, cut to u.Offset bytes and
	// positioned there. At offset 0 it begins the upload when there is none. The SDK
	// passes it to the host and closes it.
	OpenUpload(ctx context.Context, u Upload) (*os.File, error)
}

// State is what a driver needs to continue an upload: a JSON object of at most
// 1 MiB, or nil.
type State = json.RawMessage

// Upload names an upload and where it stands.
type Upload struct {
	ID string
	// Offset is the number of bytes that it has.
	Offset int64
	// State is what the last call returned.
	State State
}

// Names of the capabilities, as they cross the wire.
const (
	CapabilityList         = "storage.list"
	CapabilityCopy         = "storage.copy"
	CapabilitySign         = "storage.sign"
	CapabilityLocal        = "storage.local"
	CapabilityUploads      = "storage.uploads"
	CapabilityLocalUploads = "storage.local.uploads"
)

// Capabilities lists the capabilities that a Store has, in the order above.
func Capabilities(s Store) []string {
	var names []string
	add := func(has bool, name string) {
		if has {
			names = append(names, name)
		}
	}
	_, list := s.(Lister)
	_, copies := s.(Copier)
	_, signs := s.(Signer)
	_, local := s.(LocalReader)
	_, uploads := s.(Uploader)
	_, localUploads := s.(LocalUploader)
	add(list, CapabilityList)
	add(copies, CapabilityCopy)
	add(signs, CapabilitySign)
	add(local, CapabilityLocal)
	add(uploads, CapabilityUploads)
	add(localUploads, CapabilityLocalUploads)
	return names
}
