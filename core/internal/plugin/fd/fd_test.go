package fd_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// channel returns a receiver and the driver's end of its channel.
func channel(t testing.TB) (*fd.Receiver, *net.UnixConn) {
	t.Helper()
	plugintest.Leaks(t)
	host, child, err := fd.Pair()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.FileConn(child)
	if err != nil {
		t.Fatal(err)
	}
	child.Close()
	r := fd.NewReceiver(host, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		conn.Close()
		r.Close()
	})
	return r, conn.(*net.UnixConn)
}

func send(t testing.TB, conn *net.UnixConn, ticket uint64, files ...*os.File) {
	t.Helper()
	var fds []int
	for _, f := range files {
		fds = append(fds, int(f.Fd()))
	}
	var rights []byte
	if len(fds) > 0 {
		rights = unix.UnixRights(fds...)
	}
	if _, _, err := conn.WriteMsgUnix(binary.BigEndian.AppendUint64(nil, ticket), rights, nil); err != nil {
		t.Fatal(err)
	}
}

// file makes a file of 100 bytes and opens it.
func file(t testing.TB, flags int) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, make([]byte, 100), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, flags, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func expect(t testing.TB, r *fd.Receiver) *fd.Ticket {
	t.Helper()
	ticket, err := r.Expect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ticket.Cancel)
	return ticket
}

func TestTake(t *testing.T) {
	read := fd.Want{Access: fd.ReadOnly, Size: 100}
	write := fd.Want{Access: fd.WriteOnly, Size: 100}
	at := func(off int64, flags int) func(t *testing.T) []*os.File {
		return func(t *testing.T) []*os.File {
			f := file(t, flags)
			if _, err := f.Seek(off, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			return []*os.File{f}
		}
	}
	other := func(open func() (*os.File, error)) func(t *testing.T) []*os.File {
		return func(t *testing.T) []*os.File {
			f, err := open()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			return []*os.File{f}
		}
	}
	tests := []struct {
		name string
		want fd.Want
		send func(t *testing.T) []*os.File
		err  string // part of the error; empty means success
	}{
		{"read", read, at(0, os.O_RDONLY), ""},
		{"read, standing elsewhere", read, at(50, os.O_RDONLY), ""},
		{"write", write, at(100, os.O_WRONLY), ""},
		{"write, not at the end", write, at(0, os.O_WRONLY), "stands at 0"},
		{"write for appending", write, at(100, os.O_WRONLY|os.O_APPEND), "flags"},
		{"write-only for a read", read, at(0, os.O_WRONLY), "access mode"},
		{"read-write for a read", read, at(0, os.O_RDWR), "access mode"},
		{"read-only for a write", write, at(100, os.O_RDONLY), "access mode"},
		{"read-write for a write", write, at(100, os.O_RDWR), "access mode"},
		{"only a path", read, func(t *testing.T) []*os.File { return []*os.File{file(t, unix.O_PATH)} }, "flags"},
		{"wrong size", fd.Want{Size: 99}, at(0, os.O_RDONLY), "100 bytes"},
		{"directory", fd.Want{}, other(func() (*os.File, error) { return os.Open("/") }), "regular"},
		{"device", fd.Want{}, other(func() (*os.File, error) { return os.Open("/dev/zero") }), "regular"},
		{"pipe", fd.Want{}, func(t *testing.T) []*os.File {
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { r.Close(); w.Close() })
			return []*os.File{r}
		}, "regular"},
		{"none", read, func(*testing.T) []*os.File { return nil }, "no descriptor"},
		{"two", read, func(t *testing.T) []*os.File {
			f := file(t, os.O_RDONLY)
			return []*os.File{f, f}
		}, "more than one"},
		{"very many", read, func(t *testing.T) []*os.File {
			f := file(t, os.O_RDONLY)
			many := make([]*os.File, 100)
			for i := range many {
				many[i] = f
			}
			return many
		}, "more than one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, driver := channel(t)
			ticket := expect(t, r)
			send(t, driver, ticket.Number(), test.send(t)...)
			f, err := ticket.Take(t.Context(), test.want)
			if err == nil {
				f.Close()
			}
			switch {
			case test.err == "" && err != nil:
				t.Error(err)
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Errorf("the error is %v", err)
			case err != nil && !errs.Is(err, errs.Internal):
				t.Errorf("the kind is %v", errs.KindOf(err))
			}
		})
	}
}

// Whatever a driver sends without being asked is closed: the check for leaks of
// channel says so.
func TestUnexpected(t *testing.T) {
	r, driver := channel(t)
	f := file(t, os.O_RDONLY)
	send(t, driver, 12345, f)
	ticket := expect(t, r)
	late := expect(t, r)
	late.Cancel()
	late.Cancel()
	send(t, driver, late.Number(), f)
	if _, err := driver.Write([]byte("short")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := driver.WriteMsgUnix(make([]byte, 1000), unix.UnixRights(int(f.Fd())), nil); err != nil {
		t.Fatal(err)
	}
	send(t, driver, ticket.Number(), f)
	send(t, driver, ticket.Number(), f) // twice for one ticket
	got, err := ticket.Take(t.Context(), fd.Want{Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	got.Close()
	// It arrived, but nobody takes it.
	ignored := expect(t, r)
	send(t, driver, ignored.Number(), f)
	after := expect(t, r)
	send(t, driver, after.Number(), f)
	if got, err = after.Take(t.Context(), fd.Want{Size: 100}); err != nil {
		t.Fatal(err)
	}
	got.Close()
}

func TestNothingComes(t *testing.T) {
	r, _ := channel(t)
	begin := time.Now()
	_, err := expect(t, r).Take(t.Context(), fd.Want{})
	if took := time.Since(begin); !errs.Is(err, errs.Internal) || took > 3*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := expect(t, r).Take(ctx, fd.Want{}); !errs.Is(err, errs.Timeout) {
		t.Errorf("after the deadline: %v", err)
	}
}

func TestClosed(t *testing.T) {
	r, driver := channel(t)
	ticket := expect(t, r)
	driver.Close()
	if _, err := ticket.Take(t.Context(), fd.Want{}); !errs.Is(err, errs.Unavailable) {
		t.Errorf("Take: %v", err)
	}
	if _, err := r.Expect(); !errs.Is(err, errs.Unavailable) {
		t.Errorf("Expect: %v", err)
	}
}

func TestBound(t *testing.T) {
	r, _ := channel(t)
	var err error
	for range 2000 {
		var ticket *fd.Ticket
		if ticket, err = r.Expect(); err != nil {
			break
		}
		defer ticket.Cancel()
	}
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("2,000 tickets: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	r, driver := channel(t)
	var wg sync.WaitGroup
	for i := range 50 {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, fmt.Append(nil, i), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		wg.Go(func() {
			ticket, err := r.Expect()
			if err != nil {
				t.Error(err)
				return
			}
			defer ticket.Cancel()
			send(t, driver, ticket.Number(), f)
			got, err := ticket.Take(t.Context(), fd.Want{Size: int64(len(fmt.Sprint(i)))})
			if err != nil {
				t.Error(err)
				return
			}
			defer got.Close()
			if b, err := io.ReadAll(got); err != nil || string(b) != fmt.Sprint(i) {
				t.Errorf("%d got %q, error %v", i, b, err)
			}
		})
	}
	wg.Wait()
}
