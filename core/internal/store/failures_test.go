package store

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/test/postgres"
)

// silent listens, takes connections and never says anything: what a host looks like
// whose network is gone, or whose server hangs.
func silent(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
		for _, c := range open {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

// TestReplicaSilent proves that a replica which does not answer costs its first
// reader some time, and nobody an answer.
func TestReplicaSilent(t *testing.T) {
	home := postgres.Shared(t).Copy(t, template, makeSchema)
	u, err := url.Parse(home)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = silent(t)
	q := u.Query()
	q.Set("connect_timeout", "1")
	u.RawQuery = q.Encode()
	f := openURL(t, Options{URL: home, Replicas: []string{u.String()}})
	if err := f.Ping(WithReplica(t.Context())); err != nil {
		t.Errorf("the primary was not asked: %v", err)
	}
	begun := time.Now()
	if err := f.Ping(WithReplica(t.Context())); err != nil || time.Since(begun) > 500*time.Millisecond {
		t.Errorf("the replica was asked again: after %s: %v", time.Since(begun), err)
	}
}

// TestExhaustedKeeps proves that a server which takes no more connections costs the
// pool none of those that it has.
func TestExhaustedKeeps(t *testing.T) {
	_, address := startServer(t, postgres.Options{Settings: map[string]string{
		"max_connections": "6", "superuser_reserved_connections": "0", "max_wal_senders": "0",
	}})
	f := openURL(t, Options{URL: address, Connections: 64})
	var mu sync.Mutex
	backends := make(map[int]bool)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 50 {
				var pid int
				if f.row(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid) == nil { // some are refused; that is not the point
					mu.Lock()
					backends[pid] = true
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if len(backends) > 8 {
		t.Errorf("%d connections were used of a server that has 6", len(backends))
	}
}

// TestPrimaryDemoted proves that the pool gives up connections to a server that takes
// no writes any more, as after a failover, and so finds the one that does.
func TestPrimaryDemoted(t *testing.T) {
	f := openServer(t)
	one := openURL(t, Options{URL: f.engine.(*postgresEngine).pool.Config().ConnString(), Connections: 1})
	one.must(one.row(t.Context(), `SELECT set_config('default_transaction_read_only', 'on', FALSE)`).Scan(new(string)))
	if err := one.change(t.Context(), true, addMark("a")); err != nil {
		t.Logf("at once: %v", err)
	}
	if err := one.change(t.Context(), true, addMark("b")); err != nil {
		t.Errorf("for good: %v", err)
	}
}

// TestBatchBroken proves that a change which makes SQLite give up the whole
// transaction, as a full disk does, leaves no doubt about the others of its batch:
// what was reported as failed is not there, what was not is.
func TestBatchBroken(t *testing.T) {
	f := open(t)
	full := func(tx *Tx) error {
		// The file may not grow any more.
		if err := tx.row(`PRAGMA max_page_count = 1`).Scan(new(int)); err != nil {
			return err
		}
		_, err := tx.exec(`INSERT INTO mediatype (name) VALUES ($1)`, "mark "+strings.Repeat("x", 1<<20))
		return err
	}
	names := []string{"a", "full", "b", "c"}
	release := f.hold()
	outcomes := f.queue(t.Context(), addMark("a"), full, addMark("b"), addMark("c"))
	release()
	all := outcomes()
	for i, name := range names {
		there := value[int](f, `SELECT COUNT(*) FROM mediatype WHERE name = $1`, "mark "+name) == 1
		if there != (all[i] == nil) {
			t.Errorf("%s: there is %v, and the outcome was %v", name, there, all[i])
		}
	}
	f.must(f.change(t.Context(), true, addMark("afterwards")))
}

// beside runs other in a transaction on PostgreSQL, and then, before that is
// committed, test, which has to wait for it or not see it.
func (f *fixture) beside(other func(*Tx) error, test func() error) error {
	f.t.Helper()
	begun, gate, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- f.change(context.Background(), false, func(tx *Tx) error {
			err := other(tx)
			close(begun)
			<-gate
			return err
		})
	}()
	<-begun
	tested := make(chan error, 1)
	go func() { tested <- test() }()
	time.Sleep(300 * time.Millisecond)
	close(gate)
	return errors.Join(<-done, <-tested)
}

// TestInviteRevoked proves that who accepts an invite while somebody takes it back
// does not get into the team.
func TestInviteRevoked(t *testing.T) {
	f := openServer(t)
	owner, guest := f.person("owner"), f.person("guest")
	f.create(domain.NewRepository{Name: parseName("acme/web"), MakeNamespace: true, Creator: owner})
	team, err := f.Team(f.ctx, "acme", "owners")
	f.must(err)
	i := &domain.Invite{Team: *team, Inviter: "owner", User: &domain.Member{ID: guest, Name: "guest"}}
	f.must(f.CreateInvite(f.ctx, i, owner, time.Now()))
	f.must(f.beside(
		func(tx *Tx) error {
			_, err := tx.exec(deleteUserInvite, team.ID, guest)
			return err
		},
		func() error {
			n, err := f.AcceptInvites(f.ctx, team, guest, "")
			if n != 0 {
				t.Errorf("%d invites were accepted", n)
			}
			return err
		}))
	if in, err := f.InOrganization(f.ctx, team.Organization, guest); err != nil || in {
		t.Errorf("the guest is in the team: %v %v", in, err)
	}
}

// TestManifestBesideProduct proves that a manifest which the product stores at the same
// moment is found, and no conflict that the client hears of. The product inserts it
// without the lock of tags (data/model/oci/manifest.py, create_manifest).
func TestManifestBesideProduct(t *testing.T) {
	f := openServer(t)
	repo := f.repository("public/web")
	n := manifest(repo, `{"schemaVersion": 2}`, noon, "latest")
	_, err := f.ensureEnum(f.ctx, &f.enums.mediaType, mediaTypeByName, insertMediaType, n.MediaType)
	f.must(err)
	id := value[int64](f, mediaTypeByName, n.MediaType)
	f.must(f.beside(
		func(tx *Tx) error {
			p := push{Tx: tx, NewManifest: n, mediaType: id}
			return p.insert()
		},
		func() error { return f.PutManifest(f.ctx, n) }))
	if got := f.byTag(repo, "latest", noon.Add(time.Second)); got == "" {
		t.Error("the tag is missing")
	}
}

// TestImmutableBesidePush proves that a tag which is made immutable while a push is
// under way is not moved by it.
func TestImmutableBesidePush(t *testing.T) {
	f := openServer(t)
	repo := f.repository("public/web")
	f.put(repo, "one", noon, "latest")
	tag := value[int64](f, `SELECT id FROM tag WHERE name = 'latest'`)
	err := f.beside(
		func(tx *Tx) error {
			_, err := tx.exec(setTagImmutable, tag, true, millis(noon), nil)
			return err
		},
		func() error { return f.PutManifest(f.ctx, manifest(repo, "two", noon.Add(time.Minute), "latest")) })
	if got := f.byTag(repo, "latest", noon.Add(time.Hour)); got != "one" || !errs.Is(err, errs.Conflict) {
		t.Errorf("the tag names %q, the push got %v", got, err)
	}
}
