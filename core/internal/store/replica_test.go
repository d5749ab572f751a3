package store

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/test/postgres"
)

// whoAnswers asks which port the server that answers listens on.
const whoAnswers statement = `SELECT inet_server_port()`

func (f *fixture) answers(ctx context.Context) int {
	f.t.Helper()
	var port int
	f.must(f.row(ctx, whoAnswers).Scan(&port))
	return port
}

// TestReplicas proves who answers which reads: a replica only where the caller says
// so, each of the healthy ones equally often, none after it failed, and the primary
// where no replica can.
func TestReplicas(t *testing.T) {
	primary, address := startServer(t, postgres.Options{})
	copies := []*postgres.Server{primary.Replica(t), primary.Replica(t)}
	database := databaseOf(t, address)
	f := openURL(t, Options{URL: address, Replicas: []string{copies[0].URL(database), copies[1].URL(database)}})
	replicas := f.engine.(*postgresEngine).replicas
	ctx := WithReplica(t.Context())
	home := f.answers(t.Context())
	ask := func(n int) map[int]int {
		count := make(map[int]int)
		for range n {
			count[f.answers(ctx)]++
		}
		return count
	}

	for _, ctx := range []context.Context{t.Context(), WithPrimary(t.Context()), WithReplica(WithPrimary(t.Context())), WithPrimary(ctx)} {
		for range 20 {
			if port := f.answers(ctx); port != home {
				t.Fatalf("a replica answered: %d", port)
			}
		}
	}
	f.must(f.change(ctx, false, func(tx *Tx) error {
		var port int
		err := tx.row(whoAnswers).Scan(&port)
		if port != home {
			t.Errorf("a replica answered inside a change: %d", port)
		}
		return err
	}))
	// Of 400 coins at least 140 are heads, but for once in 10^9 times.
	count := ask(400)
	if len(count) != 2 || count[home] != 0 {
		t.Fatalf("who answered: %v, the primary is %d", count, home)
	}
	for port, n := range count {
		if n < 140 {
			t.Errorf("%d answered %d of 400", port, n)
		}
	}

	if _, err := f.User(ctx, "nobody"); !errs.Is(err, errs.NotFound) {
		t.Errorf("no such row: %v", err)
	}
	for _, r := range replicas {
		if r.barred.Load() != 0 {
			t.Error("a replica is barred for an answer")
		}
	}

	copies[0].Kill()
	for port := range ask(40) {
		if count[port] == 0 && port != home {
			t.Errorf("%d answered", port)
		}
	}
	if barred := time.Until(time.Unix(0, replicas[0].barred.Load())); barred <= 0 || barred > quarantine {
		t.Errorf("the dead replica is barred for %s", barred)
	}
	if count := ask(20); len(count) != 1 || count[home] != 0 {
		t.Errorf("while one is barred: %v", count)
	}
	copies[1].Kill()
	ask(20)
	if count := ask(20); count[home] != 20 {
		t.Errorf("while both are barred: %v", count)
	}

	f.must(copies[0].Restart())
	replicas[0].barred.Store(time.Now().UnixNano())
	if count := ask(20); len(count) != 1 || count[home] != 0 {
		t.Errorf("one came back: %v", count)
	}
}

// TestReplicaLags proves that what was just written is seen without WithReplica,
// however far the replicas are behind.
func TestReplicaLags(t *testing.T) {
	primary, address := startServer(t, postgres.Options{})
	replica := primary.Replica(t)
	database := databaseOf(t, address)
	f := openURL(t, Options{URL: address, Replicas: []string{replica.URL(database)}})
	behind := openReplica(t, replica.URL(database))
	behind.must(behind.row(t.Context(), `SELECT pg_wal_replay_pause() IS NULL`).Scan(new(bool)))
	f.must(f.change(t.Context(), true, addMark("new")))
	count := func(ctx context.Context) (n int) {
		f.must(f.row(ctx, marks).Scan(&n))
		return n
	}
	if n := count(t.Context()); n != 1 {
		t.Errorf("the primary has %d marks", n)
	}
	if n := count(WithReplica(t.Context())); n != 0 {
		t.Errorf("the replica has %d marks: it does not lag, and this test proves nothing", n)
	}
	if n := count(WithReplica(WithPrimary(t.Context()))); n != 1 {
		t.Errorf("after a write: %d marks", n)
	}
}

// openReplica opens a replica as if it were a database of its own.
func openReplica(t *testing.T, url string) *fixture {
	t.Helper()
	s, err := Open(t.Context(), Options{URL: url, Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return &fixture{s, t, t.Context()}
}

// TestReplicaReadOnly proves that a change never goes to a replica, and that one
// which is made a primary's address by mistake says so.
func TestReplicaReadOnly(t *testing.T) {
	primary, address := startServer(t, postgres.Options{})
	replica := primary.Replica(t)
	f := openReplica(t, replica.URL(databaseOf(t, address)))
	wantKind(t, "a change on a replica", f.change(t.Context(), false, addMark("a")), errs.Unavailable)
}

// databaseOf is the name of the database in a URL.
func databaseOf(t *testing.T, s string) string {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// TestReplicaStalls proves that a replica which takes a query and says nothing keeps
// nobody waiting for long: the primary answers, and the replica is not asked again.
func TestReplicaStalls(t *testing.T) {
	direct := openServer(t)
	address := direct.engine.(*postgresEngine).pool.Config().ConnString()
	w, through := throughWire(t, address)
	f := openURL(t, Options{URL: address, Replicas: []string{through}})
	silence := make(chan struct{})
	t.Cleanup(func() { close(silence) })
	hang := func(said []byte) bool {
		if bytes.Contains(said, []byte("inet_server_port")) {
			<-silence
		}
		return true
	}
	w.before.Store(&hang)
	begun := time.Now()
	f.answers(WithReplica(t.Context()))
	if took := time.Since(begun); took < replicaTimeout || took > replicaTimeout+5*time.Second {
		t.Errorf("it took %s", took)
	}
	begun = time.Now()
	f.answers(WithReplica(t.Context()))
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("the second time it took %s", took)
	}
}
