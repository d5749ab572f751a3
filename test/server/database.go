package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/quay/quay/test/postgres"
)

// engineVariable names the environment variable with the engine of servers that are
// given no database. So a package's tests run on either engine as they are.
const engineVariable = "QUAY_ENGINE"

// Database makes a database at head on a PostgreSQL server, for Options.Database. It is
// dropped when the test ends.
func Database(t testing.TB, p *postgres.Server) string {
	t.Helper()
	name, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return p.Copy(t, name, migrate)
}

// ownDatabase is Database on the shared PostgreSQL server, for a server of ours that
// drops it.
func ownDatabase() (uri string, drop func() error, err error) {
	p, err := postgres.Open()
	if err != nil {
		return "", nil, err
	}
	name, err := template()
	if err != nil {
		return "", nil, err
	}
	return p.Clone(context.Background(), name, migrate)
}

// template names the database that is copied. The PostgreSQL server may outlive the
// program under test, so the name says which program made it.
var template = sync.OnceValues(func() (string, error) {
	bin, err := Binaries()
	if err != nil {
		return "", err
	}
	f, err := os.Open(filepath.Join(bin, "quay"))
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return "quay_" + hex.EncodeToString(h.Sum(nil))[:32], nil
})

// migrate makes the tables as an operator does.
func migrate(uri string) error {
	bin, err := Binaries()
	if err != nil {
		return err
	}
	out, err := exec.Command(filepath.Join(bin, "quay"), "migrate", "up", "--database", uri).CombinedOutput()
	if err != nil {
		return fmt.Errorf("quay migrate up: %w\n%s", err, out)
	}
	return nil
}
