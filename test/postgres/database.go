package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Variable names the environment variable with the URL of a running server, for its
// superuser. Shared uses that server.
const Variable = "QUAY_POSTGRES"

// shared is the server of this program.
var shared = sync.OnceValues(func() (*Server, error) {
	where := os.Getenv(Variable)
	if where == "" {
		// It ends with the program.
		return Start(Options{})
	}
	base, err := url.Parse(where)
	if err != nil {
		return nil, fmt.Errorf("postgres: $%s: %w", Variable, err)
	}
	return &Server{base: *base}, nil
})

// Shared is a server for all tests of this program, or, where $QUAY_POSTGRES says so,
// of many. It is for databases: nobody restarts, kills or copies it.
func Shared(t testing.TB) *Server {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Open is Shared for a caller that is no test, such as TestMain.
func Open() (*Server, error) { return shared() }

// Database makes an empty database for a test and returns its URL. The database is
// dropped at the end of the test, clients or not, if the server still runs.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	return s.database(t, "template1")
}

// Copy makes a database that is a copy of a template, as Database does. The first call
// with the name of a template makes it: fill gets the URL of an empty database. So
// tests need not repeat what takes long, such as making a schema. The template stays as
// long as the server, for all processes that use it: a name has to say what is in it.
func (s *Server) Copy(t testing.TB, template string, fill func(url string) error) string {
	t.Helper()
	if err := s.makeTemplate(t.Context(), template, fill); err != nil {
		t.Fatalf("postgres: template %s: %v", template, err)
	}
	return s.database(t, template)
}

// Clone is Copy for a caller that is no test; drop is its to call.
func (s *Server) Clone(ctx context.Context, template string, fill func(url string) error) (url string, drop func() error, err error) {
	if err := s.makeTemplate(ctx, template, fill); err != nil {
		return "", nil, fmt.Errorf("postgres: template %s: %w", template, err)
	}
	return s.create(ctx, template)
}

// templateLock is the advisory lock of who makes a template: processes share servers.
const templateLock = 0x7175617974657374

func (s *Server) makeTemplate(ctx context.Context, template string, fill func(url string) error) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // frees the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(templateLock)); err != nil {
		return err
	}
	var made bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", template).Scan(&made)
	if err != nil || made {
		return err
	}
	draft := template + "_draft"
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + quote(draft) + " WITH (FORCE)", // of who died here
		"CREATE DATABASE " + quote(draft),
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := fill(s.URL(draft)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+quote(draft)+" RENAME TO "+quote(template))
	return err
}

func (s *Server) database(t testing.TB, template string) string {
	t.Helper()
	url, drop, err := s.create(t.Context(), template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Error(err)
		}
	})
	return url
}

// create makes a database, and drop drops it, clients or not, if the server still runs.
func (s *Server) create(ctx context.Context, template string) (url string, drop func() error, err error) {
	name := "test_" + strings.ToLower(rand.Text())
	if err := s.administer(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(template)); err != nil {
		return "", nil, err
	}
	return s.URL(name), func() error {
		if s.dir != "" && s.running == nil {
			return nil
		}
		return s.administer(context.Background(), "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	}, nil
}

// administer runs one statement in the database "postgres".
func (s *Server) administer(ctx context.Context, statement string) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	defer conn.Close(ctx)
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		_, err = conn.Exec(ctx, statement)
		if err == nil || !inUse(err) || time.Since(start) > startTime/2 {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("postgres: %s: %w", statement, err)
	}
	return nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// inUse reports whether a template could not be copied because somebody was still
// connected to it: a connection that was closed ends a moment later.
func inUse(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "55006"
}
