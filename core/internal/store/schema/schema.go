// Package schema makes the tables of an empty database, tells whether a database is
// one that this program can use, and runs steps of our own beside the product's
// migrations.
//
// The schema is the one that the Alembic migrations of the Python product reach at the
// revision Head. The product is the authority: a change is made there first, and the
// files in sqlite/ and postgres/, rows.sql and the constant Head follow it. Both
// programs can therefore use one database, and a database that either of them made is
// usable by the other.
//
// The tables of a database at another revision are never changed. Upgrading one is the
// work of the product's migrations.
//
// One value cannot be the product's. The column blobupload.created has a moment as its
// default, and the migration that adds it takes the moment at which it runs. Here it is
// a fixed literal; nothing relies on it, because every writer sets the column.
package schema

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Head is the Alembic revision of the schema that Up makes and this program accepts.
const Head = "9fa37f66a9b6"

//go:embed sqlite/*.sql postgres/*.sql rows.sql sequences.sql
var statements embed.FS

//go:embed revisions.txt
var revisions string

// RevisionError says that a database cannot be used because it is not at the wanted
// revision. Found is empty if the database has no revision at all; Empty says that it
// has no tables either.
type RevisionError struct {
	Found, Want string
	Empty       bool
}

// Error says what is wrong and what to do about it.
func (e *RevisionError) Error() string {
	switch {
	case e.Empty:
		return "the database is empty: run quay migrate up, which makes the tables"
	case e.Found == "":
		return fmt.Sprintf("the database has tables but no Alembic revision, so it is not known to be Quay's: "+
			"use an empty database, or one that the Python product's migrations brought to %s", e.Want)
	case e.older():
		return fmt.Sprintf("the database is at revision %s, which is older than %s: "+
			"upgrade it with the Python product's migrations to %s first", e.Found, e.Want, e.Want)
	default:
		return fmt.Sprintf("the database is at revision %s, which this program does not know (it needs %s): "+
			"it was made by a newer version; use that version, or a copy of the database from before its upgrade",
			e.Found, e.Want)
	}
}

// older reports whether the found revision is a known one that comes before Head.
func (e *RevisionError) older() bool {
	return e.Found != Head && slices.Contains(strings.Split(revisions, "\n"), e.Found)
}

// Engine is a kind of database.
type Engine string

// The engines. A *sql.DB of SQLite is one of modernc.org/sqlite, and one of PostgreSQL
// is one of pgx: OpenPostgres opens it, stdlib.OpenDBFromPool wraps a pool.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// Options of Up. The zero value makes the schema and nothing else.
type Options struct {
	// Steps are run after the schema is there, those that expand it.
	Steps []Step
	// Contract runs the steps that contract it, too.
	Contract bool
	// Progress, if there is one, is told what was done, in order.
	Progress func(Progress)
	// Waiting, if there is one, is called when another process is at work.
	Waiting func()
}

