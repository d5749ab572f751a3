package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/sdk/errs"
)

// TestTimeText proves that times are written as the product writes them: in UTC,
// without an offset, with microseconds unless they are zero.
func TestTimeText(t *testing.T) {
	east := time.FixedZone("east", 2*3600)
	for _, tc := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC), "2026-08-01 12:00:00"},
		{time.Date(2026, 8, 1, 12, 0, 0, 999, time.UTC), "2026-08-01 12:00:00"},
		{time.Date(2026, 8, 1, 12, 0, 0, 1000, time.UTC), "2026-08-01 12:00:00.000001"},
		{time.Date(2026, 8, 1, 12, 0, 0, 500_000_000, time.UTC), "2026-08-01 12:00:00.500000"},
		{time.Date(2026, 8, 1, 1, 0, 0, 0, east), "2026-07-31 23:00:00"},
		{time.Date(2024, 2, 29, 23, 59, 59, 999_999_999, time.UTC), "2024-02-29 23:59:59.999999"},
	} {
		if got := timeText(tc.at); got != tc.want {
			t.Errorf("%v: got %s, want %s", tc.at, got, tc.want)
		}
	}
}

// TestMillis proves that instants of the tag table survive both ways, and that
// "never" is the zero time.
func TestMillis(t *testing.T) {
	at := time.Date(2026, 8, 1, 12, 0, 0, 123_456_789, time.UTC)
	if got := fromMillis(millis(at)); !got.Equal(at.Truncate(time.Millisecond)) {
		t.Errorf("got %v", got)
	}
	if !fromMillis(never).IsZero() {
		t.Error("never is an instant")
	}
}

// TestOpenAgain proves that what was committed is there after the file is opened
// again, under a name with characters that mean something in a URL.
func TestOpenAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c#d%41")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	opts := Options{Path: filepath.Join(dir, "quay.db"), Readers: 1}
	for round := range 2 {
		s, err := Open(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		err = s.EnsureLocation(t.Context(), "kept")
		if _, learned := s.enums.location.byName["kept"]; !learned {
			t.Errorf("round %d: the location is not known", round)
		}
		if err := errors.Join(err, s.Ping(t.Context()), s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(opts.Path); err != nil {
		t.Error(err)
	}
}

// TestOpenRefuses proves that a file which is no database of ours is refused and
// left as it is.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "quay.db")
	f := &fixture{t: t, ctx: t.Context()}
	var err error
	if f.Store, err = Open(t.Context(), Options{Path: path}); err != nil {
		t.Fatal(err)
	}
	f.exec(`UPDATE alembic_version SET version_num = 'ffffffffffff'`)
	f.must(f.Close())
	var revision *schema.RevisionError
	if _, err := Open(t.Context(), Options{Path: path}); !errors.As(err, &revision) || revision.Found != "ffffffffffff" {
		t.Errorf("another revision: %v", err)
	}
	text := filepath.Join(dir, "text")
	f.must(os.WriteFile(text, []byte("this is not a database, and long enough to tell\n"), 0o600))
	if _, err := Open(t.Context(), Options{Path: text}); err == nil {
		t.Error("a text file was opened")
	}
	if _, err := Open(t.Context(), Options{Path: filepath.Join(dir, "missing", "quay.db")}); err == nil {
		t.Error("a file in a missing directory was opened")
	}
}

// TestReadersCannotWrite proves that a reader's connection refuses to change
// anything: all changes go through the writer.
func TestReadersCannotWrite(t *testing.T) {
	f := open(t)
	_, err := f.engine.(*sqlite).read.ExecContext(t.Context(), `DELETE FROM mediatype`)
	if err == nil || !errs.Is(classify(err), errs.Unavailable) {
		t.Errorf("got %v", err)
	}
}

// TestForeignKeys proves that a row cannot refer to one that is not there.
func TestForeignKeys(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		wantKind(t, "a link of an unknown repository", f.LinkBlob(f.ctx, 4711, 4711, noon), errs.NotFound)
	})
}

// TestCancelledQuery proves that a query ends with its context and keeps the
// context's error, so that the front end can tell who gave up.
func TestCancelledQuery(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := f.Repository(ctx, parseName("acme/web"))
		wantKind(t, "cancelled", err, errs.Canceled)
	})
}
