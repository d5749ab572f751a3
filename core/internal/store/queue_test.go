package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// job is an item of the queue "jobs".
func job(path ...string) domain.NewQueueItem {
	return domain.NewQueueItem{Queue: "jobs", Path: path, Body: `{"a": 1}`, Available: noon, Retries: 5}
}

// TestPutQueueItems proves that an item is the row that the product writes, that the
// items of a call are put all or none, and that a change tells of its items when it has
// been committed, and only then.
func TestPutQueueItems(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var told []string
		f.queued = func(items []domain.NewQueueItem) {
			for _, item := range items {
				told = append(told, item.Name())
			}
		}
		ids, err := f.PutQueueItems(f.ctx, job("acme", "web"), job())
		f.must(err)
		var first, second string
		f.must(f.row(f.ctx, `
SELECT a.queue_name || ' ' || a.body || ' ' || a.retries_remaining, b.queue_name FROM queueitem a, queueitem b
WHERE a.id = $1 AND b.id = $2 AND a.available AND a.processing_expires IS NULL AND a.available_after = $3
AND length(a.state_id) = 36 AND a.state_id <> b.state_id`, ids[0], ids[1], noon).Scan(&first, &second))
		if first != `jobs/acme/web/ {"a": 1} 5` || second != "jobs/" {
			t.Errorf("got %s and %s", first, second)
		}
		_, err = f.PutQueueItems(f.ctx, job("kept"), job(strings.Repeat("é", 1019)), job("x"))
		wantKind(t, "a name that is too long", err, errs.Invalid)
		_, err = f.PutQueueItems(f.ctx, job(strings.Repeat("é", 1018)))
		f.must(err)
		broken := errors.New("broken off")
		err = f.change(f.ctx, true, func(tx *Tx) error {
			_, err := tx.enqueue(job("lost"))
			return errors.Join(err, broken)
		})
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
		wantRows(f, 3, `SELECT COUNT(*) FROM queueitem`)
		if len(told) != 3 || told[0] != "jobs/acme/web/" || told[1] != "jobs/" {
			t.Errorf("told of %q", told)
		}
	})
}

// claim takes an item of the queue "jobs" for a minute.
func (f *fixture) claim(at time.Time) *domain.QueueItem {
	f.t.Helper()
	item, err := f.ClaimQueueItem(f.ctx, "jobs", false, at, at.Add(time.Minute))
	f.must(err)
	return item
}

// body is what an item says that was taken.
func body(item *domain.QueueItem) string {
	if item == nil {
		return ""
	}
	return item.Body
}

// TestClaimableItems proves which items may be taken: of the queue of that name alone,
// not before their time, not while somebody has them, and not more often than they may.
func TestClaimableItems(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for _, tc := range []struct {
			what, name string
			after      time.Time
			available  bool
			expires    *time.Time
			retries    int
			want       bool
		}{
			{"untouched", "jobs/a/", noon, true, nil, 1, true},
			{"expired", "jobs/a/", noon, false, ptr(noon), 1, true},
			{"returned after it expired", "jobs/a/", noon, true, ptr(noon), 1, true},
			{"returned before it expired", "jobs/a/", noon, true, ptr(after(1)), 1, true},
			{"without a path", "jobs/", noon, true, nil, 1, true},
			{"running", "jobs/a/", noon, false, ptr(after(1)), 1, false},
			{"not yet", "jobs/a/", after(1), true, nil, 1, false},
			{"not yet, returned", "jobs/a/", after(1), true, ptr(after(-1)), 1, false},
			{"used up", "jobs/a/", noon, true, nil, 0, false},
			{"used up, expired", "jobs/a/", noon, false, ptr(noon), 0, false},
			{"of a queue with a longer name", "jobs2/a/", noon, true, nil, 1, false},
			{"of a queue in other letters", "Jobs/a/", noon, true, nil, 1, false},
		} {
			f.exec(`DELETE FROM queueitem`)
			f.exec(`INSERT INTO queueitem (queue_name, body, available_after, available, processing_expires, retries_remaining, state_id)
				VALUES ($1, 'x', $2, $3, $4, $5, 'before')`, tc.name, tc.after, tc.available, tc.expires, tc.retries)
			for _, ordered := range []bool{false, true} {
				item, err := f.ClaimQueueItem(f.ctx, "jobs", ordered, noon, after(60_000))
				f.must(err)
				if (item != nil) != tc.want {
					t.Errorf("%s (ordered: %v): %v", tc.what, ordered, item)
				}
				if item == nil {
					continue
				}
				if item.Body != "x" || item.Retries != tc.retries-1 {
					t.Errorf("%s: %+v", tc.what, item)
				}
				if n := value[int](f, `SELECT COUNT(*) FROM queueitem WHERE NOT available AND processing_expires = $1
					AND retries_remaining = $2 AND state_id = $3`, after(60_000), tc.retries-1, item.State); n != 1 || item.State == "before" {
					t.Errorf("%s: the row is not that of one that was taken", tc.what)
				}
				f.exec(`UPDATE queueitem SET available = $1, processing_expires = $2, retries_remaining = $3`, tc.available, tc.expires, tc.retries)
			}
		}
		if item := f.claim(noon); item != nil {
			t.Errorf("got %+v", item)
		}
	})
}

