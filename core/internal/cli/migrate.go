package cli

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/store/schema"
)

func migrateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "migrate", Short: "Make the tables of a database, and look after them"}
	cmd.AddCommand(migrateUpCommand(), migrateStatusCommand())
	return cmd
}

// migrated is the database that a command is about.
type migrated struct{ config, uri string }

func (m *migrated) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&m.config, "config", "", "configuration `file` whose DB_URI and DB_CONNECTION_ARGS name the database")
	f.StringVar(&m.uri, "database", "", "`URL` of the database, as in DB_URI")
	cmd.MarkFlagsMutuallyExclusive("config", "database")
	cmd.MarkFlagsOneRequired("config", "database")
}

// open opens the database. A read-only one is not made if it does not exist.
func (m *migrated) open(readOnly bool) (*sql.DB, schema.Engine, error) {
	cfg := config.Product()
	cfg.DBURI = m.uri
	if m.config != "" {
		if err := cfg.Load(m.config, false); err != nil {
			return nil, "", err
		}
	}
	where, err := cfg.Database()
	if err != nil {
		return nil, "", err
	}
	var db *sql.DB
	engine := schema.SQLite
	switch {
	case where.URL != "":
		engine = schema.PostgreSQL
		db, err = schema.OpenPostgres(where.URL)
	case readOnly:
		db, err = schema.OpenSQLiteReadOnly(where.Path)
	default:
		db, err = schema.OpenSQLite(where.Path)
	}
	return db, engine, err
}

// use opens the database for fn and closes it.
func (m *migrated) use(readOnly bool, fn func(*sql.DB, schema.Engine) error) (err error) {
	db, engine, err := m.open(readOnly)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return fn(db, engine)
}

func migrateUpCommand() *cobra.Command {
	var (
		m      migrated
		opts   = schema.Options{Steps: schema.Steps()}
		dryRun bool
	)
	cmd := &cobra.Command{
		Use: "up", Short: "Make the tables of an empty database, and run the steps that it lacks", Args: cobra.NoArgs,
		Long: `Make the tables of an empty database, with the rows that the product's migrations
insert, and run the steps of this program that the database lacks.

A database at the revision that this program needs is left as it is. One at another
revision is refused: upgrade it with the Python product's migrations. What was cut short
is taken up where it stopped, so it is safe to run this again, and by several at once.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.use(dryRun, func(db *sql.DB, engine schema.Engine) error {
				if dryRun {
					return printPlan(cmd.Context(), cmd.OutOrStdout(), db, engine, opts)
				}
				return up(cmd, db, engine, opts)
			})
		},
	}
	m.register(cmd)
	f := cmd.Flags()
	f.BoolVar(&dryRun, "dry-run", false, "print the SQL that would be run, and change nothing")
	f.BoolVar(&opts.Contract, "contract", false, "also run the steps that remove what older versions need")
	return cmd
}

func up(cmd *cobra.Command, db *sql.DB, engine schema.Engine, opts schema.Options) error {
	out := cmd.OutOrStdout()
	opts.Progress = func(p schema.Progress) {
		switch {
		case p.Name == "":
			fmt.Fprintf(out, "made the tables of revision %s\n", schema.Head)
		case p.Position != 0:
			fmt.Fprintf(out, "step %s: %d statements are done, the next one as far as id %d\n", p.Name, p.Statement, p.Position)
		default:
			fmt.Fprintf(out, "step %s: %d statements are done\n", p.Name, p.Statement)
		}
	}
	opts.Waiting = func() {
		fmt.Fprintln(cmd.ErrOrStderr(), "quay: another process is at work on the database; waiting for it")
	}
	changed, err := schema.Up(cmd.Context(), db, engine, opts)
	if err == nil && !changed {
		fmt.Fprintf(out, "the database is at revision %s and lacks nothing\n", schema.Head)
	}
	return err
}

// printPlan prints what would be run as a script.
func printPlan(ctx context.Context, out io.Writer, db *sql.DB, engine schema.Engine, opts schema.Options) error {
	plan, err := schema.Plan(ctx, db, engine, opts)
	if err != nil {
		return err
	}
	if len(plan) == 0 {
		_, err := fmt.Fprintf(out, "-- the database is at revision %s and lacks nothing\n", schema.Head)
		return err
	}
	for _, p := range plan {
		of := p.Of
		if p.Step != "" {
			of = "step " + p.Step + ", " + of
		}
		if _, err := fmt.Fprintf(out, "-- %s\n\n%s;\n\n", of, strings.TrimRight(p.SQL, "; \n")); err != nil {
			return err
		}
	}
	return nil
}

func migrateStatusCommand() *cobra.Command {
	var (
		m   migrated
		out output
	)
	cmd := &cobra.Command{
		Use: "status", Short: "Tell the revision of a database and which steps it had", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.use(true, func(db *sql.DB, engine schema.Engine) error {
				state, err := schema.Read(cmd.Context(), db, engine, schema.Steps())
				if err != nil {
					return err
				}
				return out.print(cmd.OutOrStdout(), state, []string{"NAME", "KIND", "STATE", "FINISHED"}, stateRows(state))
			})
		},
	}
	out.register(cmd)
	m.register(cmd)
	return cmd
}

func stateRows(s schema.State) [][]string {
	revision := cmp.Or(s.Revision, "none")
	if s.Empty {
		revision = "the database is empty"
	}
	rows := [][]string{{"revision", string(s.Engine), revision, ""}}
	for _, step := range s.Steps {
		state, finished := step.State, ""
		if step.Statements != 0 && step.State == "unfinished" {
			state = fmt.Sprintf("unfinished, %d of %d statements, id %d", step.Statement, step.Statements, step.Position)
		}
		if step.Finished != nil {
			finished = step.Finished.Format(time.DateTime)
		}
		rows = append(rows, []string{step.Name, string(step.Kind), state, finished})
	}
	if s.Problem != "" {
		rows = append(rows, []string{"problem", "", s.Problem, ""})
	}
	return rows
}
