package chaos

import (
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // opens the database of a server on PostgreSQL
	_ "modernc.org/sqlite"             // and on SQLite

	"github.com/quay/quay/test/server"
)

// intact checks a server's objects, its database, and that both agree, with our own
// eyes and with those of quay itself. The server runs meanwhile.
func intact(t *testing.T, s *server.Server) {
	t.Helper()
	checkStore(t, s.DataDir)
	checkAgreement(t, s)
	s.Check(t)
}

// checkAgreement checks that a mirror's database and its store agree: no blob
// without its bytes, no bytes without a blob, and no upload without a session. What
// the driver itself had under way when it was killed is the driver's to remove.
func checkAgreement(t *testing.T, s *server.Server) {
	t.Helper()
	dataDir := s.DataDir
	db := openDatabase(t, s)
	defer db.Close()
	blobs := column(t, db, `SELECT s.content_checksum || ' ' || s.image_size FROM imagestorage s
		WHERE EXISTS (SELECT 1 FROM imagestorageplacement p WHERE p.storage_id = s.id)`)
	rows := map[string]bool{}
	for _, blob := range blobs {
		digest, rest, _ := strings.Cut(blob, " ")
		size, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		path := objectPath(digest)
		rows[path] = true
		info, err := os.Stat(filepath.Join(dataDir, "storage", path))
		if err != nil || info.Size() != size {
			t.Errorf("blob %s of %d bytes: %v", digest, size, err)
		}
	}
	sessions := map[string]bool{}
	for _, id := range column(t, db, `SELECT uuid FROM blobupload`) {
		sessions[id] = true
	}
	for _, path := range files(t, filepath.Join(dataDir, "storage")) {
		id, staged := strings.CutPrefix(path, "staged/")
		if !strings.HasPrefix(path, "uploads/") && !rows[path] && (!staged || !sessions[id]) {
			t.Errorf("the object %s belongs to no blob", path)
		}
	}
	underWay := 0
	for _, dir := range []string{filepath.Join(dataDir, "storage", "uploads"), filepath.Join(dataDir, "spool")} {
		for _, id := range files(t, dir) {
			switch {
			case strings.HasPrefix(id, "."):
				underWay++
			case !sessions[id]:
				t.Errorf("the upload %s belongs to no session", id)
			}
		}
	}
	if n := column(t, db, `SELECT uuid FROM blobupload u WHERE NOT EXISTS (SELECT 1 FROM repository r WHERE r.id = u.repository_id)`); len(n) > 0 {
		t.Errorf("sessions without a repository: %v", n)
	}
	if s.Database == "" { // PostgreSQL has none
		if n := column(t, db, `SELECT "table" || rowid FROM pragma_foreign_key_check`); len(n) > 0 {
			t.Errorf("rows that refer to nothing: %v", n)
		}
	}
	t.Logf("%d blobs, %d sessions, %d files that the driver had under way", len(rows), len(sessions), underWay)
}

// openDatabase opens the database of a server for reading.
func openDatabase(t *testing.T, s *server.Server) *sql.DB {
	t.Helper()
	driver, name := "sqlite", "file:"+filepath.Join(s.DataDir, "quay.db")+"?mode=ro"
	if s.Database != "" {
		driver, name = "pgx", s.Database
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// objectPath is where the bytes of a digest are.
func objectPath(digest string) string {
	algorithm, sum, _ := strings.Cut(digest, ":")
	return algorithm + "/" + sum[:2] + "/" + sum
}

// column returns the first column of a query.
func column(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		values = append(values, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}

// files lists the files below a directory; one that is missing has none.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		found = append(found, rel)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