func ptr[T any](v T) *T { return &v }

// TestClaimOrdered proves that in order the oldest item comes first, whatever became of
// it before, and none whose name is running.
func TestClaimOrdered(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var items []domain.NewQueueItem
		for i, path := range []string{"a", "a", "b", "c"} {
			item := job(path)
			item.Body = fmt.Sprint(path, i)
			items = append(items, item)
		}
		_, err := f.PutQueueItems(f.ctx, items...)
		f.must(err)
		f.exec(`UPDATE queueitem SET processing_expires = $1 WHERE body = 'b2'`, noon)
		var got []string
		for range 4 {
			item, err := f.ClaimQueueItem(f.ctx, "jobs", true, after(1), after(60_000))
			f.must(err)
			got = append(got, body(item))
		}
		if want := []string{"a0", "b2", "c3", ""}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		item, err := f.ClaimQueueItem(f.ctx, "jobs", true, after(60_000), after(120_000))
		f.must(err)
		if body(item) != "a0" {
			t.Errorf("after its time got %q", body(item))
		}
	})
}

// TestRetriedItemsAreNotStarved proves that items which were given back get their turn
// while many untouched ones wait.
func TestRetriedItemsAreNotStarved(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		items := make([]domain.NewQueueItem, 300)
		for i := range items {
			items[i] = job(fmt.Sprint(i))
		}
		items[0].Body = "again"
		_, err := f.PutQueueItems(f.ctx, items...)
		f.must(err)
		f.exec(`UPDATE queueitem SET processing_expires = $1 WHERE body = 'again'`, noon)
		for range 200 {
			if body(f.claim(after(1))) == "again" {
				return
			}
		}
		t.Error("of 300 items, 200 others were taken first")
	})
}

// product takes an item as a worker of the Python product does (data/queue.py, get).
func (f *fixture) product(at time.Time) (taken int64, err error) {
	const find statement = `
SELECT t1.id, t1.state_id FROM queueitem t1 INNER JOIN (SELECT t2.id FROM queueitem t2 WHERE t2.available_after <= $1
AND (t2.available = TRUE OR t2.processing_expires <= $1) AND t2.retries_remaining > 0 AND t2.queue_name LIKE 'jobs/%' LIMIT 50) j1
ON t1.id = j1.id ORDER BY random() LIMIT 1`
	var state string
	if err := classify(f.row(f.ctx, find, at).Scan(&taken, &state)); err != nil {
		return 0, err
	}
	n, err := f.execute(f.ctx, claimItem, taken, state, at.Add(time.Minute), uuid.NewString())
	if n == 0 {
		taken = 0
	}
	return taken, err
}

