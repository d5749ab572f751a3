package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// wire is a TCP proxy to a server that can break connections.
type wire struct {
	net.Listener
	server string
	// before is asked about what a client is about to send: false breaks the
	// connection instead. after is asked, too: false breaks it when the server has
	// acted, and the answer is lost.
	before, after atomic.Pointer[func([]byte) bool]
	wg            sync.WaitGroup
}

// throughWire returns a proxy and the database's URL through it.
func throughWire(t *testing.T, address string) (*wire, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, server: u.Host}
	w.wg.Go(w.accept)
	t.Cleanup(func() {
		_ = l.Close()
		w.wg.Wait()
	})
	u.Host = l.Addr().String()
	return w, u.String()
}

func (w *wire) accept() {
	for {
		client, err := w.Accept()
		if err != nil {
			return
		}
		server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", w.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		deaf := &deafWriter{Writer: client}
		w.wg.Go(func() {
			_, _ = io.Copy(deaf, server)
			_ = client.Close()
		})
		w.wg.Go(func() {
			defer client.Close()
			defer server.Close()
			w.send(server, client, deaf)
		})
	}
}

// deafWriter loses what is written once it is deaf.
type deafWriter struct {
	io.Writer
	deaf atomic.Bool
}

func (w *deafWriter) Write(b []byte) (int, error) {
	if w.deaf.Load() {
		return len(b), nil
	}
	return w.Writer.Write(b)
}

// send forwards what a client says until the connection ends or is to be broken.
func (w *wire) send(server io.Writer, client io.Reader, answers *deafWriter) {
	b := make([]byte, 64<<10)
	goOn := func(ask *atomic.Pointer[func([]byte) bool], said []byte) bool {
		fn := ask.Load()
		return fn == nil || (*fn)(said)
	}
	for {
		n, err := client.Read(b)
		if err != nil || !goOn(&w.before, b[:n]) {
			return
		}
		last := !goOn(&w.after, b[:n])
		answers.deaf.Store(last)
		if _, err := server.Write(b[:n]); err != nil {
			return
		}
		if last {
			time.Sleep(100 * time.Millisecond) // the server acts on it
			return
		}
	}
}

// once breaks one connection, where a client says the words.
func once(words string) *func([]byte) bool {
	var done atomic.Bool
	fn := func(said []byte) bool {
		return !bytes.Contains(bytes.ToLower(said), []byte(words)) || !done.CompareAndSwap(false, true)
	}
	return &fn
}

// TestBrokenConnection proves what becomes of a change whose connection breaks: it is
// repeated when it cannot have been committed, and never when it may have been.
func TestBrokenConnection(t *testing.T) {
	for _, tc := range []struct {
		name  string
		cut   func(*wire)
		runs  int
		err   bool
		marks int
	}{
		{"at its beginning", func(w *wire) { w.before.Store(once("begin")) }, 1, false, 1},
		{"before a statement", func(w *wire) { w.before.Store(once("mark a")) }, 2, false, 1},
		{"after a statement", func(w *wire) { w.after.Store(once("mark a")) }, 2, false, 1},
		{"before the commit", func(w *wire) { w.before.Store(once("commit")) }, 1, true, 0},
		{"after the commit", func(w *wire) { w.after.Store(once("commit")) }, 1, true, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			direct := openServer(t)
			w, address := throughWire(t, direct.engine.(*postgresEngine).pool.Config().ConnString())
			f := openURL(t, Options{URL: address})
			tc.cut(w)
			runs := 0
			err := f.change(t.Context(), true, func(tx *Tx) error {
				runs++
				return addMark("a")(tx)
			})
			if runs != tc.runs {
				t.Errorf("it was run %d times, want %d", runs, tc.runs)
			}
			if (err != nil) != tc.err || err != nil && !errs.Is(err, errs.Unavailable) {
				t.Errorf("got %v", err)
			}
			if n := value[int](direct, marks); n != tc.marks {
				t.Errorf("%d marks, want %d", n, tc.marks)
			}
		})
	}
}

