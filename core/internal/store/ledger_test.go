package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// counted is a manifest that is counted when it is pushed.
func counted(repo domain.RepositoryID, bytes string, blobs []domain.BlobID, tags ...string) domain.NewManifest {
	n := manifest(repo, bytes, noon, tags...)
	n.Blobs, n.Ledger = blobs, domain.LedgerCount
	return n
}

// wantLedger compares all complete totals with the sums of the blobs, and returns how
// many there are.
func (f *fixture) wantLedger(when string) (totals int) {
	f.t.Helper()
	repositories, err := f.CheckRepositorySizes(f.ctx, 0, 1000)
	f.must(err)
	namespaces, err := f.CheckNamespaceSizes(f.ctx, 0, 1000)
	f.must(err)
	for of, list := range map[string][]domain.StoredLedger{"repository": repositories, "namespace": namespaces} {
		for _, l := range list {
			if l.Total != l.Sum {
				f.t.Errorf("%s: %s %d: the ledger has %d bytes, its blobs have %d", when, of, l.Owner, l.Total, l.Sum)
			}
		}
	}
	return len(repositories) + len(namespaces)
}

// ledgerRows returns the totals by the names of their owners, as "size, start, complete".
func (f *fixture) ledgerRows() map[string]string {
	f.t.Helper()
	rows := make(map[string]string)
	for _, q := range []statement{
		`SELECT r.name, q.size_bytes, COALESCE(q.backfill_start_ms, -1), q.backfill_complete FROM quotarepositorysize q JOIN repository r ON r.id = q.repository_id`,
		`SELECT u.username, q.size_bytes, COALESCE(q.backfill_start_ms, -1), q.backfill_complete FROM quotanamespacesize q JOIN "user" u ON u.id = q.namespace_user_id`,
	} {
		f.must(f.rows(f.ctx, q, func(r scanner) error {
			var name string
			var size, start int64
			var complete bool
			err := r.Scan(&name, &size, &start, &complete)
			rows[name] = fmt.Sprintf("%d, %d, %v", size, start, complete)
			return err
		}))
	}
	return rows
}

// TestLedgerRows proves which rows of totals a push leaves: a blob counts once in its
// repository and once in its namespace, totals begin with the first content, and those
// that a worker computes are left to it.
func TestLedgerRows(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		web, other := f.repository("acme/web"), f.repository("acme/other")
		ids := func(repo domain.RepositoryID, contents ...string) (list []domain.BlobID) {
			for _, c := range contents {
				list = append(list, f.blob(repo, c).ID)
			}
			return list
		}
		for _, step := range []struct {
			what string
			do   func() error
			want map[string]string
		}{
			{"an index", func() error { return f.PutManifest(f.ctx, counted(web, "index", nil, "index")) }, map[string]string{}},
			{
				"the first image", func() error { return f.PutManifest(f.ctx, counted(web, "1", ids(web, "a", "bb"), "1")) },
				map[string]string{"acme": "3, 0, true", "web": "3, 0, true"},
			},
			{
				"the same again", func() error { return f.PutManifest(f.ctx, counted(web, "1", ids(web, "a", "bb"), "2")) },
				map[string]string{"acme": "3, 0, true", "web": "3, 0, true"},
			},
			{
				"one that shares a layer", func() error { return f.PutManifest(f.ctx, counted(web, "2", ids(web, "bb", "cccc"), "1")) },
				map[string]string{"acme": "7, 0, true", "web": "7, 0, true"},
			},
			{
				"another repository with a layer of the first",
				func() error { return f.PutManifest(f.ctx, counted(other, "3", ids(other, "a", "dddddddd"), "1")) },
				map[string]string{"acme": "15, 0, true", "web": "7, 0, true", "other": "9, 0, true"},
			},
			{"a tag that goes", func() error { return f.DeleteTag(f.ctx, domain.TagDeletion{Repository: web, Name: "1", Now: after(1)}) }, map[string]string{
				"acme": "15, 0, true", "web": "7, 0, true", "other": "9, 0, true",
			}},
			{
				"a total that is being computed",
				func() error {
					f.exec(`UPDATE quotanamespacesize SET size_bytes = 0, backfill_start_ms = 5, backfill_complete = FALSE`)
					return f.PutManifest(f.ctx, counted(web, "4", ids(web, "eeeeeeeeeeeeeeee"), "1"))
				},
				map[string]string{"acme": "0, 5, false", "web": "23, 0, true", "other": "9, 0, true"},
			},
			{
				"where nobody counts",
				func() error {
					n := counted(other, "5", ids(other, "a"), "5")
					n.Ledger = domain.LedgerForget
					return f.PutManifest(f.ctx, n)
				},
				map[string]string{"acme": "0, -1, false", "web": "23, 0, true", "other": "0, -1, false"},
			},
			{
				"totals that are missing where there is content",
				func() error {
					f.exec(`DELETE FROM quotanamespacesize`)
					f.exec(`DELETE FROM quotarepositorysize`)
					return f.PutManifest(f.ctx, counted(web, "6", ids(web, "f"), "6"))
				},
				map[string]string{},
			},
		} {
			f.must(step.do())
			if got := f.ledgerRows(); fmt.Sprint(got) != fmt.Sprint(step.want) {
				t.Errorf("%s: got %v, want %v", step.what, got, step.want)
			}
		}
	})
}

