package store

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
)

// sized is the bytes of an image with a layer of a size, about another one.
func sized(size int) string {
	digest := domain.SHA256.Of(fmt.Append(nil, size))
	return fmt.Sprintf(`{"schemaVersion":2,"artifactType":"application/%d",
		"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":%q,"size":1},
		"layers":[{"mediaType":"application/x","digest":%q,"size":%d}],
		"subject":{"mediaType":"application/x","digest":%q,"size":1}}`, size, digest, digest, size, digest)
}

// backfill runs a Backfill to its end, and returns how many steps it took.
func backfill(t *testing.T, f *fixture, b *manifests.Backfill) (steps int) {
	for more := true; more; steps++ {
		var err error
		if more, err = b.Step(f.ctx); err != nil {
			t.Error(err)
			return steps
		}
	}
	return steps
}

var allColumns = []domain.ManifestColumns{domain.ManifestSize, domain.ManifestSubject, domain.ManifestArtifactType}

// TestBackfill proves that all columns of old manifests are filled in when several do it
// at once, however many manifests there are, that a column which somebody else has filled
// in stays, and that a manifest which nobody can read is marked and no obstacle.
func TestBackfill(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		const count = 600
		for i := range count {
			f.put(repo, sized(i), noon)
		}
		f.put(repo, "broken", noon)
		f.exec(`UPDATE manifest SET layers_compressed_size = NULL, config_media_type = NULL, subject = NULL, subject_backfilled = NULL,
			artifact_type = NULL, artifact_type_backfilled = FALSE`)
		f.exec(`UPDATE manifest SET layers_compressed_size = 4711, subject = 'theirs', subject_backfilled = TRUE WHERE id % 10 = 3`)
		f.exec(`DELETE FROM tag WHERE manifest_id % 400 = 0`)
		f.exec(`DELETE FROM manifestsecuritystatus WHERE manifest_id % 400 = 0`)
		f.exec(`DELETE FROM manifest WHERE id % 400 = 0`)
		var group sync.WaitGroup
		for range 4 {
			for _, c := range allColumns {
				group.Go(func() { backfill(t, f, manifests.NewBackfill(f.Store, c, slog.New(slog.DiscardHandler))) })
			}
		}
		group.Wait()
		wantRows(f, 0, `SELECT COUNT(*) FROM manifest WHERE layers_compressed_size IS NULL
			OR subject_backfilled IS NULL OR NOT subject_backfilled OR artifact_type_backfilled IS NULL OR NOT artifact_type_backfilled`)
		wantRows(f, 1, `SELECT COUNT(*) FROM manifest WHERE manifest_bytes = 'broken' AND layers_compressed_size = -1
			AND config_media_type IS NULL AND subject IS NULL AND artifact_type IS NULL`)
		var theirs, ours int
		f.must(f.rows(f.ctx, `SELECT manifest_bytes, layers_compressed_size, COALESCE(subject, ''), COALESCE(artifact_type, ''),
			COALESCE(config_media_type, '') FROM manifest WHERE manifest_bytes <> 'broken'`, func(r scanner) error {
			var body, subject, artifact, config string
			var size int
			if err := r.Scan(&body, &size, &subject, &artifact, &config); err != nil {
				return err
			}
			if size == 4711 && subject == "theirs" {
				theirs++
				return nil
			}
			ours++
			if body != sized(size) || !strings.Contains(body, subject) || len(subject) != 71 || artifact != fmt.Sprintf("application/%d", size) ||
				config != "application/vnd.oci.image.config.v1+json" {
				t.Errorf("%s: got %d, %q, %q, %q", body, size, subject, artifact, config)
			}
			return nil
		}))
		if theirs < 50 || ours < 500 {
			t.Errorf("%d of theirs, %d of ours", theirs, ours)
		}
	})
}

// TestBackfillAgain proves that a pass over finished manifests costs little, and that
// those are found which were added since, or of which somebody wants it again.
func TestBackfillAgain(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.put(repo, "{}", noon)
		for _, c := range allColumns {
			b := manifests.NewBackfill(f.Store, c, slog.New(slog.DiscardHandler))
			backfill(t, f, b)
			if n := backfill(t, f, b); n != 1 {
				t.Errorf("columns %d: %d steps when all is done", c, n)
			}
			f.exec(`UPDATE manifest SET layers_compressed_size = NULL, subject_backfilled = FALSE, artifact_type_backfilled = NULL`)
			_, digest := f.put(repo, fmt.Sprintf(`{"n":%d}`, c), noon)
			f.exec(`UPDATE manifest SET subject_backfilled = FALSE, artifact_type_backfilled = NULL WHERE digest = $1`, string(digest))
			backfill(t, f, b)
			column := map[domain.ManifestColumns]statement{
				domain.ManifestSize:         `SELECT COUNT(*) FROM manifest WHERE layers_compressed_size IS NULL`,
				domain.ManifestSubject:      `SELECT COUNT(*) FROM manifest WHERE NOT subject_backfilled`,
				domain.ManifestArtifactType: `SELECT COUNT(*) FROM manifest WHERE artifact_type_backfilled IS NULL`,
			}[c]
			wantRows(f, 0, column)
		}
	})
}

// TestBackfillBrokenOff proves that what was broken off is finished later, and that a
// Backfill goes on after a failure.
func TestBackfillBrokenOff(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		for i := range 300 {
			f.put(repo, sized(i), noon)
		}
		f.exec(`UPDATE manifest SET layers_compressed_size = NULL`)
		b := manifests.NewBackfill(f.Store, domain.ManifestSize, slog.New(slog.DiscardHandler))
		if more, err := b.Step(f.ctx); err != nil || !more {
			t.Fatalf("the first step: %v, %v", more, err)
		}
		left := value[int](f, `SELECT COUNT(*) FROM manifest WHERE layers_compressed_size IS NULL`)
		if left == 0 || left == 300 {
			t.Fatalf("%d manifests are left after a step", left)
		}
		cancelled, cancel := context.WithCancel(f.ctx)
		cancel()
		if _, err := b.Step(cancelled); err == nil {
			t.Error("a step with an ended context succeeded")
		}
		backfill(t, f, manifests.NewBackfill(f.Store, domain.ManifestSize, slog.New(slog.DiscardHandler)))
		wantRows(f, 0, `SELECT COUNT(*) FROM manifest WHERE layers_compressed_size IS NULL`)
	})
}
