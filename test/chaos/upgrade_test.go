package chaos

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

const (
	// replacements is how often the driver is upgraded, and how often it is killed.
	replacements   = 20
	pullingClients = 48
	pushingClients = 16
)

// TestUpgradesAndKills proves that 64 clients that pull and push without pause do
// not notice 20 upgrades of the driver: no request fails. Of 20 kills they may
// notice that a push fails; no pull of a whole small blob does, and nothing that
// was acknowledged is lost.
func TestUpgradesAndKills(t *testing.T) {
	s := server.Start(t, server.Options{})
	other := secondDriver(t, s)
	// More than the host keeps open, so that pulls need the driver.
	blobs := pushSmall(t, s, 300, 1000)

	t.Run("upgrades", func(t *testing.T) {
		l := startLoad(t, s, blobs)
		for i := range replacements {
			path := s.Driver()
			if i%2 == 0 {
				path = other
			}
			s.Quay(t, "plugin", "upgrade", "local", "--trial", "200ms", "--to", path)
		}
		l.end()
		l.report(t)
		if n := l.pullFailures.Load() + l.pushFailures.Load(); n > 0 {
			t.Errorf("%d requests failed", n)
		}
		l.verify(t, s)
	})
	t.Run("kills", func(t *testing.T) {
		l := startLoad(t, s, blobs)
		for range replacements {
			before := s.Plugin(t)
			if err := syscall.Kill(before.PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			s.AwaitPlugin(t, 10*time.Second, func(p server.Plugin) bool {
				return p.State == "healthy" && p.Generation > before.Generation
			})
			// A replacement gives the driver a clean record, so that each kill is the
			// first in a row and not a loop of crashes, which the host slows down.
			s.Quay(t, "plugin", "reload", "local", "--trial", "200ms")
		}
		l.end()
		l.report(t)
		if n := l.pullFailures.Load(); n > 0 {
			t.Errorf("%d pulls failed", n)
		}
		l.verify(t, s)
	})
	intact(t, s)
}

// secondDriver makes a copy of the driver under another path.
func secondDriver(t *testing.T, s *server.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "quay-storage-local")
	if out, err := exec.CommandContext(t.Context(), "cp", s.Driver(), path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// load is clients that pull and push without pause.
type load struct {
	stop                       context.CancelFunc
	clients                    sync.WaitGroup
	begun                      time.Time
	pulls, pushes              atomic.Int64
	pullFailures, pushFailures atomic.Int64
	complaints                 sync.Map // text -> struct{}

	mu    sync.Mutex
	acked []string // digests
}

func startLoad(t *testing.T, s *server.Server, blobs []string) *load {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	l := &load{stop: stop, begun: time.Now()}
	for i := range pullingClients {
		l.clients.Go(func() {
			for n := i * len(blobs) / pullingClients; ctx.Err() == nil; n++ {
				l.pull(ctx, s, blobs[n%len(blobs)])
			}
		})
	}
	seed := uint64(time.Now().UnixNano())
	for i := range pushingClients {
		l.clients.Go(func() {
			for n := uint64(i); ctx.Err() == nil; n += pushingClients {
				l.push(s, oci.Bytes(seed+n, 64<<10))
			}
		})
	}
	return l
}

// pull pulls a whole blob.
func (l *load) pull(ctx context.Context, s *server.Server, digest string) {
	l.pulls.Add(1)
	r, err := s.Client.Get(ctx, "/v2/"+repo+"/blobs/"+digest)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		l.complain(&l.pullFailures, "pull: "+err.Error())
	case r.Status != http.StatusOK || oci.Digest(r.Body) != digest:
		l.complain(&l.pullFailures, "pull: "+r.String())
	}
}

// push pushes a blob and notes it when it was acknowledged. It is never broken off,
// so that each failure is the server's.
func (l *load) push(s *server.Server, data []byte) {
	l.pushes.Add(1)
	digest, err := s.Client.PushBlob(context.Background(), repo, data)
	if err != nil {
		l.complain(&l.pushFailures, "push: "+err.Error())
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked = append(l.acked, digest)
}

func (l *load) complain(failures *atomic.Int64, text string) {
	failures.Add(1)
	l.complaints.Store(text, struct{}{})
}

func (l *load) end() {
	l.stop()
	l.clients.Wait()
}

func (l *load) report(t *testing.T) {
	t.Helper()
	t.Logf("%d pulls, %d failed; %d pushes, %d failed; in %v", l.pulls.Load(), l.pullFailures.Load(),
		l.pushes.Load(), l.pushFailures.Load(), time.Since(l.begun).Round(time.Millisecond))
	var texts []string
	l.complaints.Range(func(text, _ any) bool {
		texts = append(texts, text.(string))
		return len(texts) < 5
	})
	if len(texts) > 0 {
		t.Logf("for example:\n%s", strings.Join(texts, "\n"))
	}
}

// verify pulls everything that was acknowledged.
func (l *load) verify(t *testing.T, s *server.Server) {
	t.Helper()
	if len(l.acked) == 0 {
		t.Error("no push was acknowledged")
	}
	for _, digest := range l.acked {
		r, err := s.Client.Get(t.Context(), "/v2/"+repo+"/blobs/"+digest)
		if err != nil || r.Status != http.StatusOK || oci.Digest(r.Body) != digest {
			t.Errorf("the acknowledged blob %s is lost: %s, error %v", digest, r, err)
		}
	}
}
