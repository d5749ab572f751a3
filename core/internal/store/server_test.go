package store

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// openServer makes a database on PostgreSQL.
func openServer(t testing.TB) *fixture {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: serverDatabase(t)})
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

// serverDatabase makes an empty database at head and returns its URL.
func serverDatabase(t testing.TB) string {
	t.Helper()
	server := os.Getenv("QUAY_POSTGRES")
	u, err := url.Parse(server)
	if err != nil || server == "" {
		t.Fatalf("QUAY_POSTGRES is %q: %v", server, err)
	}
	name := "store_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	run := func(q string) {
		conn, err := pgx.Connect(context.Background(), server)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), q); err != nil {
			t.Fatal(err)
		}
	}
	run("CREATE DATABASE " + name + " TEMPLATE t0")
	t.Cleanup(func() { run("DROP DATABASE " + name + " WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}
