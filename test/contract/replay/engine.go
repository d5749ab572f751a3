package replay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/postgres"
	"github.com/quay/quay/test/server"
)

// Engine is a kind of database.
type Engine interface {
	// Name is what the rest of the tests call it.
	Name() string
	// Copy makes a database with the rows of the dataset, for a server with its files
	// in dir, and returns what DB_URI has to be. The end of the test drops it.
	Copy(t testing.TB, d *Dataset, dir string) (uri string)
	// Open opens it for reading beside the server.
	Open(ctx context.Context, uri string) (Database, error)
}

// SQLite is the engine that the recording was made with.
type SQLite struct{}

const sqliteScheme = "sqlite:///"

// Copy copies the file.
func (SQLite) Copy(t testing.TB, d *Dataset, dir string) string {
	t.Helper()
	path := filepath.Join(dir, databaseFile)
	if err := copyFile(path, d.Database()); err != nil {
		t.Fatal(err)
	}
	return sqliteScheme + path
}

// Open opens the file.
func (SQLite) Open(ctx context.Context, uri string) (Database, error) {
	return openSQLite(ctx, strings.TrimPrefix(uri, sqliteScheme))
}

// Name is that of the engine.
func (SQLite) Name() string { return "sqlite" }

// PostgreSQL has databases on the server of all tests.
type PostgreSQL struct{}

// Copy copies a database that "quay db copy" has filled from the dataset's.
func (PostgreSQL) Copy(t testing.TB, d *Dataset, _ string) string {
	t.Helper()
	rows, err := os.ReadFile(filepath.Join(d.folder, rowsFile))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(rows)
	template := fmt.Sprintf("contract_%s_%d", hex.EncodeToString(sum[:8]), d.age/time.Second)
	return postgres.Shared(t).Copy(t, template, func(url string) error {
		bin, err := server.Binaries()
		if err != nil {
			return err
		}
		out, err := exec.Command(filepath.Join(bin, "quay"), "db", "copy",
			"--from", sqliteScheme+d.Database(), "--to", url).CombinedOutput()
		if err != nil {
			return fmt.Errorf("quay db copy: %w\n%s", err, out)
		}
		return nil
	})
}

// Open connects to the database.
func (PostgreSQL) Open(ctx context.Context, uri string) (Database, error) {
	return openPostgreSQL(ctx, uri)
}

// Name is that of the engine.
func (PostgreSQL) Name() string { return "postgresql" }
