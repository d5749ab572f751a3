package store

import (
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestCreateRepository proves that a repository comes back as it was made, with
// the rows that the product makes beside it, and only once.
func TestCreateRepository(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice := f.person("alice")
		n := domain.NewRepository{Name: parseName("alice/deep/name"), Creator: alice}
		id := f.create(n)

		got, err := f.Repository(f.ctx, n.Name)
		f.must(err)
		want := domain.Repository{
			ID: id, Name: n.Name, Kind: "image", State: domain.StateNormal, Namespace: alice, NamespaceEnabled: true, Free: true,
		}
		if *got != want {
			t.Errorf("got %+v, want %+v", *got, want)
		}
		yesterday := time.Now().AddDate(0, 0, -1).Format(time.DateOnly)
		for _, beside := range []struct {
			what string
			q    statement
		}{
			{"action count", `SELECT COUNT(*) FROM repositoryactioncount WHERE repository_id = $1 AND count = 0 AND date = '` + statement(yesterday) + `'`},
			{"search score", `SELECT COUNT(*) FROM repositorysearchscore WHERE repository_id = $1 AND score = 0`},
			{"permission", `SELECT COUNT(*) FROM repositorypermission p JOIN role r ON r.id = p.role_id
			WHERE p.repository_id = $1 AND r.name = 'admin' AND p.team_id IS NULL`},
			{"badge token", `SELECT COUNT(*) FROM repository WHERE id = $1 AND length(badge_token) = 36`},
		} {
			if rows := value[int](f, beside.q, id); rows != 1 {
				t.Errorf("%s: %d rows, want 1", beside.what, rows)
			}
		}
		wantKind(t, "the second time", f.CreateRepository(f.ctx, n), errs.Exists)
		if rows := value[int](f, `SELECT COUNT(*) FROM repositorysearchscore`); rows != 1 {
			t.Errorf("the second time left rows behind: %d", rows)
		}
	})
}

// TestCreateNamespace proves that a namespace is made only on request, as an
// organisation whose owners team has the creator, and not under a name that was
// deleted before.
func TestCreateNamespace(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice := f.person("alice")
		n := domain.NewRepository{Name: parseName("acme/web"), Public: true, Creator: alice}
		wantKind(t, "without its namespace", f.CreateRepository(f.ctx, n), errs.NotFound)

		n.MakeNamespace = true
		f.create(n)
		org, err := f.User(f.ctx, "acme")
		f.must(err)
		if !org.Organization || org.Robot || !org.Enabled || org.UUID == "" || org.PasswordHash != "" {
			t.Errorf("the organisation is %+v", org)
		}
		access, err := f.OrganizationAccess(f.ctx, alice, "acme")
		f.must(err)
		if access.TeamRole != domain.TeamAdmin {
			t.Errorf("the creator's team role is %v", access.TeamRole)
		}
		// The namespace is there now: another repository joins it.
		f.create(domain.NewRepository{Name: parseName("acme/api"), MakeNamespace: true})

		f.exec(`INSERT INTO deletednamespace (namespace_id, marked, original_username, original_email)
		VALUES ($1, '2026-01-01 00:00:00', 'gone', '')`, org.ID)
		n.Name = parseName("gone/web")
		wantKind(t, "a deleted name", f.CreateRepository(f.ctx, n), errs.Denied)
		if exists, err := f.NamespaceExists(f.ctx, "gone"); err != nil || exists {
			t.Errorf("a deleted name exists: %v %v", exists, err)
		}
		if exists, err := f.NamespaceExists(f.ctx, "acme"); err != nil || !exists {
			t.Errorf("the organisation does not exist: %v %v", exists, err)
		}
	})
}

// TestRepositoryFlags proves that visibility, kind, state and the namespace's
// being enabled are read from their rows.
func TestRepositoryFlags(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.repository("acme/web")
		f.exec(`UPDATE repository SET state = 3, kind_id = (SELECT id FROM repositorykind WHERE name = 'application') WHERE id = $1`, id)
		f.exec(`UPDATE "user" SET enabled = FALSE WHERE username = 'acme'`)
		got, err := f.Repository(f.ctx, parseName("acme/web"))
		f.must(err)
		if !got.Public || got.Kind != "application" || got.State != domain.StateMarkedForDeletion || got.NamespaceEnabled {
			t.Errorf("got %+v", got)
		}
		_, err = f.Repository(f.ctx, parseName("acme/other"))
		wantKind(t, "no such repository", err, errs.NotFound)
	})
}

