package store

import (
	"context"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// found reports whether a lookup finds a row, whatever it selects.
func found(r scanner) (bool, error) {
	var whatever any
	err := classify(r.Scan(&whatever))
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// exists reports whether a query for one column finds a row.
func (s *Store) exists(ctx context.Context, q statement, args ...any) (bool, error) {
	return found(s.row(ctx, q, args...))
}

// changed runs one statement durably and reports whether it changed a row.
func (s *Store) changed(ctx context.Context, q statement, args ...any) (bool, error) {
	var n int64
	err := s.change(ctx, true, func(tx *Tx) (err error) {
		n, err = tx.exec(q, args...)
		return err
	})
	return n > 0, err
}

// into adds the only column of each row to a list. Inside a change the list must be the
// change's own: it may be run again.
func into[T any](list *[]T) func(scanner) error {
	return func(r scanner) error {
		var v T
		err := r.Scan(&v)
		*list = append(*list, v)
		return err
	}
}

// textOrNull is a text for a column, NULL for the empty one.
func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// timeOrNull is a time for a column, NULL for the zero time.
func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// idOrNull is an id for a column, NULL for zero.
func idOrNull[T ~int64](id T) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

// jsonText is a JSON column's value; no data is the empty object, as the product writes
// it.
func jsonText(b []byte) string {
	if len(b) == 0 {
		return "{}"
	}
	return string(b)
}
