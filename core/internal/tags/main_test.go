package tags_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/tags"
)

// db is one database for all tests: each has a repository of its own in it.
var db *store.Store

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tags")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if db, err = store.Open(context.Background(), store.Options{Path: filepath.Join(dir, "quay.db")}); err != nil {
		panic(err)
	}
	defer db.Close()
	return m.Run()
}

// registry is the rules over a repository of one test, at a time that stands.
type registry struct {
	*tags.Tags
	t    *testing.T
	repo domain.RepositoryID
	now  time.Time
}

var start = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

var repositories atomic.Int64

func open(t *testing.T, p tags.Policy) *registry {
	t.Helper()
	name := domain.Name{Namespace: "acme", Repository: fmt.Sprint("r", repositories.Add(1))}
	must(t, db.CreateRepository(t.Context(), domain.NewRepository{Name: name, MakeNamespace: true}))
	repo, err := db.Repository(t.Context(), name)
	must(t, err)
	r := &registry{t: t, repo: repo.ID, now: start}
	p.Clock = func() time.Time { return r.now }
	r.Tags = tags.New(db, rcache.New(1<<20), p)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// put stores a manifest under tags, with labels.
func (r *registry) put(content string, of map[string]string, names ...string) domain.Digest {
	r.t.Helper()
	n := domain.NewManifest{
		Repository: r.repo, Digest: domain.SHA256.Of([]byte(content)), MediaType: domain.MediaTypeOCIManifest,
		Bytes: []byte(content), LayersSize: -1, HiddenUntil: r.now.Add(time.Hour), Now: r.now,
	}
	for key, value := range of {
		n.Labels = append(n.Labels, domain.Label{Key: key, Value: value, MediaType: domain.LabelText, Source: domain.LabelFromManifest})
	}
	for _, name := range names {
		n.Tags = append(n.Tags, domain.NewTag{Name: name})
	}
	putManifest(r.t, n)
	return n.Digest
}

func putManifest(t *testing.T, n domain.NewManifest) {
	t.Helper()
	_, err := db.PutManifest(t.Context(), n)
	must(t, err)
}

// names returns the digest that a tag names; "" is none.
func (r *registry) names(tag string) domain.Digest {
	r.t.Helper()
	got, err := r.Get(r.t.Context(), r.repo, tag)
	if err != nil {
		return ""
	}
	return got.Manifest.Digest
}
