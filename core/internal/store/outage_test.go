package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/test/postgres"
)

// load is writers and readers that never pause, until stop.
type load struct {
	f    *fixture
	wg   sync.WaitGroup
	done chan struct{}

	mu           sync.Mutex
	acknowledged []string
	reads        int
	failed       map[errs.Kind]int
	unexpected   []error
}

// startLoad begins to write and read. Errors that may be are expected.
func startLoad(f *fixture, clients int, mayBe func(error) bool) *load {
	l := &load{f: f, done: make(chan struct{}), failed: make(map[errs.Kind]int)}
	note := func(err error) {
		l.failed[errs.KindOf(err)]++
		if !mayBe(err) {
			l.unexpected = append(l.unexpected, err)
		}
	}
	for i := range clients {
		l.client(func(n int) {
			name := fmt.Sprintf("%d %d", i, n)
			err := f.change(context.Background(), true, addMark(name))
			l.mu.Lock()
			defer l.mu.Unlock()
			if err == nil {
				l.acknowledged = append(l.acknowledged, "mark "+name)
			} else {
				note(err)
			}
		})
		l.client(func(int) {
			err := f.Ping(context.Background())
			l.mu.Lock()
			defer l.mu.Unlock()
			if err == nil {
				l.reads++
			} else {
				note(err)
			}
		})
	}
	return l
}

func unavailable(err error) bool { return errs.Is(err, errs.Unavailable) }

func (l *load) client(do func(n int)) {
	l.wg.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-l.done:
				return
			default:
				do(n)
			}
		}
	})
}

// progress returns what has been done so far.
func (l *load) progress() (writes, reads int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged), l.reads
}

