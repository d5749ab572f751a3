package chaos

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/test/evil/orders"
	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// lie is something that the driver does wrong, and what a client sees of it.
type lie struct {
	method, do string
	push       bool // or else a pull of a blob
	status     int
	code       string // of the error's body
	times      int    // how often; the client sees the same each time
}

var lies = []lie{
	{"OpenDescriptor", "directory", false, 500, "UNKNOWN", 100},
	{"OpenDescriptor", "device", false, 500, "UNKNOWN", 100},
	{"OpenDescriptor", "socket", false, 500, "UNKNOWN", 100},
	{"OpenDescriptor", "pipe", false, 500, "UNKNOWN", 100},
	{"OpenDescriptor", "write-only", false, 500, "UNKNOWN", 100},
	{"OpenDescriptor", "wrong size", false, 500, "UNKNOWN", 100},
	{"OpenDescriptor", "many", false, 500, "UNKNOWN", 100},
	{"OpenDescriptor", "again and again", false, 200, "", 20},
	{"OpenDescriptor", "none", false, 504, "UNAVAILABLE", 3},
	{"OpenDescriptor", "hang", false, 504, "UNAVAILABLE", 3},
	{"OpenDescriptor", "fail notfound", false, 500, "UNKNOWN", 20},
	{"OpenDescriptor", "fail unauthenticated", false, 503, "UNAVAILABLE", 5},
	{"OpenDescriptor", "fail permissiondenied", false, 503, "UNAVAILABLE", 5},
	{"OpenDescriptor", "fail canceled", false, 503, "UNAVAILABLE", 5},
	{"OpenDescriptor", "fail unimplemented", false, 500, "UNKNOWN", 20},
	{"OpenDescriptor", "log lines", false, 200, "", 3},
	{"OpenDescriptor", "log one-line", false, 200, "", 3},
	{"OpenDescriptor", "log binary", false, 200, "", 3},
	{"OpenUploadDescriptor", "read-only", true, 500, "UNKNOWN", 100},
	{"OpenUploadDescriptor", "appending", true, 500, "UNKNOWN", 100},
	{"OpenUploadDescriptor", "hang", true, 504, "UNAVAILABLE", 3},
	{"CommitUpload", "fail resourceexhausted", true, 507, "DENIED", 50},
	{"CommitUpload", "fail permissiondenied", true, 503, "UNAVAILABLE", 5},
	{"CommitUpload", "fail invalidargument", true, 500, "UNKNOWN", 50},
}

// TestClientOfALiar proves what the client of a server sees whose driver breaks its
// word: an error with the right status and a proper body, in time, or nothing of it;
// that others are served meanwhile what needs no driver; and that the server keeps
// neither goroutines nor descriptors nor memory of it.
func TestClientOfALiar(t *testing.T) {
	e := server.StartEvil(t, server.Options{Config: shortDeadlines}, nil)
	// So many blobs that no pull meets one again which the server keeps open.
	blobs := pushSmall(t, e.Server, 5000, 1000)
	image := oci.NewImage(77, 1000)
	if err := e.Client.PushImage(t.Context(), repo, "t", image); err != nil {
		t.Fatal(err)
	}
	c := &victim{t: t, e: e, blobs: blobs}
	c.settle()
	before := usage(t, e)
	c.pulled = 0
	for _, l := range lies {
		e.Order(orders.Fault{Method: l.method, Do: l.do})
		begun := time.Now()
		var others sync.WaitGroup
		others.Go(func() {
			if r, err := e.Client.Get(t.Context(), "/v2/"+repo+"/manifests/t", oci.MediaTypeManifest); err != nil || r.Status != http.StatusOK {
				t.Errorf("meanwhile: %s, %v", r, err)
			}
		})
		for range l.times {
			c.meet(l)
		}
		others.Wait()
		t.Logf("%-20s %-22s -> %d %-11s %v each", l.method, l.do, l.status, l.code, (time.Since(begun) / time.Duration(l.times)).Round(time.Millisecond))
		e.Order()
		c.settle()
	}
	time.Sleep(3 * time.Second) // The floods of the log end.
	c.settle()
	after := usage(t, e)
	t.Logf("before %v, after %v", before, after)
	if after.goroutines > before.goroutines+20 || after.descriptors > before.descriptors+c.pulled+10 || after.bytes > before.bytes+32<<20 {
		t.Errorf("the server has grown from %v to %v", before, after)
	}
}

