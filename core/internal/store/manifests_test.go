package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// noon is an instant of tests that count milliseconds.
var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func after(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }

// TestPutManifest proves that a manifest comes back as it was stored, by tag and
// by digest, byte for byte, with the rows that the product makes beside it.
func TestPutManifest(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		blob := f.blob(repo, "layer")
		n := manifest(repo, "{\n \"a\": \"\u00e9\x7f\" }\n", noon, "latest", "v1")
		n.MediaType, n.ConfigMediaType, n.ArtifactType = "application/x-new", "application/x-config", "application/x-artifact"
		n.Subject, n.LayersSize, n.Blobs = domain.SHA256.Of(nil), 0, []domain.BlobID{blob.ID}
		f.must(f.PutManifest(f.ctx, n))

		byTag, err := f.ManifestByTag(f.ctx, repo, "v1", noon)
		f.must(err)
		byDigest, err := f.ManifestByDigest(f.ctx, repo, n.Digest, noon)
		f.must(err)
		for how, m := range map[string]*domain.Manifest{"tag": byTag, "digest": byDigest} {
			if m.Digest != n.Digest || m.MediaType != n.MediaType || string(m.Bytes) != string(n.Bytes) || !m.AliveUntil.IsZero() {
				t.Errorf("by %s: got %+v", how, m)
			}
		}
		for _, q := range []statement{
			`SELECT COUNT(*) FROM manifest WHERE id = $1 AND config_media_type = 'application/x-config' AND artifact_type = 'application/x-artifact'
			AND layers_compressed_size = 0 AND subject IS NOT NULL AND subject_backfilled AND artifact_type_backfilled`,
			`SELECT COUNT(*) FROM manifestblob WHERE manifest_id = $1`,
			`SELECT COUNT(*) FROM manifestsecuritystatus WHERE manifest_id = $1 AND index_status = 0`,
			`SELECT COUNT(*) - 1 FROM tag WHERE manifest_id = $1 AND NOT hidden AND NOT reversion AND NOT immutable`,
		} {
			if rows := value[int](f, q, byTag.ID); rows != 1 {
				t.Errorf("%d rows, want 1: %s", rows, q)
			}
		}
	})
}

// TestPutManifestNulls proves that what a manifest does not have is NULL, as the
// product writes it.
func TestPutManifestNulls(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		id, _ := f.put(repo, "{}", noon, "latest")
		const q statement = `SELECT COUNT(*) FROM manifest WHERE id = $1 AND config_media_type IS NULL AND artifact_type IS NULL
		AND layers_compressed_size IS NULL AND subject IS NULL`
		if value[int](f, q, id) != 1 {
			t.Error("a column is not NULL")
		}
	})
}

// TestPutManifestTwice proves that pushing the same manifest again makes no
// second row, and that two repositories have a manifest each.
func TestPutManifestTwice(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		first, _ := f.put(repo, "{}", noon, "latest")
		second, _ := f.put(repo, "{}", after(5), "latest", "v1")
		elsewhere, _ := f.put(other, "{}", after(5), "latest")
		if first != second || first == elsewhere {
			t.Errorf("ids %d, %d and %d", first, second, elsewhere)
		}
		if got := f.byTag(repo, "v1", after(5)); got != "{}" {
			t.Errorf("the new tag names %q", got)
		}
	})
}

// TestRetarget proves that a tag moves to the manifest that was pushed last and
// that the one before is not alive any more.
func TestRetarget(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		_, first := f.put(repo, "1", noon, "latest")
		_, second := f.put(repo, "2", after(5), "latest")
		if got := f.byTag(repo, "latest", after(5)); got != "2" {
			t.Errorf("the tag names %q", got)
		}
		if got := f.byDigest(repo, first, after(5)); got != "" {
			t.Error("the old manifest is alive")
		}
		if got := f.byDigest(repo, second, after(5)); got != "2" {
			t.Error("the new manifest is not alive")
		}
		names, err := f.Tags(f.ctx, repo, "", after(5), 10)
		f.must(err)
		if !slices.Equal(names, []string{"latest"}) {
			t.Errorf("tags %v", names)
		}
	})
}

// TestRetargetInOneMillisecond proves that pushes which the clock cannot tell
// apart follow each other all the same, and that deleting the tag right after
// them ends it at once.
func TestRetargetInOneMillisecond(t *testing.T) {
	const pushes = 20
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		var last domain.Digest
		for i := range pushes {
			_, last = f.put(repo, fmt.Sprint(i), noon, "latest")
			if got := f.byTag(repo, "latest", noon); got != fmt.Sprint(i) {
				t.Fatalf("after push %d the tag names %q", i, got)
			}
		}
		f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Now: after(1)}))
		if got := f.byTag(repo, "latest", after(1)); got != "" {
			t.Errorf("after it was deleted the tag names %q", got)
		}
		if got := f.byDigest(repo, last, after(1)); got != "" {
			t.Error("after its tag was deleted the manifest is alive")
		}
		if n := value[int](f, `SELECT COUNT(DISTINCT lifetime_end_ms) FROM tag`); n != pushes {
			t.Errorf("%d different ends, want %d", n, pushes)
		}
	})
}