// awaitProgress waits until writers and readers have done something since now.
func (l *load) awaitProgress(t *testing.T) {
	t.Helper()
	writes, reads := l.progress()
	deadline := time.Now().Add(20 * time.Second)
	for {
		w, r := l.progress()
		if w > writes+10 && r > reads+10 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("nothing moves: %d writes, %d reads", w-writes, r-reads)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// stop ends the load, and fails the test if something acknowledged is not there or
// an error was of an unexpected kind.
func (l *load) stop(t *testing.T) {
	t.Helper()
	close(l.done)
	l.wg.Wait()
	there := make(map[string]bool)
	l.f.must(l.f.rows(t.Context(), `SELECT name FROM mediatype WHERE name LIKE 'mark%'`, func(r scanner) error {
		var name string
		err := r.Scan(&name)
		there[name] = true
		return err
	}))
	for _, name := range l.acknowledged {
		if !there[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	for _, err := range l.unexpected[:min(3, len(l.unexpected))] {
		t.Errorf("one of %d unexpected errors: %v", len(l.unexpected), err)
	}
	t.Logf("%d writes, %d reads, failed: %v", len(l.acknowledged), l.reads, l.failed)
}

// TestServerKilled proves that a server which is killed and comes back in the middle
// of load loses nothing acknowledged, that callers get clean errors meanwhile, and
// that the store goes on by itself.
func TestServerKilled(t *testing.T) {
	server, url := startServer(t, postgres.Options{})
	l := startLoad(openURL(t, Options{URL: url, Connections: 16}), 16, unavailable)
	for range 3 {
		l.awaitProgress(t)
		server.Kill()
		time.Sleep(100 * time.Millisecond)
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	l.awaitProgress(t)
	l.stop(t)
}

// TestConnectionsLost proves that connections which end are seen by no caller: reads
// and changes that this broke off are repeated. Only a commit under way is not: what
// became of it cannot be known.
func TestConnectionsLost(t *testing.T) {
	f := openServer(t)
	l := startLoad(f, 8, func(err error) bool { return errors.As(err, new(uncertain)) })
	admin := openAgain(t, f)
	for range 20 {
		l.awaitProgress(t)
		f.must(admin.change(t.Context(), false, func(tx *Tx) error {
			return tx.rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'`,
				func(scanner) error { return nil })
		}))
	}
	l.awaitProgress(t)
	l.stop(t)
}

// openAgain opens the database of a fixture on PostgreSQL with one more connection.
func openAgain(t *testing.T, f *fixture) *fixture {
	t.Helper()
	return openURL(t, Options{URL: f.engine.(*postgresEngine).pool.Config().ConnString(), Connections: 1})
}

// TestServerFull proves that a full disk is told as such, that nothing acknowledged
// is lost by it, and that writing goes on when there is room again.
func TestServerFull(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("mounting a file system needs root")
	}
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=128m,mode=0755"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	server, url := startServer(t, postgres.Options{Dir: disk, Settings: map[string]string{"max_wal_size": "32MB", "wal_keep_size": "0"}})
	f := openURL(t, Options{URL: url, Connections: 8})
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast, disk, 4<<20)

	var kept []string
	full := false
	for n := 0; n < 20_000 && !full; n++ {
		name := fmt.Sprintf("mark %d %s", n, strings.Repeat("x", 200))
		err := f.change(t.Context(), true, func(tx *Tx) error {
			_, err := tx.insert(mark, name)
			return err
		})
		switch {
		case err == nil:
			kept = append(kept, name)
		case errs.Is(err, errs.Exhausted) || errs.Is(err, errs.Unavailable):
			t.Logf("after %d rows: %v", n, err)
			full = true
		default:
			t.Fatalf("after %d rows: %v", n, err)
		}
	}
	if !full {
		t.Fatal("the disk never was full")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	// A server that cannot write its log ends; whoever runs it starts it again.
	if err := f.Ping(t.Context()); err != nil {
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	f.must(f.change(t.Context(), true, addMark("afterwards")))
	if n := value[int](f, marks); n < len(kept)+1 {
		t.Errorf("%d rows are there, of %d acknowledged", n, len(kept)+1)
	}
}

// fill writes a file until a file system has only so much room left.
func fill(t *testing.T, file, disk string, left int64) {
	t.Helper()
	var fs syscall.Statfs_t
	if err := syscall.Statfs(disk, &fs); err != nil {
		t.Fatal(err)
	}
	room := int64(fs.Bavail) * fs.Bsize
	if err := os.WriteFile(file, make([]byte, max(0, room-left)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestFewConnections proves that many clients of a pool with few connections wait for
// their turn and all get it.
func TestFewConnections(t *testing.T) {
	f := openServer(t)
	few := openURL(t, Options{URL: f.engine.(*postgresEngine).pool.Config().ConnString(), Connections: 2})
	l := startLoad(few, 32, func(error) bool { return false })
	for range 3 {
		l.awaitProgress(t)
	}
	l.stop(t)
	if s := few.Stats(); s.Max != 2 || s.Open > 2 || s.Waits == 0 {
		t.Errorf("got %+v", s)
	}
}

// TestServerExhausted proves that a server which has fewer connections than the pool
// would like answers some, and refuses the others with a clean error and soon.
func TestServerExhausted(t *testing.T) {
	_, url := startServer(t, postgres.Options{Settings: map[string]string{
		"max_connections": "6", "superuser_reserved_connections": "0", "max_wal_senders": "0",
	}})
	f := openURL(t, Options{URL: url, Connections: 64})
	var slowest atomic.Int64
	l := startLoad(f, 32, unavailable)
	for range 50 {
		begun := time.Now()
		if err := f.Ping(t.Context()); err != nil && !errs.Is(err, errs.Unavailable) {
			t.Error(err)
		}
		slowest.Store(max(slowest.Load(), int64(time.Since(begun))))
	}
	l.awaitProgress(t)
	l.stop(t)
	if took := time.Duration(slowest.Load()); took > 5*time.Second {
		t.Errorf("a client waited for %s", took)
	}
}
