package store

import (
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// TestCreateUser proves that an account comes back by name and by uuid as it was
// made, and that its name cannot be taken twice.
func TestCreateUser(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		if has, err := f.HasPerson(f.ctx); err != nil || has {
			t.Fatalf("an empty database has a person: %v, %v", has, err)
		}
		f.repository("acme/web")
		if has, err := f.HasPerson(f.ctx); err != nil || has {
			t.Errorf("an organisation counts as a person: %v, %v", has, err)
		}
		before := time.Now().Truncate(time.Microsecond)
		f.must(f.CreateUser(f.ctx, "alice", "alice@example.com", "hash"))
		u, err := f.User(f.ctx, "alice")
		f.must(err)
		if u.Name != "alice" || u.Email != "alice@example.com" || u.PasswordHash != "hash" || u.UUID == "" ||
			u.Organization || u.Robot || !u.Enabled || !u.Verified || u.InvalidLogins != 0 || u.LastInvalidLogin.Before(before) {
			t.Errorf("got %+v", u)
		}
		byUUID, err := f.UserByUUID(f.ctx, u.UUID)
		f.must(err)
		if *byUUID != *u {
			t.Errorf("by uuid it is %+v, by name %+v", byUUID, u)
		}
		if has, err := f.HasPerson(f.ctx); err != nil || !has {
			t.Errorf("no person: %v, %v", has, err)
		}
		if value[int](f, `SELECT removed_tag_expiration_s FROM "user" WHERE username = 'alice'`) != 14*24*3600 {
			t.Error("deleted tags are not kept as long as the product keeps them")
		}
		wantKind(t, "the name again", f.CreateUser(f.ctx, "alice", "other@example.com", ""), errs.Exists)
		wantKind(t, "the name of an organisation", f.CreateUser(f.ctx, "acme", "acme@example.com", ""), errs.Exists)
		wantKind(t, "the address again", f.CreateUser(f.ctx, "bob", "alice@example.com", ""), errs.Exists)
		_, err = f.User(f.ctx, "Alice")
		wantKind(t, "another spelling", err, errs.NotFound)
		_, err = f.UserByUUID(f.ctx, "")
		wantKind(t, "no uuid", err, errs.NotFound)
	})
}

// TestLoginFailures proves that the number of failed logins and the time of the
// last one are kept.
func TestLoginFailures(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.person("alice")
		for _, at := range []time.Time{noon, noon.Add(123456 * time.Microsecond)} {
			f.must(f.ForgetFailedLogins(f.ctx, id))
			var wg sync.WaitGroup
			for range 3 { // at the same moment, as who guesses passwords does
				wg.Go(func() {
					if err := f.CountFailedLogin(f.ctx, id, at); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			u, err := f.User(f.ctx, "alice")
			f.must(err)
			if u.InvalidLogins != 3 || !u.LastInvalidLogin.Equal(at) {
				t.Errorf("got %d at %v, want 3 at %v", u.InvalidLogins, u.LastInvalidLogin, at)
			}
		}
	})
}
