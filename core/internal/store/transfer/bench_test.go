package transfer

import (
	"path/filepath"
	"testing"
)

// BenchmarkCopy measures how many rows of the audit log are copied in a second, from
// and to each engine. Each copy reads all rows twice, and a copy from SQLite to
// PostgreSQL three times.
func BenchmarkCopy(b *testing.B) {
	const rows = 50_000
	path := newSQLite(b)
	run(b, openFile(b, path), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO logentry3 (id, kind_id, account_id, performer_id, repository_id, datetime, ip, metadata_json)
		SELECT i, 1, 1, 1, i % 100, '2026-08-01 12:00:00.' || (100000 + i), '192.0.2.1', '{"repo": "web", "tag": "v' || i || '"}' FROM n`, rows)
	server := newPostgres(b)
	if _, err := Copy(b.Context(), Options{From: file(path), To: server}); err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name string
		from Location
		to   func() Location
	}{
		{"SQLite to SQLite", file(path), func() Location { return file(filepath.Join(b.TempDir(), "quay.db")) }},
		{"SQLite to PostgreSQL", file(path), func() Location { return newPostgres(b) }},
		{"PostgreSQL to SQLite", server, func() Location { return file(filepath.Join(b.TempDir(), "quay.db")) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				to := bench.to()
				b.StartTimer()
				if _, err := Copy(b.Context(), Options{From: bench.from, To: to}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