// TestClockStepsBack proves that a change counts though the clock says that it
// was made before the one that it follows.
func TestClockStepsBack(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		_, first := f.put(repo, "1", after(60_000), "latest")
		f.put(repo, "2", noon, "latest")
		if got := f.byTag(repo, "latest", noon); got != "2" {
			t.Errorf("the tag names %q", got)
		}
		if got := f.byDigest(repo, first, noon); got != "" {
			t.Error("the old manifest is alive")
		}
		f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Now: noon}))
		if got := f.byTag(repo, "latest", noon); got != "" {
			t.Errorf("after it was deleted the tag names %q", got)
		}
	})
}

// TestUntagged proves that a manifest without a tag lives as long as it is told
// to, unseen, and that a tag that lives longer makes that unnecessary.
func TestUntagged(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		n := manifest(repo, "{}", noon)
		n.HiddenUntil = after(100)
		f.must(f.PutManifest(f.ctx, n))
		m, err := f.ManifestByDigest(f.ctx, repo, n.Digest, after(99))
		f.must(err)
		if !m.AliveUntil.Equal(after(100)) {
			t.Errorf("alive until %v, want %v", m.AliveUntil, after(100))
		}
		if got := f.byDigest(repo, n.Digest, after(100)); got != "" {
			t.Error("it outlived its time")
		}
		hidden := value[string](f, `SELECT name FROM tag WHERE hidden`)
		if !strings.HasPrefix(hidden, "$temp-") {
			t.Errorf("the hidden tag is called %q", hidden)
		}
		if got := f.byTag(repo, hidden, noon); got != "" {
			t.Error("the hidden tag can be pulled")
		}
		if names, err := f.Tags(f.ctx, repo, "", noon, 10); err != nil || len(names) != 0 {
			t.Errorf("tags %v, %v", names, err)
		}
		// A second push by digest of something that has a tag adds no hidden one.
		f.put(repo, "tagged", noon, "latest")
		f.put(repo, "tagged", after(1))
		if n := value[int](f, `SELECT COUNT(*) FROM tag WHERE hidden`); n != 1 {
			t.Errorf("%d hidden tags, want 1", n)
		}
		// Without an end it lives on.
		n = manifest(repo, "for ever", noon)
		f.must(f.PutManifest(f.ctx, n))
		if m, err := f.ManifestByDigest(f.ctx, repo, n.Digest, after(1<<40)); err != nil || !m.AliveUntil.IsZero() {
			t.Errorf("got %+v, %v", m, err)
		}
	})
}

// index stores a manifest that contains others.
func (f *fixture) index(repo domain.RepositoryID, bytes string, now time.Time, tag string, children ...domain.ManifestID) (domain.ManifestID, domain.Digest) {
	f.t.Helper()
	n := manifest(repo, bytes, now, tag)
	n.MediaType, n.Children = domain.MediaTypeOCIIndex, children
	f.must(f.PutManifest(f.ctx, n))
	id, err := f.ManifestID(f.ctx, repo, n.Digest)
	f.must(err)
	return id, n.Digest
}

// TestChildOfIndex proves that a manifest lives through the tags of an index that
// contains it, and ends with them.
func TestChildOfIndex(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		n := manifest(repo, "child", noon)
		n.HiddenUntil = after(10)
		f.must(f.PutManifest(f.ctx, n))
		child, err := f.ManifestID(f.ctx, repo, n.Digest)
		f.must(err)
		f.index(repo, "index", noon, "latest", child, child)
		if got := f.byDigest(repo, n.Digest, after(50)); got != "child" {
			t.Error("the child of a tagged index is not alive")
		}
		f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Now: after(50)}))
		if got := f.byDigest(repo, n.Digest, after(50)); got != "" {
			t.Error("the child outlived the index")
		}
	})
}