// TestBrokenRead proves that a read whose connection breaks is repeated, and that
// rows which were seen are not seen again.
func TestBrokenRead(t *testing.T) {
	direct := openServer(t)
	w, address := throughWire(t, direct.engine.(*postgresEngine).pool.Config().ConnString())
	f := openURL(t, Options{URL: address})
	w.before.Store(once("marks"))
	var n int
	f.must(f.row(t.Context(), `SELECT 4711 AS marks`).Scan(&n))
	if n != 4711 {
		t.Errorf("got %d", n)
	}
	w.before.Store(once("marks"))
	n = 0
	f.must(f.rows(t.Context(), `SELECT id AS marks FROM role`, func(scanner) error { n++; return nil }))
	if n != 3 {
		t.Errorf("%d rows were seen, want 3", n)
	}
	n = 0
	broken := io.ErrUnexpectedEOF // as if the connection broke after the second row
	err := f.rows(t.Context(), `SELECT id FROM role`, func(scanner) error {
		if n++; n == 2 {
			return broken
		}
		return nil
	})
	if n != 2 || !errors.Is(err, broken) {
		t.Errorf("%d rows were seen: %v", n, err)
	}
}

// TestDeadlock proves that of two changes that wait for each other both succeed: the
// one that the server rolls back is run again.
func TestDeadlock(t *testing.T) {
	f := openServer(t)
	for _, name := range []string{"a", "b"} {
		f.must(f.change(t.Context(), true, addMark(name)))
	}
	var both sync.WaitGroup
	both.Add(2)
	var runs atomic.Int32
	lock := func(tx *Tx, name string) error {
		return tx.rowForUpdate(`SELECT id FROM mediatype WHERE name = $1`, "mark "+name).Scan(new(int64))
	}
	inOrder := func(first, second string) func() error {
		met := sync.OnceFunc(func() { both.Done(); both.Wait() })
		return func() error {
			return f.change(t.Context(), true, func(tx *Tx) error {
				runs.Add(1)
				if err := lock(tx, first); err != nil {
					return err
				}
				met()
				return lock(tx, second)
			})
		}
	}
	results := make(chan error, 2)
	for _, run := range []func() error{inOrder("a", "b"), inOrder("b", "a")} {
		go func() { results <- run() }()
	}
	for range 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if n := runs.Load(); n != 3 {
		t.Errorf("%d runs, want 3: there was no deadlock", n)
	}
}

// TestAdvisoryLock proves that changes which lock the same id follow each other, and
// that those with other ids do not wait.
func TestAdvisoryLock(t *testing.T) {
	f := openServer(t)
	held, release := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- f.change(context.Background(), false, func(tx *Tx) error {
			err := tx.lock(1)
			close(held)
			<-release
			return err
		})
	}()
	<-held
	f.must(f.change(t.Context(), false, func(tx *Tx) error { return tx.lock(2) }))
	second := make(chan error, 1)
	go func() { second <- f.change(context.Background(), false, func(tx *Tx) error { return tx.lock(1) }) }()
	select {
	case err := <-second:
		t.Fatalf("did not wait: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	f.must(errors.Join(<-first, <-second))
}

// TestCancelledOnServer proves that a query ends soon when its caller gives up, and
// costs no connection.
func TestCancelledOnServer(t *testing.T) {
	f := openServer(t)
	pool := f.engine.(*postgresEngine).pool
	f.must(f.Ping(t.Context()))
	before := pool.Stat().NewConnsCount()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := f.row(ctx, `SELECT pg_sleep(60) IS NULL`).Scan(new(bool))
	if !errs.Is(classify(err), errs.Timeout) || time.Since(begun) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(begun), err)
	}
	f.must(f.Ping(t.Context()))
	if n := pool.Stat().NewConnsCount(); n != before {
		t.Errorf("%d new connections", n-before)
	}
}

// TestPostgresRefused proves that a database which cannot be used is refused with
// what is wrong, and never with its password.
func TestPostgresRefused(t *testing.T) {
	f := openServer(t)
	f.exec(`UPDATE alembic_version SET version_num = 'ffffffffffff'`)
	good := f.engine.(*postgresEngine).pool.Config().ConnString()
	u, err := url.Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("postgres", "hunter2")
	u.Host = "127.0.0.1:1"
	for name, tc := range map[string]struct{ url, says string }{
		"another revision": {good, "ffffffffffff"},
		"nobody there":     {u.String(), "connect"},
		"no URL":           {"postgresql://postgres:hunter2@[::1/quay", "URL"},
		"a bad setting":    {"postgresql://postgres:hunter2@db/quay?sslmode=hunter2", "URL"},
	} {
		s, err := Open(t.Context(), Options{URL: tc.url})
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
