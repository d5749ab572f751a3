package store

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestTagLock proves that locks have the product's numbers: only then do both
// products wait for each other.
func TestTagLock(t *testing.T) {
	for key, want := range map[int64]int64{1: 6389721433979953103, 4711: 9105559075525958967} {
		if got := domain.AdvisoryLock("retarget_tag", key); got != want {
			t.Errorf("lock of %d is %d, want %d", key, got, want)
		}
	}
}

// otherProduct moves a tag as the Python product does: under the same lock, it ends
// the living tag that it sees and begins another one.
func otherProduct(f *fixture, repo domain.RepositoryID, name string, manifest domain.ManifestID, clock func() time.Time) error {
	return f.change(f.ctx, true, func(tx *Tx) error {
		if err := tx.lock(domain.AdvisoryLock("retarget_tag", int64(repo))); err != nil {
			return err
		}
		now := clock()
		var id int64
		err := classify(tx.row(`SELECT t.id FROM tag t
			WHERE t.repository_id = $1 AND t.name = $2 AND NOT t.hidden AND (t.lifetime_end_ms IS NULL OR t.lifetime_end_ms > $3)`,
			repo, name, millis(now)).Scan(&id))
		if err == nil {
			_, err = tx.exec(moveTagEnd, id, millis(now))
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		_, err = tx.insert(insertTag, name, repo, manifest, millis(now), nil, false, false, f.enums.tagKind.byName["tag"], false)
		return err
	})
}

// TestConcurrentRetarget proves that of 32 writers of both products that move one
// tag at once, one wins: there is one living tag, and each of the others had its
// time.
func TestConcurrentRetarget(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		const writers = 32
		repo := f.repository("acme/web")
		var ids [writers]domain.ManifestID
		for i := range ids {
			ids[i], _ = f.put(repo, fmt.Sprint(i), noon)
		}
		var wg sync.WaitGroup
		var ms atomic.Int64
		clock := func() time.Time { return after(int(ms.Add(1))) }
		for i := range writers {
			wg.Go(func() {
				var err error
				switch i % 3 {
				case 0:
					err = otherProduct(f, repo, "latest", ids[i], clock)
				case 1:
					err = f.RetargetTag(f.ctx, domain.Retarget{
						Repository: repo, Tag: domain.NewTag{Name: "latest"}, Manifest: ids[i], Now: clock(),
					})
				default:
					err = f.PutManifest(f.ctx, manifest(repo, fmt.Sprint(i), clock(), "latest"))
				}
				if err != nil {
					t.Errorf("writer %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := value[int](f, `SELECT COUNT(*) FROM tag WHERE name = 'latest'`); n != writers {
			t.Errorf("%d incarnations, want %d", n, writers)
		}
		if n := value[int](f, `SELECT COUNT(*) FROM tag WHERE name = 'latest' AND lifetime_end_ms IS NULL`); n != 1 {
			t.Errorf("%d living tags, want 1", n)
		}
	})
}

// TestConcurrentDelete proves that of many that delete one tag, one does.
func TestConcurrentDelete(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.put(repo, "1", noon, "latest")
		var wg sync.WaitGroup
		outcomes := make(chan error, 16)
		for range cap(outcomes) {
			wg.Go(func() { outcomes <- f.DeleteTag(f.ctx, repo, "latest", domain.TagPolicy{}, after(1)) })
		}
		wg.Wait()
		close(outcomes)
		deleted := 0
		for err := range outcomes {
			switch {
			case err == nil:
				deleted++
			case !errs.Is(err, errs.NotFound):
				t.Error(err)
			}
		}
		if deleted != 1 {
			t.Errorf("%d deleted it", deleted)
		}
	})
}

// sign gives a digest the tags that cosign makes.
func sign(f *fixture, repo domain.RepositoryID, digest domain.Digest) []string {
	stem := strings.Replace(string(digest), ":", "-", 1)
	names := []string{stem + ".sig", stem + ".att", stem + ".sbom"}
	f.put(repo, "signatures of "+string(digest), noon, names...)
	return names
}

// TestCosign proves that what cosign hung to a digest ends with the digest's last
// tag, whether that moved or was deleted, and not before.
func TestCosign(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		id, digest := f.put(repo, "1", noon, "latest", "stable")
		names := sign(f, repo, digest)
		alive := func(when string, at int, want string) {
			t.Helper()
			for _, name := range names {
				if got := f.byTag(repo, name, after(at)); got != want {
					t.Errorf("%s: %s names %q, want %q", when, name, got, want)
				}
			}
		}
		signatures := "signatures of " + string(digest)
		f.put(repo, "1", after(1), "latest")
		alive("pushed again", 1, signatures)
		f.put(repo, "2", after(2), "latest")
		alive("one tag moved", 2, signatures)
		f.must(f.DeleteTag(f.ctx, repo, "stable", domain.TagPolicy{}, after(3)))
		alive("the last tag was deleted", 3, "")

		sign(f, repo, digest)
		f.put(repo, "1", after(4), "latest")
		f.put(repo, "3", after(5), "latest")
		alive("the last tag moved", 5, "")

		sign(f, repo, digest)
		f.put(repo, "1", after(6), "latest", "stable")
		f.must(f.DeleteManifest(f.ctx, repo, id, false, domain.TagPolicy{}, after(7)))
		alive("the manifest was deleted", 7, "")
	})
}

