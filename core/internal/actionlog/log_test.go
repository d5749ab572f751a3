package actionlog

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// memory is a Store that keeps entries, and fails or waits when told to.
type memory struct {
	mu      sync.Mutex
	entries []domain.LogEntry
	sizes   []int
	durable int
	fail    func(entries []domain.LogEntry) error
	gate    chan struct{} // a write waits for it, if there is one
}

func (m *memory) AppendLogs(ctx context.Context, durable bool, entries ...domain.LogEntry) error {
	if m.gate != nil {
		select {
		case <-m.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		if err := m.fail(entries); err != nil {
			return err
		}
	}
	m.entries = append(m.entries, entries...)
	m.sizes = append(m.sizes, len(entries))
	if durable {
		m.durable++
	}
	return nil
}

func (m *memory) names() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, e := range m.entries {
		names = append(names, e.Namespace)
	}
	return names
}

func newLog(t *testing.T, s Store, opts Options) *Log {
	t.Helper()
	opts.Logger = slog.New(slog.DiscardHandler)
	l, err := New(s, opts)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// done is an Action of which everything is known.
type done struct {
	event Event
	at    Place
}

func (d done) Entry(context.Context) (Event, Place, error) { return d.event, d.at, nil }

func pull(ctx context.Context, l *Log, e Event, at Place) error {
	return l.Later(ctx, e.Kind, at.Namespace, at.Free, done{e, at})
}

var (
	down   = errs.New(errs.Unavailable, "down")
	pulled = Event{Kind: KindPullRepo}
)

// TestPolicy proves which actions leave no entry.
func TestPolicy(t *testing.T) {
	p := Policy{DisabledFor: []string{"silent"}, PullsDisabledFor: []string{"busy"}, NoPullsOfFree: true}
	if none := (Policy{NoPulls: true}); !none.Skips(KindPullRepo, "acme", false) || none.Skips(KindPushRepo, "acme", false) {
		t.Error("a log without pulls")
	}
	if !(Policy{ReadOnly: true}).Skips(KindLoginSuccess, "acme", false) {
		t.Error("a log of a registry that is read-only")
	}
	for _, tc := range []struct {
		kind      Kind
		namespace string
		free      bool
		want      bool
	}{
		{KindPushRepo, "silent", false, true},
		{KindPullRepo, "silent", false, true},
		{KindPullRepo, "busy", false, true},
		{KindRepoVerb, "busy", false, true},
		{KindPushRepo, "busy", false, false},
		{KindPullRepo, "acme", false, false},
		{KindPullRepo, "acme", true, true},
		{KindPushRepo, "acme", true, false},
		{KindLoginFailure, "", false, false},
	} {
		if got := p.Skips(tc.kind, tc.namespace, tc.free); got != tc.want {
			t.Errorf("%s of %q (free: %v): skipped %v", tc.kind, tc.namespace, tc.free, got)
		}
		l := newLog(t, &memory{}, Options{Policy: p})
		entries := l.Entries(Event{Kind: tc.kind}, Place{Namespace: tc.namespace, Free: tc.free})
		if want := map[bool]int{true: 0, false: 1}[tc.want]; len(entries) != want {
			t.Errorf("%s of %q: %d entries", tc.kind, tc.namespace, len(entries))
		}
	}
	for model, want := range map[string]bool{"": true, "database": true, "splunk": false, "elasticsearch": false, "transition_reads_both_writes_es": false} {
		if err := (Policy{Model: model}).Validate(); (err == nil) != want || err != nil && !errs.Is(err, errs.Unsupported) {
			t.Errorf("LOGS_MODEL %q: %v", model, err)
		}
	}
}

// TestEntry proves what of an action becomes which column, and who owns an entry of
// no namespace.
func TestEntry(t *testing.T) {
	l := newLog(t, &memory{}, Options{Policy: Policy{ServiceAccount: 99}})
	at := time.Unix(1790000000, 0)
	got := l.Entries(RepositoryCreated(in("acme", "web")), Place{
		Namespace: "acme", Account: 3, Performer: 4, Repository: 5, IP: "192.0.2.1", At: at,
	})[0]
	want := domain.LogEntry{
		Kind: "create_repo", Account: 3, Namespace: "acme", Performer: 4, Repository: 5, IP: "192.0.2.1",
		Metadata: `{"repo": "web", "namespace": "acme"}`, At: at,
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if e := l.Entries(pulled, Place{Namespace: "acme"})[0]; e.Account != 0 {
		t.Errorf("the service's account owns an entry of a namespace: %+v", e)
	}
	if e := l.Entries(BearerRefused("", ""), Place{})[0]; e.Account != 99 {
		t.Errorf("an entry of no namespace: %+v", e)
	}
}

// TestStrict proves that an action fails whose entry cannot be written, except
// those that the configuration lets go ahead.
func TestStrict(t *testing.T) {
	for _, tc := range []struct {
		policy Policy
		kind   Kind
		fails  bool
	}{
		{Policy{}, KindPullRepo, true},
		{Policy{}, KindOrgCreate, true},
		{Policy{LenientPulls: true}, KindPullRepo, false},
		{Policy{LenientPulls: true}, KindLoginFailure, false},
		{Policy{LenientPulls: true}, KindPushRepo, true},
		{Policy{Lenient: true}, KindPushRepo, false},
	} {
		s := &memory{fail: func([]domain.LogEntry) error { return down }}
		l := newLog(t, s, Options{Policy: tc.policy})
		for name, err := range map[string]error{
			"write": l.Write(t.Context(), Event{Kind: tc.kind}, Place{}),
			"pull":  pull(t.Context(), l, Event{Kind: tc.kind}, Place{}),
		} {
			if (err != nil) != tc.fails {
				t.Errorf("%+v, %s of %s: %v", tc.policy, name, tc.kind, err)
			}
		}
	}
}

// TestBatches proves that entries which come while the database is busy are written
// together, each once and in order, and that Close writes what waits.
func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &memory{gate: make(chan struct{})}
		l := newLog(t, s, Options{Batch: true, Queue: 1000})
		const n = 2*maxBatch + 10
		for i := range n {
			if err := pull(t.Context(), l, pulled, Place{Namespace: strconv.Itoa(i)}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait() // the first entry is being written alone
		}
		close(s.gate)
		if err := l.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, name := range s.names() {
			if name != strconv.Itoa(i) {
				t.Fatalf("entry %d is %s", i, name)
			}
		}
		if c := l.Counts(); len(s.entries) != n || c != (Counts{Written: n}) {
			t.Errorf("%d entries are there of %d; %+v", len(s.entries), n, c)
		}
		if len(s.sizes) != 4 || s.sizes[0] != 1 || s.sizes[1] != maxBatch || s.durable != 0 {
			t.Errorf("batches of %v, %d durable", s.sizes, s.durable)
		}
		if err := pull(t.Context(), l, pulled, Place{}); !errors.Is(err, errClosed) {
			t.Errorf("after Close: %v", err)
		}
		if err := l.Close(t.Context()); err != nil {
			t.Errorf("Close again: %v", err)
		}
	})
}

