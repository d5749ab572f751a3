package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/postgres"
	"github.com/quay/quay/test/server"
)

// migrate runs `quay migrate` and returns what it printed on its standard output.
func migrate(t *testing.T, args ...string) (string, error) {
	t.Helper()
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "quay"), append([]string{"migrate"}, args...)...).Output()
	return string(out), err
}

// migrateOK is migrate for a command that has to succeed.
func migrateOK(t *testing.T, args ...string) string {
	t.Helper()
	out, err := migrate(t, args...)
	if err != nil {
		t.Fatalf("quay migrate %q: %v\n%s", args, err, stderr(err))
	}
	return out
}

func stderr(err error) string {
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Output returns it as it is
		return string(exit.Stderr)
	}
	return ""
}

// databases are an empty database on each engine, as DB_URI names it.
var databases = map[string]func(t *testing.T) string{
	"sqlite": func(t *testing.T) string { return "sqlite:///" + filepath.Join(t.TempDir(), "quay.db") },
	"postgresql": func(t *testing.T) string {
		// The product's way to write it.
		return strings.Replace(postgres.Shared(t).Database(t), "postgresql://", "postgresql+psycopg2://", 1)
	},
}

// TestMigrate proves that an operator can fill an empty database, sees beforehand what
// will be run and afterwards that nothing is left to do, and that a server then stores
// images in it.
func TestMigrate(t *testing.T) {
	for engine, fresh := range databases {
		t.Run(engine, func(t *testing.T) {
			uri := fresh(t)
			if got := revision(t, uri); !got.Empty || !strings.Contains(got.Problem, "quay migrate up") {
				t.Errorf("the state of an empty database: %+v", got)
			}
			contains(t, "the dry run", migrateOK(t, "up", "--dry-run", "--database", uri), "CREATE TABLE manifest (")
			if got := revision(t, uri); !got.Empty {
				t.Errorf("the state after a dry run: %+v", got)
			}

			contains(t, "the first run", migrateOK(t, "up", "--database", uri), "made the tables of revision")
			contains(t, "the second run", migrateOK(t, "up", "--database", uri), "lacks nothing")
			contains(t, "the last dry run", migrateOK(t, "up", "--dry-run", "--database", uri), "lacks nothing")
			if got := revision(t, uri); got.Empty || got.Problem != "" || got.Revision != got.Head {
				t.Errorf("the state of a full database: %+v", got)
			}

			s := server.Start(t, server.Options{Database: uri})
			image := oci.NewImage(7, 1000)
			if err := s.Client.PushImage(t.Context(), "team/app", "v1", image); err != nil {
				t.Fatal(err)
			}
			s.Restart(t)
			if r, err := s.Client.Get(t.Context(), "/v2/team/app/manifests/v1"); err != nil || r.Status != http.StatusOK {
				t.Errorf("the pull after a restart: %s, %v", r, err)
			}
			contains(t, "the run beside a server", migrateOK(t, "up", "--database", uri), "lacks nothing")
		})
	}
}

type state struct {
	Engine, Revision, Head, Problem string
	Empty                           bool
}

func revision(t *testing.T, uri string) (s state) {
	t.Helper()
	if err := json.Unmarshal([]byte(migrateOK(t, "status", "--database", uri, "--output", "json")), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestServeRefusesEmptyDatabase proves that a server makes no tables in a database of a
// database server: it says who does, and leaves the database empty.
func TestServeRefusesEmptyDatabase(t *testing.T) {
	uri := databases["postgresql"](t)
	s, err := server.Launch(server.Options{DataDir: t.TempDir(), Database: uri})
	if err == nil {
		s.Close(t)
		t.Fatal("a server started on an empty database")
	}
	contains(t, "the server's answer", err.Error(), "run quay migrate up")
	if got := revision(t, uri); !got.Empty {
		t.Errorf("the state afterwards: %+v", got)
	}
}

// TestMigrateRefuses proves what an operator is told when a database cannot be used, by
// the exit status and by what to do about it, and that no password is repeated.
func TestMigrateRefuses(t *testing.T) {
	old := databases["postgresql"](t)
	migrateOK(t, "up", "--database", old)
	connection(t, old, "UPDATE alembic_version SET version_num = '6715e4719375'")
	config := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(config, []byte("DB_URI: "+old+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	powerless := unprivileged(t)
	tests := map[string]struct {
		args []string
		want string
	}{
		"older revision":         {[]string{"up", "--database", old}, "upgrade it with the Python product's migrations"},
		"older revision, config": {[]string{"up", "--config", config}, "upgrade it with the Python product's migrations"},
		"older revision, dry":    {[]string{"up", "--dry-run", "--database", old}, "upgrade it with the Python product's migrations"},
		"no extension":           {[]string{"up", "--database", powerless}, "CREATE EXTENSION IF NOT EXISTS pg_trgm"},
		"nobody there":           {[]string{"status", "--database", "postgresql://quay:geheim@127.0.0.1:1/quay"}, "connection refused"},
		"another engine":         {[]string{"status", "--database", "mysql+pymysql://quay:geheim@127.0.0.1/quay"}, "not supported"},
		"no database":            {[]string{"up"}, "[config database]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := migrate(t, tt.args...)
			if err == nil {
				t.Fatal("it succeeded")
			}
			contains(t, "the message", stderr(err), tt.want)
			if strings.Contains(stderr(err), "geheim") {
				t.Errorf("the message has the password: %s", stderr(err))
			}
		})
	}
	if got := revision(t, powerless); !got.Empty {
		t.Errorf("a run that was not permitted left something: %+v", got)
	}
	// What the message says helps.
	connection(t, strings.Replace(powerless, "powerless:geheim", "postgres", 1), "CREATE EXTENSION IF NOT EXISTS pg_trgm")
	migrateOK(t, "up", "--database", powerless)
}

// unprivileged makes a database for a user who may make tables in it and nothing else.
func unprivileged(t *testing.T) (uri string) {
	t.Helper()
	s, err := postgres.Start(postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	connection(t, s.URL("postgres"), "CREATE ROLE powerless LOGIN PASSWORD 'geheim'; GRANT CREATE ON SCHEMA public TO powerless")
	return strings.Replace(s.URL("postgres"), "//postgres@", "//powerless:geheim@", 1)
}

// connection runs statements in a database.
func connection(t *testing.T, uri, statements string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), strings.Replace(uri, "+psycopg2", "", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
}
