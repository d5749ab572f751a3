package chaos

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/evil/orders"
	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// shortDeadlines are for drivers that hang: a commit may take six times as long as
// a call, a message of a transfer three times.
const shortDeadlines = "PLUGINS:\n  storage/local:\n    call_timeout: 700ms\n    transfer_timeout: 2s\n    unconfined: true\n"

// sweep is a kind of driver and what goes wrong with each of its calls in turn.
type sweep struct {
	name         string
	capabilities []string
	deeds        []string
}

// allDeeds are the ways in which a call fails: at once, or when it has had its
// effect.
var allDeeds = []string{
	"fail unavailable", "fail internal", "fail-after unavailable", "hang", "hang-after", "die", "die-after",
}

// TestEachCallFails proves that whichever call of the driver fails, and however, its
// client gets the answer that the failure deserves or does not notice; that the
// client succeeds when it goes on; that nothing wrong and nothing half finished is
// ever seen; and that database and store agree in the end.
func TestEachCallFails(t *testing.T) {
	for _, sw := range []sweep{
		{"descriptors", nil, allDeeds},
		{"streams", []string{"storage.uploads"}, []string{"fail-after unavailable", "hang", "die", "die-after"}},
		{"four methods", []string{}, []string{"fail-after unavailable", "hang", "die", "die-after"}},
	} {
		for _, deed := range sw.deeds {
			t.Run(sw.name+", "+deed, func(t *testing.T) {
				t.Parallel()
				sw.run(t, deed)
			})
		}
	}
}

// run lets each call of a client's life go wrong in turn.
func (sw sweep) run(t *testing.T, deed string) {
	e := server.StartEvil(t, server.Options{Config: shortDeadlines}, sw.capabilities)
	life := &life{t: t, e: e, seed: 1, deed: deed}
	e.Order()
	life.live()
	calls := e.Calls()
	if len(calls) < 10 || life.failures > 0 {
		t.Fatalf("without a fault there were %d calls and %d failures", len(calls), life.failures)
	}
	begun := time.Now()
	unnoticed := 0
	tried := 0
	for n := range numbers(calls, deed) {
		tried++
		life.seed++
		life.failures = 0
		life.where = fmt.Sprintf("call %d (%s) of %d", n, calls[n-1], len(calls))
		e.Order(orders.Fault{Call: n, Do: deed})
		life.live()
		if got := e.Calls(); len(got) < n {
			t.Errorf("%s was not made", life.where)
		}
		if life.failures == 0 {
			unnoticed++
		}
		if strings.HasPrefix(deed, "die") {
			e.Order()
			// A clean record: each crash is the first in a row.
			e.Quay(t, "plugin", "reload", "local", "--trial", "1ms")
		}
	}
	t.Logf("%d of %d calls went wrong in %v, the client did not notice %d: %v",
		tried, len(calls), time.Since(begun).Round(time.Millisecond), unnoticed, calls)
	e.Order()
	life.settle()
	intact(t, e.Server)
}

// numbers are those of the calls that go wrong: all, or where each takes its time
// the first of each name.
func numbers(calls []string, deed string) iter.Seq[int] {
	return func(yield func(int) bool) {
		seen := map[string]int{}
		for i, name := range calls {
			seen[name]++
			if strings.HasPrefix(deed, "hang") && seen[name] > 1 {
				continue
			}
			if !yield(i + 1) {
				return
			}
		}
	}
}

// life is a client that does everything that reaches the driver, and goes on where
// it was when something fails.
type life struct {
	t        *testing.T
	e        *server.Evil
	seed     uint64 // of the content, which no other life has
	deed     string
	where    string // for messages
	failures int
	digests  []string // of all blobs that were acknowledged
}

const patience = 8 // attempts

