package store

import (
	"fmt"
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// traceOf is what tests leave of a tag: an entry of a kind with the tag as its metadata.
func traceOf(kind string, repo domain.RepositoryID) func(tag string) domain.Trace {
	return func(tag string) domain.Trace {
		return domain.Trace{Entries: []domain.LogEntry{{
			Kind: kind, Namespace: "acme", Repository: repo, IP: "192.0.2.1", Metadata: tag, At: noon,
		}}}
	}
}

// pushOf is the event of a push.
func pushOf(repo domain.RepositoryID) domain.RepositoryEvent {
	return domain.RepositoryEvent{Name: "repo_push", Repository: repo, Item: func(notification string) domain.NewQueueItem {
		return domain.NewQueueItem{Queue: "notification", Path: []string{"acme", "web", "repo_push"}, Body: notification, Available: noon, Retries: 5}
	}}
}

// notification makes a notification of a repository.
func (f *fixture) notification(repo domain.RepositoryID, uuid, event string) {
	f.t.Helper()
	f.exec(`INSERT INTO repositorynotification (uuid, repository_id, event_id, method_id, config_json, event_config_json, number_of_failures)
	VALUES ($1, $2, (SELECT id FROM externalnotificationevent WHERE name = $3),
	(SELECT id FROM externalnotificationmethod WHERE name = 'webhook'), '{}', '{}', 0)`, uuid, repo, event)
}

// left is what changes have left: entries as "kind tag" and items as "name body".
func (f *fixture) leftBehind() (entries, items []string) {
	f.t.Helper()
	both := func(q statement, list *[]string) {
		f.must(f.rows(f.ctx, q, func(r scanner) error {
			var a, b string
			err := r.Scan(&a, &b)
			*list = append(*list, a+" "+b)
			return err
		}))
	}
	both(`SELECT k.name, l.metadata_json FROM logentry3 l JOIN logentrykind k ON k.id = l.kind_id
	WHERE l.ip = '192.0.2.1' AND l.performer_id IS NULL ORDER BY l.id`, &entries)
	both(`SELECT queue_name, body FROM queueitem WHERE available AND retries_remaining = 5 ORDER BY id`, &items)
	return entries, items
}

// TestTrace proves that a push and deletions leave their entries, and an item for each of
// the repository's notifications of the event and for no other, and that a change which
// is refused leaves nothing.
func TestTrace(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo, other := f.repository("acme/web"), f.repository("acme/other")
		f.notification(repo, "first", "repo_push")
		f.notification(repo, "second", "repo_push")
		f.notification(repo, "elsewhen", "build_queued")
		f.notification(other, "elsewhere", "repo_push")

		n := manifest(repo, "1", noon, "a", "b", "fixed")
		n.Trace = traceOf("push_repo", repo)("a, b, fixed")
		n.Trace.Events = []domain.RepositoryEvent{pushOf(repo)}
		f.must(f.PutManifest(f.ctx, n))
		f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "a", Trace: traceOf("delete_tag", repo), Now: after(5)}))

		wantEntries := []string{"push_repo a, b, fixed", "delete_tag a"}
		wantItems := []string{"notification/acme/web/repo_push/ first", "notification/acme/web/repo_push/ second"}
		if entries, items := f.leftBehind(); !slices.Equal(entries, wantEntries) || !slices.Equal(items, wantItems) {
			t.Fatalf("left: %q, %q", entries, items)
		}

		f.exec(`UPDATE tag SET immutable = TRUE WHERE name = 'fixed'`)
		id, err := f.ManifestID(f.ctx, repo, n.Digest)
		f.must(err)
		again := manifest(repo, "2", after(9), "b", "fixed")
		again.Trace = n.Trace
		deletion := domain.ManifestDeletion{Repository: repo, Manifest: id, Everything: true, Trace: traceOf("delete_tag", repo), Now: after(9)}
		for name, err := range map[string]error{
			"push":                f.PutManifest(f.ctx, again),
			"delete a tag":        f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "fixed", Trace: deletion.Trace, Now: after(9)}),
			"delete the manifest": f.DeleteManifest(f.ctx, deletion),
		} {
			wantKind(t, name, err, errs.Conflict)
		}
		if entries, items := f.leftBehind(); !slices.Equal(entries, wantEntries) || !slices.Equal(items, wantItems) {
			t.Errorf("refused, and still left: %q, %q", entries, items)
		}

		f.exec(`UPDATE tag SET immutable = FALSE WHERE name = 'fixed'`)
		f.must(f.DeleteManifest(f.ctx, deletion)) // of its hidden tags nothing is said
		wantEntries = append(wantEntries, "delete_tag b", "delete_tag fixed")
		if entries, _ := f.leftBehind(); !slices.Equal(entries, wantEntries) {
			t.Errorf("left: %q", entries)
		}
	})
}

// TestTraceIsPartOfTheChange proves that a push or deletion whose entry cannot be written
// does not happen.
func TestTraceIsPartOfTheChange(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		f.put(repo, "1", noon, "latest")
		broken := func(string) domain.Trace {
			return domain.Trace{Entries: []domain.LogEntry{{Kind: "push_repo", Namespace: "nobody", Metadata: "{}", At: noon}}}
		}
		n := manifest(repo, "2", after(5), "latest")
		n.Trace = broken("")
		wantKind(t, "push", f.PutManifest(f.ctx, n), errs.NotFound)
		wantKind(t, "delete", f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: "latest", Trace: broken, Now: after(5)}), errs.NotFound)
		if got := f.byTag(repo, "latest", after(6)); got != "1" {
			t.Errorf("latest names %q", got)
		}
		if n := value[int](f, `SELECT COUNT(*) FROM manifest`); n != 1 {
			t.Errorf("%d manifests", n)
		}
	})
}

// BenchmarkTrace is what a push pays for its entry and for looking for notifications.
func BenchmarkTrace(b *testing.B) {
	eachEngine(b, func(b *testing.B, f *fixture) {
		repo := f.repository("acme/web")
		for _, traced := range []bool{false, true} {
			b.Run(fmt.Sprintf("traced=%v", traced), func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					n := manifest(repo, fmt.Sprint(traced, i), after(i), "latest")
					if traced {
						n.Trace = traceOf("push_repo", repo)("latest")
						n.Trace.Events = []domain.RepositoryEvent{pushOf(repo)}
					}
					f.must(f.PutManifest(f.ctx, n))
				}
			})
		}
	})
}
