package schema

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// undefinedTable is PostgreSQL's condition of a table that is not there.
const undefinedTable = "42P01"

// CheckPostgres returns a *RevisionError unless the database is at Head.
func CheckPostgres(ctx context.Context, pool *pgxpool.Pool) error {
	var found string
	err := pool.QueryRow(ctx, `SELECT version_num FROM alembic_version`).Scan(&found)
	var pe *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows), errors.As(err, &pe) && pe.Code == undefinedTable:
	case err != nil:
		return fmt.Errorf("schema: read the revision: %w", err)
	}
	if found != Head {
		return &RevisionError{Found: found, Want: Head}
	}
	return nil
}