// live pushes in every way, pulls, cancels and deletes.
func (l *life) live() {
	repo := fmt.Sprintf("sweep/life%d", l.seed)
	whole := oci.Bytes(l.seed*100, 30_000)
	chunked := oci.Bytes(l.seed*100+1, 90_000)
	image := oci.NewImage(l.seed*100+2, 20_000)
	l.push(repo, whole, oci.Digest(whole))
	l.push(repo, chunked, oci.Digest(chunked), 30_000, 60_000)
	other := oci.Bytes(l.seed*100+3, 10_000)
	l.push(repo, other, oci.Digest512(other))
	again := oci.Bytes(l.seed*100+4, 10_000)
	l.push(repo, again, oci.Digest512(again), 5000) // The bytes are read again for their digest.
	l.pushAtOnce(repo, image.Layers[0])
	l.push(repo, image.Config, oci.Digest(image.Config))
	l.do(http.StatusCreated, func() oci.Request { return manifest(repo, "t", image) })

	l.do(http.StatusCreated, func() oci.Request {
		return oci.Request{Method: http.MethodPost, Path: "/v2/" + repo + "-b/blobs/uploads/?from=" + repo + "&mount=" + oci.Digest(whole)}
	})
	l.cancel(repo)

	digests := []string{oci.Digest(whole), oci.Digest(chunked), oci.Digest(image.Layers[0]), oci.Digest(image.Config)}
	for _, digest := range digests {
		l.pull(repo, digest)
	}
	l.pull(repo+"-b", digests[0])
	l.digests = append(l.digests, digests...)
	r := l.do(http.StatusOK, func() oci.Request {
		return oci.Request{Method: http.MethodGet, Path: "/v2/" + repo + "/manifests/t", Header: map[string]string{"Accept": oci.MediaTypeManifest}}
	})
	if oci.Digest(r.Body) != oci.Digest(image.Manifest) {
		l.t.Errorf("%s: the manifest is %s", l.where, r)
	}

	remove := func(path string) {
		l.do(http.StatusAccepted, func() oci.Request { return oci.Request{Method: http.MethodDelete, Path: path} })
	}
	remove("/v2/" + repo + "/manifests/t")
	remove("/v2/" + repo + "/manifests/" + oci.Digest(image.Manifest))
	remove("/v2/" + repo + "-b/blobs/" + digests[0])
}

func manifest(repo, tag string, image oci.Image) oci.Request {
	return oci.Request{
		Method: http.MethodPut, Path: "/v2/" + repo + "/manifests/" + tag, Body: newReader(image.Manifest), Length: int64(len(image.Manifest)),
		Header: map[string]string{"Content-Type": oci.MediaTypeManifest},
	}
}

// do makes a request until it is answered as it should be.
func (l *life) do(want int, request func() oci.Request) oci.Reply {
	l.t.Helper()
	var r oci.Reply
	for range patience {
		var ok bool
		if r, ok = l.try(want, request()); ok {
			return r
		}
	}
	l.t.Fatalf("%s: no success in the end: %s", l.where, r)
	return r
}

// try makes a request once. An answer that is not the wanted one has to be one that
// the deed explains.
func (l *life) try(want int, request oci.Request) (oci.Reply, bool) {
	l.t.Helper()
	begun := time.Now()
	r, err := l.e.Client.Do(l.t.Context(), request)
	if took := time.Since(begun); took > 10*time.Second {
		l.t.Errorf("%s: after %v: %s", l.where, took, r)
	}
	if err != nil {
		l.t.Errorf("%s: %s %.100s: %v", l.where, request.Method, request.Path, err)
		return r, false
	}
	if r.Status == want {
		return r, true
	}
	l.failures++
	if problems, err := r.Problems(); err != nil || !slices.Contains(l.explained(), r.Status) {
		l.t.Errorf("%s: %s %+v, %v", l.where, r, problems, err)
	}
	return r, false
}

// explained are the statuses of a request that met the deed. A session may be gone,
// too: then the client begins another one.
func (l *life) explained() []int {
	kinds := map[string]int{
		"fail unavailable": http.StatusServiceUnavailable, "fail-after unavailable": http.StatusServiceUnavailable,
		"fail internal": http.StatusInternalServerError,
		"hang":          http.StatusGatewayTimeout, "hang-after": http.StatusGatewayTimeout,
		"die": http.StatusServiceUnavailable, "die-after": http.StatusServiceUnavailable,
	}
	return []int{kinds[l.deed], http.StatusNotFound}
}

