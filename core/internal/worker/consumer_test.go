package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/queue"
	"github.com/quay/quay/sdk/errs"
)

// memory is the table of queues for tests whose clock is not the real one. What the
// database does with items, the tests of package store prove.
type memory struct {
	queue.Store // what a consumer does not call

	mu    sync.Mutex
	rows  []*row
	down  bool // the database cannot be reached
	state int
}

type row struct {
	item      domain.QueueItem
	available bool
	after     time.Time
	expires   time.Time
}

var errDown = errs.New(errs.Unavailable, "the database is down")

func (m *memory) ClaimQueueItem(_ context.Context, _ string, _ bool, now, until time.Time) (*domain.QueueItem, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return nil, errDown
	}
	for _, r := range m.rows {
		if !r.after.After(now) && (r.available || !r.expires.After(now)) && r.item.Retries > 0 {
			m.state++
			r.available, r.expires, r.item.State = false, until, fmt.Sprint(m.state)
			r.item.Retries--
			item := r.item
			return &item, nil
		}
	}
	return nil, nil
}

func (m *memory) held(item *domain.QueueItem) (*row, error) {
	if m.down {
		return nil, errDown
	}
	for _, r := range m.rows {
		if r.item.ID == item.ID && r.item.State == item.State {
			return r, nil
		}
	}
	return nil, errs.New(errs.Conflict, "somebody else has it")
}

func (m *memory) ExtendQueueItem(_ context.Context, item *domain.QueueItem, until time.Time, _ time.Duration, _ string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.held(item)
	if err == nil {
		r.expires = until
	}
	return err == nil, err
}

func (m *memory) ReturnQueueItem(_ context.Context, item *domain.QueueItem, after time.Time, restore bool) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.held(item)
	if err != nil {
		return false, err
	}
	m.state++
	r.available, r.after, r.item.State = true, after, fmt.Sprint(m.state)
	if restore {
		r.item.Retries++
	}
	return r.item.Retries > 0, nil
}

func (m *memory) DeleteQueueItem(_ context.Context, id domain.QueueItemID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return errDown
	}
	m.rows = slices.DeleteFunc(m.rows, func(r *row) bool { return r.item.ID == id })
	return nil
}

func (m *memory) setDown(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
}

func newMemory(bodies ...string) *memory {
	m := &memory{}
	for i, b := range bodies {
		m.rows = append(m.rows, &row{item: domain.QueueItem{ID: domain.QueueItemID(i + 1), Body: b, Retries: 5}, available: true})
	}
	return m
}

// consume runs a consumer of the queue until the function that it returns is called.
func (m *memory) consume(t *testing.T, drain time.Duration, work func(ctx context.Context, body json.RawMessage) error) (stop func() error) {
	c := Consumer{Queue: queue.New(m, queue.Product(), queue.Options{}).Notifications, Work: work, Logger: silent}
	return start(t, New([]Program{{Name: "w", Operations: c.Operations()}}, Options{Logger: silent, Drain: drain}))
}

func (m *memory) left(t *testing.T, want ...int) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	var retries []int
	for _, r := range m.rows {
		retries = append(retries, r.item.Retries)
	}
	if !slices.Equal(retries, want) {
		t.Errorf("items with tries %v are left, want %v", retries, want)
	}
}

// TestOutcomes proves what becomes of an item by what its work returns, and how often it
// is tried.
func TestOutcomes(t *testing.T) {
	for _, tc := range []struct {
		what  string
		body  string
		work  error
		panic bool
		tries int // in half an hour
		left  []int
	}{
		{"done", `{}`, nil, false, 1, nil},
		{"an error", `{}`, errors.New("no"), false, 5, []int{0}},
		{"a panic", `{}`, nil, true, 5, []int{0}},
		{"a body that is no JSON", `{`, nil, false, 0, []int{0}},
		{"later", `{}`, Later(errs.New(errs.Unavailable, "the mail server")), false, 6, []int{5}},
		{"somebody else's", `{}`, fmt.Errorf("purge: %w", lock.ErrHeld), false, 6, []int{5}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, tries := newMemory(tc.body), 0
				stop := m.consume(t, time.Minute, func(context.Context, json.RawMessage) error {
					tries++
					if tc.panic {
						panic("a defect")
					}
					return tc.work
				})
				time.Sleep(30 * time.Minute)
				if err := stop(); err != nil || tries != tc.tries {
					t.Errorf("%d tries, want %d; %v", tries, tc.tries, err)
				}
				m.left(t, tc.left...)
			})
		})
	}
}

