package httpd

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// brokenContent says that it has size bytes and has fewer, or none.
type brokenContent struct {
	size int64
	data *bytes.Reader
	err  error
}

func (c brokenContent) Size() int64 { return c.size }

func (c brokenContent) Range(_ context.Context, off, n int64) (io.Reader, error) {
	if c.err != nil {
		return nil, c.err
	}
	return io.NewSectionReader(c.data, off, n), nil
}

func (c brokenContent) ReadAt(p []byte, off int64) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	return c.data.ReadAt(p, off)
}

// TestContentFails proves that content which cannot be opened leaves the answer
// to the caller, and that nothing of it is left in the headers of that answer.
func TestContentFails(t *testing.T) {
	errBroken := errors.New("the disk is gone")
	for _, size := range []int64{10, 10 * window} {
		for _, header := range []string{"", "bytes=0-", "bytes=1-5"} {
			s := serve(t, func(*testing.T) Content { return brokenContent{size: size, err: errBroken} })
			resp, body := get(t, s, http.MethodGet, "Range", header)
			if resp.StatusCode != http.StatusInternalServerError || len(body) != 0 {
				t.Errorf("%d bytes, %q: %s with %q", size, header, resp.Status, body)
			}
			if resp.ContentLength > 0 || resp.Header.Get("Content-Range") != "" || resp.Header.Get("Etag") != "" {
				t.Errorf("%d bytes, %q: the answer has %v and says that it has %d bytes", size, header, resp.Header, resp.ContentLength)
			}
		}
	}
}

// TestContentEndsEarly proves that a client can tell an answer that breaks off
// from a whole one.
func TestContentEndsEarly(t *testing.T) {
	for _, size := range []int64{10, small + 10, 3 * window} {
		s := serve(t, func(*testing.T) Content {
			return brokenContent{size: size, data: bytes.NewReader(random(int(size) - 1))}
		})
		for _, header := range []string{"", "bytes=0-", "bytes=0-1,4-"} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Range", header)
			resp, err := s.Client().Do(req)
			if err != nil {
				continue // broken off before the headers
			}
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if err == nil && resp.StatusCode < 300 {
				t.Errorf("%d bytes, %q: %s without an error", size, header, resp.Status)
			}
		}
	}
}

// pipes is a listener of connections inside of the process, where time is the
// test's.
type pipes chan net.Conn

func (l pipes) Accept() (net.Conn, error) {
	if c, open := <-l; open {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (l pipes) Close() error   { return nil }
func (l pipes) Addr() net.Addr { return &net.TCPAddr{} }

// limits is an http.Server as Listen makes it, with another handler.
func limits(t *testing.T, h http.Handler) *http.Server {
	t.Helper()
	s, err := Listen(t.Context(), Options{Address: "127.0.0.1:0", Handler: h, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	from := s.http
	return &http.Server{
		Handler: h, ReadHeaderTimeout: from.ReadHeaderTimeout, ReadTimeout: from.ReadTimeout,
		WriteTimeout: from.WriteTimeout, IdleTimeout: from.IdleTimeout, MaxHeaderBytes: from.MaxHeaderBytes,
		ErrorLog: from.ErrorLog,
	}
}

// connect runs a server of size bytes and sends it a request, in a bubble of
// testing/synctest. closed is closed when the server has given the connection up.
func connect(t *testing.T, server *http.Server, request string) (client net.Conn, closed <-chan struct{}) {
	t.Helper()
	gone := make(chan struct{})
	once := sync.OnceFunc(func() { close(gone) })
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			once()
		}
	}
	l := make(pipes, 1)
	go func() { _ = server.Serve(l) }() // ends with the listener
	client, other := net.Pipe()
	l <- other
	t.Cleanup(func() {
		close(l)
		client.Close()
		server.Close()
	})
	if _, err := io.WriteString(client, request); err != nil {
		t.Fatal(err)
	}
	return client, gone
}

const simpleGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

func handlerOf(size int) http.Handler {
	data := random(size)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := ServeContent(w, r, etag, streamContent{bytes.NewReader(data)}); err != nil {
			panic(http.ErrAbortHandler)
		}
	})
}

