package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func start(t *testing.T, opts Options) *Server {
	t.Helper()
	s, err := Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the server may be dead
	return conn
}

func exec1(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func ask(t *testing.T, conn *pgx.Conn, query string) (answer string) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// within waits until ok, which the test needs to become true.
func within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %v: %s", limit, what)
		}
	}
}

// A server has the settings, the encoding and the order of text that tests rely on, a
// version that the product supports, and the extension for trigrams.
func TestStart(t *testing.T) {
	conn := connect(t, start(t, Options{Settings: map[string]string{"max_connections": "17"}}).URL("postgres"))
	for query, want := range map[string]string{
		"SHOW max_connections":     "17",
		"SHOW fsync":               "off",
		"SHOW server_encoding":     "UTF8",
		"SELECT ('B' < 'a')::text": "true",
		"SELECT (current_setting('server_version_num')::int >= 150000)::text": "true",
	} {
		if got := ask(t, conn, query); got != want {
			t.Errorf("%s is %s, want %s", query, got, want)
		}
	}
	exec1(t, conn, "CREATE EXTENSION pg_trgm")
}

// What was committed survives `kill -9` of the server and an ordinary restart, at the
// same address, also while clients are connected.
func TestKillAndRestart(t *testing.T) {
	s := start(t, Options{})
	conn := connect(t, s.URL("postgres"))
	exec1(t, conn, "CREATE TABLE kept (n text)")
	exec1(t, conn, "INSERT INTO kept VALUES ('1')")
	s.Kill()
	// The process of a connection ends when it notices that the server has.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := conn.Exec(t.Context(), "SELECT 1"); err != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a killed server answers")
		}
	}
	for range 2 {
		if err := s.Restart(); err != nil {
			t.Fatal(err)
		}
		if got := ask(t, connect(t, s.URL("postgres")), "SELECT n FROM kept"); got != "1" {
			t.Errorf("after a restart the row is %s", got)
		}
	}
}

// Stop leaves neither a process nor a file behind, and may be called twice.
func TestStop(t *testing.T) {
	s := start(t, Options{})
	for range 2 {
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the directory after Stop: %v", err)
	}
	if err := s.ping(); err == nil {
		t.Error("a stopped server answers")
	}
}

// The caller's directory is used, though its parents are for nobody else, and stays.
func TestDir(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	if got := ask(t, connect(t, s.URL("postgres")), "SHOW data_directory"); !strings.HasPrefix(got, dir) {
		t.Errorf("the data are in %s, want them in %s", got, dir)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(dir + "/*/log"); err != nil || len(left) != 1 {
		t.Errorf("left are %q, %v", left, err)
	}
}

// A replica has what the primary has, refuses writes, and lags while replay is paused.
func TestReplica(t *testing.T) {
	s := start(t, Options{})
	primary := connect(t, s.URL("postgres"))
	exec1(t, primary, "CREATE TABLE copied AS SELECT 1 AS n")
	replica := connect(t, s.Replica(t).URL("postgres"))
	count := func() string {
		var n string
		if err := replica.QueryRow(t.Context(), "SELECT count(*)::text FROM copied").Scan(&n); err != nil {
			return err.Error()
		}
		return n
	}
	within(t, 20*time.Second, "the replica lacks the row", func() bool { return count() == "1" })
	if _, err := replica.Exec(t.Context(), "INSERT INTO copied VALUES (2)"); err == nil {
		t.Error("a replica takes writes")
	}
	exec1(t, replica, "SELECT pg_wal_replay_pause()")
	within(t, 20*time.Second, "replay goes on", func() bool {
		return ask(t, replica, "SELECT pg_get_wal_replay_pause_state()") == "paused"
	})
	exec1(t, primary, "INSERT INTO copied VALUES (2)")
	time.Sleep(200 * time.Millisecond)
	if got := count(); got != "1" {
		t.Errorf("a replica that does not replay has %s rows", got)
	}
	exec1(t, replica, "SELECT pg_wal_replay_resume()")
	within(t, 20*time.Second, "the replica lacks the second row", func() bool { return count() == "2" })
}

// Each test has a database of its own, which is gone after the test even though
// somebody is connected to it.
func TestDatabase(t *testing.T) {
	s := Shared(t)
	var url string
	t.Run("test", func(t *testing.T) {
		url = s.Database(t)
		other := s.Database(t)
		exec1(t, connect(t, url), "CREATE TABLE mine (n int)")
		exec1(t, connect(t, other), "CREATE TABLE mine (n int)")
	})
	if conn, err := pgx.Connect(t.Context(), url); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the database outlived its test")
	}
}