// push stores a blob by a session, in chunks that end at the given offsets, as a
// client does that asks where a session stands after a failure.
func (l *life) push(repo string, data []byte, digest string, ends ...int) {
	l.t.Helper()
	location := ""
	for range patience {
		at := -1
		if location != "" {
			at = l.stands(location)
		}
		if at < 0 {
			r := l.do(http.StatusAccepted, func() oci.Request {
				return oci.Request{Method: http.MethodPost, Path: "/v2/" + repo + "/blobs/uploads/"}
			})
			location, at = r.Header.Get("Location"), 0
		}
		end := len(data)
		for _, e := range slices.Backward(ends) {
			if e > at {
				end = e
			}
		}
		request := oci.Request{Method: http.MethodPatch, Path: location, Body: newReader(data[at:end]), Length: int64(end - at)}
		want := http.StatusAccepted
		if end == len(data) {
			request.Method, request.Path, want = http.MethodPut, oci.WithDigest(location, digest), http.StatusCreated
		}
		if end == at {
			request.Body = http.NoBody
		}
		if _, ok := l.try(want, request); !ok {
			l.whole(repo, digest)
		} else if end == len(data) {
			return
		}
	}
	l.t.Fatalf("%s: the push of %s did not come to an end", l.where, digest)
}

// stands asks how many bytes a session has; -1 means that it is gone.
func (l *life) stands(location string) int {
	l.t.Helper()
	r, ok := l.try(http.StatusNoContent, oci.Request{Method: http.MethodGet, Path: location})
	if !ok {
		return -1
	}
	end := 0
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "0-%d", &end); err != nil {
		l.t.Fatalf("%s: where the session stands: %s, %v", l.where, r, err)
	}
	if end == 0 {
		return 0
	}
	return end + 1
}

// pushAtOnce stores a blob by one request.
func (l *life) pushAtOnce(repo string, data []byte) {
	l.t.Helper()
	l.do(http.StatusCreated, func() oci.Request {
		return oci.Request{
			Method: http.MethodPost, Path: oci.WithDigest("/v2/"+repo+"/blobs/uploads/", oci.Digest(data)),
			Body: newReader(data), Length: int64(len(data)),
		}
	})
}

// cancel begins a session, adds to it and cancels it.
func (l *life) cancel(repo string) {
	l.t.Helper()
	r := l.do(http.StatusAccepted, func() oci.Request {
		return oci.Request{Method: http.MethodPost, Path: "/v2/" + repo + "/blobs/uploads/"}
	})
	location := r.Header.Get("Location")
	l.do(http.StatusAccepted, func() oci.Request {
		return oci.Request{Method: http.MethodPatch, Path: location, Body: newReader(make([]byte, 1000)), Length: 1000}
	})
	l.do(http.StatusNoContent, func() oci.Request { return oci.Request{Method: http.MethodDelete, Path: location} })
}

// pull reads a blob, which is there.
func (l *life) pull(repo, digest string) {
	l.t.Helper()
	r := l.do(http.StatusOK, func() oci.Request {
		return oci.Request{Method: http.MethodGet, Path: "/v2/" + repo + "/blobs/" + digest}
	})
	if got := oci.Digest(r.Body); got != digest {
		l.t.Errorf("%s: the blob %s is %s", l.where, digest, got)
	}
}

// whole checks that a blob whose push failed is there as a whole or not at all.
func (l *life) whole(repo, digest string) {
	l.t.Helper()
	r, err := l.e.Client.Get(l.t.Context(), "/v2/"+repo+"/blobs/"+digest)
	switch {
	case err != nil:
		l.t.Errorf("%s: %v", l.where, err)
	case r.Status == http.StatusOK && oci.Digest(r.Body) != digest && oci.Digest512(r.Body) != digest:
		l.t.Errorf("%s: after a failed push other bytes are seen: %s", l.where, r)
	}
}

// settle reads all that was acknowledged, from a server that has been started
// anew.
func (l *life) settle() {
	l.t.Helper()
	l.where = "in the end"
	l.e.Restart(l.t)
	per := len(l.digests) / int(l.seed)
	for i, digest := range l.digests {
		l.pull(fmt.Sprintf("sweep/life%d", i/per+1), digest)
	}
}