// TestPoison proves that an item which always fails keeps no other from being done.
func TestPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(`"bad"`, `"good"`, `"also good"`)
		stop := m.consume(t, time.Minute, func(_ context.Context, body json.RawMessage) error {
			if string(body) == `"bad"` {
				panic("a defect")
			}
			return nil
		})
		time.Sleep(10 * time.Second) // the first run
		m.left(t, 4)
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// TestLongWork proves that an item is kept as long as its work goes on, so that nobody
// else does it, through an outage of the database that is shorter than its time.
func TestLongWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, begun := newMemory(`{}`), 0
		work := func(ctx context.Context, _ json.RawMessage) error {
			begun++
			select {
			case <-time.After(time.Hour):
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		stop, other := m.consume(t, time.Minute, work), m.consume(t, time.Minute, work)
		time.Sleep(20 * time.Minute)
		m.setDown(true)
		time.Sleep(190 * time.Second)
		m.setDown(false)
		time.Sleep(time.Hour)
		if err := errors.Join(stop(), other()); err != nil || begun != 1 {
			t.Errorf("begun %d times; %v", begun, err)
		}
		m.left(t)
	})
}

// TestLostItem proves that work whose item has gone to somebody else is told so, that it
// changes nothing of what is somebody else's, and that the item is done in the end: when
// the clock of the server jumps, too.
func TestLostItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(`{}`)
		var causes []error
		begun := 0
		stop := m.consume(t, time.Minute, func(ctx context.Context, _ json.RawMessage) error {
			if begun++; begun > 1 {
				return nil
			}
			<-ctx.Done()
			causes = append(causes, context.Cause(ctx))
			return ctx.Err()
		})
		time.Sleep(10 * time.Second)
		// Another server, whose clock is an hour ahead, takes what seems to have expired.
		ahead := time.Now().Add(time.Hour)
		theirs, err := m.ClaimQueueItem(t.Context(), "", false, ahead, ahead.Add(time.Minute))
		if err != nil || theirs == nil {
			t.Fatal(theirs, err)
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if len(causes) != 1 || !errors.Is(causes[0], lock.ErrLost) {
			t.Errorf("the work ended with %v", causes)
		}
		m.left(t, 3) // theirs still
		// It dies; its clock was ahead, so the item comes back later, and is not lost.
		time.Sleep(2 * time.Hour)
		if err := stop(); err != nil || begun != 2 {
			t.Errorf("begun %d times, %v", begun, err)
		}
		m.left(t)
	})
}

// TestOutage proves that work is told to end when the database was away for longer than
// its item is kept, since somebody else may do it now.
func TestOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(`{}`)
		var ended time.Duration
		stop := m.consume(t, time.Minute, func(ctx context.Context, _ json.RawMessage) error {
			begin := time.Now()
			m.setDown(true)
			<-ctx.Done()
			ended = time.Since(begin)
			return ctx.Err()
		})
		time.Sleep(7 * time.Minute)
		synctest.Wait()
		if ended != 5*time.Minute {
			t.Errorf("told after %v", ended)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
}

// TestDrainItem proves that an item whose work ends in time is completed when the
// program is told to end, that another one is given back at once and its take does not
// count, and that no further item is taken.
func TestDrainItem(t *testing.T) {
	for _, tc := range []struct {
		takes time.Duration
		left  []int
	}{{20 * time.Second, []int{5}}, {time.Hour, []int{5, 5}}} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory(`{}`, `{}`)
			stop := m.consume(t, time.Minute, func(ctx context.Context, _ json.RawMessage) error {
				select {
				case <-time.After(tc.takes):
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			time.Sleep(10 * time.Second)
			if err := stop(); err != nil {
				t.Error(err)
			}
			m.left(t, tc.left...)
			if item, err := m.ClaimQueueItem(t.Context(), "", false, time.Now(), time.Now()); err != nil || item == nil || strings.TrimSpace(item.Body) != "{}" {
				t.Errorf("the item cannot be taken: %v, %v", item, err)
			}
		})
	}
}