// TestLedgerOfPurge proves that totals follow what a purged repository takes with it, in
// a namespace that is disabled, too.
func TestLedgerOfPurge(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		web, other := f.repository("acme/web"), f.repository("acme/other")
		f.must(f.PutManifest(f.ctx, counted(web, "1", []domain.BlobID{f.blob(web, "a").ID, f.blob(web, "bb").ID}, "1")))
		f.must(f.PutManifest(f.ctx, counted(web, "2", []domain.BlobID{f.blob(web, "bb").ID, f.blob(web, "cccc").ID}, "2")))
		f.must(f.PutManifest(f.ctx, counted(other, "3", []domain.BlobID{f.blob(other, "a").ID, f.blob(other, "dddddddd").ID}, "1")))
		f.exec(`UPDATE "user" SET enabled = FALSE`)
		for {
			tags, err := f.PurgeTags(f.ctx, web, 1)
			f.must(err)
			manifests := 0
			if tags == 0 {
				manifests, _, err = f.PurgeManifests(f.ctx, web, domain.LedgerCount, 1)
				f.must(err)
				f.wantLedger("between two bites")
			}
			if tags+manifests == 0 {
				break
			}
		}
		if got := f.ledgerRows(); got["acme"] != "9, 0, true" || got["web"] != "0, 0, true" {
			t.Errorf("got %v", got)
		}
	})
}

// pushers is how many clients push at once.
const pushers = 32

// TestLedgerOfRace proves that totals are exact when many clients push and purge at once
// in one namespace, all of them the same layers.
func TestLedgerOfRace(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var repos []domain.RepositoryID
		for i := range 4 {
			repos = append(repos, f.repository(fmt.Sprint("acme/r", i)))
		}
		doomed := f.repository("acme/doomed")
		layers := make(map[domain.RepositoryID][]domain.BlobID)
		for _, repo := range append(slices.Clip(repos), doomed) {
			for i := range 16 {
				layers[repo] = append(layers[repo], f.blob(repo, fmt.Sprintf("%0*d", i+1, 0)).ID)
			}
		}
		f.must(f.PutManifest(f.ctx, counted(doomed, "doomed", layers[doomed], "latest")))
		f.must(f.PutManifest(f.ctx, counted(repos[0], "first", layers[repos[0]][:1], "latest")))
		var wg sync.WaitGroup
		for i := range pushers {
			wg.Go(func() {
				random := rand.New(rand.NewPCG(7, uint64(i)))
				for j := range 8 {
					repo := repos[random.IntN(len(repos))]
					blobs := slices.Clone(layers[repo])
					random.Shuffle(len(blobs), func(i, j int) { blobs[i], blobs[j] = blobs[j], blobs[i] })
					n := counted(repo, fmt.Sprint(i%8, j), blobs[:1+random.IntN(4)], fmt.Sprint("t", random.IntN(4)))
					if _, err := f.Store.PutManifest(f.ctx, n); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			if _, err := f.PurgeTags(f.ctx, doomed, 100); err != nil {
				t.Error(err)
			}
			if _, _, err := f.PurgeManifests(f.ctx, doomed, domain.LedgerCount, 100); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		// Of repositories that were pushed to for the first time by several at once, some
		// may have no total: the worker computes it.
		if n := f.wantLedger("after the race"); n < 2 {
			t.Errorf("%d totals are known", n)
		}
		if f.ledgerRows()["acme"] == "" {
			t.Error("the namespace has no total")
		}
	})
}

// TestLedgerOfCrash proves that a push or a purge that a crash ends, before its commit or
// after it, leaves totals that fit, and can be done again.
func TestLedgerOfCrash(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		blobs := []domain.BlobID{f.blob(repo, "a").ID, f.blob(repo, "bb").ID}
		f.must(f.PutManifest(f.ctx, counted(repo, "0", blobs[:1], "0")))
		healthy := f.engine
		crash := func(what string, committed bool, do func() error) {
			t.Helper()
			f.engine = &crashing{engine: healthy, at: 1, after: committed}
			if err := do(); err == nil {
				t.Errorf("%s: no crash", what)
			}
			f.engine = healthy
			f.wantLedger(what)
			f.must(do())
			f.wantLedger(what + ", done again")
		}
		for i, committed := range []bool{false, true} {
			n := counted(repo, fmt.Sprint("n", i), blobs, fmt.Sprint("t", i))
			crash(fmt.Sprintf("a push, committed %v", committed), committed, func() error { return f.PutManifest(f.ctx, n) })
		}
		_, err := f.PurgeTags(f.ctx, repo, 100)
		f.must(err)
		for _, committed := range []bool{false, true} {
			crash(fmt.Sprintf("a purge, committed %v", committed), committed, func() error {
				_, _, err := f.PurgeManifests(f.ctx, repo, domain.LedgerCount, 1)
				return err
			})
		}
		if got := f.ledgerRows()["acme"]; got != "0, 0, true" {
			t.Errorf("at last: %s", got)
		}
	})
}

