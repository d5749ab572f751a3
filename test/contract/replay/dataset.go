package replay

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Dataset is what every case starts from: rows, objects, the configuration and the keys
// that the recorded server had.
type Dataset struct {
	// Host is the name that requests are sent to.
	Host string `json:"host"`
	// SecretKey signs session cookies.
	SecretKey string `json:"secret_key"`
	// Users are the uuids of all accounts, by name.
	Users map[string]string `json:"users"`
	// ForeignKeys are the tables that columns refer to, by table and column.
	ForeignKeys map[string]map[string]string `json:"foreign_keys"`
	// Epoch is when it was made, in seconds since 1970.
	Epoch int64 `json:"epoch"`

	// folder has the files of one server; each gets a copy.
	folder string
	// age is by how much its times were moved.
	age time.Duration
}

// The files of a dataset.
const (
	rowsFile     = "quay.sql"
	databaseFile = "quay.db"
	objectFolder = "storage"
	templateFile = "config.template.yaml"
)

// OpenDataset makes a dataset ready for use in a folder that does not exist yet: the
// database is built from its SQL, and every time in it is moved by the age of the
// dataset, so that nothing in it expires.
func OpenDataset(ctx context.Context, source, folder string) (*Dataset, error) {
	if err := os.CopyFS(folder, os.DirFS(source)); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(folder, "dataset.json"))
	if err != nil {
		return nil, err
	}
	d := &Dataset{folder: folder}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, fmt.Errorf("dataset.json: %w", err)
	}
	d.age = time.Since(time.Unix(d.Epoch, 0)).Truncate(time.Second)
	statements, err := os.ReadFile(filepath.Join(folder, rowsFile))
	if err != nil {
		return nil, err
	}
	return d, d.build(ctx, string(statements))
}

// Database is the path of its SQLite file.
func (d *Dataset) Database() string { return filepath.Join(d.folder, databaseFile) }

func (d *Dataset) build(ctx context.Context, statements string) error {
	db, err := sql.Open("sqlite", sqliteSource(d.Database(), "_pragma=journal_mode(off)"))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statements); err != nil {
		return fmt.Errorf("%s: %w", rowsFile, err)
	}
	moves, err := d.moves(ctx, db)
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "BEGIN;"+strings.Join(moves, ";")+";COMMIT"); err != nil {
		return fmt.Errorf("move the times: %w", err)
	}
	return db.Close()
}

// moves are the statements that move the times of all tables.
func (d *Dataset) moves(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, `SELECT t.name, c.name, upper(c.type) FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	seconds := int64(d.age / time.Second)
	var statements []string
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return nil, err
		}
		var value string
		switch {
		case strings.HasPrefix(kind, "DATETIME") || strings.HasPrefix(kind, "TIMESTAMP"):
			// What follows the seconds stays as it is.
			value = fmt.Sprintf(`datetime("%s", '%+d seconds') || substr("%s", 20)`, column, seconds, column)
		case kind == "DATE":
			value = fmt.Sprintf(`date("%s", '%+d days')`, column, seconds/86400)
		case strings.HasSuffix(column, "_ms"):
			value = fmt.Sprintf(`"%s" + %d`, column, seconds*1000)
		default:
			continue
		}
		statements = append(statements, fmt.Sprintf(`UPDATE "%s" SET "%s" = %s WHERE "%s" IS NOT NULL`, table, column, value, column))
	}
	return statements, rows.Err()
}

// copyTo gives a server its own copy of everything but the database.
func (d *Dataset) copyTo(dir string) error {
	if err := os.CopyFS(filepath.Join(dir, objectFolder), os.DirFS(filepath.Join(d.folder, objectFolder))); err != nil {
		return err
	}
	for _, name := range []string{"quay.pem", "quay.kid"} {
		if err := copyFile(filepath.Join(dir, name), filepath.Join(d.folder, name)); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}