// TestBackPressure proves that a pull waits while the queue is full, until its
// caller goes away or the log is closed: nothing is dropped.
func TestBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &memory{gate: make(chan struct{})}
		l := newLog(t, s, Options{Batch: true, Queue: 2})
		for i := range 3 { // one is being written, two wait
			if err := pull(t.Context(), l, pulled, Place{Namespace: strconv.Itoa(i)}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := pull(ctx, l, pulled, Place{Namespace: "late"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a pull that did not fit: %v", err)
		}
		if err := pull(t.Context(), l, pulled, Place{Namespace: "patient"}); !errors.Is(err, errFull) {
			t.Errorf("a pull that waited for ten seconds: %v", err)
		}
		if c := l.Counts(); c.Waiting != 2 {
			t.Errorf("%+v", c)
		}
		ended := make(chan error)
		go func() { ended <- pull(t.Context(), l, pulled, Place{Namespace: "closed"}) }()
		synctest.Wait()
		closed := make(chan error)
		go func() { closed <- l.Close(t.Context()) }()
		if err := <-ended; !errors.Is(err, errClosed) {
			t.Errorf("a pull that waits while the log is closed: %v", err)
		}
		close(s.gate)
		if err := <-closed; err != nil {
			t.Error(err)
		}
		if got := s.names(); len(got) != 3 {
			t.Errorf("written: %v", got)
		}
	})
}

// TestOutage proves that entries wait for a database that is down, for as long as
// it is, and that pulls without strict logging do not.
func TestOutage(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			s := &memory{fail: func([]domain.LogEntry) error {
				if time.Since(start) < time.Hour {
					return down
				}
				return nil
			}}
			l := newLog(t, s, Options{Batch: true, Policy: Policy{LenientPulls: lenient}})
			if err := pull(t.Context(), l, pulled, Place{}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour + lastRetry)
			synctest.Wait()
			want := Counts{Written: 1}
			if lenient {
				want = Counts{Dropped: 1}
			}
			if c := l.Counts(); c != want {
				t.Errorf("lenient %v: %+v", lenient, c)
			}
			if err := l.Close(t.Context()); (err != nil) != lenient {
				t.Errorf("lenient %v: close: %v", lenient, err)
			}
		})
	}
}

