package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// PostgreSQL runs changes at once that SQLite's one writer runs one after the other.

// racers is how many clients do the same at once.
const racers = 32

// atOnce runs fn for each racer at once, and returns how it ended.
func atOnce(fn func(i int) error) [racers]error {
	var outcomes [racers]error
	var ready, wg sync.WaitGroup
	ready.Add(racers)
	for i := range racers {
		wg.Go(func() {
			ready.Done()
			ready.Wait()
			outcomes[i] = fn(i)
		})
	}
	wg.Wait()
	return outcomes
}

// mustAll fails the test for each racer that failed.
func mustAll(t *testing.T, outcomes [racers]error) {
	t.Helper()
	for i, err := range outcomes {
		if err != nil {
			t.Errorf("client %d: %v", i, err)
		}
	}
}

// wantRows checks a count.
func wantRows(f *fixture, want int, q statement) {
	f.t.Helper()
	if n := value[int](f, q); n != want {
		f.t.Errorf("%d rows, want %d: %s", n, want, q)
	}
}

// repositories makes one for each racer.
func (f *fixture) repositories() (ids [racers]domain.RepositoryID) {
	for i := range ids {
		ids[i] = f.repository(fmt.Sprintf("acme/r%d", i))
	}
	return ids
}

// TestNewMediaTypeAtOnce proves that clients which are the first to push a media type
// all succeed, and that it is there once.
func TestNewMediaTypeAtOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repos := f.repositories()
		for round := range 5 {
			name := fmt.Sprintf("application/vnd.acme.%d", round)
			mustAll(t, atOnce(func(i int) error {
				n := manifest(repos[i], name, noon, "t")
				n.MediaType = name
				return f.PutManifest(f.ctx, n)
			}))
		}
		wantRows(f, 5, `SELECT COUNT(*) FROM mediatype WHERE name LIKE 'application/vnd.acme.%'`)
		for _, repo := range repos {
			m, err := f.ManifestByTag(f.ctx, repo, "t", noon)
			f.must(err)
			if m.MediaType != "application/vnd.acme.4" {
				t.Errorf("a manifest's media type is %s", m.MediaType)
			}
		}
	})
}

// TestSameBlobAtOnce proves that content which many repositories get at once, one of
// them by two requests that end one upload, is one row, and in each of them.
func TestSameBlobAtOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repos := f.repositories()
		repos[1] = repos[0]
		u := f.upload(repos[0])
		digest := domain.SHA256.Of([]byte("content"))
		mustAll(t, atOnce(func(i int) error {
			c := domain.CommittedBlob{Repository: repos[i], Digest: digest, Size: 7, Location: location, LinkExpires: time.Now().Add(time.Hour)}
			if i < 2 {
				c.Upload = u.ID
			}
			return f.CommitBlob(f.ctx, c)
		}))
		wantRows(f, 1, `SELECT COUNT(*) FROM imagestorage WHERE content_checksum IS NOT NULL`)
		wantRows(f, 1, `SELECT COUNT(*) FROM imagestorageplacement`)
		wantRows(f, 0, `SELECT COUNT(*) FROM blobupload`)
		for _, repo := range repos {
			if _, err := f.Blob(f.ctx, repo, digest); err != nil {
				t.Errorf("repository %d: %v", repo, err)
			}
		}
	})
}

// TestSameRepositoryAtOnce proves that of clients which make one repository, and its
// namespace, one succeeds, the others learn that it is there, and nothing is there
// twice.
func TestSameRepositoryAtOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		creator := f.person("olga")
		made := 0
		for i, err := range atOnce(func(int) error {
			return f.CreateRepository(f.ctx, domain.NewRepository{Name: parseName("acme/web"), Creator: creator, MakeNamespace: true})
		}) {
			switch {
			case err == nil:
				made++
			case !errs.Is(err, errs.Exists):
				t.Errorf("client %d: %v", i, err)
			}
		}
		if made != 1 {
			t.Errorf("%d clients made the repository", made)
		}
		wantRows(f, 1, `SELECT COUNT(*) FROM "user" WHERE username = 'acme'`)
		wantRows(f, 1, `SELECT COUNT(*) FROM repository`)
		wantRows(f, 1, `SELECT COUNT(*) FROM teammember`)
		wantRows(f, 1, `SELECT COUNT(*) FROM repositorypermission`)
	})
}

// TestSameManifestAtOnce proves that clients which push one manifest under one tag all
// succeed, and that there is one manifest and one living tag.
func TestSameManifestAtOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		blob := f.blob(repo, "layer")
		mustAll(t, atOnce(func(int) error {
			n := manifest(repo, "manifest", noon, "latest")
			n.Blobs = []domain.BlobID{blob.ID}
			return f.PutManifest(f.ctx, n)
		}))
		wantRows(f, 1, `SELECT COUNT(*) FROM manifest`)
		wantRows(f, 1, `SELECT COUNT(*) FROM manifestblob`)
		wantRows(f, 1, `SELECT COUNT(*) FROM tag WHERE lifetime_end_ms IS NULL`)
	})
}

// TestDeleteBesidePush proves that a manifest which some push and others delete is, in
// the end, there as a whole or not at all, and that nobody gets another error than that
// there is nothing to delete.
func TestDeleteBesidePush(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		id, digest := f.put(repo, "manifest", noon, "latest")
		for i, err := range atOnce(func(i int) error {
			now := after(i % 7) // some in the same millisecond
			switch i % 3 {
			case 0:
				return f.PutManifest(f.ctx, manifest(repo, "manifest", now, "latest"))
			case 1:
				return f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Now: now})
			}
			return f.DeleteManifest(f.ctx, domain.ManifestDeletion{Repository: repo, Manifest: id, Everything: true, Now: now})
		}) {
			if err != nil && !errs.Is(err, errs.NotFound) {
				t.Errorf("client %d: %v", i, err)
			}
		}
		living := value[int](f, `SELECT COUNT(*) FROM tag WHERE name = 'latest' AND lifetime_end_ms IS NULL`)
		if living > 1 {
			t.Errorf("%d living tags", living)
		}
		want := ""
		if living == 1 {
			want = "manifest"
		}
		if got := f.byTag(repo, "latest", after(100)); got != want {
			t.Errorf("with %d living tags the tag names %q", living, got)
		}
		if got := f.byDigest(repo, digest, after(100)); got != want {
			t.Errorf("with %d living tags the digest is %q", living, got)
		}
	})
}
