package manifests_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// db is one database for all tests: each has repositories of its own in it.
var db *store.Store

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "manifests")
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

// registry is the rules over a repository of one test.
type registry struct {
	*manifests.Manifests
	t    *testing.T
	repo domain.RepositoryID
}

var repositories atomic.Int64

func open(t *testing.T, p manifests.Policy) *registry {
	t.Helper()
	return &registry{manifests.New(db, rcache.New(1<<20), p), t, newRepository(t)}
}

func newRepository(t *testing.T) domain.RepositoryID {
	t.Helper()
	name := domain.Name{Namespace: "acme", Repository: fmt.Sprint("r", repositories.Add(1))}
	err := db.CreateRepository(t.Context(), domain.NewRepository{Name: name, MakeNamespace: true})
	must(t, err)
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

func digestOf(content string) domain.Digest { return domain.SHA256.Of([]byte(content)) }

// blob commits content to the repository and returns its descriptor.
func (r *registry) blob(content string) string {
	r.t.Helper()
	must(r.t, db.CommitBlob(r.t.Context(), domain.CommittedBlob{
		Repository: r.repo, Digest: digestOf(content), Size: int64(len(content)), Location: "default",
		LinkExpires: time.Now().Add(time.Hour),
	}))
	return desc(digestOf(content), len(content))
}

func desc(d domain.Digest, size int) string { return typed(d, size, "application/x") }

func typed(d domain.Digest, size int, mediaType string) string {
	return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d}`, mediaType, d, size)
}

// manifestDesc is the descriptor of an index.
func manifestDesc(body string) string { return typed(digestOf(body), len(body), ociIndex) }

func image(config string, layers ...string) string {
	return `{"schemaVersion":2,"config":` + config + `,"layers":[` + strings.Join(layers, ",") + `]}`
}

func index(children ...string) string {
	return `{"schemaVersion":2,"manifests":[` + strings.Join(children, ",") + `]}`
}

// numbered is an empty index that differs from others in a number.
func numbered(n int) string {
	return fmt.Sprintf(`{"schemaVersion":2,"manifests":[],"annotations":{"n":"%d"}}`, n)
}

func (r *registry) push(mediaType, body string, tags ...string) manifests.Push {
	return manifests.Push{MediaType: mediaType, Body: []byte(body), Tags: tags}
}

// accept pushes to a repository.
func accept(ctx context.Context, m *manifests.Manifests, repo domain.RepositoryID, p manifests.Push) (*manifests.Stored, error) {
	a, err := m.Accept(ctx, p)
	if err != nil {
		return nil, err
	}
	return m.Put(ctx, repo, a)
}

// Put pushes to the fixture's repository.
func (r *registry) Put(ctx context.Context, p manifests.Push) (*manifests.Stored, error) {
	return accept(ctx, r.Manifests, r.repo, p)
}

func (r *registry) put(mediaType, body string, tags ...string) *manifests.Stored {
	r.t.Helper()
	stored, err := r.Put(r.t.Context(), r.push(mediaType, body, tags...))
	must(r.t, err)
	return stored
}

// get returns the outcome of a reference.
func (r *registry) get(reference string) string {
	r.t.Helper()
	m, err := r.Get(r.t.Context(), r.repo, reference)
	return outcome(m, err)
}

// outcome is a manifest's bytes, or the reason of the failure to get it.
func outcome(m *domain.Manifest, err error) string {
	if err == nil {
		return string(m.Bytes)
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Reason != "" {
		return e.Reason
	}
	return err.Error()
}
