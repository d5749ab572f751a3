package store

import (
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestMountOfPurged proves that mounting a blob which the collector has just removed is
// told as one that is not there, so that the client pushes it, and is no defect.
func TestMountOfPurged(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("public/web")
		b := f.blob(repo, "content")
		f.exec(`DELETE FROM uploadedblob`)
		f.exec(`DELETE FROM imagestorageplacement`)
		f.exec(`DELETE FROM imagestorage`)
		wantKind(t, "mount", f.LinkBlob(f.ctx, repo, b.ID, time.Now().Add(time.Hour)), errs.NotFound)
	})
}

// TestJoinDeletedTeam proves that joining a team which is being deleted is no defect.
func TestJoinDeletedTeam(t *testing.T) {
	f := openServer(t)
	owner, guest := f.person("owner"), f.person("guest")
	f.create(domain.NewRepository{Name: parseName("acme/web"), MakeNamespace: true, Creator: owner})
	team, err := f.Team(f.ctx, "acme", "owners")
	f.must(err)
	err = f.beside(
		func(tx *Tx) error {
			if err := tx.rowForUpdate(lockTeam, team.ID).Scan(new(int64)); err != nil {
				return err
			}
			for _, q := range []statement{deleteTeamMembers, deleteTeam} {
				if _, err := tx.exec(q, team.ID); err != nil {
					return err
				}
			}
			return nil
		},
		func() error { _, err := f.AddTeamMember(f.ctx, team.ID, guest); return err })
	if errs.Is(err, errs.Internal) {
		t.Errorf("got %v", err)
	}
}

// TestLargeIDs proves that an id which no row can have is one that no row has, and no
// defect of the host: clients send ids.
func TestLargeIDs(t *testing.T) {
	const large = 1 << 40
	each(t, func(t *testing.T, f *fixture) {
		if list, err := f.ServiceKeyRows(f.ctx, "", large, 10); err != nil || len(list) != 0 {
			t.Errorf("service keys: %v %v", list, err)
		}
		if list, err := f.VisibleRepositories(f.ctx, domain.RepositoryFilter{From: large, Public: true, Kind: "image", Limit: 10}); err != nil || len(list) != 0 {
			t.Errorf("repositories: %v %v", list, err)
		}
	})
}