// A template is filled once, however many ask for it at a time, and copies are
// independent of each other. A fill that fails leaves no template.
func TestCopy(t *testing.T) {
	s := start(t, Options{})
	if err := s.makeTemplate(t.Context(), "filled", func(string) error { return errors.New("no") }); err == nil {
		t.Error("a fill failed and nobody was told")
	}
	var filled int // under the template's lock
	fill := func(url string) error {
		filled++
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			return err
		}
		_, err = conn.Exec(t.Context(), "CREATE TABLE kept AS SELECT 'template' AS n")
		return errors.Join(err, conn.Close(t.Context()))
	}
	urls := make([]string, 4)
	var wg sync.WaitGroup
	for i := range urls {
		wg.Go(func() { urls[i] = s.Copy(t, "filled", fill) })
	}
	wg.Wait()
	if filled != 1 {
		t.Errorf("the template was filled %d times", filled)
	}
	for i, url := range urls {
		conn := connect(t, url)
		if got := ask(t, conn, "SELECT n FROM kept"); got != "template" {
			t.Errorf("copy %d has %s", i, got)
		}
		exec1(t, conn, "UPDATE kept SET n = 'changed'")
	}
}

// withProgram builds test/postgres/with.
func withProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "with")
	if out, err := exec.Command("go", "build", "-o", path, "./with").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// with passes the server's URL to its command and the command's status to its caller,
// and starts no second server where there is one.
func TestWith(t *testing.T) {
	with := withProgram(t)
	tests := map[string]struct {
		outer, script string
		status        int
		output        string
	}{
		"own server":  {"", "echo $QUAY_POSTGRES; exit 3", 3, "postgresql://postgres@127.0.0.1:"},
		"given":       {"postgresql://elsewhere", "echo $QUAY_POSTGRES", 0, "postgresql://elsewhere\n"},
		"killed":      {"postgresql://elsewhere", "kill -9 $$", 1, ""},
		"interrupted": {"postgresql://elsewhere", "trap 'exit 4' TERM; kill -TERM $PPID; sleep 10 & wait", 4, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(with, "sh", "-c", test.script)
			cmd.Env = append(os.Environ(), Variable+"="+test.outer)
			out, err := cmd.Output()
			if got := cmd.ProcessState.ExitCode(); got != test.status {
				t.Errorf("status %d, want %d (%v)", got, test.status, err)
			}
			if !strings.HasPrefix(string(out), test.output) {
				t.Errorf("output %q, want %q", out, test.output)
			}
		})
	}
}

// A server and its files go when the process that started it is killed.
func TestServerDiesWithItsStarter(t *testing.T) {
	cmd := exec.Command(withProgram(t), "sh", "-c", "echo $QUAY_POSTGRES; read line")
	cmd.Env = append(os.Environ(), Variable+"=")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe() // ends the shell at the end of the test
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url = strings.TrimSpace(url)
	data := ask(t, connect(t, url), "SHOW data_directory")
	lock, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, _, _ := strings.Cut(string(lock), "\n")
	if !lives(pid) {
		t.Fatalf("there is no process %s: the test proves nothing", pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// Without its files it would end by itself, but later.
	within(t, 8*time.Second, "the server still runs", func() bool { return !lives(pid) })
	within(t, 20*time.Second, "the files are still there", func() bool {
		_, err := os.Stat(filepath.Dir(data))
		return errors.Is(err, os.ErrNotExist)
	})
	_ = cmd.Wait() // killed
}

// lives reports whether a process runs. One that has ended and that nobody has waited for
// does not.
func lives(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err == nil && !strings.HasPrefix(rest, "Z")
}

func BenchmarkDatabase(b *testing.B) {
	s := Shared(b)
	for b.Loop() {
		name := fmt.Sprintf("bench_%d", time.Now().UnixNano())
		for _, statement := range []string{"CREATE DATABASE " + name, "DROP DATABASE " + name} {
			if err := s.administer(b.Context(), statement); err != nil {
				b.Fatal(err)
			}
		}
	}
}
