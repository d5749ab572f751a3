package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestAppendLogs proves what becomes which column, how the owner of an entry is
// found, and that of several entries all are written or none.
func TestAppendLogs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice, bob := f.person("alice"), f.person("bob")
		at := time.Date(2026, 8, 31, 23, 59, 59, 123456789, time.FixedZone("east", 7200))
		f.must(f.AppendLogs(
			f.ctx, true,
			domain.LogEntry{Kind: "push_repo", Namespace: "bob", Performer: alice, Repository: 7, IP: "192.0.2.1", Metadata: `{"repo": "web"}`, At: at},
			domain.LogEntry{Kind: "login_failure", Metadata: `{}`, At: at},
			domain.LogEntry{Kind: "org_create", Account: bob, Namespace: "nobody", Metadata: `{}`, At: at},
		))
		got, err := f.Logs(f.ctx, domain.LogQuery{From: at.Add(-time.Hour), To: at.Add(time.Hour), Limit: 10})
		f.must(err)
		slices.Reverse(got)
		if len(got) != 3 {
			t.Fatalf("%d entries", len(got))
		}
		party := func(id domain.UserID, name string) domain.LogParty {
			return domain.LogParty{ID: id, Name: name, Email: name + "@example.com"}
		}
		want := domain.LoggedEntry{
			LogPosition: domain.LogPosition{At: at.UTC().Truncate(time.Microsecond), ID: got[0].ID}, Kind: "push_repo",
			Account: party(bob, "bob"), Performer: party(alice, "alice"), Repository: 7, IP: "192.0.2.1", Metadata: `{"repo": "web"}`,
		}
		if got[0] != want {
			t.Errorf("got  %+v\nwant %+v", got[0], want)
		}
		if got[1].Account.ID != alice || got[1].Performer.ID != 0 || got[1].IP != "" || got[1].Repository != 0 {
			t.Errorf("an entry of no namespace: %+v", got[1])
		}
		if got[2].Account.ID != bob {
			t.Errorf("an entry with an account: %+v", got[2])
		}
		for _, column := range []string{"performer_id", "repository_id", "ip"} {
			if n := value[int](f, `SELECT COUNT(*) FROM logentry3 WHERE `+statement(column)+` IS NULL`); n != 2 {
				t.Errorf("%s is NULL %d times", column, n)
			}
		}

		wantKind(t, "an account that is not there", f.AppendLogs(
			f.ctx, true,
			domain.LogEntry{Kind: "push_repo", Namespace: "bob", Metadata: `{}`, At: at},
			domain.LogEntry{Kind: "push_repo", Namespace: "gone", Metadata: `{}`, At: at},
		), errs.NotFound)
		wantKind(t, "a kind that is not there", f.AppendLogs(f.ctx, true, domain.LogEntry{Kind: "sneeze", Account: bob, Metadata: `{}`, At: at}), errs.Internal)
		if n := value[int](f, `SELECT COUNT(*) FROM logentry3`); n != 3 {
			t.Errorf("%d entries after failures", n)
		}
	})
}

// TestLogTime proves that times are stored in the text that the product writes.
func TestLogTime(t *testing.T) {
	f := open(t)
	f.person("alice")
	f.must(f.AppendLogs(f.ctx, false, domain.LogEntry{Kind: "org_create", Metadata: `{}`, At: time.Date(2026, 8, 31, 12, 0, 0, 5000, time.UTC)}))
	if got := value[string](f, `SELECT CAST(datetime AS text) FROM logentry3`); got != "2026-08-31 12:00:00.000005" {
		t.Errorf("got %s", got)
	}
}

// TestLogWithChange proves that an entry which is written in the transaction of a
// change goes away with it.
func TestLogWithChange(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice := f.person("alice")
		entry := domain.LogEntry{Kind: "user_create", Account: alice, Metadata: `{}`, At: noon}
		fail := errs.New(errs.Conflict, "no")
		wantKind(t, "the change", f.change(f.ctx, true, func(tx *Tx) error {
			if err := tx.log(entry); err != nil {
				return err
			}
			return fail
		}), errs.Conflict)
		if n := value[int](f, `SELECT COUNT(*) FROM logentry3`); n != 0 {
			t.Errorf("%d entries of a change that failed", n)
		}
		f.must(f.change(f.ctx, true, func(tx *Tx) error { return tx.log(entry) }))
		if n := value[int](f, `SELECT COUNT(*) FROM logentry3`); n != 1 {
			t.Errorf("%d entries of a change", n)
		}
	})
}