// catalog makes repositories that differ in who may see them.
func catalog(f *fixture) (owner, member, stranger domain.UserID) {
	owner, member, stranger = f.person("owner"), f.person("member"), f.person("stranger")
	f.create(domain.NewRepository{Name: parseName("acme/public"), Public: true, Creator: owner, MakeNamespace: true})
	f.create(domain.NewRepository{Name: parseName("acme/private")})
	shared := f.create(domain.NewRepository{Name: parseName("acme/team")})
	f.create(domain.NewRepository{Name: parseName("member/own")})
	f.create(domain.NewRepository{Name: parseName("owner/granted"), Creator: stranger})
	doomed := f.create(domain.NewRepository{Name: parseName("acme/doomed"), Public: true})
	chart := f.create(domain.NewRepository{Name: parseName("acme/chart"), Public: true})
	f.create(domain.NewRepository{Name: parseName("off/web"), Public: true, MakeNamespace: true})

	f.exec(`UPDATE repository SET state = 3 WHERE id = $1`, doomed)
	f.exec(`UPDATE repository SET kind_id = (SELECT id FROM repositorykind WHERE name = 'application') WHERE id = $1`, chart)
	f.exec(`UPDATE "user" SET enabled = FALSE WHERE username = 'off'`)
	f.team("acme", "readers", "member", member)
	f.exec(`INSERT INTO repositorypermission (team_id, repository_id, role_id)
		SELECT t.id, $1, r.id FROM team t, role r WHERE t.name = 'readers' AND r.name = 'read'`, shared)
	return owner, member, stranger
}

// team makes a team of an organisation with one member.
func (f *fixture) team(org, name, role string, member domain.UserID) {
	f.t.Helper()
	f.exec(`INSERT INTO team (name, organization_id, role_id, description)
		SELECT $1, u.id, r.id, '' FROM "user" u, teamrole r WHERE u.username = $2 AND r.name = $3`, name, org, role)
	f.exec(`INSERT INTO teammember (user_id, team_id) SELECT $1, id FROM team WHERE name = $2`, member, name)
}

// TestCatalog proves who sees which repositories, in the order of their ids, and
// that what is being deleted, disabled or no image is seen by nobody.
func TestCatalog(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		owner, member, stranger := catalog(f)
		for _, tc := range []struct {
			viewer string
			id     domain.UserID
			public bool
			want   []string
		}{
			{"nobody", 0, true, []string{"acme/public"}},
			{"nobody, without public ones", 0, false, nil},
			{"owner of the organisation", owner, true, []string{"acme/public", "acme/private", "acme/team", "owner/granted"}},
			{"member", member, true, []string{"acme/public", "acme/team", "member/own"}},
			{"member, without public ones", member, false, []string{"acme/team", "member/own"}},
			{"stranger", stranger, true, []string{"acme/public", "owner/granted"}},
			{"stranger, without public ones", stranger, false, []string{"owner/granted"}},
		} {
			list, err := f.Catalog(f.ctx, tc.id, tc.public, 0, 100)
			f.must(err)
			var got []string
			for _, r := range list {
				got = append(got, r.Name.String())
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("%s: got %v, want %v", tc.viewer, got, tc.want)
			}
		}
	})
}

// TestCatalogPages proves that pages of any size join to the whole list.
func TestCatalogPages(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		owner, _, _ := catalog(f)
		whole, err := f.Catalog(f.ctx, owner, true, 0, 100)
		f.must(err)
		for size := 1; size <= len(whole)+1; size++ {
			var joined []domain.Repository
			for after := domain.RepositoryID(0); ; after = joined[len(joined)-1].ID {
				page, err := f.Catalog(f.ctx, owner, true, after, size)
				f.must(err)
				if len(page) > size {
					t.Fatalf("a page of %d has %d", size, len(page))
				}
				joined = append(joined, page...)
				if len(page) < size {
					break
				}
			}
			if !slices.Equal(joined, whole) {
				t.Errorf("pages of %d join to %v, want %v", size, joined, whole)
			}
		}
	})
}

// TestOnlyNewNamespace proves that a repository whose creator may make its
// namespace, but whose right to an existing one was not checked, is not made in
// one that came to be meanwhile.
func TestOnlyNewNamespace(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		n := domain.NewRepository{Name: parseName("acme/web"), MakeNamespace: true, OnlyNewNamespace: true}
		f.must(f.CreateRepository(f.ctx, n))
		n.Name = parseName("acme/other")
		wantKind(t, "a second one", f.CreateRepository(f.ctx, n), errs.Conflict)
		if _, err := f.Repository(f.ctx, n.Name); !errs.Is(err, errs.NotFound) {
			t.Errorf("it was made: %v", err)
		}
	})
}
