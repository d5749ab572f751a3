// Package trust decides which plugin binaries a host runs and what they are
// granted. A lock pins binaries by their hash, keys demand a signature, and a
// policy puts both together.
package trust

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/plugin/ownership"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

const (
	// LockName is the usual name of a lock file.
	LockName = "plugins.lock"
	// lockVersion is that of the file's format.
	lockVersion = 1
	// maxLockBytes bounds the size of a lock file.
	maxLockBytes = 4 << 20
)

// Lock lists the binaries that may run. It is not changed after it is made, and
// may be read from many goroutines.
type Lock struct {
	entries []Entry
}

// Entry is one binary of a lock. A plugin may have several: builds for several
// machines, and the next version beside the one that runs.
type Entry struct {
	// Kind, Name and Version are those by which the binary describes itself.
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// SHA256 is the hash of the file, in 64 lower-case hexadecimal digits. No two
	// entries of a lock have the same.
	SHA256 string `json:"sha256"`
	// API lists the services by which the binary describes itself.
	API []string `json:"api"`
	// Capabilities are those that the plugin may use; null means all that it has.
	Capabilities []string `json:"capabilities"`
	// Network is whether the plugin may open connections.
	Network bool `json:"network"`
	// Signature is one over the file, in base64; often empty.
	Signature string `json:"signature,omitempty"`
}

// id is the plugin's name among those of all kinds.
func (e Entry) id() string { return e.Kind + "/" + e.Name }

// lockFile is the form of the file.
type lockFile struct {
	Version int     `json:"version"`
	Plugins []Entry `json:"plugins"`
}

// Make makes a lock of entries, which it copies and sorts. It fails with
// errs.Invalid when one of them can be none.
func Make(entries []Entry) (*Lock, error) {
	l := &Lock{entries: make([]Entry, len(entries))}
	seen := make(map[string]string)
	for i, e := range entries {
		if err := e.check(); err != nil {
			return nil, err
		}
		if other, ok := seen[e.SHA256]; ok {
			return nil, errs.New(errs.Invalid, "the lock lists the binary %s twice, for %s and %s: remove one entry", e.SHA256, other, e.id())
		}
		seen[e.SHA256] = e.id()
		e.API = sorted(e.API)
		if e.Capabilities != nil {
			e.Capabilities = sorted(e.Capabilities)
		}
		l.entries[i] = e
	}
	slices.SortFunc(l.entries, func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name),
			strings.Compare(a.Version, b.Version), strings.Compare(a.SHA256, b.SHA256))
	})
	return l, nil
}

// sorted returns a copy without duplicates. It is not nil, which would grant all.
func sorted(list []string) []string {
	copied := append([]string{}, list...)
	slices.Sort(copied)
	return slices.Compact(copied)
}

// check fails when e cannot be an entry of a lock.
func (e Entry) check() error {
	if !protocol.KnownKind(e.Kind) || e.Name == "" || filepath.Base(e.Name) != e.Name {
		return errs.New(errs.Invalid, "the lock has an entry for the %q plugin %q, which there cannot be", e.Kind, e.Name)
	}
	if e.Version == "" {
		return errs.New(errs.Invalid, "the lock's entry for %s has no version", e.id())
	}
	if sum, err := hex.DecodeString(e.SHA256); err != nil || len(sum) != 32 || strings.ToLower(e.SHA256) != e.SHA256 {
		return errs.New(errs.Invalid, "the lock's entry for %s has the sha256 %q: it must be 64 lower-case hexadecimal digits", e.id(), e.SHA256)
	}
	if e.Signature != "" {
		if _, err := ParseSignature([]byte(e.Signature)); err != nil {
			return errs.Wrap(errs.Invalid, err, "the lock's entry for %s", e.id())
		}
	}
	return nil
}

// Entries returns the entries, sorted by kind, name, version and hash. They are
// the lock's own: they must not be changed.
func (l *Lock) Entries() []Entry { return l.entries }

