package certify

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/sdk/errs"
)

// process is a running plugin, as those of package launch are.
type process interface {
	Conn() grpc.ClientConnInterface
	Descriptors() *fd.Receiver
	Done() <-chan struct{}
	PID() int
	Confinement() []confine.Applied
	Kill() launch.Exit
}

// subject is the plugin under test: one process after the other.
type subject struct {
	start func(ctx context.Context) (process, error)

	mu      sync.Mutex // cases use many goroutines
	process process
}

// open starts the first process.
func (s *subject) open(ctx context.Context) error {
	p, err := s.start(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process = p
	return nil
}

func (s *subject) current() process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process
}

// target is the process as a suite wants it.
func (s *subject) target() target {
	p := s.current()
	return target{Conn: p.Conn(), Receive: p.Descriptors().Receive}
}

// restart kills the process, as a crash would, and starts another one.
func (s *subject) restart(ctx context.Context) (target, error) {
	p := s.current()
	if err := syscall.Kill(p.PID(), syscall.SIGKILL); err != nil {
		return target{}, errs.Wrap(errs.Unavailable, err, "kill the plugin")
	}
	p.Kill() // It waits for the end.
	if err := s.open(ctx); err != nil {
		return target{}, err
	}
	return s.target(), nil
}

// deathNotice is how long the news that a process has died may take after a call that
// failed for it.
const deathNotice = 200 * time.Millisecond

// died reports how the process ended, if it did, after a case that has failed.
func (s *subject) died() string {
	p := s.current()
	select {
	case <-p.Done():
	case <-time.After(deathNotice):
		return ""
	}
	exit := p.Kill()
	if len(exit.Stderr) == 0 {
		return exit.Reason
	}
	return fmt.Sprintf("%s; its last lines:\n%s", exit.Reason, strings.Join(exit.Stderr, "\n"))
}

func (s *subject) close() {
	if p := s.current(); p != nil {
		p.Kill()
	}
}
