package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/queue"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/core/internal/worker"
	"github.com/quay/quay/test/postgres"
)

// What makes this test's program a worker that is killed: the database, and a file that
// it writes down in what it does.
const (
	envPath = "WORKER_TEST_PATH"
	envURL  = "WORKER_TEST_URL"
	envFile = "WORKER_TEST_FILE"
)

func TestMain(m *testing.M) {
	if os.Getenv(envFile) != "" {
		victim()
	}
	os.Exit(m.Run())
}

// reservation is how long an item is kept for a worker that has died.
const reservation = 3 * time.Second

// consumer works the queue of notifications off and writes down what it does.
func consumer(s *store.Store, note func(string)) worker.Consumer {
	return worker.Consumer{
		Queue: queue.New(s, queue.Product(), queue.Options{}).Notifications,
		Work: func(_ context.Context, body json.RawMessage) error {
			note("begin " + string(body))
			time.Sleep(20 * time.Millisecond)
			note("end " + string(body))
			return nil
		},
		Poll: time.Second, Reservation: reservation, Logger: slog.New(slog.DiscardHandler),
	}
}

// run runs a worker until ctx ends.
func run(ctx context.Context, c worker.Consumer) error {
	return worker.New([]worker.Program{{Name: "w", Operations: c.Operations()}}, worker.Options{
		Logger: c.Logger, Drain: 10 * time.Second,
	}).Run(ctx)
}

func victim() {
	f, err := os.OpenFile(os.Getenv(envFile), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	s, err := store.Open(context.Background(), store.Options{Path: os.Getenv(envPath), URL: os.Getenv(envURL)})
	if err != nil {
		panic(err)
	}
	panic(run(context.Background(), consumer(s, func(line string) { fmt.Fprintln(f, line) })))
}

func eachEngine(t *testing.T, test func(t *testing.T, opts store.Options)) {
	t.Run("sqlite", func(t *testing.T) { test(t, store.Options{Path: filepath.Join(t.TempDir(), "quay.db")}) })
	t.Run("postgres", func(t *testing.T) {
		test(t, store.Options{URL: postgres.Shared(t).Copy(t, "worker_"+schema.Head, func(url string) error {
			db, err := schema.OpenPostgres(url)
			if err != nil {
				return err
			}
			_, err = schema.Up(context.Background(), db, schema.PostgreSQL, schema.Options{Steps: schema.Steps()})
			return errors.Join(err, db.Close())
		})})
	})
}

func open(t *testing.T, opts store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fill(t *testing.T, s *store.Store, n int) {
	t.Helper()
	q := queue.New(s, queue.Product(), queue.Options{}).Notifications
	for i := range n {
		if _, err := q.Put(t.Context(), q.Item(pyjson.Object{{Name: "n", Value: i}}, "acme", fmt.Sprint(i%3))); err != nil {
			t.Fatal(err)
		}
	}
}

// empty waits until nothing is left to do.
func empty(t *testing.T, s *store.Store) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		counts, err := s.QueueCounts(t.Context(), "notification", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if counts.Available+counts.Running == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("left: %+v", counts)
		}
	}
}

// TestRuntimes proves that several runtimes that share a queue do each item once.
func TestRuntimes(t *testing.T) {
	const items, runtimes = 300, 8
	eachEngine(t, func(t *testing.T, opts store.Options) {
		s := open(t, opts)
		fill(t, s, items)
		var mu sync.Mutex
		lines := make(map[string]int)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var group sync.WaitGroup
		for i := range runtimes {
			shared := s
			if opts.URL != "" && i%2 == 1 {
				shared = open(t, opts)
			}
			c := consumer(shared, func(line string) {
				mu.Lock()
				defer mu.Unlock()
				lines[line]++
			})
			group.Go(func() {
				if err := run(ctx, c); err != nil {
					t.Error(err)
				}
			})
		}
		empty(t, s)
		cancel()
		group.Wait()
		if len(lines) != 2*items {
			t.Errorf("%d beginnings and ends, want %d", len(lines), 2*items)
		}
		for line, n := range lines {
			if n != 1 {
				t.Errorf("%s %d times", line, n)
			}
		}
	})
}

// TestKilledWorker proves that what a worker had in its hands when it was killed is done
// by another one when its time is over, and nothing else twice.
func TestKilledWorker(t *testing.T) {
	const items = 60
	eachEngine(t, func(t *testing.T, opts store.Options) {
		s := open(t, opts)
		fill(t, s, items)
		file := filepath.Join(t.TempDir(), "lines")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		read := func() []string {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Split(strings.TrimSpace(string(b)), "\n")
		}
		var stderr bytes.Buffer
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), envPath+"="+opts.Path, envURL+"="+opts.URL, envFile+"="+file)
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(time.Minute); len(read()) < 21 || !strings.HasPrefix(read()[len(read())-1], "begin"); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the worker does not work: %s", stderr.String())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		killed := len(read())
		f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- run(ctx, consumer(s, func(line string) { fmt.Fprintln(f, line) })) }()
		empty(t, s)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if killed >= 2*items-2 {
			t.Fatalf("it was killed when all was done")
		}
		lines := make(map[string]int)
		for _, line := range read() {
			lines[line]++
		}
		twice := 0
		for i := range items {
			body := fmt.Sprintf(`{"n": %d}`, i)
			begun, done := lines["begin "+body], lines["end "+body]
			if done == 0 || begun > 2 {
				t.Errorf("%s was begun %d times and done %d times", body, begun, done)
			}
			if begun == 2 {
				twice++
			}
		}
		if twice > 1 {
			t.Errorf("%d items were done twice", twice)
		}
	})
}