// TestDeleteManifest proves that a deleted manifest is gone by digest and by all
// of its tags, that an index which contained it does not keep it, and that
// others stay.
func TestDeleteManifest(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		child, digest := f.put(repo, "child", noon, "a", "b")
		f.put(repo, "child", noon) // by digest too
		f.index(repo, "index", noon, "multi", child)
		f.put(repo, "other", noon, "other")

		f.must(f.DeleteManifest(f.ctx, domain.ManifestDeletion{Repository: repo, Manifest: child, Everything: true, Now: after(5)}))
		if got := f.byDigest(repo, digest, after(5)) + f.byTag(repo, "a", after(5)) + f.byTag(repo, "b", after(5)); got != "" {
			t.Errorf("it is still there: %q", got)
		}
		left, err := f.Tags(f.ctx, repo, "", after(5), 10)
		f.must(err)
		if !slices.Equal(left, []string{"multi", "other"}) {
			t.Errorf("tags that are left: %v", left)
		}
		if err := f.DeleteManifest(f.ctx, domain.ManifestDeletion{Repository: repo, Manifest: child, Everything: true, Now: after(6)}); err != nil {
			t.Errorf("the second time: %v", err)
		}
	})
}

// TestPushAgainAfterDelete proves that a manifest and the index around it that
// are pushed again after the manifest was deleted belong together again.
func TestPushAgainAfterDelete(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		child, digest := f.put(repo, "child", noon, "child")
		f.index(repo, "index", noon, "multi", child)
		f.must(f.DeleteManifest(f.ctx, domain.ManifestDeletion{Repository: repo, Manifest: child, Everything: true, Now: after(5)}))

		n := manifest(repo, "child", after(10))
		n.HiddenUntil = after(20)
		f.must(f.PutManifest(f.ctx, n))
		f.index(repo, "index", after(10), "multi", child)
		if got := f.byDigest(repo, digest, after(30)); got != "child" {
			t.Error("the tagged index does not keep its child")
		}
	})
}

// TestReferrers proves which manifests refer to another one: living ones of the
// same repository, filtered by artifact type, or by the media type of the
// configuration where there is none.
func TestReferrers(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		subject := domain.SHA256.Of([]byte("subject"))
		refer := func(repo domain.RepositoryID, bytes, artifactType, configMediaType string) domain.NewManifest {
			n := manifest(repo, bytes, noon)
			n.Subject, n.ArtifactType, n.ConfigMediaType = subject, artifactType, configMediaType
			return n
		}
		dead := refer(repo, "dead", "application/x-signature", "")
		dead.HiddenUntil = after(1)
		for _, n := range []domain.NewManifest{
			refer(repo, "signature", "application/x-signature", "application/x-empty"),
			refer(repo, "bom", "", "application/x-bom"),
			refer(repo, "plain", "", ""),
			dead,
			refer(other, "elsewhere", "application/x-signature", ""),
			manifest(repo, "unrelated", noon, "latest"),
		} {
			f.must(f.PutManifest(f.ctx, n))
		}
		list := func(artifactType string, afterID domain.ManifestID, limit int) (got []string) {
			t.Helper()
			f.must(f.Referrers(f.ctx, repo, subject, artifactType, after(1), afterID, 10, func(m domain.Manifest, artifactType string) bool {
				if m.Digest != domain.SHA256.Of(m.Bytes) || m.MediaType != domain.MediaTypeOCIManifest {
					t.Errorf("got %+v", m)
				}
				got = append(got, string(m.Bytes)+":"+artifactType)
				return len(got) < limit
			}))
			return got
		}
		all := []string{"signature:application/x-signature", "bom:application/x-bom", "plain:"}
		if got := list("", 0, 10); !slices.Equal(got, all) {
			t.Errorf("all: %v", got)
		}
		for artifactType, want := range map[string]string{
			"application/x-signature": all[0], "application/x-bom": all[1],
			"application/x-empty": "", "application/x-Bom": "",
		} {
			if got := strings.Join(list(artifactType, 0, 10), " "); got != want {
				t.Errorf("of type %s: %q, want %q", artifactType, got, want)
			}
		}
		first, err := f.ManifestID(f.ctx, repo, domain.SHA256.Of([]byte("signature")))
		f.must(err)
		if got := list("", first, 1); !slices.Equal(got, all[1:2]) {
			t.Errorf("the second page: %v", got)
		}
	})
}

// TestMediaTypeOfAnother proves that a media type which another program added
// while this one runs is read, and is not added a second time.
func TestMediaTypeOfAnother(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.exec(`INSERT INTO mediatype (name) VALUES ('application/x-theirs')`)
		n := manifest(repo, "{}", noon, "latest")
		n.MediaType = "application/x-theirs"
		f.must(f.PutManifest(f.ctx, n))
		f.exec(`INSERT INTO mediatype (id, name) VALUES (4711, 'application/x-later')`)
		f.exec(`UPDATE manifest SET media_type_id = 4711`)
		m, err := f.ManifestByTag(f.ctx, repo, "latest", noon)
		f.must(err)
		if m.MediaType != "application/x-later" {
			t.Errorf("got %s", m.MediaType)
		}
		wantKind(t, "an unknown digest", func() error {
			_, err := f.ManifestByDigest(f.ctx, repo, domain.SHA256.Of(nil), noon)
			return err
		}(), errs.NotFound)
	})
}