// Up makes the schema, with the rows that the migrations insert, if the database is
// empty, then runs the steps that it lacks, and reports whether it changed anything. A
// database at another revision than Head is refused with a *RevisionError, one whose
// steps are not those of the options with a *StepError.
//
// The schema is made in one transaction, so a failure leaves the database empty. A step
// that was cut short is taken up where it stopped. Several processes may call Up on one
// database at the same time: one works, and the others wait for it. On SQLite, call it
// before db has any other use: until a file is in WAL mode, every new connection that
// turns it on can meet another one that does the same, and only Up tries again.
func Up(ctx context.Context, db *sql.DB, engine Engine, opts Options) (changed bool, err error) {
	if err := validate(opts.Steps); err != nil {
		return false, err
	}
	s, err := open(ctx, db, engine)
	if err != nil {
		return false, err
	}
	defer s.close()
	// The first look takes no lock: most starts find everything done, and a SQLite file
	// may be read-only.
	now, err := s.survey(ctx)
	if err != nil {
		return false, err
	}
	todo, err := now.todo(opts.Steps, opts.Contract)
	if err != nil || !todo.create && len(todo.steps) == 0 {
		return false, err
	}
	release, err := s.serialise(ctx, s.conn, opts.Waiting)
	if err != nil {
		return false, fmt.Errorf("schema: lock the database: %w", err)
	}
	defer release()
	if todo.create {
		changed, err = s.create(ctx)
		if err != nil {
			return false, err
		}
		if changed {
			opts.report(Progress{})
		}
	}
	for _, step := range todo.steps {
		ran, err := s.run(ctx, step, opts.report)
		changed = changed || ran
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

func (o Options) report(p Progress) {
	if o.Progress != nil {
		o.Progress(p)
	}
}

// Check returns nil if the database can be used as it is: it is at Head and has had all
// steps that expand it, and no step that contracts it and is not among those. Otherwise
// it returns a *RevisionError or a *StepError. It changes nothing.
func Check(ctx context.Context, db *sql.DB, engine Engine, steps []Step) error {
	s, err := open(ctx, db, engine)
	if err != nil {
		return err
	}
	defer s.close()
	now, err := s.survey(ctx)
	if err != nil {
		return err
	}
	return now.usable(steps)
}

// dialect is what differs between the engines.
type dialect interface {
	// connect takes a connection and prepares it for migrations. restore undoes that.
	connect(ctx context.Context, db *sql.DB) (conn *sql.Conn, restore func(), err error)
	// serialise waits until nobody else changes the schema, and calls waiting, if there is
	// one, if it has to.
	serialise(ctx context.Context, conn *sql.Conn, waiting func()) (release func(), err error)
	// begin begins a transaction that changes the schema.
	begin() string
	// objects counts the tables and what is like them, and says which of the tables of
	// revisions and of steps are there.
	objects(ctx context.Context, conn *sql.Conn) (n int, revisions, steps bool, err error)
	// readRevision is a query for what the table of revisions has, in one text.
	readRevision() string
	// schema is the statements that make an empty database, in their order.
	schema() ([]script, error)
	// explain turns an error of one of those scripts into one that says what to do.
	explain(script string, err error) error
	// text is a statement of a step in the dialect.
	text(Statement) string
	// alone reports whether a statement cannot be in a transaction, and runAlone runs
	// such a one, also after it was cut short.
	alone(text string) bool
	runAlone(ctx context.Context, conn *sql.Conn, text string) error
	// rowLock is added to a query whose row is about to be changed.
	rowLock() string
}

// script is some statements, most of them an embedded file.
type script struct{ name, text string }

// revision is the last script: it says which schema the others made.
var revision = script{"the revision", "INSERT INTO alembic_version (version_num) VALUES ('" + Head + "');\n"}

// scripts reads the files of a directory in the order of their names, then the others.
func scripts(dir string, others ...string) ([]script, error) {
	names, err := fs.Glob(statements, dir+"/*.sql")
	if err != nil {
		return nil, err
	}
	var all []script
	for _, name := range append(names, others...) {
		text, err := statements.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, script{name, string(text)})
	}
	return all, nil
}

// session is one connection to a database.
type session struct {
	dialect
	conn  *sql.Conn
	close func()
}

func open(ctx context.Context, db *sql.DB, engine Engine) (*session, error) {
	s := &session{}
	switch engine {
	case SQLite:
		s.dialect = sqlite{}
	case PostgreSQL:
		s.dialect = postgres{}
	default:
		return nil, fmt.Errorf("schema: there is no engine %q", engine)
	}
	conn, restore, err := s.connect(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("schema: connect: %w", err)
	}
	s.conn = conn
	s.close = func() {
		restore()
		_ = conn.Close() // it goes back to the pool, which tests it
	}
	return s, nil
}

// transaction runs fn in a transaction.
func (s *session) transaction(ctx context.Context, fn func() error) (err error) {
	defer func() {
		// A context that ends during BEGIN may leave a transaction behind all the same.
		// Where there is none, this statement does nothing or fails, and that is fine.
		if err != nil {
			_, _ = s.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if _, err := s.conn.ExecContext(ctx, s.begin()); err != nil {
		return fmt.Errorf("schema: begin: %w", err)
	}
	if err := fn(); err != nil {
		return err
	}
	// The work is done; a context that ends now must not make it uncertain whether it
	// was kept.
	if _, err := s.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return fmt.Errorf("schema: commit: %w", err)
	}
	return nil
}

// create makes the schema if the database is still empty.
func (s *session) create(ctx context.Context) (created bool, err error) {
	files, err := s.schema()
	if err != nil {
		return false, err
	}
	err = s.transaction(ctx, func() error {
		now, err := s.survey(ctx)
		if err != nil {
			return err
		}
		todo, err := now.todo(nil, false)
		if err != nil || !todo.create {
			return err
		}
		created = true
		for _, file := range append(files, revision) {
			if _, err := s.conn.ExecContext(ctx, file.text); err != nil {
				return fmt.Errorf("schema: %s: %w", file.name, s.explain(file.name, err))
			}
		}
		return nil
	})
	return created && err == nil, err
}

// survey is what a database has.
type survey struct {
	empty    bool
	revision string
	records  []record
}

func (s *session) survey(ctx context.Context) (survey, error) {
	n, revisions, steps, err := s.objects(ctx, s.conn)
	if err != nil {
		return survey{}, fmt.Errorf("schema: list the tables: %w", err)
	}
	now := survey{empty: n == 0}
	if revisions {
		if err := s.conn.QueryRowContext(ctx, s.readRevision()).Scan(&now.revision); err != nil {
			return survey{}, fmt.Errorf("schema: read the revision: %w", err)
		}
	}
	if steps {
		if now.records, err = s.records(ctx); err != nil {
			return survey{}, fmt.Errorf("schema: read the steps: %w", err)
		}
	}
	return now, nil
}

// work is what a database lacks.
type work struct {
	create bool
	steps  []Step
}

// todo tells what to do, or why nothing may be done.
func (n survey) todo(steps []Step, contract bool) (work, error) {
	if !n.empty && n.revision != Head {
		return work{}, &RevisionError{Found: n.revision, Want: Head}
	}
	pending, err := pending(steps, n.records, contract)
	return work{n.empty, pending}, err
}

// usable is what Check returns.
func (n survey) usable(steps []Step) error {
	todo, err := n.todo(steps, false)
	switch {
	case err != nil:
		return err
	case todo.create:
		return &RevisionError{Want: Head, Empty: true}
	case len(todo.steps) > 0:
		return &StepError{todo.steps[0].Name, "has not been run, or not to its end: run quay migrate up"}
	}
	return nil
}
