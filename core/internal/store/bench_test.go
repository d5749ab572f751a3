package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

// busy is a repository like one that has been in use for a while: a thousand
// tags, each pushed twice, over ten manifests with ten blobs each.
func busy(f *fixture) (repo domain.RepositoryID, digest domain.Digest, blob *domain.Blob) {
	repo = f.repository("acme/web")
	for i := range 10 {
		n := manifest(repo, fmt.Sprintf(`{"manifest":%d,"of":%2000d}`, i, 0), noon)
		for j := range 10 {
			blob = f.blob(repo, fmt.Sprint(i, j))
			n.Blobs = append(n.Blobs, blob.ID)
		}
		for round := range 2 {
			n.Now = after(1 + round)
			n.Tags = nil
			for tag := range 100 {
				n.Tags = append(n.Tags, domain.NewTag{Name: fmt.Sprintf("v%d.%d", i, tag)})
			}
			f.must(f.PutManifest(f.ctx, n))
		}
		digest = n.Digest
	}
	return repo, digest, blob
}

// eachEngine measures on both engines, each time in a database of its own.
func eachEngine(b *testing.B, measure func(b *testing.B, f *fixture)) {
	b.Run("sqlite", func(b *testing.B) { measure(b, open(b)) })
	b.Run("postgres", func(b *testing.B) { measure(b, openServer(b)) })
}

func BenchmarkManifestByTag(b *testing.B) {
	eachEngine(b, func(b *testing.B, f *fixture) {
		repo, _, _ := busy(f)
		now := time.Now()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.ManifestByTag(f.ctx, repo, "v5.50", now); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkManifestByDigest(b *testing.B) {
	eachEngine(b, func(b *testing.B, f *fixture) {
		repo, digest, _ := busy(f)
		now := time.Now()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.ManifestByDigest(f.ctx, repo, digest, now); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkBlob(b *testing.B) {
	eachEngine(b, func(b *testing.B, f *fixture) {
		repo, _, blob := busy(f)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.Blob(f.ctx, repo, blob.Digest); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkRepository(b *testing.B) {
	eachEngine(b, func(b *testing.B, f *fixture) {
		busy(f)
		name := parseName("acme/web")
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.Repository(f.ctx, name); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkPutManifest retargets one tag, durably, from many clients at once.
func BenchmarkPutManifest(b *testing.B) {
	eachEngine(b, func(b *testing.B, f *fixture) {
		repo := f.repository("acme/web")
		b.ReportAllocs()
		b.SetParallelism(16)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := f.PutManifest(f.ctx, manifest(repo, "{}", time.Now(), "latest")); err != nil {
					b.Error(err)
				}
			}
		})
	})
}
