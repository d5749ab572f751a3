package store

import (
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestRepositoryDetails proves that a repository tells what it was made with.
func TestRepositoryDetails(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		text := "# Title"
		id := f.create(domain.NewRepository{
			Name: parseName("acme/chart"), Kind: domain.KindApplication, Description: &text, State: domain.StateReadOnly,
			MakeNamespace: true, LockNamespace: true,
		})
		f.must(f.SetTrust(f.ctx, id, true))
		f.exec(`UPDATE "user" SET removed_tag_expiration_s = 60`)
		got, err := f.RepositoryDetails(f.ctx, id)
		f.must(err)
		if got.ID != id || got.Name != parseName("acme/chart") || got.Kind != domain.KindApplication || *got.Description != text ||
			got.State != domain.StateReadOnly || got.Public || !got.Trust || len(got.BadgeToken) != 36 || got.Namespace == 0 ||
			!got.NamespaceIsOrganization || !got.NamespaceEnabled || got.TimeMachine != time.Minute {
			t.Errorf("got %+v", got)
		}
		f.must(f.SetDescription(f.ctx, id, nil))
		if got, err := f.RepositoryDetails(f.ctx, id); err != nil || got.Description != nil {
			t.Errorf("got %+v, %v", got, err)
		}
		_, err = f.RepositoryDetails(f.ctx, id+1)
		wantKind(t, "no such repository", err, errs.NotFound)
		err = f.CreateRepository(f.ctx, domain.NewRepository{Name: parseName("acme/x"), Kind: "x"})
		wantKind(t, "no such kind", err, errs.Invalid)
	})
}

// TestCreatorRole proves which role a repository's creator gets, and who else gets
// one with him.
func TestCreatorRole(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice, bob := f.person("alice"), f.person("bob")
		f.repository("acme/other")
		org, err := f.User(f.ctx, "acme")
		f.must(err)
		f.exec(`INSERT INTO permissionprototype (org_id, uuid, delegate_user_id, role_id)
			SELECT $1, 'b', $2, r.id FROM role r WHERE r.name = 'write'`, org.ID, bob)
		for name, tc := range map[string]struct {
			n          domain.NewRepository
			alice, bob domain.Permission
		}{
			"acme/made":     {domain.NewRepository{Creator: alice}, domain.PermissionAdmin, domain.PermissionWrite},
			"acme/cached":   {domain.NewRepository{Creator: alice, CreatorReads: true}, domain.PermissionRead, domain.PermissionWrite},
			"acme/nobody":   {domain.NewRepository{}, domain.PermissionNone, domain.PermissionNone},
			"acme/byitself": {domain.NewRepository{Creator: org.ID}, domain.PermissionNone, domain.PermissionNone},
			"alice/own":     {domain.NewRepository{Creator: alice}, domain.PermissionAdmin, domain.PermissionNone},
		} {
			tc.n.Name = parseName(name)
			id := f.create(tc.n)
			role := func(u domain.UserID) (rank domain.Permission) {
				return domain.Permission(value[int](f, `SELECT COALESCE(MAX(CASE r.name WHEN 'admin' THEN 3 WHEN 'write' THEN 2 ELSE 1 END), 0)
					FROM repositorypermission p JOIN role r ON r.id = p.role_id WHERE p.repository_id = $1 AND p.user_id = $2`, id, u))
			}
			if role(alice) != tc.alice || role(bob) != tc.bob {
				t.Errorf("%s: roles %v and %v, want %v and %v", name, role(alice), role(bob), tc.alice, tc.bob)
			}
		}
	})
}

// TestMarkRepository proves that a marked repository is gone by its name, which is
// free again, that it does not change any more and is marked once.
func TestMarkRepository(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice := f.person("alice")
		id := f.repository("acme/web")
		f.must(f.Star(f.ctx, alice, id, noon))
		d := domain.RepositoryDeletion{Repository: id, Name: parseName("acme/web"), Suffix: "7", Delay: time.Hour, Now: noon}
		marker, err := f.MarkRepository(f.ctx, d)
		f.must(err)
		_, err = f.Repository(f.ctx, d.Name)
		wantKind(t, "by its name", err, errs.NotFound)
		if got, err := f.RepositoryDetails(f.ctx, id); err != nil || got.State != domain.StateMarkedForDeletion ||
			len(got.Name.Repository) != 38 || got.Name.Repository[36:] != "_7" {
			t.Errorf("got %+v, %v", got, err)
		}
		if n, err := f.Stars(f.ctx, id); err != nil || n != 0 {
			t.Errorf("%d stars, %v", n, err)
		}
		queued := value[int](f, `SELECT COUNT(*) FROM queueitem q JOIN deletedrepository d ON d.queue_id = CAST(q.id AS text)
			WHERE d.id = $1 AND d.repository_id = $2 AND q.available_after = $3`, marker, id, noon.Add(time.Hour))
		if queued != 1 {
			t.Errorf("%d items in the queue, want 1", queued)
		}
		_, err = f.MarkRepository(f.ctx, d)
		wantKind(t, "a second time", err, errs.NotFound)
		wantKind(t, "a change", f.SetVisibility(f.ctx, id, false), errs.NotFound)
		wantKind(t, "back", f.SetRepositoryState(f.ctx, id, domain.StateNormal), errs.NotFound)
		if n := value[int](f, `SELECT COUNT(*) FROM queueitem`); n != 1 {
			t.Errorf("%d items in the queue, want 1", n)
		}
		f.repository("acme/web")
	})
}

