package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

const (
	pushes  = 200
	pushers = 4
)

// object is something that the server has acknowledged.
type object struct {
	path, mediaType, digest string
}

// ledger is what was acknowledged so far.
type ledger struct {
	mu      sync.Mutex
	objects []object
}

func (l *ledger) add(o object) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.objects = append(l.objects, o)
}

func (l *ledger) all() []object {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]object(nil), l.objects...)
}

// pick returns one of them at random.
func (l *ledger) pick() (o object, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.objects) == 0 {
		return o, false
	}
	return l.objects[rand.IntN(len(l.objects))], true
}

// errWrong is an answer that was complete and false.
var errWrong = errors.New("wrong content")

// check reads an object. An answer that breaks off is an error, but no lie.
func (o object) check(ctx context.Context, c *oci.Client) error {
	r, err := c.Get(ctx, o.path, o.mediaType)
	if err != nil {
		return err
	}
	if r.Status != http.StatusOK {
		return fmt.Errorf("status %s", r)
	}
	if got := oci.Digest(r.Body); got != o.digest {
		return fmt.Errorf("%w: %s of %s is %s", errWrong, o.path, o.digest, got)
	}
	return nil
}

// TestHostDies proves that, however often and whenever the host is killed while
// clients push, everything it ever acknowledged is there after the restart, and
// that nobody ever reads a wrong byte.
func TestHostDies(t *testing.T) {
	s := server.Start(t, server.Options{})
	images, pause := int64(pushes), 100*time.Millisecond
	if s.Database != "" { // a push takes longer, and has to come through sometimes
		images, pause = 60, 500*time.Millisecond
	}
	outlive(t, s, images, pause, func() { s.Kill9(t) }, func() {})
}

// outlive kills a host again and again while clients push images, at random instants
// that are no further apart than pause, and checks after each restart that everything
// is there which was acknowledged. Before a restart, revive is called.
func outlive(t *testing.T, s *server.Server, images int64, pause time.Duration, kill, revive func()) {
	t.Helper()
	random := seeded(t)
	acknowledged := &ledger{}

	// A push holds the gate for reading, so that the checks after a restart are
	// not themselves disturbed; a kill does not ask.
	var gate sync.RWMutex
	var next, retries atomic.Int64
	var workers sync.WaitGroup
	for range pushers {
		workers.Go(func() {
			for i := next.Add(1); i <= images; i = next.Add(1) {
				for pushOne(t, s, &gate, acknowledged, i) != nil {
					retries.Add(1)
					time.Sleep(5 * time.Millisecond)
				}
			}
		})
	}
	finished := make(chan struct{})
	go func() { workers.Wait(); close(finished) }()
	readers := readAlways(t, s, acknowledged, finished)

	kills := 0
	for done := false; !done; {
		select {
		case <-finished:
			done = true
		case <-time.After(time.Duration(random.Int64N(int64(pause)))):
		}
		driver := s.DriverPID()
		kill()
		kills++
		gate.Lock()
		outlived(t, driver)
		s.Client.HTTP.CloseIdleConnections()
		revive()
		s.Restart(t)
		verify(t, s, acknowledged.all())
		gate.Unlock()
		if t.Failed() {
			next.Store(images)
			done = true
		}
	}
	<-finished
	readers.Wait()
	intact(t, s)
	t.Logf("%d pushes, %d objects acknowledged, %d kills, %d retries", images, len(acknowledged.all()), kills, retries.Load())
	if kills < 5 {
		t.Errorf("only %d kills: too few to prove anything", kills)
	}
}

// seeded is the source of a test's random numbers. $CHAOS_SEED repeats a run.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if v := os.Getenv("CHAOS_SEED"); v != "" {
		var err error
		if seed, err = strconv.ParseUint(v, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("CHAOS_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, seed))
}

// pushOne pushes image i and enters each acknowledgement into the ledger.
func pushOne(t *testing.T, s *server.Server, gate *sync.RWMutex, l *ledger, i int64) error {
	gate.RLock()
	defer gate.RUnlock()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	name := fmt.Sprintf("chaos/host%d", i%7)
	image := oci.NewImage(uint64(1000+i), 20_000+int(i%200)*500)
	for _, blob := range append([][]byte{image.Config}, image.Layers...) {
		digest, err := s.Client.PushBlob(ctx, name, blob)
		if err != nil {
			return err
		}
		l.add(object{path: "/v2/" + name + "/blobs/" + digest, digest: digest})
	}
	tag := fmt.Sprintf("t%d", i)
	r, err := s.Client.PutManifest(ctx, name, tag, oci.MediaTypeManifest, image.Manifest)
	if err != nil {
		return err
	}
	if r.Status != http.StatusCreated {
		return fmt.Errorf("push of manifest: %s", r)
	}
	digest := oci.Digest(image.Manifest)
	if got := r.Header.Get("Docker-Content-Digest"); got != digest {
		t.Errorf("the server acknowledged %s as %s", digest, got)
	}
	for _, reference := range []string{tag, digest} {
		l.add(object{path: "/v2/" + name + "/manifests/" + reference, mediaType: oci.MediaTypeManifest, digest: digest})
	}
	return nil
}

// readAlways reads acknowledged objects at random until the pushes are finished,
// through every kill.
func readAlways(t *testing.T, s *server.Server, l *ledger, finished <-chan struct{}) *sync.WaitGroup {
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-finished:
					return
				case <-time.After(2 * time.Millisecond):
				}
				if o, ok := l.pick(); ok {
					if err := o.check(t.Context(), s.Client); errors.Is(err, errWrong) {
						t.Error(err)
					}
				}
			}
		})
	}
	return &readers
}

// verify checks that everything which was acknowledged is there.
func verify(t *testing.T, s *server.Server, objects []object) {
	t.Helper()
	var wg sync.WaitGroup
	for worker := range pushers {
		wg.Go(func() {
			for i := worker; i < len(objects); i += pushers {
				if err := objects[i].check(t.Context(), s.Client); err != nil {
					t.Errorf("acknowledged, but after a kill: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

// outlived checks that a driver ends soon after its host.
func outlived(t *testing.T, driver int) {
	t.Helper()
	if driver == 0 {
		return
	}
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if !server.Alive(driver) {
			return
		}
	}
	t.Errorf("driver %d is still there a second after its host was killed", driver)
}
