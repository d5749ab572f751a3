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

// history makes a repository whose tags moved around, and returns all of its
// incarnations as name@start, the latest first.
func history(f *fixture) (repo domain.RepositoryID, all []string) {
	repo = f.repository("acme/web")
	for i := range 6 {
		f.put(repo, fmt.Sprint(i), after(10*i), "Latest", fmt.Sprint("v1.", i), "100%")
	}
	f.put(repo, "hidden", noon)
	f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "v1.0", Now: after(60)}))
	for i := 5; i >= 0; i-- {
		names := []string{"100%", "Latest", fmt.Sprint("v1.", i)}
		slices.Sort(names)
		for _, name := range names {
			all = append(all, fmt.Sprintf("%s@%d", name, 10*i))
		}
	}
	return repo, all
}

func incarnations(tags []domain.Tag) (list []string) {
	for _, t := range tags {
		list = append(list, fmt.Sprintf("%s@%d", t.Name, t.Start.Sub(noon).Milliseconds()))
	}
	return list
}

// only keeps what a filter accepts.
func only(all []string, keep func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !keep(s) })
}

// TestTagHistory proves which incarnations each filter finds, in which order.
func TestTagHistory(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, all := history(f)
		alive := only(all, func(s string) bool {
			return strings.HasSuffix(s, "@50") || strings.HasPrefix(s, "v1.") && s != "v1.0@0"
		})
		for _, tc := range []struct {
			what string
			q    domain.TagQuery
			want []string
		}{
			{"all", domain.TagQuery{}, all},
			{"alive", domain.TagQuery{OnlyAlive: true}, alive},
			{"of a name", domain.TagQuery{Name: "Latest"}, only(all, func(s string) bool { return strings.HasPrefix(s, "Latest") })},
			{"alive of a name", domain.TagQuery{Name: "Latest", OnlyAlive: true}, []string{"Latest@50"}},
			{"of no name", domain.TagQuery{Name: "latest"}, nil},
			{"with a part", domain.TagQuery{Contains: "1.", OnlyAlive: true}, only(alive, func(s string) bool { return strings.HasPrefix(s, "v1.") })},
			{"with a part in another case", domain.TagQuery{Contains: "LATE"}, only(all, func(s string) bool { return strings.HasPrefix(s, "Latest") })},
			{"with a character that means something", domain.TagQuery{Contains: "0%", OnlyAlive: true}, []string{"100%@50"}},
			{"with another one", domain.TagQuery{Contains: "v1_"}, nil},
			{"with a mark", domain.TagQuery{Contains: "!"}, nil},
			{"that changed since", domain.TagQuery{Since: after(50)}, []string{"v1.0@0"}},
		} {
			tc.q.Repository, tc.q.Limit, tc.q.At = repo, 100, after(60)
			got, err := f.TagHistory(f.ctx, tc.q)
			f.must(err)
			if !slices.Equal(incarnations(got), tc.want) {
				t.Errorf("%s: got %v, want %v", tc.what, incarnations(got), tc.want)
			}
		}
	})
}

// TestTagHistoryPages proves that pages of any size, by the last one or by numbers,
// join to the whole.
func TestTagHistoryPages(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, all := history(f)
		for size := 1; size <= len(all)+1; size++ {
			var byLast, byNumber []string
			q := domain.TagQuery{Repository: repo, Limit: size, At: after(60)}
			for {
				page, err := f.TagHistory(f.ctx, q)
				f.must(err)
				if len(page) == 0 {
					break
				}
				byLast = append(byLast, incarnations(page)...)
				q.After = &page[len(page)-1]
			}
			q.After = nil
			for ; q.Skip <= len(all); q.Skip += size {
				page, err := f.TagHistory(f.ctx, q)
				f.must(err)
				byNumber = append(byNumber, incarnations(page)...)
			}
			if !slices.Equal(byLast, all) || !slices.Equal(byNumber, all) {
				t.Fatalf("pages of %d join to %v and %v", size, byLast, byNumber)
			}
		}
	})
}

