package chaos

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// patienceOfClients is how long a request may take whatever happens to the database.
const patienceOfClients = 15 * time.Second

// witness sees all answers that a server gives, and how long each took.
type witness struct {
	next http.RoundTripper
	// mayBe says which refusals there may be; nil means none.
	mayBe func(status int) bool
	// mayBreak says that the host may be away.
	mayBreak bool

	mu         sync.Mutex
	statuses   map[int]int
	broken     int
	slowest    time.Duration
	complaints []string
}

// watch lets a witness see what a server answers from now on.
func watch(s *server.Server, mayBe func(status int) bool) *witness {
	w := &witness{next: s.Client.HTTP.Transport, mayBe: mayBe, statuses: make(map[int]int)}
	s.Client.HTTP.Transport = w
	return w
}

// unavailable is the only refusal of a server whose database is away.
func unavailable(status int) bool { return status == http.StatusServiceUnavailable }

// RoundTrip passes a request on. It reads the whole answer, since that is what a client
// waits for.
func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	begun := time.Now()
	resp, err := w.next.RoundTrip(r)
	var body []byte
	if err == nil {
		body, err = io.ReadAll(resp.Body)
		err = errors.Join(err, resp.Body.Close())
	}
	took := time.Since(begun)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slowest = max(w.slowest, took)
	complain := func(format string, args ...any) {
		w.complaints = append(w.complaints, fmt.Sprintf("%s %.120s: ", r.Method, r.URL.Path)+fmt.Sprintf(format, args...))
	}
	if took > patienceOfClients {
		complain("it took %v", took)
	}
	if err != nil {
		w.broken++
		if !w.mayBreak {
			complain("%v", err)
		}
		return nil, err
	}
	w.statuses[resp.StatusCode]++
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if resp.StatusCode < 300 {
		return resp, nil
	}
	answer := oci.Reply{Request: r.Method + " " + r.URL.Path, Status: resp.StatusCode, Header: resp.Header, Body: body}
	if w.mayBe == nil || !w.mayBe(resp.StatusCode) {
		complain("%s", answer)
	} else if _, err := answer.Problems(); err != nil && r.Method != http.MethodHead {
		complain("%v: %s", err, answer)
	}
	return resp, nil
}

// count returns how many answers had a status.
func (w *witness) count(status int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.statuses[status]
}

// report says what was seen, and fails the test for what should not have been.
func (w *witness) report(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var counts []string
	for _, status := range slices.Sorted(maps.Keys(w.statuses)) {
		counts = append(counts, fmt.Sprintf("%d of %d", w.statuses[status], status))
	}
	t.Logf("answers: %v; %d broke off; the slowest took %v", counts, w.broken, w.slowest.Round(time.Millisecond))
	for _, c := range w.complaints[:min(5, len(w.complaints))] {
		t.Errorf("one of %d complaints: %s", len(w.complaints), c)
	}
}

// traffic is clients that push images and pull what was acknowledged, without pause.
// A push that fails is made again until it succeeds, as clients do: so in the end
// nothing is left of failures.
type traffic struct {
	*ledger
	clients       sync.WaitGroup
	stopped       chan struct{}
	next, pushed  atomic.Int64
	pulls, misses atomic.Int64
}

// startTraffic begins with half of the clients pushing and half pulling.
func startTraffic(t *testing.T, s *server.Server, clients int) *traffic {
	t.Helper()
	tr := &traffic{ledger: &ledger{}, stopped: make(chan struct{})}
	for range clients / 2 {
		tr.clients.Go(func() {
			for tr.goesOn() {
				tr.push(t, s, tr.next.Add(1))
			}
		})
		tr.clients.Go(func() {
			for tr.goesOn() {
				tr.pull(t, s)
			}
		})
	}
	return tr
}

func (tr *traffic) goesOn() bool {
	select {
	case <-tr.stopped:
		return false
	default:
		return true
	}
}

// push pushes an image until it is there.
func (tr *traffic) push(t *testing.T, s *server.Server, i int64) {
	var gate sync.RWMutex // nobody holds it
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		err := pushOne(t, s, &gate, tr.ledger, i)
		if err == nil {
			tr.pushed.Add(1)
			return
		}
		if time.Now().After(end) {
			t.Errorf("image %d could not be pushed in the end: %v", i, err)
			return
		}
	}
}

// pull pulls something that was acknowledged.
func (tr *traffic) pull(t *testing.T, s *server.Server) {
	o, ok := tr.pick()
	if !ok {
		time.Sleep(5 * time.Millisecond)
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tr.pulls.Add(1)
	err := o.check(ctx, s.Client)
	switch {
	case errors.Is(err, errWrong):
		t.Error(err)
	case err != nil:
		tr.misses.Add(1)
		time.Sleep(20 * time.Millisecond)
	}
}

// awaitProgress waits for some images and returns how long the first of them took.
func (tr *traffic) awaitProgress(t *testing.T, images int64) time.Duration {
	t.Helper()
	begun, from := time.Now(), tr.pushed.Load()
	first := time.Duration(0)
	for tr.pushed.Load() < from+images {
		if first == 0 && tr.pushed.Load() > from {
			first = time.Since(begun)
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("in a minute only %d images were pushed", tr.pushed.Load()-from)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return cmp.Or(first, time.Since(begun))
}

// stop waits until each client has finished what it does.
func (tr *traffic) stop(t *testing.T) {
	t.Helper()
	close(tr.stopped)
	tr.clients.Wait()
	t.Logf("%d images pushed, %d objects acknowledged; %d pulls, of which %d failed",
		tr.pushed.Load(), len(tr.all()), tr.pulls.Load(), tr.misses.Load())
}
