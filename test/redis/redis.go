// Package redis starts real Redis servers for tests.
package redis

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// startWithin is how long a server may take to answer.
const startWithin = 20 * time.Second

// Server is a Redis on 127.0.0.1 that keeps nothing. It ends with the process that
// started it.
type Server struct {
	// Port is where it listens.
	Port int

	client *redis.Client
	cmd    *exec.Cmd
	ended  chan struct{}
}

// Start starts a server and waits until it answers. Stop ends it.
func Start() (*Server, error) {
	var problems []error
	for range 5 { // somebody else may take the port in between
		s, err := start()
		if err == nil {
			return s, nil
		}
		problems = append(problems, err)
	}
	return nil, errors.Join(problems...)
}

func start() (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{
		Port: port, ended: make(chan struct{}),
		client: redis.NewClient(&redis.Options{Addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), MaxRetries: -1}),
		cmd:    exec.Command("redis-server", "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/"),
	}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := s.run(); err != nil {
		return nil, err
	}
	if err := s.await(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// run starts the program. Linux sends the signal when the thread ends that started it,
// so that thread must be of no other use until the program has ended.
func (s *Server) run() error {
	started := make(chan error)
	go func() {
		defer close(s.ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.cmd.Start()
		started <- err
		if err == nil {
			_ = s.cmd.Wait() // it is killed
		}
	}()
	return <-started
}

func (s *Server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	for {
		err := s.client.Ping(ctx).Err()
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("redis-server ended: %s", s.cmd.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("redis-server does not answer: %w", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// StartFor starts a server of one test's own, which ends with it.
func StartFor(t testing.TB) *Server {
	t.Helper()
	s, err := Start()
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

// Client is a client of the server that repeats nothing, until Stop.
func (s *Server) Client() *redis.Client { return s.client }

// Kill ends the server without its knowing.
func (s *Server) Kill() error {
	err := s.cmd.Process.Kill()
	<-s.ended
	return err
}

// Clear removes everything that is in it.
func (s *Server) Clear(ctx context.Context) error { return s.client.FlushAll(ctx).Err() }

// Stop ends the server.
func (s *Server) Stop() error {
	err := s.client.Close()
	if kill := s.cmd.Process.Kill(); kill != nil {
		select {
		case <-s.ended: // by itself
		default:
			return errors.Join(err, kill)
		}
	}
	<-s.ended
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