// TestOutageOfMixedBatch proves that entries which the policy does not let go wait for
// the database also when the first of their batch need not.
func TestOutageOfMixedBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := &memory{gate: make(chan struct{}), fail: func([]domain.LogEntry) error {
			if time.Since(start) < time.Minute {
				return down
			}
			return nil
		}}
		l := newLog(t, s, Options{Batch: true, Policy: Policy{LenientPulls: true}})
		for _, kind := range []Kind{KindPullRepo, KindPullRepo, KindRepoVerb} { // the first waits alone
			if err := pull(t.Context(), l, Event{Kind: kind}, Place{Namespace: string(kind)}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		close(s.gate)
		time.Sleep(time.Minute + lastRetry)
		synctest.Wait()
		if got := s.names(); !slices.Contains(got, string(KindRepoVerb)) {
			t.Errorf("written: %v; %+v", got, l.Counts())
		}
		_ = l.Close(t.Context()) // it tells of the pull that was let go
	})
}

// TestCloseGivesUp proves that Close ends with its context while the database is
// down, and says that entries are lost.
func TestCloseGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLog(t, &memory{fail: func([]domain.LogEntry) error { return down }}, Options{Batch: true})
		for range 3 {
			if err := pull(t.Context(), l, pulled, Place{}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := l.Close(ctx); !errs.Is(err, errs.Unavailable) {
			t.Errorf("got %v", err)
		}
		if c := l.Counts(); c != (Counts{Dropped: 3}) {
			t.Errorf("%+v", c)
		}
	})
}

// TestPoison proves that an entry which the database will never take does not keep
// others out.
func TestPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &memory{gate: make(chan struct{}), fail: func(entries []domain.LogEntry) error {
			for _, e := range entries {
				if e.Namespace == "gone" {
					return errs.New(errs.NotFound, "no such account")
				}
			}
			return nil
		}}
		l := newLog(t, s, Options{Batch: true})
		for _, name := range []string{"a", "b", "gone", "c"} {
			if err := pull(t.Context(), l, pulled, Place{Namespace: name}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		close(s.gate)
		if err := l.Close(t.Context()); err == nil {
			t.Error("the loss is not said")
		}
		if got := s.names(); len(got) != 3 || got[2] != "c" {
			t.Errorf("written: %v", got)
		}
	})
}

// slow is an Action whose performer cannot be looked up at first.
type slow struct {
	tries *int
	until int
	err   error
}

func (s slow) Entry(context.Context) (Event, Place, error) {
	if *s.tries++; *s.tries <= s.until {
		return Event{}, Place{}, s.err
	}
	return pulled, Place{Namespace: "acme", Performer: 7}, nil
}

// TestLateEntry proves that an entry whose performer cannot be looked up waits until
// he can, is made once, and keeps nobody else out when he never can.
func TestLateEntry(t *testing.T) {
	for name, tc := range map[string]struct {
		action slow
		policy Policy
		want   Counts
		tries  int
	}{
		"later":   {slow{new(int), 3, down}, Policy{}, Counts{Written: 2}, 4},
		"never":   {slow{new(int), 9, errs.New(errs.Internal, "broken")}, Policy{}, Counts{Written: 1, Dropped: 1}, 2},
		"lenient": {slow{new(int), 9, down}, Policy{LenientPulls: true}, Counts{Dropped: 2}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &memory{gate: make(chan struct{})}
				l := newLog(t, s, Options{Batch: true, Policy: tc.policy})
				if err := pull(t.Context(), l, pulled, Place{}); err != nil { // the writer is busy with it
					t.Fatal(err)
				}
				synctest.Wait()
				if err := l.Later(t.Context(), KindPullRepo, "acme", false, tc.action); err != nil {
					t.Fatal(err)
				}
				if err := pull(t.Context(), l, pulled, Place{Namespace: "other"}); err != nil {
					t.Fatal(err)
				}
				close(s.gate)
				time.Sleep(time.Minute)
				_ = l.Close(t.Context()) // the counts say what was lost
				tc.want.Written++
				if c := l.Counts(); c != tc.want || *tc.action.tries != tc.tries {
					t.Errorf("%+v after %d tries; want %+v after %d", c, *tc.action.tries, tc.want, tc.tries)
				}
			})
		})
	}
}

// BenchmarkPull is what a pull's entry costs its request with batches.
func BenchmarkPull(b *testing.B) {
	l, err := New(nothing{}, Options{Batch: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	r := Request{UserAgent: "containers/5.16.0 (github.com/containers/image)", Caller: User("alice")}
	repo := in("acme", "web")
	b.ReportAllocs()
	for b.Loop() {
		e := r.PullTag(repo, "latest", "application/vnd.oci.image.manifest.v1+json")
		if err := pull(b.Context(), l, e, Place{Namespace: "acme", Account: 1, Performer: 2, Repository: 3, IP: "192.0.2.1"}); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
}

type nothing struct{}

func (nothing) AppendLogs(context.Context, bool, ...domain.LogEntry) error { return nil }