// TestEachItemOnce proves that of many takers at once, half of them in the way of the
// Python product, each item goes to one, and that all items are taken.
func TestEachItemOnce(t *testing.T) {
	const takers, count = 64, 640
	each(t, func(t *testing.T, f *fixture) {
		items := make([]domain.NewQueueItem, count)
		for i := range items {
			items[i] = job(fmt.Sprint(i % 7))
		}
		_, err := f.PutQueueItems(f.ctx, items...)
		f.must(err)
		var mu sync.Mutex
		taken := make(map[int64]int)
		note := func(id int64) {
			mu.Lock()
			defer mu.Unlock()
			taken[id]++
		}
		at := after(1)
		ours := func() (bool, error) {
			item, err := f.ClaimQueueItem(f.ctx, "jobs", false, at, at.Add(time.Minute))
			if item != nil {
				note(int64(item.ID))
			}
			if errs.Is(err, errs.Conflict) {
				return true, nil
			}
			return item != nil, err
		}
		theirs := func() (bool, error) {
			id, err := f.product(at)
			if id != 0 {
				note(id)
			}
			if errs.Is(err, errs.NotFound) {
				return false, nil
			}
			return err == nil, err
		}
		start := time.Now()
		var group sync.WaitGroup
		for i := range takers {
			take := ours
			if i%2 == 1 {
				take = theirs
			}
			group.Go(func() {
				for more, err := take(); more || err != nil; more, err = take() {
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		t.Logf("%.0f items per second", count/time.Since(start).Seconds())
		if len(taken) != count {
			t.Errorf("%d of %d items were taken", len(taken), count)
		}
		for id, n := range taken {
			if n != 1 {
				t.Errorf("item %d was taken %d times", id, n)
			}
		}
		wantRows(f, count, `SELECT COUNT(*) FROM queueitem WHERE NOT available AND retries_remaining = 4`)
	})
}

// TestHeldItem proves what the holder of an item can do with it, and that nobody can do
// anything with one that has gone to somebody else but complete it.
func TestHeldItem(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		_, err := f.PutQueueItems(f.ctx, job("a"))
		f.must(err)
		item := f.claim(noon) // until a minute later
		state := item.State
		extend := func(until time.Time, body string, want bool) {
			t.Helper()
			if changed, err := f.ExtendQueueItem(f.ctx, item, until, 20*time.Second, body); err != nil || changed != want {
				t.Errorf("extended: %v, %v", changed, err)
			}
		}
		extend(noon.Add(80*time.Second), "", false)
		extend(noon.Add(80*time.Second), `{"a": 1}`, false)
		extend(noon.Add(30*time.Second), `{"b": 2}`, true)
		if expires := value[time.Time](f, `SELECT processing_expires FROM queueitem`); !expires.Equal(noon.Add(time.Minute)) {
			t.Errorf("it was shortened to %v", expires)
		}
		extend(noon.Add(81*time.Second), "", true)
		if item.Body != `{"b": 2}` || item.State == state || f.claim(noon.Add(80*time.Second)) != nil {
			t.Errorf("got %+v", item)
		}
		other := f.claim(noon.Add(81 * time.Second))
		if body(other) != `{"b": 2}` {
			t.Fatalf("after its time got %v", other)
		}
		_, err = f.ExtendQueueItem(f.ctx, item, noon.Add(time.Hour), 0, "")
		wantKind(t, "extend what somebody else has", err, errs.Conflict)
		_, err = f.ReturnQueueItem(f.ctx, item, noon, true)
		wantKind(t, "return what somebody else has", err, errs.Conflict)

		late := noon.Add(10 * time.Minute)
		for i, restore := range []bool{true, false, false, false} {
			again, err := f.ReturnQueueItem(f.ctx, other, late, restore)
			if f.must(err); !again {
				t.Errorf("return %d: it may not be taken again", i)
			}
			if item := f.claim(late.Add(-time.Second)); item != nil {
				t.Errorf("return %d: taken too early: %+v", i, item)
			}
			if other = f.claim(late); other == nil {
				t.Fatalf("return %d: not taken", i)
			}
		}
		if again, err := f.ReturnQueueItem(f.ctx, other, late, false); err != nil || again || f.claim(late) != nil {
			t.Errorf("used up: %v, %v", again, err)
		}
		f.must(f.DeleteQueueItem(f.ctx, other.ID))
		f.must(f.DeleteQueueItem(f.ctx, other.ID))
		_, err = f.ReturnQueueItem(f.ctx, other, late, false)
		wantKind(t, "return what is gone", err, errs.Conflict)
	})
}

// TestQueueCounts proves what is counted, once for each name, and which items count as
// alive.
func TestQueueCounts(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		later := job("later")
		later.Available = noon.Add(time.Hour)
		_, err := f.PutQueueItems(f.ctx, job("a"), job("a"), job("b"), job("b", "c"), later, domain.NewQueueItem{Queue: "jobs2", Available: noon, Retries: 5})
		f.must(err)
		count := func(at time.Time, want domain.QueueCounts) {
			t.Helper()
			if got, err := f.QueueCounts(f.ctx, "jobs", at); err != nil || got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		}
		alive := func(at time.Time, want bool, path ...string) {
			t.Helper()
			if got, err := f.QueueItemAlive(f.ctx, "jobs", at, path...); err != nil || got != want {
				t.Errorf("%q alive: %v, %v", path, got, err)
			}
		}
		count(noon, domain.QueueCounts{Available: 3, Waiting: 3})
		alive(noon, true, "a")
		alive(noon, true, "b", "c")
		alive(noon, false, "later")
		alive(noon, false, "c")
		item, err := f.ClaimQueueItem(f.ctx, "jobs", true, noon, noon.Add(time.Minute))
		f.must(err)
		count(noon, domain.QueueCounts{Running: 1, Available: 3, Waiting: 2})
		count(noon.Add(time.Minute), domain.QueueCounts{Available: 3, Waiting: 3})
		f.must(f.DeleteQueueItem(f.ctx, item.ID))
		count(noon, domain.QueueCounts{Available: 3, Waiting: 3})
		f.exec(`UPDATE queueitem SET retries_remaining = 0 WHERE queue_name = 'jobs/a/'`)
		count(noon, domain.QueueCounts{Available: 2, Waiting: 2})
		alive(noon, false, "a")
		if n, err := f.DeleteQueueItems(f.ctx, "jobs", "b"); err != nil || n != 2 {
			t.Errorf("%d items deleted, %v", n, err)
		}
		wantRows(f, 3, `SELECT COUNT(*) FROM queueitem`)
	})
}