// TestStars proves that a repository has a user's star once, and who starred what.
func TestStars(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice, bob := f.person("alice"), f.person("bob")
		one, two, chart := f.repository("acme/one"), f.repository("acme/two"),
			f.create(domain.NewRepository{Name: parseName("acme/chart"), Kind: domain.KindApplication, MakeNamespace: true})
		for _, id := range []domain.RepositoryID{one, two, chart, one} {
			f.must(f.Star(f.ctx, alice, id, noon))
		}
		f.must(f.Star(f.ctx, bob, one, noon))
		if n, err := f.Stars(f.ctx, one); err != nil || n != 2 {
			t.Errorf("%d stars, %v", n, err)
		}
		list := func(after domain.RepositoryID, limit int) (ids []domain.RepositoryID) {
			page, err := f.StarredRepositories(f.ctx, alice, domain.KindImage, after, limit)
			f.must(err)
			for _, r := range page {
				ids = append(ids, r.ID)
			}
			return ids
		}
		if got := list(0, 10); !slices.Equal(got, []domain.RepositoryID{one, two}) {
			t.Errorf("starred: %v", got)
		}
		if got := append(list(0, 1), list(one, 1)...); !slices.Equal(got, []domain.RepositoryID{one, two}) {
			t.Errorf("in pages: %v", got)
		}
		f.must(f.Unstar(f.ctx, alice, one))
		f.must(f.Unstar(f.ctx, alice, one))
		for id, want := range map[domain.RepositoryID]bool{one: false, two: true} {
			if has, err := f.Starred(f.ctx, alice, id); err != nil || has != want {
				t.Errorf("starred %d: %v, %v", id, has, err)
			}
		}
		org, err := f.User(f.ctx, "acme")
		f.must(err)
		all, err := f.NamespaceRepositories(f.ctx, org.ID, domain.KindImage, 0, 10)
		f.must(err)
		if len(all) != 2 || all[0].ID != one || all[0].Name != parseName("acme/one") || !all[0].Public || all[0].Kind != domain.KindImage {
			t.Errorf("of the namespace: %+v", all)
		}
	})
}

// TestOrganizationMirrored proves which namespaces are mirrored as a whole.
func TestOrganizationMirrored(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		robot := f.person("robot")
		f.repository("acme/web")
		f.exec(`INSERT INTO orgmirrorconfig (organization_id, creation_date, external_registry_type, external_registry_url, external_namespace,
				external_registry_config, internal_robot_id, repository_filters, visibility_id, sync_interval)
			SELECT u.id, '2026-01-01 00:00:00', 1, '', '', '{}', $1, '[]', v.id, 60 FROM "user" u, visibility v
			WHERE u.username = 'acme' AND v.name = 'public'`, robot)
		for name, want := range map[string]bool{"acme": true, "robot": false, "none": false} {
			if got, err := f.OrganizationMirrored(f.ctx, name); err != nil || got != want {
				t.Errorf("%s is mirrored: %v, %v", name, got, err)
			}
		}
	})
}