// find returns the entry of a binary, and those of the same plugin.
func (l *Lock) find(kind, name, sum string) (found *Entry, same []Entry) {
	for i, e := range l.entries {
		if e.Kind != kind || e.Name != name {
			continue
		}
		same = append(same, e)
		if e.SHA256 == sum {
			found = &l.entries[i]
		}
	}
	return found, same
}

// ParseLock reads a lock. Fields that are not known, duplicates and what cannot be
// an entry are refused with errs.Invalid: a lock that is half understood protects
// nobody.
func ParseLock(data []byte) (*Lock, error) {
	var file lockFile
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&file)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the JSON object")
		}
	}
	if err == nil {
		err = checkKeys(data)
	}
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the plugin lock cannot be read: mend it, or make it anew with \"quay plugin lock\"")
	}
	if file.Version != lockVersion {
		return nil, errs.New(errs.Invalid, "the plugin lock has the version %d, not %d: make it anew with \"quay plugin lock\" of this server", file.Version, lockVersion)
	}
	return Make(file.Plugins)
}

// keyLetters are those of the file's keys.
const keyLetters = "abcdefghijklmnopqrstuvwxyz0123456789_"

// checkKeys fails when a JSON document has a key twice in one object, or one that
// the decoder would take for another because it looks past the case of letters:
// it uses the last of them, and a person may have read the first.
func checkKeys(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	type object struct {
		keys  map[string]bool // nil for an array
		value bool            // the next token is the value of a key
	}
	var open []object
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		top := len(open) - 1
		if key, ok := token.(string); ok && top >= 0 && open[top].keys != nil && !open[top].value {
			if open[top].keys[key] || strings.Trim(key, keyLetters) != "" {
				return fmt.Errorf("the key %q is there twice or has other letters than a key may have", key)
			}
			open[top].keys[key], open[top].value = true, true
			continue
		}
		switch token {
		case json.Delim('}'), json.Delim(']'):
			open = open[:top]
			continue
		}
		if top >= 0 {
			open[top].value = false
		}
		switch token {
		case json.Delim('{'):
			open = append(open, object{keys: map[string]bool{}})
		case json.Delim('['):
			open = append(open, object{})
		}
	}
}

// ReadLock reads a lock file. It fails with errs.NotFound when there is none, and with
// errs.Denied when others could have written it.
func ReadLock(path string) (*Lock, error) {
	data, err := readOwn("the plugin lock", path, maxLockBytes)
	if errs.Is(err, errs.NotFound) {
		return nil, errs.Wrap(errs.NotFound, err, "there is no plugin lock at %s: make it with \"quay plugin lock\"", path)
	}
	if err != nil {
		return nil, err
	}
	l, err := ParseLock(data)
	return l, errs.Wrap(errs.KindOf(err), err, "%s", path)
}

// readOwn reads a file that nobody else can write, of a bounded size.
func readOwn(what, path string, maxBytes int64) ([]byte, error) {
	f, err := ownership.Open(what, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "%s %s cannot be read", what, path)
	}
	if int64(len(data)) > maxBytes {
		return nil, errs.New(errs.TooLarge, "%s %s has more than %d KiB", what, path, maxBytes>>10)
	}
	return data, nil
}

// Marshal returns the lock in the form of its file: the same for the same
// entries, with one field on a line, so that a change of it can be reviewed.
func (l *Lock) Marshal() ([]byte, error) {
	data, err := json.MarshalIndent(lockFile{Version: lockVersion, Plugins: l.entries}, "", "  ")
	return append(data, '\n'), err
}

// Write writes the lock file: another process sees the whole of the old one or
// the whole of the new one.
func (l *Lock) Write(path string) error {
	data, err := l.Marshal()
	if err == nil {
		err = replace(path, data)
	}
	return errs.Wrap(errs.Denied, err, "the plugin lock %s cannot be written", path)
}

// replace puts data into a file that may be there already.
func replace(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	// Others may read it: what it says is no secret.
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
