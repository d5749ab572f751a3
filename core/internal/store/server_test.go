package store

import (
	"context"
	"errors"
	"testing"

	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/test/postgres"
)

// openServer makes a database on PostgreSQL.
func openServer(t testing.TB) *fixture {
	t.Helper()
	return openURL(t, Options{URL: postgres.Shared(t).Copy(t, template, makeSchema)})
}

// template is the name of the database at head with no rows but those of the
// migrations.
const template = "store_" + schema.Head

func makeSchema(url string) error {
	db, err := schema.OpenPostgres(url)
	if err != nil {
		return err
	}
	_, err = schema.Up(context.Background(), db, schema.PostgreSQL, schema.Options{Steps: schema.Steps()})
	return errors.Join(err, db.Close())
}

// openURL opens a database of PostgreSQL.
func openURL(t testing.TB, opts Options) *fixture {
	t.Helper()
	s, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	f := &fixture{s, t, t.Context()}
	f.must(f.EnsureLocation(f.ctx, location))
	return f
}

// startServer starts a server of this test's own, with a database, and returns the
// URL of that.
func startServer(t testing.TB, opts postgres.Options) (*postgres.Server, string) {
	t.Helper()
	s, err := postgres.Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s, s.Copy(t, template, makeSchema)
}
