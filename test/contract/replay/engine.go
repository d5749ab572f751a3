package replay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
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
	// in dir, and returns what DB_URI has to be. The end of the test takes it back.
	Copy(t testing.TB, d *Dataset, dir string) (uri string)
	// Open opens it for reading beside the server.
	Open(ctx context.Context, uri string) (Database, error)
	// Close drops what is left of its copies.
	Close() error
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

// Close does nothing: the files are in the folders of their tests.
func (SQLite) Close() error { return nil }

// Name is that of the engine.
func (SQLite) Name() string { return "sqlite" }

// PostgreSQL has databases on the server of all tests. To copy one takes long, so those
// that are free are brought back to what they were and used again.
type PostgreSQL struct {
	mu   sync.Mutex
	free []string
	// drops drop those that there are.
	drops []func() error
	// initial is what is in each of them at first.
	initial *content
}

// Copy gives a database that "quay db copy" has filled from the dataset's.
func (p *PostgreSQL) Copy(t testing.TB, d *Dataset, _ string) string {
	t.Helper()
	uri, err := p.take(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.give(uri); err != nil {
			t.Error(err)
		}
	})
	return uri
}

func (p *PostgreSQL) take(ctx context.Context, d *Dataset) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		uri := p.free[n-1]
		p.free = p.free[:n-1]
		return uri, nil
	}
	server, err := postgres.Open()
	if err != nil {
		return "", err
	}
	rows, err := os.ReadFile(filepath.Join(d.folder, rowsFile))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(rows)
	template := fmt.Sprintf("contract_%s_%d", hex.EncodeToString(sum[:8]), d.age/time.Second)
	uri, drop, err := server.Clone(ctx, template, d.fill)
	if err != nil {
		return "", err
	}
	p.drops = append(p.drops, drop)
	if p.initial == nil {
		p.initial, err = readContent(ctx, uri)
	}
	return uri, err
}

// give takes a database back that its server has left.
func (p *PostgreSQL) give(uri string) error {
	if err := p.initial.restore(context.Background(), uri); err != nil {
		return fmt.Errorf("bring a database back: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, uri)
	return nil
}

// Close drops all databases.
func (p *PostgreSQL) Close() error {
	var problems []error
	for _, drop := range p.drops {
		problems = append(problems, drop())
	}
	p.drops, p.free = nil, nil
	return errors.Join(problems...)
}

// fill copies the dataset's database to another.
func (d *Dataset) fill(uri string) error {
	bin, err := server.Binaries()
	if err != nil {
		return err
	}
	out, err := exec.Command(filepath.Join(bin, "quay"), "db", "copy", "--from", sqliteScheme+d.Database(), "--to", uri).CombinedOutput()
	if err != nil {
		return fmt.Errorf("quay db copy: %w\n%s", err, out)
	}
	return nil
}

// Open connects to the database.
func (*PostgreSQL) Open(ctx context.Context, uri string) (Database, error) {
	return openPostgreSQL(ctx, uri)
}

// Name is that of the engine.
func (*PostgreSQL) Name() string { return "postgresql" }
