package store

import (
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestTags proves that living, visible tags are listed in byte order, after a
// name and up to a limit.
func TestTags(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		f.put(repo, "{}", noon, "b", "a", "Z", "_", "a.1", "a-1", "10", "9", "dead")
		f.put(repo, "hidden", noon)
		f.put(other, "{}", noon, "elsewhere")
		f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "dead", Now: after(1)}))
		all := []string{"10", "9", "Z", "_", "a", "a-1", "a.1", "b"}
		for _, tc := range []struct {
			after string
			limit int
			want  []string
		}{
			{"", 100, all},
			{"", 3, all[:3]},
			{"Z", 2, all[3:5]},
			{"a", 100, all[5:]},
			{"aa", 100, all[7:]},
			{"b", 100, nil},
			{"", 0, nil},
		} {
			got, err := f.Tags(f.ctx, repo, tc.after, after(1), tc.limit)
			f.must(err)
			if !slices.Equal(got, tc.want) {
				t.Errorf("after %q up to %d: got %v, want %v", tc.after, tc.limit, got, tc.want)
			}
		}
	})
}

// TestDeleteTag proves that a deleted tag is gone from that millisecond on, is
// known to have been there, and can be pushed again.
func TestDeleteTag(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.put(repo, "1", noon, "latest", "other")
		expired := func(ms int) bool {
			t.Helper()
			was, err := f.HasExpiredTag(f.ctx, repo, "latest", after(ms))
			f.must(err)
			return was
		}
		if expired(4) {
			t.Error("a living tag has expired")
		}
		f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Now: after(5)}))
		if got := f.byTag(repo, "latest", after(4)); got != "1" {
			t.Errorf("a millisecond before, the tag named %q", got)
		}
		if got := f.byTag(repo, "latest", after(5)); got != "" || !expired(5) {
			t.Errorf("the tag names %q, expired %v", got, expired(5))
		}
		if got := f.byTag(repo, "other", after(5)); got != "1" {
			t.Errorf("the other tag names %q", got)
		}
		wantKind(t, "a second time", f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Now: after(6)}), errs.NotFound)
		wantKind(t, "no such tag", f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "never", Now: after(6)}), errs.NotFound)
		f.put(repo, "2", after(5), "latest")
		if got := f.byTag(repo, "latest", after(5)); got != "2" {
			t.Errorf("pushed again, the tag names %q", got)
		}
	})
}

// TestImmutableTag proves that an immutable tag can neither be moved nor be
// deleted, with its manifest or without, and that nothing else of such a change
// happens.
func TestImmutableTag(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		id, digest := f.put(repo, "1", noon, "fixed", "free")
		f.exec(`UPDATE tag SET immutable = TRUE WHERE name = 'fixed'`)

		err := f.PutManifest(f.ctx, manifest(repo, "2", after(5), "free", "fixed"))
		wantKind(t, "move", err, errs.Conflict)
		wantKind(t, "delete the tag", f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "fixed", Now: after(5)}), errs.Conflict)
		err = f.DeleteManifest(f.ctx, domain.ManifestDeletion{Repository: repo, Manifest: id, Everything: true, Now: after(5)})
		wantKind(t, "delete the manifest", err, errs.Conflict)

		for _, tag := range []string{"fixed", "free"} {
			if got := f.byTag(repo, tag, after(5)); got != "1" {
				t.Errorf("%s names %q", tag, got)
			}
		}
		if got := f.byDigest(repo, digest, after(5)); got != "1" {
			t.Error("the manifest is not alive")
		}
		if n := value[int](f, `SELECT COUNT(*) FROM manifest`); n != 1 {
			t.Errorf("%d manifests, want 1: the refused one stayed", n)
		}
	})
}

// TestExpiringTag proves that a tag which was given an end is served until then
// and not longer.
func TestExpiringTag(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.put(repo, "1", noon, "latest")
		f.exec(`UPDATE tag SET lifetime_end_ms = $1`, millis(after(10)))
		m, err := f.ManifestByTag(f.ctx, repo, "latest", after(9))
		f.must(err)
		if !m.AliveUntil.Equal(after(10)) {
			t.Errorf("alive until %v, want %v", m.AliveUntil, after(10))
		}
		if got := f.byTag(repo, "latest", after(10)); got != "" {
			t.Error("the tag outlived its end")
		}
		// A push before the end takes its place at once.
		f.put(repo, "2", after(5), "latest")
		if got := f.byTag(repo, "latest", after(5)); got != "2" {
			t.Errorf("the tag names %q", got)
		}
	})
}
