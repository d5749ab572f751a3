package uploads_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests: each has repositories of its own in it.
var db *store.Store

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "uploads")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if db, err = store.Open(ctx, store.Options{Path: filepath.Join(dir, "quay.db")}); err != nil {
		panic(err)
	}
	defer db.Close()
	if err := db.EnsureLocation(ctx, "default"); err != nil {
		panic(err)
	}
	return m.Run()
}

// registry is the rules over a location in memory and a repository of one test.
type registry struct {
	*uploads.Uploads
	t       *testing.T
	storage *memory
	repo    domain.RepositoryID
}

func open(t *testing.T, p uploads.Policy) *registry { return openWith(t, db, p) }

// openWith makes the rules over another store.
func openWith(t *testing.T, s uploads.Store, p uploads.Policy) *registry {
	t.Helper()
	if p.Linger == 0 {
		p.Linger = time.Hour
	}
	r := &registry{t: t, storage: newMemory(), repo: newRepository(t)}
	places, err := place.New(map[string]place.Backend{"default": r.storage}, []string{"default"})
	must(t, err)
	r.Uploads = uploads.New(s, places, rcache.New(1<<20), lock.NewProcess(), p)
	return r
}

var repositories atomic.Int64

func newRepository(t *testing.T) domain.RepositoryID {
	t.Helper()
	name := domain.Name{Namespace: "acme", Repository: fmt.Sprint("r", repositories.Add(1))}
	must(t, db.CreateRepository(t.Context(), domain.NewRepository{Name: name, MakeNamespace: true}))
	repo, err := db.Repository(t.Context(), name)
	must(t, err)
	return repo.ID
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(b) // never fails
	return b
}

// begin starts a session and returns its id.
func (r *registry) begin() string {
	r.t.Helper()
	up, err := r.Begin(r.t.Context(), r.repo)
	must(r.t, err)
	return up.UUID
}

// chunk is data of which the client says nothing.
func chunk(data []byte) uploads.Chunk {
	return uploads.Chunk{Body: bytes.NewReader(data), Start: -1, Length: -1}
}

// at is data with a Content-Range.
func at(start int, data []byte) uploads.Chunk {
	return uploads.Chunk{Body: bytes.NewReader(data), Start: int64(start), Length: int64(len(data))}
}

// add appends a chunk and returns where the session stands, and what was wrong.
func (r *registry) add(id string, c uploads.Chunk) (int64, error) {
	r.t.Helper()
	up, err := r.Append(r.t.Context(), r.repo, id, c)
	if up == nil {
		return -1, err
	}
	return up.Offset, err
}

func (r *registry) finish(id string, c uploads.Chunk, d domain.Digest) error {
	r.t.Helper()
	_, err := r.Finish(r.t.Context(), r.repo, id, c, d)
	return err
}

// offset is where the database says that a session stands; -1 when there is none.
func (r *registry) offset(id string) int64 {
	r.t.Helper()
	up, err := r.Get(r.t.Context(), r.repo, id)
	if errors.Is(err, uploads.ErrUnknown) {
		return -1
	}
	must(r.t, err)
	return up.Offset
}

// wantBlob fails the test unless the repository and the location have a blob.
func (r *registry) wantBlob(d domain.Digest, data []byte) {
	r.t.Helper()
	b, err := db.Blob(r.t.Context(), r.repo, d)
	if err != nil || b.Size != int64(len(data)) || len(b.Locations) != 1 {
		r.t.Errorf("the repository has %+v, %v", b, err)
	}
	if stored := r.storage.object(d.Path()); stored == nil || !bytes.Equal(stored, data) {
		r.t.Errorf("the location has %d bytes, want %d", len(stored), len(data))
	}
}

// wantNoBlob fails the test if the repository or the location has a blob.
func (r *registry) wantNoBlob(d domain.Digest) {
	r.t.Helper()
	if b, err := db.Blob(r.t.Context(), r.repo, d); !errs.Is(err, errs.NotFound) {
		r.t.Errorf("the repository has %+v, %v", b, err)
	}
	if stored := r.storage.object(d.Path()); stored != nil {
		r.t.Errorf("the location has %d bytes", len(stored))
	}
}

// wantEnded fails the test if anything is left of a session.
func (r *registry) wantEnded(id string) {
	r.t.Helper()
	if n := r.offset(id); n >= 0 {
		r.t.Errorf("the session is there, with %d bytes", n)
	}
	if left := r.storage.litter(); left != nil {
		r.t.Errorf("left behind: %v", left)
	}
}

// errGone is what a body fails with when its client is cut off.
var errGone = errors.New("the client is gone")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errGone }
