package store

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/test/postgres"
)

// BenchmarkPushes measures what many clients push at once, each time a new manifest with
// a layer of its own and ten that others have, which are counted: to one repository, to
// one each in one namespace, and to a namespace each. PostgreSQL syncs what it commits.
func BenchmarkPushes(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkPushes(b, open(b)) })
	b.Run("postgres", func(b *testing.B) {
		_, url := startServer(b, postgres.Options{Settings: map[string]string{"fsync": "on"}})
		benchmarkPushes(b, openURL(b, Options{URL: url}))
	})
}

func benchmarkPushes(b *testing.B, f *fixture) {
	for _, to := range []struct {
		name string
		repo func(i int) string
	}{
		{"one repository", func(int) string { return "one/web" }},
		{"one namespace", func(i int) string { return fmt.Sprint("shared/r", i) }},
		{"all apart", func(i int) string { return fmt.Sprintf("n%d/web", i) }},
	} {
		b.Run(to.name, func(b *testing.B) {
			repos, shared := make(map[string]domain.RepositoryID), make(map[string][]domain.BlobID)
			for i := range pushers {
				name := to.repo(i)
				if repos[name] == 0 {
					repos[name] = f.repository(fmt.Sprint(name, b.N))
					for j := range 10 {
						shared[name] = append(shared[name], f.blob(repos[name], fmt.Sprint("shared", j)).ID)
					}
				}
			}
			own := make([]domain.BlobID, b.N+pushers)
			for i := range own {
				own[i] = domain.BlobID(f.add(`INSERT INTO imagestorage (uuid, image_size, uploading, cas_path, content_checksum)
					VALUES ($1, 7, TRUE, TRUE, $1) RETURNING id`, fmt.Sprint(to.name, b.N, i)))
			}
			var next, client atomic.Int64
			b.SetParallelism(pushers)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				me := int(client.Add(1)) % pushers
				repo, blobs := repos[to.repo(me)], shared[to.repo(me)]
				for pb.Next() {
					i := next.Add(1)
					n := counted(repo, fmt.Sprint(to.name, b.N, i), append([]domain.BlobID{own[i]}, blobs...), fmt.Sprint("t", me))
					if _, err := f.Store.PutManifest(f.ctx, n); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
