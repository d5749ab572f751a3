package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/test/postgres"
)

// The size of a registry that has been in use for years. QUAY_SCALE divides it, so
// that the loading itself can be tried.
const (
	scaleManifests    = 1_000_000
	scaleLogs         = 10_000_000
	scaleRepositories = 10_000
	scaleNamespaces   = 1_000
)

// pullPathLimit is what the slowest hundredth of the pull path's statements may take.
const pullPathLimit = 5 * time.Millisecond

// dialect is what differs in the SQL that fills a database with rows.
type dialect struct {
	series string // a table s of the numbers i from 1 to %d
	digest string // of the text of i
	at     string // a time i seconds after a fixed one
}

var (
	sqliteDialect = dialect{
		series: `WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < %d) `,
		digest: `'sha256:' || printf('%064x', i)`,
		at:     `datetime('2024-01-01', '+' || i || ' seconds')`,
	}
	postgresDialect = dialect{
		series: `WITH s AS (SELECT i FROM generate_series(1, %d) AS i) `,
		digest: `'sha256:' || lpad(to_hex(i), 64, '0')`,
		at:     `timestamp '2024-01-01' + i * interval '1 second'`,
	}
)

// scale is a filled database.
type scale struct {
	*fixture
	manifests, repositories int
}

// fillScale fills a database: a tenth of all manifests, each with a tag, is in the
// first repository, the others are spread; each manifest has three blobs, of which
// others have some, too.
func fillScale(b *testing.B, f *fixture, d dialect) *scale {
	divisor := 1
	if s := os.Getenv("QUAY_SCALE"); s != "" {
		var err error
		if divisor, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	manifests, logs := scaleManifests/divisor, scaleLogs/divisor
	repositories, namespaces := max(10, scaleRepositories/divisor), max(10, scaleNamespaces/divisor)
	inRepository := fmt.Sprintf(`CASE WHEN i %% 10 = 0 THEN 1 ELSE 1 + i %% %d END`, repositories)
	for _, step := range []struct {
		rows int
		sql  string
	}{
		{namespaces, `INSERT INTO "user" (id, uuid, username, email, verified, organization, robot, invoice_email, invalid_login_attempts,
			last_invalid_login, removed_tag_expiration_s, enabled)
			SELECT i, 'uuid-' || i, 'ns' || i, 'ns' || i || '@example.com', TRUE, FALSE, FALSE, FALSE, 0, {at}, 1209600, TRUE FROM s`},
		{repositories, `INSERT INTO repository (id, namespace_user_id, name, visibility_id, badge_token, kind_id, trust_enabled, state)
			SELECT i, 1 + i % ` + strconv.Itoa(namespaces) + `, 'repo' || i, (SELECT id FROM visibility WHERE name = 'public'), 'x',
			(SELECT id FROM repositorykind WHERE name = 'image'), FALSE, 0 FROM s`},
		{repositories, `INSERT INTO repositorypermission (user_id, repository_id, role_id)
			SELECT 1 + i % ` + strconv.Itoa(namespaces) + `, i, (SELECT id FROM role WHERE name = 'admin') FROM s`},
		{manifests, `INSERT INTO manifest (id, repository_id, digest, media_type_id, manifest_bytes, layers_compressed_size, subject_backfilled,
			artifact_type_backfilled)
			SELECT i, ` + inRepository + `, {digest}, (SELECT MIN(id) FROM mediatype), '{"schemaVersion": 2, "of": "' || {digest} || {digest} || {digest} || '"}',
			1000, TRUE, TRUE FROM s`},
		{manifests, `INSERT INTO tag (name, repository_id, manifest_id, lifetime_start_ms, lifetime_end_ms, hidden, reversion, tag_kind_id, immutable)
			SELECT 'v' || i, ` + inRepository + `, i, 1700000000000 + i, CASE WHEN i % 4 = 3 THEN 1700000000000 + 2 * i END, FALSE, FALSE,
			(SELECT id FROM tagkind WHERE name = 'tag'), FALSE FROM s`},
		{manifests, `INSERT INTO imagestorage (id, uuid, image_size, uploading, cas_path, content_checksum)
			SELECT i, 'uuid-' || i, i, FALSE, TRUE, {digest} FROM s`},
		{manifests, `INSERT INTO imagestorageplacement (storage_id, location_id)
			SELECT i, (SELECT MAX(id) FROM imagestoragelocation) FROM s`},
		{manifests, `INSERT INTO manifestblob (repository_id, manifest_id, blob_id) SELECT ` + inRepository + `, i, i FROM s`},
		{manifests, `INSERT INTO manifestblob (repository_id, manifest_id, blob_id)
			SELECT ` + inRepository + `, i, i % 1000 + 1 FROM s WHERE i > 1000`},
		{logs, `INSERT INTO logentry3 (kind_id, account_id, performer_id, repository_id, datetime, ip, metadata_json)
			SELECT (SELECT id FROM logentrykind WHERE name = 'pull_repo'), 1 + i % ` + strconv.Itoa(namespaces) + `, 1 + i % 7,
			` + inRepository + `, {at}, '192.0.2.1', '{"namespace": "ns", "repo": "repo", "tag": "v' || i || '"}' FROM s`},
	} {
		begun := time.Now()
		sql := strings.NewReplacer("{digest}", d.digest, "{at}", d.at).Replace(step.sql)
		f.fill(statement(fmt.Sprintf(d.series, step.rows) + sql))
		b.Logf("%d rows in %s: %.60s…", step.rows, time.Since(begun).Round(time.Millisecond), step.sql)
	}
	return &scale{f, manifests, repositories}
}

// fill runs a statement that may take minutes.
func (f *fixture) fill(q statement) {
	f.t.Helper()
	if e, ok := f.engine.(*postgresEngine); ok {
		_, err := e.pool.Exec(f.ctx, string(q))
		f.must(err)
		return
	}
	f.exec(q)
}

// random is a manifest of the filled database whose tag is alive.
func (s *scale) random() (repo domain.RepositoryID, tag string, digest domain.Digest) {
	i := 1 + rand.IntN(s.manifests)
	if i%4 == 3 {
		i--
	}
	if repo = domain.RepositoryID(1 + i%s.repositories); i%10 == 0 {
		repo = 1
	}
	return repo, fmt.Sprint("v", i), domain.Digest(fmt.Sprintf("sha256:%064x", i))
}

// filled reports whether a table has many rows in a filled database. The server reads
// the others from end to end because that is quicker.
func filled(table string) bool {
	return slices.Contains([]string{"tag", "manifest", "manifestblob", "imagestorage", "imagestorageplacement", "logentry3"}, table)
}

// BenchmarkScale fills a database with a million tags and manifests and ten million
// log entries, and fails when a statement would read one of its tables from end to
// end, or when the slowest hundredth of the pull path's takes too long. It takes
// minutes and gigabytes: `make bench-scale`.
func BenchmarkScale(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		s := fillScale(b, open(b), sqliteDialect)
		noScans(b, "SCAN ", sqlitePlans(b, s.engine.(*sqlite)), grows)
		s.pullPath(b)
	})
	b.Run("postgres", func(b *testing.B) {
		_, url := startServer(b, postgres.Options{Settings: map[string]string{
			"shared_buffers": "512MB", "max_wal_size": "2GB", "work_mem": "32MB", "maintenance_work_mem": "256MB", "autovacuum": "off",
		}})
		s := fillScale(b, openURL(b, Options{URL: url}), postgresDialect)
		// The server chooses by statistics, as in production. SQLite has none there.
		s.fill("ANALYZE")
		noScans(b, "Seq Scan on ", postgresPlans(b, s.engine.(*postgresEngine), ""), filled)
		s.pullPath(b)
	})
}

