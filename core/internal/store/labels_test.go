package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

func apiLabel(key, value string) domain.Label {
	return domain.Label{UUID: "uuid of " + key + value, Key: key, Value: value, MediaType: domain.LabelText, Source: domain.LabelFromAPI}
}

// TestLabels proves that labels come back as they were put, in their order, and
// that only those of the API go.
func TestLabels(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		n := manifest(repo, "1", noon, "latest")
		n.Labels = []domain.Label{
			{UUID: "m", Key: "maintainer", Value: "someone", MediaType: domain.LabelText, Source: domain.LabelFromManifest},
		}
		f.must(f.PutManifest(f.ctx, n))
		f.must(f.PutManifest(f.ctx, n)) // again brings no labels again
		id, err := f.ManifestID(f.ctx, repo, n.Digest)
		f.must(err)
		all := []string{"m"}
		for _, l := range []domain.Label{apiLabel("key", "a"), apiLabel("key_", "b"), apiLabel("kez", "c")} {
			f.must(f.AddLabel(f.ctx, domain.NewLabel{Manifest: id, Label: l, Now: noon}))
			all = append(all, l.UUID)
		}
		for _, tc := range []struct {
			prefix, after string
			limit         int
			want          []string
		}{
			{"", "", 10, all}, {"key", "", 10, all[1:3]}, {"key_", "", 10, all[2:3]}, {"", all[1], 1, all[2:3]}, {"x", "", 10, nil},
		} {
			list, err := f.Labels(f.ctx, id, tc.prefix, tc.after, tc.limit)
			f.must(err)
			var got []string
			for _, l := range list {
				got = append(got, l.UUID)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("prefix %q after %q: got %v, want %v", tc.prefix, tc.after, got, tc.want)
			}
		}
		got, err := f.Label(f.ctx, id, all[1])
		f.must(err)
		if *got != apiLabel("key", "a") {
			t.Errorf("got %+v", got)
		}
		other, _ := f.put(repo, "2", noon)
		_, err = f.Label(f.ctx, other, all[1])
		wantKind(t, "of another manifest", err, errs.NotFound)
		_, err = f.DeleteLabel(f.ctx, other, all[1])
		wantKind(t, "delete from another manifest", err, errs.NotFound)
		_, err = f.DeleteLabel(f.ctx, id, "m")
		wantKind(t, "delete the manifest's own", err, errs.Conflict)
		gone, err := f.DeleteLabel(f.ctx, id, all[1])
		if f.must(err); *gone != apiLabel("key", "a") {
			t.Errorf("deleted %+v", gone)
		}
		if n := value[int](f, `SELECT COUNT(*) FROM label l LEFT JOIN manifestlabel m ON m.label_id = l.id`); n != 3 {
			t.Errorf("%d labels are left, want 3", n)
		}
		wantKind(t, "an unknown media type", f.AddLabel(f.ctx, domain.NewLabel{Manifest: id, Label: domain.Label{Key: "k", MediaType: "text/x", Source: domain.LabelFromAPI}}), errs.Invalid)
		wantKind(t, "an unknown manifest", f.AddLabel(f.ctx, domain.NewLabel{Manifest: 4711, Label: apiLabel("z", "z")}), errs.NotFound)
	})
}

// TestLabelOfTags proves what a label does to the tags of its manifest: they end
// some time after they began, or become immutable and lose their end where
// immutable tags may have none.
func TestLabelOfTags(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		hour, none, millennium := int64(3600), int64(0), int64(1000*365*24*3600)
		for i, tc := range []struct {
			label     domain.NewLabel
			immutable bool
			end       time.Time
		}{
			{domain.NewLabel{}, false, time.Time{}},
			{domain.NewLabel{Expires: &hour}, false, noon.Add(time.Hour)},
			{domain.NewLabel{Expires: &millennium}, false, noon.AddDate(0, 0, 365*1000)},
			{domain.NewLabel{Expires: &none}, false, noon},
			{domain.NewLabel{Immutable: true}, true, time.Time{}},
			{domain.NewLabel{Immutable: true, Expires: &hour}, true, time.Time{}},
			{domain.NewLabel{Immutable: true, Expires: &hour, Policy: domain.TagPolicy{ImmutableExpires: true}}, true, noon.Add(time.Hour)},
		} {
			name := fmt.Sprint("t", i)
			tc.label.Manifest, _ = f.put(repo, name, noon, name)
			tc.label.Label, tc.label.Now = apiLabel(name, ""), noon
			f.must(f.AddLabel(f.ctx, tc.label))
			tags, err := f.TagHistory(f.ctx, domain.TagQuery{Repository: repo, Name: name, Limit: 10, At: noon})
			f.must(err)
			if len(tags) != 1 || tags[0].Immutable != tc.immutable || !tags[0].End.Equal(tc.end) {
				t.Errorf("case %d: got %+v", i, tags)
			}
		}
		// A tag that is immutable already gets no end.
		id, _ := f.put(repo, "fixed", noon, "fixed")
		f.exec(`UPDATE tag SET immutable = TRUE WHERE name = 'fixed'`)
		f.must(f.AddLabel(f.ctx, domain.NewLabel{Manifest: id, Label: apiLabel("x", ""), Expires: &hour, Now: noon}))
		if tag, err := f.Tag(f.ctx, repo, "fixed", noon); err != nil || !tag.End.IsZero() {
			t.Errorf("got %+v, %v", tag, err)
		}
	})
}

// TestChildLabels proves that the labels of each manifest of an index are told,
// also of those that have none.
func TestChildLabels(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		one, _ := f.put(repo, "1", noon)
		two, _ := f.put(repo, "2", noon)
		f.must(f.AddLabel(f.ctx, domain.NewLabel{Manifest: one, Label: apiLabel("a", "1"), Now: noon}))
		f.must(f.AddLabel(f.ctx, domain.NewLabel{Manifest: one, Label: apiLabel("b", "2"), Now: noon}))
		index, _ := f.index(repo, "index", noon, "multi", one, two)
		got, err := f.ChildLabels(f.ctx, index)
		f.must(err)
		if len(got) != 2 || len(got[0]) != 2 || got[0]["a"] != "1" || got[0]["b"] != "2" || len(got[1]) != 0 {
			t.Errorf("got %v", got)
		}
	})
}