// TestFindManifest proves what each way of asking finds, and what an index and an
// image tell of what they contain.
func TestFindManifest(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		_, dead := f.put(repo, "dead", noon, "gone")
		f.must(f.DeleteTag(f.ctx, repo, "gone", domain.TagPolicy{}, after(1)))
		hiddenID, hidden := f.put(repo, "hidden", noon)
		_, named := f.put(repo, "named", noon, "latest")
		blob := f.blob(repo, "layer")
		n := manifest(repo, "child", noon)
		n.HiddenUntil, n.Blobs, n.LayersSize = after(1), []domain.BlobID{blob.ID}, 5
		f.must(f.PutManifest(f.ctx, n))
		childID, err := f.ManifestID(f.ctx, repo, n.Digest)
		f.must(err)
		index, _ := f.index(repo, "index", noon, "multi", hiddenID, childID)
		for _, tc := range []struct {
			digest       domain.Digest
			dead, hidden bool
			want         bool
		}{
			{dead, false, true, false},
			{dead, true, false, true},
			{hidden, false, false, true},
			{named, false, false, true},
			{n.Digest, false, false, true},
			{domain.SHA256.Of([]byte("no")), true, true, false},
		} {
			got, err := f.FindManifest(f.ctx, domain.ManifestQuery{Repository: repo, Digest: tc.digest, Dead: tc.dead, Hidden: tc.hidden, At: after(5)})
			if (err == nil) != tc.want || tc.want && got.Digest != tc.digest {
				t.Errorf("%+v: got %+v, %v", tc, got, err)
			}
		}
		f.must(f.DeleteTag(f.ctx, repo, "multi", domain.TagPolicy{KeepChildren: true}, after(6)))
		for _, seen := range []bool{false, true} {
			_, err := f.FindManifest(f.ctx, domain.ManifestQuery{Repository: repo, Digest: hidden, Hidden: seen, At: after(7)})
			if (err == nil) != seen {
				t.Errorf("one that only a hidden tag keeps, looking at those %v: %v", seen, err)
			}
		}
		children, err := f.Children(f.ctx, index, 0, 10)
		f.must(err)
		if len(children) != 2 || children[0].ID != hiddenID || children[1].ID != childID || children[1].LayersSize != 5 || !children[1].Present {
			t.Errorf("children: %+v", children)
		}
		blobs, err := f.BlobsOfManifest(f.ctx, childID, 0, 10)
		f.must(err)
		if len(blobs) != 1 || blobs[0].Digest != blob.Digest || blobs[0].Path != blob.Path || blobs[0].Size != 5 {
			t.Errorf("blobs: %+v", blobs)
		}
		m, err := f.StoredManifest(f.ctx, repo, childID)
		f.must(err)
		if string(m.Bytes) != "child" || m.Digest != n.Digest {
			t.Errorf("got %+v", m)
		}
		_, err = f.StoredManifest(f.ctx, repo+1, childID)
		wantKind(t, "in another repository", err, errs.NotFound)
	})
}

// TestImmutabilityPolicies proves that a repository's policies come before those of
// its namespace, and that others' do not count.
func TestImmutabilityPolicies(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		f.exec(`INSERT INTO namespaceimmutabilitypolicy (uuid, namespace_id, policy)
			SELECT 'n', u.id, '{"tag_pattern": "a"}' FROM "user" u WHERE u.username = 'acme'`)
		f.exec(`INSERT INTO repositoryimmutabilitypolicy (uuid, repository_id, namespace_id, policy)
			SELECT 'r', $1, u.id, '{"tag_pattern": "b", "tag_pattern_matches": false}' FROM "user" u WHERE u.username = 'acme'`, repo)
		namespace := domain.ImmutabilityPolicy{UUID: "n", Pattern: "a", Matching: true}
		for id, want := range map[domain.RepositoryID][]domain.ImmutabilityPolicy{
			repo: {{UUID: "r", Pattern: "b"}, namespace}, other: {namespace},
		} {
			if got, err := f.ImmutabilityPolicies(f.ctx, id); err != nil || !slices.Equal(got, want) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		}
	})
}

// TestQuotaTotals proves that a new manifest makes sums unknown that were known, and
// that one which is there, or whose pusher counts, does not.
func TestQuotaTotals(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.exec(`INSERT INTO quotarepositorysize (repository_id, size_bytes, backfill_start_ms, backfill_complete) VALUES ($1, 7, 1, TRUE)`, repo)
		f.exec(`INSERT INTO quotanamespacesize (namespace_user_id, size_bytes, backfill_start_ms, backfill_complete)
			SELECT id, 7, 1, TRUE FROM "user" WHERE username = 'acme'`)
		known := func() int {
			return value[int](f, `SELECT (SELECT COUNT(*) FROM quotarepositorysize WHERE backfill_complete AND size_bytes = 7)
				+ (SELECT COUNT(*) FROM quotanamespacesize WHERE backfill_complete AND size_bytes = 7)`)
		}
		n := manifest(repo, "1", noon, "latest")
		n.Ledger = domain.LedgerKeep
		f.must(f.PutManifest(f.ctx, n))
		n.Ledger = domain.LedgerForget
		f.must(f.PutManifest(f.ctx, n))
		if known() != 2 {
			t.Errorf("%d sums are known, want 2", known())
		}
		f.put(repo, "2", noon, "latest")
		if known() != 0 {
			t.Errorf("%d sums are known, want none", known())
		}
	})
}

// TestSharedBlob proves that content which belongs to everybody is found whoever
// pushed it, if it has bytes somewhere.
func TestSharedBlob(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		digest := domain.SHA256.Of([]byte("x"))
		_, err := f.SharedBlob(f.ctx, digest)
		wantKind(t, "before it is there", err, errs.NotFound)
		blob := f.blob(f.repository("acme/web"), "x")
		got, err := f.SharedBlob(f.ctx, digest)
		f.must(err)
		if got.ID != blob.ID || !slices.Equal(got.Locations, []string{location}) {
			t.Errorf("got %+v", got)
		}
		f.exec(`DELETE FROM imagestorageplacement`)
		_, err = f.SharedBlob(f.ctx, digest)
		wantKind(t, "without bytes", err, errs.NotFound)
	})
}