// TestLogs proves that pages of entries, some of one instant, have each entry once,
// the newest first, for each way of asking; and that counts agree.
func TestLogs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice, bob := f.person("alice"), f.person("bob")
		kinds := []string{"pull_repo", "push_repo", "delete_tag"}
		var entries []domain.LogEntry
		for i := range 60 {
			entries = append(entries, domain.LogEntry{
				Kind: kinds[i%3], Account: []domain.UserID{alice, bob}[i%2], Performer: []domain.UserID{bob, alice, 0}[i%3],
				Repository: domain.RepositoryID(i % 4), Metadata: fmt.Sprintf(`{"n": %d}`, i),
				At: noon.Add(time.Duration(i/5) * 4 * time.Hour), // five in each instant, six instants a day
			})
		}
		f.must(f.AppendLogs(f.ctx, false, entries...))
		from, to := entries[5].At, entries[55].At // the last instant is excluded
		for _, tc := range []struct {
			name  string
			query domain.LogQuery
			has   func(domain.LogEntry) bool
		}{
			{"all", domain.LogQuery{}, func(domain.LogEntry) bool { return true }},
			{"account", domain.LogQuery{Account: bob}, func(e domain.LogEntry) bool { return e.Account == bob }},
			{"performer", domain.LogQuery{Performer: alice}, func(e domain.LogEntry) bool { return e.Performer == alice }},
			{"repository", domain.LogQuery{Repository: 3}, func(e domain.LogEntry) bool { return e.Repository == 3 }},
			{"kinds", domain.LogQuery{Account: bob, Ignore: []string{"pull_repo", "delete_tag"}}, func(e domain.LogEntry) bool { return e.Account == bob && e.Kind == "push_repo" }},
		} {
			var want []string
			counts := make(map[domain.LogCount]int64)
			for i, e := range entries {
				if i >= 5 && i < 55 && tc.has(e) {
					want = append(want, e.Metadata)
					counts[domain.LogCount{Kind: e.Kind, Day: e.At.UTC().Format(time.DateOnly)}]++
				}
			}
			slices.Reverse(want)
			q := tc.query
			q.From, q.To, q.Limit = from, to, 4
			var got []string
			for {
				page, err := f.Logs(f.ctx, q)
				f.must(err)
				for _, e := range page {
					got = append(got, e.Metadata)
				}
				if len(page) < q.Limit {
					break
				}
				q.Before = page[len(page)-1].LogPosition
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s:\n got %v\nwant %v", tc.name, got, want)
			}
			list, err := f.CountLogs(f.ctx, q)
			f.must(err)
			for _, c := range list {
				key := domain.LogCount{Kind: c.Kind, Day: c.Day}
				if counts[key] != c.Count {
					t.Errorf("%s: counted %+v, want %d", tc.name, c, counts[key])
				}
				delete(counts, key)
			}
			if len(counts) > 0 {
				t.Errorf("%s: not counted: %v", tc.name, counts)
			}
		}
	})
}

// BenchmarkAppendLogs is what a batch of pulls' entries costs; ns/op are of one
// batch.
func BenchmarkAppendLogs(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *fixture{"sqlite": open, "postgres": openServer} {
		for _, n := range []int{1, 16, 256} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				f := open(b)
				alice := f.person("alice")
				batch := slices.Repeat([]domain.LogEntry{{
					Kind: "pull_repo", Account: alice, Performer: alice, Repository: 1, IP: "192.0.2.1", At: noon,
					Metadata: `{"repo": "web", "namespace": "alice", "user-agent": "containers/5.16.0", "tag": "latest", "username": "alice"}`,
				}}, n)
				b.ReportAllocs()
				for b.Loop() {
					f.must(f.AppendLogs(f.ctx, false, batch...))
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/entry")
			})
		}
	}
}