// TestCosignNames proves which tags are cosign's.
func TestCosignNames(t *testing.T) {
	hex := strings.Repeat("0123456789abcdef", 4)
	for name, want := range map[string]bool{
		"sha256-" + hex + ".sig": true, "sha256-" + hex + ".att": true, "sha256-" + hex + ".sbom": true,
		"sha256-" + hex: false, "sha256-" + hex + ".": false, "sha256-" + hex + ".SIG": false, "sha256-" + hex[1:] + ".sig": false,
		"sha512-" + hex + ".sig": false, "sha256-" + strings.ToUpper(hex) + ".sig": false, "": false, "latest": false,
	} {
		if got := domain.CosignTag(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

// TestDeleteTagBeside proves what goes with a deleted tag: that it was notified
// about, its pulls, and the hidden tags of what its index contained.
func TestDeleteTagBeside(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for _, keep := range []bool{false, true} {
			repo := f.repository(fmt.Sprint("acme/web", keep))
			n := manifest(repo, "child", noon)
			n.HiddenUntil = after(1000)
			f.must(f.PutManifest(f.ctx, n))
			child, err := f.ManifestID(f.ctx, repo, n.Digest)
			f.must(err)
			f.index(repo, "index", noon, "multi", child)
			f.exec(`INSERT INTO tagpullstatistics (repository_id, tag_name, tag_pull_count, last_tag_pull_date)
				VALUES ($1, 'multi', 7, '2026-01-01 00:00:00')`, repo)
			f.exec(`INSERT INTO repositorynotification (uuid, repository_id, event_id, method_id, config_json, event_config_json)
				SELECT $2, $1, MIN(e.id), MIN(m.id), '{}', '{}' FROM externalnotificationevent e, externalnotificationmethod m`, repo, fmt.Sprint(keep))
			f.exec(`INSERT INTO tagnotificationsuccess (notification_id, tag_id, method_id)
				SELECT n.id, t.id, n.method_id FROM repositorynotification n, tag t
				WHERE n.repository_id = $1 AND t.repository_id = $1 AND t.name = 'multi'`, repo)

			p := domain.TagPolicy{KeepChildren: keep, PullStatistics: !keep}
			f.must(f.DeleteTag(f.ctx, repo, "multi", p, after(5)))
			if alive := f.byDigest(repo, n.Digest, after(6)) != ""; alive != keep {
				t.Errorf("keep %v: the child is alive: %v", keep, alive)
			}
			if pulls := value[int](f, `SELECT COUNT(*) FROM tagpullstatistics WHERE repository_id = $1`, repo); (pulls == 1) != keep {
				t.Errorf("keep %v: %d rows of pulls", keep, pulls)
			}
		}
		if n := value[int](f, `SELECT COUNT(*) FROM tagnotificationsuccess`); n != 0 {
			t.Errorf("%d notifications of tags that ended", n)
		}
	})
}

// TestDeleteManifestVisible proves that the product's way of deleting leaves a
// hidden tag and the index around.
func TestDeleteManifestVisible(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		n := manifest(repo, "1", noon)
		n.HiddenUntil = after(100)
		f.must(f.PutManifest(f.ctx, n))
		id, digest := f.put(repo, "1", after(1), "a", "b")
		f.must(f.DeleteManifest(f.ctx, repo, id, false, domain.TagPolicy{}, after(2)))
		if got := f.byTag(repo, "a", after(2)) + f.byTag(repo, "b", after(2)); got != "" {
			t.Error("a tag is alive")
		}
		if got := f.byDigest(repo, digest, after(50)); got != "1" {
			t.Error("the hidden tag went, too")
		}
	})
}

// TestRetargetTerms proves that a new tag gets its lifetime, its flag and that it
// goes back, and that an immutable tag has an end only where it may.
func TestRetargetTerms(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		id, _ := f.put(repo, "1", noon)
		for i, tc := range []struct {
			tag    domain.NewTag
			policy domain.TagPolicy
			end    time.Time
		}{
			{domain.NewTag{}, domain.TagPolicy{}, time.Time{}},
			{domain.NewTag{Seconds: 1}, domain.TagPolicy{}, after(1000)},
			{domain.NewTag{Seconds: -60}, domain.TagPolicy{}, noon.Add(-time.Minute)},
			{domain.NewTag{Seconds: 999_999_999 * 24 * 3600}, domain.TagPolicy{}, noon.AddDate(0, 0, 999_999_999)},
			{domain.NewTag{Reversion: true}, domain.TagPolicy{}, time.Time{}},
			{domain.NewTag{Immutable: true, Seconds: 1}, domain.TagPolicy{}, time.Time{}},
			{domain.NewTag{Immutable: true, Seconds: 1}, domain.TagPolicy{ImmutableExpires: true}, after(1000)},
		} {
			tc.tag.Name = fmt.Sprint("t", i)
			f.must(f.RetargetTag(f.ctx, domain.Retarget{Repository: repo, Tag: tc.tag, Manifest: id, Policy: tc.policy, Now: noon}))
			got, err := f.Tag(f.ctx, repo, tc.tag.Name, noon.Add(-time.Hour))
			f.must(err)
			if !got.End.Equal(tc.end) || got.Immutable != tc.tag.Immutable || got.Reversion != tc.tag.Reversion || !got.Start.Equal(noon) {
				t.Errorf("%+v: got %+v", tc.tag, got)
			}
		}
		over := domain.Retarget{Repository: repo, Tag: domain.NewTag{Name: "t5"}, Manifest: id, Now: after(1)}
		wantKind(t, "an immutable tag", f.RetargetTag(f.ctx, over), errs.Conflict)
		over.Policy.IgnoreImmutable = true
		f.must(f.RetargetTag(f.ctx, over))
		other := f.repository("acme/other")
		over.Repository = other
		wantKind(t, "a manifest of another repository", f.RetargetTag(f.ctx, over), errs.NotFound)
	})
}