// TestLedgerIsRecount proves that after any sequence of pushes, deletions and purges each
// total is what counting again gives.
func TestLedgerIsRecount(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for seed := range uint64(3) {
			random := rand.New(rand.NewPCG(11, seed))
			namespace := fmt.Sprint("n", seed)
			var repos []domain.RepositoryID
			layers := make(map[domain.RepositoryID][]domain.BlobID)
			add := func() {
				repo := f.repository(fmt.Sprint(namespace, "/r", len(layers)))
				for i := range 8 {
					layers[repo] = append(layers[repo], f.blob(repo, fmt.Sprintf("%0*d", 1<<i, 0)).ID)
				}
				repos = append(repos, repo)
			}
			add()
			for step := range 60 {
				repo := repos[random.IntN(len(repos))]
				what := fmt.Sprintf("seed %d, step %d", seed, step)
				switch p := random.IntN(20); {
				case p == 0:
					add()
				case p == 1 && len(repos) > 1:
					_, err := f.PurgeTags(f.ctx, repo, 1000)
					f.must(err)
					_, _, err = f.PurgeManifests(f.ctx, repo, domain.LedgerCount, 1+random.IntN(4))
					f.must(err)
				case p < 5:
					_ = f.DeleteTag(f.ctx, domain.TagDeletion{Repository: repo, Name: fmt.Sprint("t", random.IntN(4)), Now: noon})
				default:
					from := random.IntN(8)
					blobs := layers[repo][from:min(8, from+1+random.IntN(4))]
					f.must(f.PutManifest(f.ctx, counted(repo, fmt.Sprint(from, len(blobs), random.IntN(2)), blobs, fmt.Sprint("t", random.IntN(4)))))
				}
				f.wantLedger(what)
			}
			if f.ledgerRows()[namespace] == "" {
				t.Errorf("seed %d: the namespace has no total", seed)
			}
		}
	})
}

// TestQuotaRefusal proves that a manifest whose tags the quota refuses is stored without
// them, ready for the collector when it is new, and that its bytes count.
func TestQuotaRefusal(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		n := counted(repo, "1", []domain.BlobID{f.blob(repo, "12345").ID}, "latest")
		var asked []int64
		n.Full = func(size int64) bool { asked = append(asked, size); return size >= 5 }
		for i := range 2 {
			put, err := f.Store.PutManifest(f.ctx, n)
			f.must(err)
			if !put.Refused || put.NamespaceSize != 5 || put.New != (i == 0) {
				t.Errorf("got %+v", put)
			}
		}
		if !slices.Equal(asked, []int64{5, 5}) {
			t.Errorf("asked for %v", asked)
		}
		if n := value[int](f, `SELECT COUNT(*) FROM tag`); n != 1 {
			t.Errorf("%d tags, want 1", n)
		}
		if n := value[int](f, `SELECT COUNT(*) FROM tag WHERE hidden AND lifetime_end_ms = 0 AND name LIKE '$temp-%'`); n != 1 {
			t.Errorf("%d tags for the collector, want 1", n)
		}
		n.Tags = nil
		if put, err := f.Store.PutManifest(f.ctx, n); err != nil || put.Refused {
			t.Errorf("by digest: %+v, %v", put, err)
		}
	})
}