// pullPath measures what a pull asks the database.
func (s *scale) pullPath(b *testing.B) {
	now := time.Now()
	for _, call := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"Repository", func(ctx context.Context) error {
			i := 1 + rand.IntN(s.repositories)
			_, err := s.Repository(ctx, parseName(fmt.Sprintf("ns%d/repo%d", 1+i%max(10, s.repositories/10), i)))
			return err
		}},
		{"RepositoryAccess", func(ctx context.Context) error {
			i := 1 + rand.IntN(s.repositories)
			name := parseName(fmt.Sprintf("ns%d/repo%d", 1+i%max(10, s.repositories/10), i))
			_, err := s.RepositoryAccess(ctx, domain.UserID(1+rand.IntN(100)), name)
			return err
		}},
		{"ManifestByTag", func(ctx context.Context) error {
			repo, tag, _ := s.random()
			_, err := s.ManifestByTag(ctx, repo, tag, now)
			return err
		}},
		{"ManifestByDigest", func(ctx context.Context) error {
			repo, _, digest := s.random()
			_, err := s.ManifestByDigest(ctx, repo, digest, now)
			return err
		}},
		{"Blob", func(ctx context.Context) error {
			repo, _, digest := s.random()
			_, err := s.Blob(ctx, repo, digest)
			return err
		}},
	} {
		b.Run(call.name, func(b *testing.B) {
			var mu sync.Mutex
			var all []time.Duration
			b.ReportAllocs()
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				var mine []time.Duration
				for pb.Next() {
					begun := time.Now()
					if err := call.do(b.Context()); err != nil {
						b.Error(err)
						return
					}
					mine = append(mine, time.Since(begun))
				}
				mu.Lock()
				all = append(all, mine...)
				mu.Unlock()
			})
			slices.Sort(all)
			p99 := all[len(all)*99/100]
			b.ReportMetric(float64(p99.Microseconds())/1000, "p99-ms")
			if len(all) > 1000 && p99 > pullPathLimit {
				b.Errorf("p99 of %d calls is %s, want less than %s", len(all), p99, pullPathLimit)
			}
		})
	}
}