// TestStalledClient proves that a client which takes nothing, or nothing more, is
// given up after Stall, whatever the size of what it asked for.
func TestStalledClient(t *testing.T) {
	for _, size := range []int{100, small, small + 1, 3 * window} {
		for _, taken := range []int{0, 50, size} { // with the headers, size is not all
			server := limits(t, handlerOf(size))
			synctest.Test(t, func(t *testing.T) {
				client, closed := connect(t, server, simpleGet)
				if _, err := io.CopyN(io.Discard, client, int64(taken)); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2*Stall + time.Second) // a window may have been sent meanwhile
				select {
				case <-closed:
				default:
					t.Errorf("a client that took %d of %d bytes holds the connection", taken, size)
				}
			})
		}
	}
}

// TestSlowClient proves that a client on a slow line gets all of a large content,
// though it takes much longer than Stall.
func TestSlowClient(t *testing.T) {
	const size, perSecond = 40 << 20, 20 << 10
	server := limits(t, handlerOf(size))
	synctest.Test(t, func(t *testing.T) {
		client, _ := connect(t, server, "GET / HTTP/1.0\r\n\r\n")
		var total int64
		for {
			n, err := io.CopyN(io.Discard, client, perSecond)
			total += n
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("after %d bytes: %v", total, err)
			}
			time.Sleep(time.Second)
		}
		if total < size {
			t.Errorf("the connection ended after %d of %d bytes", total, size)
		}
	})
}

// TestSilentClient proves that a client which sends nothing, or only a part of a
// request's header, is given up.
func TestSilentClient(t *testing.T) {
	for _, sent := range []string{"", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-Y: "} {
		server := limits(t, handlerOf(100))
		synctest.Test(t, func(t *testing.T) {
			_, closed := connect(t, server, sent)
			// Where something came, an answer is tried first.
			time.Sleep(headerTimeout + Stall + time.Second)
			select {
			case <-closed:
			default:
				t.Errorf("after %q a client holds the connection", sent)
			}
		})
	}
}

// TestKeepAlive proves that a connection serves a second request long after the
// first one: no deadline is left over.
func TestKeepAlive(t *testing.T) {
	for _, size := range []int{100, small + 1, 3 * window} {
		server := limits(t, handlerOf(size))
		synctest.Test(t, func(t *testing.T) {
			client, _ := connect(t, server, "")
			reader := bufio.NewReader(client)
			for range 3 {
				if _, err := io.WriteString(client, simpleGet); err != nil {
					t.Fatal(err)
				}
				resp, err := http.ReadResponse(reader, nil)
				if err != nil {
					t.Fatal(err)
				}
				n, err := io.Copy(io.Discard, resp.Body)
				if err != nil || n != int64(size) {
					t.Errorf("%d of %d bytes: %v", n, size, err)
				}
				time.Sleep(idleTimeout - time.Second)
			}
		})
	}
}

// recorder is a ResponseWriter that keeps nothing.
type recorder struct{ header http.Header }

func (r recorder) Header() http.Header         { return r.header }
func (r recorder) Write(p []byte) (int, error) { return len(p), nil }
func (r recorder) WriteHeader(int)             {}

// TestAllocations keeps the cost of sending small content down: it is what every
// pull of a manifest pays.
func TestAllocations(t *testing.T) {
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	w := recorder{http.Header{}}
	c := streamContent{bytes.NewReader(random(1000))}
	n := testing.AllocsPerRun(1000, func() {
		if _, err := ServeContent(w, req, etag, c); err != nil {
			t.Error(err)
		}
	})
	if n > 6 { // measured: 4
		t.Errorf("small content allocates %v times", n)
	}
}