// counting counts the statements of changes.
type counting struct {
	engine
	n *int
}

func (c counting) change(ctx context.Context, durable bool, fn func(*Tx) error) error {
	return c.engine.change(ctx, durable, func(tx *Tx) error {
		return fn(&Tx{ctx: tx.ctx, s: countingSession{tx.s, c.n}})
	})
}

type countingSession struct {
	session
	n *int
}

func (c countingSession) exec(ctx context.Context, q statement, args []any) (int64, error) {
	*c.n++
	return c.session.exec(ctx, q, args)
}

func (c countingSession) row(ctx context.Context, q statement, args []any) scanner {
	*c.n++
	return c.session.row(ctx, q, args)
}

func (c countingSession) rows(ctx context.Context, q statement, fn func(scanner) error, args []any) error {
	*c.n++
	return c.session.rows(ctx, q, fn, args)
}

func (c countingSession) lock(ctx context.Context, ids []int64) error {
	*c.n++
	return c.session.lock(ctx, ids)
}

// TestPushStatements proves that a push takes the same number of statements, however many
// layers, children and labels it has.
func TestPushStatements(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		var blobs []domain.BlobID
		var digests []domain.Digest
		var children []domain.ManifestID
		for i := range 100 {
			b := f.blob(repo, fmt.Sprint(i))
			blobs, digests = append(blobs, b.ID), append(digests, b.Digest)
			child := counted(repo, fmt.Sprint("child", i), nil, fmt.Sprint("child", i))
			f.must(f.PutManifest(f.ctx, child))
			id, err := f.ManifestID(f.ctx, repo, child.Digest)
			f.must(err)
			children = append(children, id)
		}
		found, err := f.RepositoryBlobs(f.ctx, repo, digests)
		f.must(err)
		if len(found) != len(blobs) || found[digests[7]].ID != blobs[7] || !slices.Equal(found[digests[7]].Locations, []string{location}) {
			t.Errorf("%d blobs were found", len(found))
		}
		const most = 20
		statements, healthy := 0, f.engine
		push := func(bytes string, count int) int {
			t.Helper()
			n := counted(repo, bytes, blobs[:count], "latest")
			n.Children = children[:count]
			for i := range count {
				n.Labels = append(n.Labels, domain.Label{
					Key: fmt.Sprint("k\u00e9y", i), Value: fmt.Sprint("v\u00e4lue\U0001f600", i), MediaType: domain.LabelText, Source: domain.LabelFromManifest,
				})
			}
			n.AgainUntil = after(1000)
			n.Full = func(int64) bool { return false }
			statements = 0
			f.engine = counting{healthy, &statements}
			f.must(f.PutManifest(f.ctx, n))
			f.engine = healthy
			return statements
		}
		push("first", 1) // the tag and the totals are there from now on
		few, many := push("few", 1), push("many", 100)
		if few != many || many > most {
			t.Errorf("%d statements for 1 of each, %d for 100; at most %d", few, many, most)
		}
		id, err := f.ManifestID(f.ctx, repo, domain.SHA256.Of([]byte("many")))
		f.must(err)
		labels, err := f.Labels(f.ctx, id, "", "", 1000)
		f.must(err)
		for i, l := range labels {
			if l.Key != fmt.Sprint("k\u00e9y", i) || l.Value != fmt.Sprint("v\u00e4lue\U0001f600", i) {
				t.Errorf("label %d is %+v", i, l)
			}
		}
		contained, err := f.Children(f.ctx, id, 0, 1000)
		f.must(err)
		if len(labels) != 100 || len(contained) != 100 || value[int](f, `SELECT COUNT(*) FROM manifestblob WHERE manifest_id = $1`, id) != 100 {
			t.Errorf("%d labels, %d children", len(labels), len(contained))
		}
	})
}