// victim is a client that pulls and pushes.
type victim struct {
	t     *testing.T
	e     *server.Evil
	blobs []string
	next  int
	seed  uint64
	// pulled counts the blobs that came, which the server keeps open for a while.
	pulled int
}

// meet does what meets the lie once.
func (c *victim) meet(l lie) {
	c.t.Helper()
	begun := time.Now()
	r, err := c.request(l.push)
	if err != nil {
		c.t.Errorf("%s, %s: %v", l.method, l.do, err)
		return
	}
	if took := time.Since(begun); took > 6*time.Second {
		c.t.Errorf("%s, %s: it took %v", l.method, l.do, took)
	}
	code := ""
	if r.Status >= 400 {
		problems, err := r.Problems()
		if err != nil {
			c.t.Errorf("%s, %s: %v", l.method, l.do, err)
			return
		}
		code = problems[0].Code
	}
	if r.Status != l.status || code != l.code {
		c.t.Errorf("%s, %s: %s, want %d %s", l.method, l.do, r, l.status, l.code)
	}
}

// request pushes a blob that is new, by one request, or pulls another one than last
// time.
func (c *victim) request(push bool) (oci.Reply, error) {
	if push {
		c.seed++
		data := oci.Bytes(c.seed, 2000)
		return c.e.Client.Do(c.t.Context(), oci.Request{
			Method: http.MethodPost, Path: oci.WithDigest("/v2/"+repo+"/blobs/uploads/", oci.Digest(data)),
			Body: bytes.NewReader(data),
		})
	}
	c.next++
	digest := c.blobs[c.next%len(c.blobs)]
	r, err := c.e.Client.Get(c.t.Context(), "/v2/"+repo+"/blobs/"+digest)
	if err == nil && r.Status == http.StatusOK {
		c.pulled++
		if got := oci.Digest(r.Body); got != digest {
			err = fmt.Errorf("the blob %s is %s", digest, got)
		}
	}
	return r, err
}

// settle pulls and pushes while the driver behaves.
func (c *victim) settle() {
	c.t.Helper()
	for _, push := range []bool{false, true} {
		if r, err := c.request(push); err != nil || r.Status >= 400 {
			c.t.Errorf("while the driver behaves: %s, %v", r, err)
		}
	}
}

// resources are what a server's process has.
type resources struct{ goroutines, descriptors, bytes int }

func (r resources) String() string {
	return fmt.Sprintf("%d goroutines, %d descriptors, %d MiB on the heap", r.goroutines, r.descriptors, r.bytes>>20)
}

// usage reads a server's metrics.
func usage(t *testing.T, e *server.Evil) resources {
	t.Helper()
	r, err := e.Client.Get(t.Context(), "/metrics")
	if err != nil || r.Status != http.StatusOK {
		t.Fatalf("%s, %v", r, err)
	}
	value := map[string]int{}
	for s := bufio.NewScanner(bytes.NewReader(r.Body)); s.Scan(); {
		name, number, _ := strings.Cut(s.Text(), " ")
		if f, err := strconv.ParseFloat(number, 64); err == nil {
			value[name] = int(f)
		}
	}
	return resources{value["go_goroutines"], value["process_open_fds"], value["go_memstats_heap_inuse_bytes"]}
}

// TestFileShrinks proves that a file which a driver makes shorter while a client
// reads it breaks the answer off, so that the client does not take the part for the
// whole, and that the next client gets another file.
func TestFileShrinks(t *testing.T) {
	e := server.StartEvil(t, server.Options{Config: shortDeadlines}, nil)
	const size = 64 << 20
	digest := oci.StreamDigest(9, size)
	if err := e.Client.PushStream(t.Context(), repo, digest, oci.Stream(9, size), size); err != nil {
		t.Fatal(err)
	}
	e.Order(orders.Fault{Method: "OpenDescriptor", Do: "shrinks"})
	resp, err := e.Client.Open(t.Context(), oci.Request{Method: http.MethodGet, Path: "/v2/" + repo + "/blobs/" + digest})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond) // The driver has cut the file by then.
	if n, err := io.Copy(io.Discard, resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("after %d bytes more: %v", n, err)
	}
	e.Order()
	mustPull(t, e.Server, digest, size)
	intact(t, e.Server)
}