// hotQueueStatements are what workers ask all the time.
var hotQueueStatements = map[string]statement{
	"availableItems": availableItems, "oldestAvailableItem": oldestAvailableItem, "countItems": countItems, "itemAlive": itemAlive,
	"claimItem": claimItem, "itemForChange": itemForChange, "extendItem": extendItem, "returnItem": returnItem, "deleteItem": deleteItem,
}

// TestFullQueues proves that workers do not read the table from end to end when it is
// full: of items of other queues, of those that have been tried too often, and of those
// whose time has not come.
func TestFullQueues(t *testing.T) {
	const count = 20_000
	each(t, func(t *testing.T, f *fixture) {
		f.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
			INSERT INTO queueitem (queue_name, body, available_after, available, retries_remaining, state_id)
			SELECT CASE WHEN i % 50 = 0 THEN 'jobs/' ELSE 'others/' END || CAST(i AS text) || '/', '{}', '2020-01-01 00:00:00', TRUE, 5,
			CAST(i AS text) FROM n`)
		f.exec(`UPDATE queueitem SET available_after = $1 WHERE id % 5 = 1`, noon.Add(time.Hour))
		f.exec(`UPDATE queueitem SET processing_expires = $1, available = FALSE WHERE id % 5 = 2`, noon)
		f.exec(`UPDATE queueitem SET processing_expires = $1, retries_remaining = 0 WHERE id % 5 = 3`, noon)
		scan, explain := "SCAN queueitem", func(string) ([]string, error) { return nil, nil }
		switch e := f.engine.(type) {
		case *sqlite:
			explain = sqlitePlans(t, e)
		case *postgresEngine:
			f.exec(`ANALYZE queueitem`)
			scan, explain = "Seq Scan on queueitem", postgresPlans(t, e, "SET enable_seqscan = on")
		}
		for name, q := range hotQueueStatements {
			plan, err := explain(string(q))
			f.must(err)
			for _, step := range plan {
				if strings.HasPrefix(step, scan) {
					t.Errorf("%s reads everything:\n  %s", name, strings.Join(plan, "\n  "))
				}
			}
		}
		begin := time.Now()
		for range 20 {
			if item := f.claim(after(1)); item == nil || item.ID%5 == 1 || item.ID%5 == 3 {
				t.Fatal("no item")
			}
		}
		t.Logf("%v for an item of %d", time.Since(begin)/20, count)
	})
}
