package chaos

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/postgres"
	"github.com/quay/quay/test/server"
)

// startPostgres starts a PostgreSQL server of a test's own.
func startPostgres(t *testing.T, settings map[string]string) *postgres.Server {
	t.Helper()
	p, err := postgres.Start(postgres.Options{Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// TestDatabaseDies proves that 32 clients which pull and push while PostgreSQL is killed
// and started again get right answers or a clean 503, and none has to wait for long;
// that nothing acknowledged is lost; and that the host goes on by itself.
func TestDatabaseDies(t *testing.T) {
	p := startPostgres(t, nil)
	s := server.Start(t, server.Options{Database: server.Database(t, p)})
	host := s.PID()
	seen := watch(s, unavailable)
	clients := startTraffic(t, s, 32)
	for range 5 {
		clients.awaitProgress(t, 20)
		p.Kill()
		time.Sleep(300 * time.Millisecond)
		refused := seen.count(http.StatusServiceUnavailable)
		if refused == 0 {
			t.Error("without a database no client was refused")
		}
		begun := time.Now()
		if err := p.Restart(); err != nil {
			t.Fatal(err)
		}
		t.Logf("PostgreSQL was back after %v, the first image %v after that",
			time.Since(begun).Round(time.Millisecond), clients.awaitProgress(t, 1).Round(time.Millisecond))
	}
	clients.awaitProgress(t, 20)
	clients.stop(t)
	seen.report(t)
	if !s.Running() || s.PID() != host {
		t.Error("the host is another process")
	}
	verify(t, s, clients.all())
	intact(t, s)
}

// TestHostAndDatabaseDie proves that nothing acknowledged is lost when the host and
// PostgreSQL are killed at the same time.
func TestHostAndDatabaseDie(t *testing.T) {
	p := startPostgres(t, nil)
	s := server.Start(t, server.Options{Database: server.Database(t, p)})
	outlive(t, s, 60, 500*time.Millisecond, func() {
		var both sync.WaitGroup
		both.Go(p.Kill)
		both.Go(func() { s.Kill9(t) })
		both.Wait()
	}, func() {
		if err := p.Restart(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestFewDatabaseConnections proves that 64 clients of a host which gets fewer
// connections to PostgreSQL than it would like are served or get a clean 503: while
// others have taken most of the connections, while they have taken all, and that
// nobody is refused any more when those have gone.
func TestFewDatabaseConnections(t *testing.T) {
	p := startPostgres(t, map[string]string{
		"max_connections": "10", "superuser_reserved_connections": "0", "max_wal_senders": "0",
	})
	uri := server.Database(t, p)
	others := []*pgx.Conn{connect(t, uri)}
	s := server.Start(t, server.Options{Database: uri})
	seen := watch(s, unavailable)
	clients := startTraffic(t, s, 64)
	clients.awaitProgress(t, 20)

	others = seize(t, others, uri, 7)
	begun, before := time.Now(), seen.count(http.StatusServiceUnavailable)
	clients.awaitProgress(t, 20)
	t.Logf("%d connections taken: 20 images in %v, %d refusals", len(others),
		time.Since(begun).Round(time.Millisecond), seen.count(http.StatusServiceUnavailable)-before)

	others = seize(t, others, uri, 10)
	time.Sleep(time.Second)
	before = seen.count(http.StatusServiceUnavailable)
	time.Sleep(2 * time.Second)
	refused := seen.count(http.StatusServiceUnavailable) - before
	t.Logf("all %d connections taken: %d refusals in 2 s", len(others), refused)
	if refused == 0 {
		t.Error("without a connection no client was refused")
	}

	release(t, others)
	t.Logf("the first image after %v", clients.awaitProgress(t, 20).Round(time.Millisecond))
	clients.stop(t)
	seen.report(t)
	verify(t, s, clients.all())
	s.Restart(t) // it has all connections
	intact(t, s)
}

// seize takes connections until there are n. The host gives none back while it uses
// them, so that they are taken from it.
func seize(t *testing.T, conns []*pgx.Conn, uri string, n int) []*pgx.Conn {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); len(conns) < n; {
		_, err := conns[0].Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quay'`)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil && len(conns) < n {
			var conn *pgx.Conn
			if conn, err = pgx.Connect(t.Context(), uri); err == nil {
				conns = append(conns, conn)
			}
		}
		if time.Now().After(end) {
			t.Fatalf("only %d of %d connections: %v", len(conns), n, err)
		}
	}
	return conns
}

func connect(t *testing.T, uri string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func release(t *testing.T, conns []*pgx.Conn) {
	t.Helper()
	for _, conn := range conns {
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// TestDatabaseFull proves what clients see while the disk of the database is full: a
// push is refused for want of space, in the form of the specification, pulls go on, and
// pushes work again as soon as there is room.
func TestDatabaseFull(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("mounting a file system needs root")
	}
	p := startPostgres(t, nil)
	uri := server.Database(t, p)
	disk := smallDisk(t, p, uri)
	s := server.Start(t, server.Options{Database: uri})
	acknowledged := &ledger{}
	full := func(status int) bool { return status == http.StatusInsufficientStorage }
	seen := watch(s, full)

	image := oci.NewImage(1, 1000)
	const name = "chaos/full"
	if err := s.Client.PushImage(t.Context(), name, "first", image); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	refused := 0
	for i := 0; refused < 20; i++ {
		if i == 2000 {
			t.Fatal("the disk never was full")
		}
		// Each has text that cannot be compressed.
		m := oci.Manifest{
			MediaType: oci.MediaTypeManifest, Config: describe(oci.MediaTypeConfig, image.Config),
			Layers:      []oci.Descriptor{oci.Describe(oci.MediaTypeLayer, image.Layers[0])},
			Annotations: map[string]string{"text": fmt.Sprintf("%x", oci.Bytes(uint64(i), 50_000))},
		}.JSON()
		tag := fmt.Sprintf("t%d", i)
		r, err := s.Client.PutManifest(t.Context(), name, tag, oci.MediaTypeManifest, m)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status == http.StatusCreated {
			acknowledged.add(object{"/v2/" + name + "/manifests/" + tag, oci.MediaTypeManifest, oci.Digest(m)})
			continue
		}
		if refused == 0 {
			t.Logf("after %d manifests: %s", i, r)
		}
		refused++
		pulled, err := s.Client.Get(t.Context(), "/v2/"+name+"/blobs/"+oci.Digest(image.Layers[0]))
		if err != nil || !bytes.Equal(pulled.Body, image.Layers[0]) {
			t.Errorf("a pull while the disk is full: %s, %v", pulled, err)
		}
	}
	verify(t, s, acknowledged.all())
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := s.Client.PushImage(t.Context(), name, "last", oci.NewImage(2, 1000)); err != nil {
		t.Errorf("when there was room again: %v", err)
	}
	seen.report(t)
	verify(t, s, acknowledged.all())
	intact(t, s)
}

func describe(mediaType string, data []byte) *oci.Descriptor {
	d := oci.Describe(mediaType, data)
	return &d
}

// smallDisk moves a database to a file system that is soon full, and returns where that
// is. PostgreSQL's log of changes stays where it was: a server that cannot write that
// ends, which is another test's.
func smallDisk(t *testing.T, p *postgres.Server, uri string) string {
	t.Helper()
	owner, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	disk, err := os.MkdirTemp("", "quay-disk-")
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=64m,mode=0700,uid="+owner.Uid+",gid="+owner.Gid); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
		if err := os.Remove(disk); err != nil {
			t.Error(err)
		}
	})
	data := filepath.Join(disk, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, uid, -1); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, p.URL("postgres"))
	defer conn.Close(t.Context())
	parsed, err := pgx.ParseConfig(uri)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"CREATE TABLESPACE small LOCATION '" + data + "'",
		"ALTER DATABASE " + pgx.Identifier{parsed.Database}.Sanitize() + " SET TABLESPACE small",
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return disk
}

// fill writes a file until its file system has only 2 MiB left.
func fill(t *testing.T, file string) {
	t.Helper()
	var fs syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(file), &fs); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, make([]byte, int64(fs.Bavail)*fs.Bsize-2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
}
