// Package postgres starts real PostgreSQL servers for tests.
//
// A server listens on 127.0.0.1, trusts everybody there, and dies with the process
// that started it, whatever that process dies of; its files go, too. It runs as the
// user postgres where the tests run as root, since PostgreSQL refuses root.
//
// Most tests want a database and no server of their own: Shared has one for the whole
// program, or the one that $QUAY_POSTGRES names, which test/postgres/with sets.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options of a server. The zero value makes a quick one in a directory of its own.
type Options struct {
	// Dir is where the server's directory is made. Its file system may be a small
	// one; whoever made it removes it. The default is the directory for temporary
	// files, and what is made there goes with the server.
	Dir string
	// Settings of postgresql.conf, laid over those that make a server quick and small.
	// A test that kills the machine, and not only the server, wants fsync=on.
	Settings map[string]string
}

// quick are the settings of a server whose data nobody needs after the machine died.
// The WAL is still written, so that killing the server loses nothing.
var quick = map[string]string{
	"fsync":                   "off",
	"full_page_writes":        "off",
	"shared_buffers":          "32MB",
	"max_connections":         "200",
	"max_wal_size":            "256MB",
	"min_wal_size":            "32MB",
	"autovacuum":              "off",
	"unix_socket_directories": "",
	"listen_addresses":        "127.0.0.1",
	"logging_collector":       "off",
	"timezone":                "UTC",
}

// startTime is how long a server may take to accept connections or to end.
const startTime = time.Minute

// superuser is the name of the administrator in a server that this package made.
const superuser = "postgres"

// Server is a PostgreSQL server. Its methods are for one goroutine at a time, but URL
// and Database are for any number.
type Server struct {
	base     url.URL
	programs programs
	dir      string
	port     int
	settings map[string]string
	running  *process  // nil unless it runs
	ownFiles *leftover // nil where the caller gave the directory
}

// Start makes a server and waits until it accepts connections. Stop ends it.
func Start(opts Options) (*Server, error) {
	s, err := prepare(opts)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	if err := s.initialise(); err != nil {
		return nil, fmt.Errorf("postgres: %w", errors.Join(err, s.Stop()))
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// prepare makes the directory of a server that has no data yet.
func prepare(opts Options) (*Server, error) {
	p, err := findPrograms()
	if err != nil {
		return nil, err
	}
	s := &Server{programs: p, settings: maps.Clone(quick)}
	maps.Copy(s.settings, opts.Settings)
	if s.dir, err = os.MkdirTemp(opts.Dir, "quay-postgres-"); err != nil {
		return nil, err
	}
	if s.dir, err = filepath.Abs(s.dir); err != nil {
		return nil, err
	}
	if opts.Dir == "" {
		if s.ownFiles, err = removeLater(s.dir); err != nil {
			return nil, errors.Join(err, os.RemoveAll(s.dir))
		}
	}
	if err := p.giveDirectory(s.dir); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	if s.port, err = freePort(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	s.base = url.URL{
		Scheme: "postgresql", User: url.User(superuser), Host: "127.0.0.1:" + strconv.Itoa(s.port),
		Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return s, nil
}

// initialise makes the data. The order of text is that of its bytes, which is what a
// test can rely on everywhere.
func (s *Server) initialise() error {
	return s.programs.run(s.dir, "initdb", "-D", s.data(), "-U", superuser, "-A", "trust",
		"-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// start starts the server over its data and waits until it answers.
func (s *Server) start() error {
	args := []string{"-D", s.data(), "-p", strconv.Itoa(s.port)}
	for _, name := range slices.Sorted(maps.Keys(s.settings)) {
		args = append(args, "-c", name+"="+s.settings[name])
	}
	// A server that was killed leaves processes behind which end by themselves, and
	// until then its successor refuses to start.
	for deadline := time.Now().Add(startTime); ; time.Sleep(100 * time.Millisecond) {
		p, err := s.programs.start(s.dir, "postgres", args...)
		if err != nil {
			return fmt.Errorf("postgres: %w", err)
		}
		if err = s.await(p, deadline); err == nil {
			s.running = p
			return nil
		}
		p.end(syscall.SIGQUIT)
		if !p.predecessorLives() || time.Now().After(deadline) {
			return fmt.Errorf("postgres: %w\n%s", err, p.log())
		}
	}
}

// await waits until the process accepts connections.
func (s *Server) await(p *process, deadline time.Time) error {
	for {
		err := s.ping()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("the server ended: %w", cmp.Or(p.err, errors.New("without an error")))
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the server does not answer: %w", err)
		}
	}
}

func (s *Server) ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// URL is where a database of this server is, for its superuser. The database
// "postgres" is always there.
func (s *Server) URL(database string) string {
	u := s.base
	u.Path = "/" + database
	return u.String()
}

// Stop ends the server, clients or not, and removes the files that it made in the
// directory for temporary files. Only the first call does anything.
func (s *Server) Stop() error {
	if s.running != nil {
		s.running.end(syscall.SIGQUIT) // the data are of no further use
		s.running = nil
	}
	err := s.ownFiles.remove()
	s.ownFiles = nil
	return err
}

// Kill kills the server as `kill -9` does; Restart brings it back.
func (s *Server) Kill() {
	if s.running != nil {
		s.running.end(syscall.SIGKILL)
		s.running = nil
	}
}

// Restart shuts the server down, which ends its clients' connections, and starts it
// again with the same data and address. It starts a server that was killed, too.
func (s *Server) Restart() error {
	if s.dir == "" {
		return errors.New("postgres: a shared server is not restarted")
	}
	if s.running != nil {
		s.running.end(syscall.SIGINT)
		s.running = nil
	}
	return s.start()
}

// Replica starts a server that follows this one by streaming replication, and stops it
// at the end of the test. It lags from `SELECT pg_wal_replay_pause()` in it until
// pg_wal_replay_resume().
func (s *Server) Replica(t testing.TB) *Server {
	t.Helper()
	if s.dir == "" {
		t.Fatal("postgres: a shared server has no replicas")
	}
	r, err := prepare(Options{Settings: s.settings})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := r.programs.run(r.dir, "pg_basebackup", "-D", r.data(), "-h", "127.0.0.1", "-p", strconv.Itoa(s.port),
		"-U", superuser, "-R", "-X", "stream", "-c", "fast", "--no-sync"); err != nil {
		t.Fatal(err)
	}
	if err := r.start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// Logs is what the server has logged so far.
func (s *Server) Logs() string { return readLog(s.dir) }
