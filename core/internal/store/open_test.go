package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// fixture is an open store of one test, with short names for what most tests do
// first. Its methods fail the test when they fail.
type fixture struct {
	*Store
	t   testing.TB
	ctx context.Context
}

// location is the storage location that all blobs of a fixture are in.
const location = "default"

// empty is a database with nothing but its schema: making that once saves time.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "quay.db")
	s, err := Open(context.Background(), Options{Path: path})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// each runs a test on both engines, each time on an empty database.
func each(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, open(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, openServer(t)) })
}

// open makes a database on SQLite.
func open(t testing.TB) *fixture {
	t.Helper()
	path := filepath.Join(t.TempDir(), "quay.db")
	file, err := empty()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	f := &fixture{s, t, t.Context()}
	f.must(s.EnsureLocation(f.ctx, location))
	return f
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// exec changes what no exported method changes.
func (f *fixture) exec(q statement, args ...any) {
	f.t.Helper()
	f.must(f.change(f.ctx, false, func(tx *Tx) error {
		_, err := tx.exec(q, args...)
		return err
	}))
}

// value runs a query for one value.
func value[T any](f *fixture, q statement, args ...any) T {
	f.t.Helper()
	var v T
	f.must(f.row(f.ctx, q, args...).Scan(&v))
	return v
}

// person makes a user's account.
func (f *fixture) person(name string) domain.UserID {
	f.t.Helper()
	f.must(f.CreateUser(f.ctx, name, name+"@example.com", "hash"))
	return domain.UserID(value[int64](f, `SELECT id FROM "user" WHERE username = $1`, name))
}

// repository makes a public repository of nobody's, and its namespace.
func (f *fixture) repository(name string) domain.RepositoryID {
	f.t.Helper()
	return f.create(domain.NewRepository{Name: parseName(name), Public: true, MakeNamespace: true})
}

func (f *fixture) create(n domain.NewRepository) domain.RepositoryID {
	f.t.Helper()
	f.must(f.CreateRepository(f.ctx, n))
	r, err := f.Repository(f.ctx, n.Name)
	f.must(err)
	return r.ID
}

func parseName(s string) domain.Name {
	ns, repo, _ := strings.Cut(s, "/")
	return domain.Name{Namespace: ns, Repository: repo}
}

// blob commits content to a repository.
func (f *fixture) blob(repo domain.RepositoryID, content string) *domain.Blob {
	f.t.Helper()
	digest := domain.SHA256.Of([]byte(content))
	f.must(f.CommitBlob(f.ctx, domain.CommittedBlob{
		Repository: repo, Digest: digest, Size: int64(len(content)), Location: location,
		LinkExpires: time.Now().Add(time.Hour),
	}))
	b, err := f.Blob(f.ctx, repo, digest)
	f.must(err)
	return b
}

// upload begins an upload.
func (f *fixture) upload(repo domain.RepositoryID) *domain.Upload {
	f.t.Helper()
	u := &domain.Upload{UUID: uuid.NewString(), Repository: repo, Location: location, Created: time.Now()}
	f.must(f.CreateUpload(f.ctx, u))
	return u
}

// PutManifest is the store's, for tests that do not ask what became of it.
func (f *fixture) PutManifest(ctx context.Context, n domain.NewManifest) error {
	_, err := f.Store.PutManifest(ctx, n)
	return err
}

// put stores a manifest of some bytes with tags, and returns its id and digest.
func (f *fixture) put(repo domain.RepositoryID, bytes string, now time.Time, tags ...string) (domain.ManifestID, domain.Digest) {
	f.t.Helper()
	n := manifest(repo, bytes, now, tags...)
	f.must(f.PutManifest(f.ctx, n))
	id, err := f.ManifestID(f.ctx, repo, n.Digest)
	f.must(err)
	return id, n.Digest
}

func manifest(repo domain.RepositoryID, bytes string, now time.Time, tags ...string) domain.NewManifest {
	return domain.NewManifest{
		Repository: repo, Digest: domain.SHA256.Of([]byte(bytes)), MediaType: domain.MediaTypeOCIManifest,
		Bytes: []byte(bytes), LayersSize: -1, Tags: named(tags...), Now: now,
	}
}

// named is new tags without anything special.
func named(names ...string) (tags []domain.NewTag) {
	for _, name := range names {
		tags = append(tags, domain.NewTag{Name: name})
	}
	return tags
}

// byTag returns the bytes that a tag names, or "" when there is no such tag.
func (f *fixture) byTag(repo domain.RepositoryID, tag string, at time.Time) string {
	f.t.Helper()
	m, err := f.ManifestByTag(f.ctx, repo, tag, at)
	return f.bytes(m, err)
}

// byDigest returns the bytes of a digest, or "" when it is not alive.
func (f *fixture) byDigest(repo domain.RepositoryID, digest domain.Digest, at time.Time) string {
	f.t.Helper()
	m, err := f.ManifestByDigest(f.ctx, repo, digest, at)
	return f.bytes(m, err)
}

func (f *fixture) bytes(m *domain.Manifest, err error) string {
	f.t.Helper()
	if errs.Is(err, errs.NotFound) {
		return ""
	}
	f.must(err)
	return string(m.Bytes)
}

// wantKind fails the test unless err has a kind.
func wantKind(t testing.TB, what string, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("%s: got %v, want an error of kind %q", what, err, kind)
	}
}

// ManifestID returns the id of a manifest, alive or not.
func (f *fixture) ManifestID(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) (id domain.ManifestID, err error) {
	err = f.row(ctx, manifestID, repo, string(digest)).Scan(&id)
	return id, classify(err)
}
