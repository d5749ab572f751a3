package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/shastate"
)

// effect is what one change does to a table.
type effect struct {
	Added   []map[string]any `json:"added"`
	Changed []map[string]any `json:"changed"`
	Removed int              `json:"removed"`
}

// tables is a picture of the database: rows by table and id, with values as JSON has
// them.
type tables map[string]map[int64]map[string]any

// picture reads all tables with ids.
func (f *fixture) picture(names []string) tables {
	f.t.Helper()
	all := make(tables)
	for table, rows := range f.snapshot(names) {
		all[table] = make(map[int64]map[string]any)
		for id, row := range rows {
			for column, v := range row {
				switch v := v.(type) {
				case int64:
					row[column] = float64(v)
				case time.Time:
					row[column] = v.String()
				}
			}
			all[table][id] = row
		}
	}
	return all
}

// difference is what became of each table between two pictures.
func difference(before, after tables) map[string]effect {
	all := make(map[string]effect)
	for table := range after {
		var e effect
		for _, id := range slices.Sorted(maps.Keys(after[table])) {
			row, old := after[table][id], before[table][id]
			if old == nil {
				e.Added = append(e.Added, row)
				continue
			}
			set := make(map[string]any)
			for column, v := range row {
				if v != old[column] {
					set[column] = v
				}
			}
			if len(set) > 0 {
				e.Changed = append(e.Changed, set)
			}
		}
		for id := range before[table] {
			if after[table][id] == nil {
				e.Removed++
			}
		}
		if len(e.Added)+len(e.Changed)+e.Removed > 0 {
			all[table] = e
		}
	}
	return all
}

// TestEffects proves that changes write the rows that the product writes for the
// same request, in the same tables and no others: the file has what was recorded of
// it. An asterisk is any value but none.
func TestEffects(t *testing.T) {
	var names []string
	for _, table := range tableCatalog(t) {
		if table.name != "alembic_version" { // which has no ids
			names = append(names, table.name)
		}
	}
	each(t, func(t *testing.T, f *fixture) { testEffects(t, f, names) })
}

func testEffects(t *testing.T, f *fixture, names []string) {
	b, err := os.ReadFile("testdata/effects.json")
	f.must(err)
	var want map[string]map[string]effect
	f.must(json.Unmarshal(b, &want))
	seen := 0
	changes(f, func(what string, change func() error) {
		t.Helper()
		seen++
		before := f.picture(names)
		f.must(change())
		compare(t, what, difference(before, f.picture(names)), want[what])
	})
	if seen != len(want) {
		t.Errorf("%d of %d effects were looked at", seen, len(want))
	}
}

func compare(t *testing.T, what string, got, want map[string]effect) {
	t.Helper()
	if want == nil {
		t.Errorf("%s: nothing is recorded", what)
	}
	for _, table := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[table]; !ok {
			t.Errorf("%s: %s was changed: %v", what, table, got[table])
		}
	}
	for _, table := range slices.Sorted(maps.Keys(want)) {
		g, w := got[table], want[table]
		if !sameRows(g.Added, w.Added) || !sameRows(g.Changed, w.Changed) || g.Removed != w.Removed {
			t.Errorf("%s: %s:\n got %v\nwant %v", what, table, g, w)
		}
	}
}

func sameRows(got, want []map[string]any) bool {
	return slices.EqualFunc(got, want, func(g, w map[string]any) bool {
		return maps.EqualFunc(g, w, func(g, w any) bool { return g == w || w == "*" && g != nil })
	})
}

// changes makes the recorded changes in turn.
func changes(f *fixture, do func(what string, change func() error)) {
	alice, bob := f.person("alice"), f.person("bob")
	org, err := f.CreateOrganization(f.ctx, domain.NewOrganization{Name: "acme", Now: noon})
	f.must(err)
	f.team("acme", "readers", "member", bob)
	f.exec(`INSERT INTO permissionprototype (org_id, uuid, delegate_team_id, role_id)
		SELECT $1, 'a', t.id, r.id FROM team t, role r WHERE t.name = 'readers' AND r.name = 'read'`, org.ID)
	f.exec(`INSERT INTO permissionprototype (org_id, uuid, delegate_user_id, role_id)
		SELECT $1, 'b', $2, r.id FROM role r WHERE r.name = 'read'`, org.ID, bob)

	description, name := "foobar", parseName("acme/web")
	do("create a repository", func() error {
		return f.CreateRepository(f.ctx, domain.NewRepository{Name: name, Public: true, Description: &description, Creator: alice})
	})
	repo, err := f.Repository(f.ctx, name)
	f.must(err)
	spam := "casino bonus https://spam.example"
	do("change its description", func() error { return f.SetDescription(f.ctx, repo.ID, &spam) })
	do("make it private", func() error { return f.SetVisibility(f.ctx, repo.ID, false) })
	do("make it a mirror", func() error { return f.SetRepositoryState(f.ctx, repo.ID, domain.StateMirror) })
	do("make it normal", func() error { return f.SetRepositoryState(f.ctx, repo.ID, domain.StateNormal) })
	blobChanges(f, repo.ID, do)
	tagChanges(f, repo.ID, do)
	do("star it", func() error { return f.Star(f.ctx, bob, repo.ID, noon) })
	do("delete the repository", func() error {
		_, err := f.MarkRepository(f.ctx, domain.RepositoryDeletion{Repository: repo.ID, Name: name, Now: noon})
		return err
	})
}

