package chaos

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// TestReplica proves that pulls are answered from a replica, and pushes never: what the
// replica has not heard of yet cannot be pulled, but pushed to; and that pulls go on
// when the replica dies.
func TestReplica(t *testing.T) {
	p := startPostgres(t, nil)
	uri := server.Database(t, p)
	copied := p.Replica(t)
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	replica := copied.URL(strings.TrimPrefix(u.Path, "/"))
	s := server.Start(t, server.Options{Database: uri, Config: fmt.Sprintf("DB_READ_REPLICAS:\n  - DB_URI: %s\n", replica)})
	pull := func(tag string) int {
		t.Helper()
		reply, err := s.Client.Get(t.Context(), "/v2/acme/web/manifests/"+tag)
		if err != nil {
			t.Fatal(err)
		}
		return reply.Status
	}
	push := func(tag string, seed uint64) {
		t.Helper()
		if err := s.Client.PushImage(t.Context(), "acme/web", tag, oci.NewImage(seed, 1<<10)); err != nil {
			t.Fatal(err)
		}
	}
	push("one", 1)
	for end := time.Now().Add(20 * time.Second); pull("one") != http.StatusOK; {
		if time.Now().After(end) {
			t.Fatal("the replica never heard of the push")
		}
		time.Sleep(10 * time.Millisecond)
	}

	conn := connect(t, replica)
	if _, err := conn.Exec(t.Context(), `SELECT pg_wal_replay_pause()`); err != nil {
		t.Fatal(err)
	}
	push("two", 2)
	if status := pull("two"); status != http.StatusNotFound {
		t.Errorf("the replica lags, and the answer is %d: the primary was asked", status)
	}
	if status := pull("one"); status != http.StatusOK {
		t.Errorf("what the replica has: %d", status)
	}

	copied.Kill()
	for range 20 {
		for _, tag := range []string{"one", "two"} {
			if status := pull(tag); status != http.StatusOK {
				t.Fatalf("without the replica %s is answered with %d", tag, status)
			}
		}
	}
	push("three", 3)
	intact(t, s)
}