// TestTag proves what is told of a tag and its manifest.
func TestTag(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		n := manifest(repo, "1", noon, "a", "b")
		n.ConfigMediaType, n.LayersSize = "application/x-config", 12
		f.must(f.PutManifest(f.ctx, n))
		got, err := f.Tag(f.ctx, repo, "b", noon)
		f.must(err)
		want := domain.Tag{
			ID: got.ID, Repository: repo, Name: "b", Start: got.Start, Manifest: domain.TaggedManifest{
				ID: got.Manifest.ID, Digest: n.Digest, MediaType: n.MediaType, ConfigMediaType: "application/x-config", LayersSize: 12,
			},
		}
		if *got != want || got.ID == 0 || got.Manifest.ID == 0 || !got.Start.Equal(noon) {
			t.Errorf("got %+v", got)
		}
		_, err = f.Tag(f.ctx, repo, "c", noon)
		wantKind(t, "no such tag", err, errs.NotFound)

		names, err := f.TagsOfManifest(f.ctx, got.Manifest.ID, noon, 10)
		f.must(err)
		if !slices.Equal(names, []string{"a", "b"}) {
			t.Errorf("tags of the manifest: %v", names)
		}
		f.put(repo, "2", after(1), "b", "c")
		count, err := f.CountTags(f.ctx, repo, after(1))
		f.must(err)
		last, err := f.LastTagged(f.ctx, repo, after(1))
		f.must(err)
		if count != 3 || !last.Equal(after(1)) {
			t.Errorf("%d tags, the last of %v", count, last)
		}
		if last, err := f.LastTagged(f.ctx, f.repository("acme/empty"), noon); err != nil || !last.IsZero() {
			t.Errorf("the last tag of none: %v, %v", last, err)
		}
	})
}

// TestSetTagEnd proves that a tag's end changes only while it is what the caller
// saw.
func TestSetTagEnd(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.put(repo, "1", noon, "latest")
		tag, err := f.Tag(f.ctx, repo, "latest", noon)
		f.must(err)
		for i, end := range []time.Time{after(1000), after(2000), {}} {
			changed, err := f.SetTagEnd(f.ctx, tag, end)
			f.must(err)
			if stale := i > 0; changed == stale {
				t.Errorf("change %d: %v", i, changed)
			}
		}
		if tag, err = f.Tag(f.ctx, repo, "latest", noon); err != nil || !tag.End.Equal(after(1000)) {
			t.Errorf("got %+v, %v", tag, err)
		}
		changed, err := f.SetTagEnd(f.ctx, tag, time.Time{})
		if f.must(err); !changed {
			t.Error("the end was not taken away")
		}
	})
}

// TestTagChangesMeet proves that of two people who change a tag at once, one its end
// and the other its flag, the later one is told: an immutable tag gets no end.
func TestTagChangesMeet(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.put(repo, "1", noon, "flagged", "ends")
		seen := func(name string) *domain.Tag {
			tag, err := f.Tag(f.ctx, repo, name, noon)
			f.must(err)
			return tag
		}
		first, second := seen("flagged"), seen("ends")
		changed, err := f.SetTagImmutable(f.ctx, first, true, noon)
		if f.must(err); !changed {
			t.Error("the flag was not set")
		}
		changed, err = f.SetTagEnd(f.ctx, first, after(1000))
		if f.must(err); changed {
			t.Error("an immutable tag got an end")
		}
		changed, err = f.SetTagEnd(f.ctx, second, after(1000))
		if f.must(err); !changed {
			t.Error("the end was not set")
		}
		changed, err = f.SetTagImmutable(f.ctx, second, true, noon)
		if f.must(err); changed {
			t.Error("a tag with an end became immutable")
		}
	})
}

// TestPurgeTag proves that a purged tag is out of what can be restored, living or
// ended, and that immutable ones stay.
func TestPurgeTag(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.exec(`UPDATE "user" SET removed_tag_expiration_s = 3600`)
		id, _ := f.put(repo, "1", noon, "latest", "fixed")
		f.put(repo, "2", after(1), "latest")
		f.put(repo, "1", after(2), "latest")
		f.put(repo, "2", after(3), "latest")
		f.exec(`UPDATE tag SET immutable = TRUE WHERE name = 'fixed'`)
		restorable := func() int {
			return value[int](f, `SELECT COUNT(*) FROM tag WHERE name = 'latest' AND (lifetime_end_ms IS NULL OR lifetime_end_ms > $1)`,
				millis(after(10))-3600_000)
		}
		purge := func(p domain.TagPurge) bool {
			t.Helper()
			p.Repository, p.Now = repo, after(10)
			purged, err := f.PurgeTag(f.ctx, p)
			f.must(err)
			return purged
		}
		if !purge(domain.TagPurge{Name: "latest", Manifest: id}) || restorable() != 2 {
			t.Errorf("after ended ones were purged %d can be restored, want 2", restorable())
		}
		if !purge(domain.TagPurge{Name: "latest", Alive: true}) || restorable() != 1 || f.byTag(repo, "latest", after(10)) != "" {
			t.Errorf("after the living one was purged %d can be restored, want 1", restorable())
		}
		for what, p := range map[string]domain.TagPurge{
			"twice": {Name: "latest", Alive: true}, "an immutable one": {Name: "fixed", Alive: true}, "none": {Name: "none", Manifest: id},
		} {
			if purge(p) {
				t.Errorf("%s was purged", what)
			}
		}
	})
}