func blobChanges(f *fixture, repo domain.RepositoryID, do func(what string, change func() error)) {
	state, err := shastate.Save(shastate.New())
	f.must(err)
	u := &domain.Upload{
		UUID: "f6c7a4d2-3c0b-4f0e-9b57-6d6a3f1c2b11", Repository: repo, Location: location, HashState: state, Created: noon,
	}
	do("begin an upload", func() error { return f.CreateUpload(f.ctx, u) })
	inflated := int64(10240)
	u.Offset, u.Chunks, u.HashState, u.Inflated = 108, 1, "later", &inflated
	do("append to it", func() error { return f.AdvanceUpload(f.ctx, u, 0) })
	c := domain.CommittedBlob{
		Repository: repo, Digest: "sha256:f1e327683204741546f96de188eec80343eec331693e05c5051f06af6eceeec1", Size: 108,
		Inflated: &inflated, Location: location, Upload: u.ID, LinkExpires: after(3600_000),
	}
	do("commit it", func() error { return f.CommitBlob(f.ctx, c) })
	c.Upload = 0
	do("commit the same blob", func() error { return f.CommitBlob(f.ctx, c) })
}

func tagChanges(f *fixture, repo domain.RepositoryID, do func(what string, change func() error)) {
	blob, err := f.Blob(f.ctx, repo, "sha256:f1e327683204741546f96de188eec80343eec331693e05c5051f06af6eceeec1")
	f.must(err)
	n := manifest(repo, "one", noon, "latest")
	n.MediaType, n.ConfigMediaType, n.LayersSize = domain.MediaTypeDockerManifest, "application/vnd.docker.container.image.v1+json", 92
	n.Blobs = []domain.BlobID{blob.ID}
	n.Labels = []domain.Label{{Key: "maintainer", Value: "someone", MediaType: domain.LabelText, Source: domain.LabelFromManifest}}
	do("push a manifest", func() error { return f.PutManifest(f.ctx, n) })
	n.Now = after(1000)
	n.AgainUntil = after(301_000)
	do("push it again", func() error { return f.PutManifest(f.ctx, n) })
	id, err := f.ManifestID(f.ctx, repo, n.Digest)
	f.must(err)
	do("move the tag back", func() error {
		return f.RetargetTag(f.ctx, domain.Retarget{
			Repository: repo, Tag: domain.NewTag{Name: "latest", Reversion: true}, Manifest: id, Now: after(2000),
		})
	})
	tag := func() *domain.Tag {
		t, err := f.Tag(f.ctx, repo, "latest", after(2000))
		f.must(err)
		return t
	}
	set := func(end time.Time) func() error {
		return func() error { return done(f.SetTagEnd(f.ctx, tag(), end)) }
	}
	flag := func(immutable bool) func() error {
		return func() error { return done(f.SetTagImmutable(f.ctx, tag(), immutable, after(2000))) }
	}
	do("let the tag expire", set(noon.Add(24*time.Hour)))
	do("let it live on", set(time.Time{}))
	do("make the tag immutable", flag(true))
	do("make it mutable", flag(false))
	do("delete the tag", func() error {
		return f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Now: after(3000)})
	})
	n.Tags, n.Now, n.AgainUntil, n.HiddenUntil = nil, after(4000), time.Time{}, after(3604_000)
	do("push by digest", func() error { return f.PutManifest(f.ctx, n) })
}

// done is the error of a change that has to happen.
func done(changed bool, err error) error {
	if err == nil && !changed {
		err = fmt.Errorf("nothing was changed")
	}
	return err
}
