package storage_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/storage"
	"github.com/quay/quay/test/evil/orders"
)

// evil is a local driver that does wrong what it is told to.
type evil struct {
	*storage.Location
	sup    *plugin.Supervisor
	orders orders.Orders // that it has when it does nothing wrong
	binary string
	dir    string
}

// install makes an evil driver's files in a directory of their own.
func install(t testing.TB) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "quay-storage-evil")
	for from, to := range map[string]string{"evil": binary, "quay-storage-local": orders.Real(binary)} {
		if err := os.Link(filepath.Join(plugins, from), to); err != nil {
			t.Fatal(err)
		}
	}
	return binary
}

// evilOptions run an evil driver with short deadlines; its restarts are not slowed
// down.
func evilOptions(t testing.TB, binary, dir string) plugin.Options {
	t.Helper()
	config, err := json.Marshal(map[string]string{"storage_path": dir})
	if err != nil {
		t.Fatal(err)
	}
	return plugin.Options{
		Name: "evil", Path: binary, RunDir: plugintest.RunDir(t),
		Confine:      confine.Policy{Off: true}, // It executes the real driver.
		Instances:    []plugin.Instance{{Name: "default", Config: config}},
		Logger:       slog.New(slog.DiscardHandler),
		CallTimeout:  1200 * time.Millisecond,
		DrainTimeout: 100 * time.Millisecond,
		Backoff:      plugin.Backoff{First: time.Millisecond, Max: 10 * time.Millisecond},
		Quarantine:   plugin.Quarantine{InRow: 10_000, Crashes: 10_000},
		Health:       plugin.Health{PingEvery: 200 * time.Millisecond, PingTimeout: 300 * time.Millisecond, RetryEvery: 200 * time.Millisecond},
	}
}

// startEvil runs an evil driver. Capabilities are those that it says it has; nil
// means those of the local driver.
func startEvil(t testing.TB, capabilities []string) *evil {
	t.Helper()
	e := &evil{binary: install(t), dir: t.TempDir()}
	e.orders = orders.Orders{Capabilities: capabilities, Directory: e.dir}
	e.give(t)
	sup, err := plugin.Start(t.Context(), evilOptions(t, e.binary, e.dir))
	if err != nil {
		t.Fatal(err)
	}
	e.sup = sup
	e.Location = storage.NewLocation(sup, "default", storage.Options{
		IdleDescriptors: -1, IdleTimeout: 700 * time.Millisecond, CommitTimeout: time.Second, TransferTimeout: 700 * time.Millisecond,
		DeleteTimeout: 700 * time.Millisecond, CopyTimeout: 700 * time.Millisecond, SpoolDir: t.TempDir(),
	})
	t.Cleanup(func() {
		e.Close()
		stop(sup)
	})
	return e
}

func stop(sup *plugin.Supervisor) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	sup.Close(ctx)
}

// give orders faults; none means to behave.
func (e *evil) give(t testing.TB, faults ...orders.Fault) {
	t.Helper()
	o := e.orders
	o.Faults = faults
	if err := orders.Give(e.binary, o); err != nil {
		t.Fatal(err)
	}
}

// content is what the tests store and expect to read.
var content = bytes.Repeat([]byte("0123456789abcdef"), 100<<10) // 1.6 MB: two messages

// read reads the object at path, which must be content if it can be read at all.
func read(ctx context.Context, l *storage.Location, path string) error {
	o, err := l.Open(ctx, path)
	if err != nil {
		return err
	}
	defer o.Close()
	r, err := o.Range(ctx, 0, -1)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(got, content) {
		return errDifferent
	}
	return err
}

var errDifferent = errors.New("other bytes came")

// upload stores content as the object at path by an upload.
func upload(ctx context.Context, l *storage.Location, path string) error {
	const id = "u"
	state, err := l.BeginUpload(ctx, id)
	if err != nil {
		return err
	}
	w, err := l.AppendUpload(ctx, id, 0, state)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := w.Write(content); err != nil {
		return err
	}
	if state, err = w.Finish(ctx); err != nil {
		return err
	}
	if err := l.CommitUpload(ctx, id, path, int64(len(content)), state); err != nil {
		return err
	}
	return l.CancelUpload(ctx, id, state)
}

func stat(ctx context.Context, l *storage.Location, path string) error {
	size, err := l.Stat(ctx, path)
	if err == nil && size != int64(len(content)) {
		return errDifferent
	}
	return err
}

func list(ctx context.Context, l *storage.Location, _ string) error {
	n := 0
	return l.List(ctx, "sha256/", func(string, int64) error {
		if n++; n > 50_000 {
			return errEnough
		}
		return nil
	})
}

var errEnough = errors.New("that is enough")

func remove(ctx context.Context, l *storage.Location, path string) error {
	return l.Delete(ctx, path+"-other")
}

func store(ctx context.Context, l *storage.Location, path string) error {
	return l.Put(ctx, path, bytes.NewReader(content))
}

func duplicate(ctx context.Context, l *storage.Location, path string) error {
	return l.Copy(ctx, path, path+"-copy")
}

// deed is something that a driver does wrong while the host does something with
// the object at the path "sha256/object".
type deed struct {
	method, do string
	host       func(ctx context.Context, l *storage.Location, path string) error
	// kind of the host's error, and a part of it; works means success.
	kind errs.Kind
	part string
}

const works = "works"

// localDeeds are done by a driver that passes descriptors.
var localDeeds = []deed{
	{"OpenDescriptor", "directory", read, errs.Internal, "regular file"},
	{"OpenDescriptor", "device", read, errs.Internal, "regular file"},
	{"OpenDescriptor", "event", read, errs.Internal, "regular file"},
	{"OpenDescriptor", "socket", read, errs.Internal, "regular file"},
	{"OpenDescriptor", "pipe", read, errs.Internal, "regular file"},
	{"OpenDescriptor", "write-only", read, errs.Internal, "access mode"},
	{"OpenDescriptor", "read-write", read, errs.Internal, "access mode"},
	{"OpenDescriptor", "path only", read, errs.Internal, "flags"},
	{"OpenDescriptor", "two", read, errs.Internal, "more than one"},
	{"OpenDescriptor", "many", read, errs.Internal, "more than one"},
	{"OpenDescriptor", "none", read, errs.Internal, "sent no descriptor"},
	{"OpenDescriptor", "wrong size", read, errs.Internal, "bytes, the driver said"},
	{"OpenDescriptor", "wrong ticket", read, errs.Internal, "sent no descriptor"},
	{"OpenDescriptor", "again and again", read, 0, works},
	{"OpenDescriptor", "late", read, errs.Internal, "sent no descriptor"},
	{"OpenDescriptor", "noise", read, errs.Internal, "sent no descriptor"},
	{"OpenDescriptor", "hang", read, errs.Timeout, ""},
	{"OpenDescriptor", "hang-after", read, errs.Timeout, ""},
	{"OpenDescriptor", "fail-after unavailable", read, errs.Unavailable, ""},
	{"OpenUploadDescriptor", "read-only", upload, errs.Internal, "access mode"},
	{"OpenUploadDescriptor", "read-write", upload, errs.Internal, "access mode"},
	{"OpenUploadDescriptor", "appending", upload, errs.Internal, "flags"},
	{"OpenUploadDescriptor", "full", upload, errs.Internal, "flags"},
	{"OpenUploadDescriptor", "none", upload, errs.Internal, "sent no descriptor"},
	{"OpenUploadDescriptor", "hang", upload, errs.Timeout, ""},
	{"OpenUploadDescriptor", "fail outofrange", upload, errs.NotFound, "lost"},
	{"CommitUpload", "hang", upload, errs.Timeout, ""},
	{"CommitUpload", "hang-after", upload, errs.Timeout, ""},
	{"CommitUpload", "fail internal", upload, errs.Internal, ""},
	{"CommitUpload", "fail resourceexhausted", upload, errs.Exhausted, ""},
	{"CommitUpload", "die", upload, errs.Unavailable, "crashed"},
	{"CommitUpload", "die-after", upload, errs.Unavailable, "crashed"},
	{"BeginUpload", "large state", upload, errs.Internal, "remembered"},
	{"BeginUpload", "no state", upload, errs.Internal, "remembered"},
	{"CancelUpload", "hang", upload, errs.Timeout, ""},
	{"Stat", "negative", stat, errs.Internal, "bytes"},
	{"Stat", "hang", stat, errs.Timeout, ""},
	{"Stat", "die", stat, errs.Unavailable, "crashed"},
	{"Stat", "stop", stat, errs.Timeout, ""},
	{"Stat", "fail unauthenticated", stat, errs.Unavailable, "refuses"},
	{"Stat", "fail permissiondenied", stat, errs.Unavailable, "refuses"},
	{"Stat", "fail invalidargument", stat, errs.Internal, "must take"},
	{"Stat", "fail unimplemented", stat, errs.Internal, "must take"},
	{"Stat", "fail alreadyexists", stat, errs.Internal, "must take"},
	{"Stat", "fail canceled", stat, errs.Unavailable, "gave up"},
	{"Stat", "fail unknown", stat, errs.Internal, ""},
	{"Stat", "log lines", stat, 0, works},
	{"Stat", "log records", stat, 0, works},
	{"Stat", "log one-line", stat, 0, works},
	{"Stat", "log binary", stat, 0, works},
	{"Stat", "leak 256", stat, 0, works},
	{"Delete", "hang", remove, errs.Timeout, ""},
	{"Copy", "hang", duplicate, errs.Timeout, ""},
	{"List", "endless", list, errs.Internal, "enough"},
	{"List", "unordered", list, errs.Internal, "below"},
	{"List", "outside", list, errs.Internal, "below"},
	{"List", "parent", list, errs.Internal, "below"},
	{"List", "negative", list, errs.Internal, "-5 bytes"},
	{"List", "empty", list, errs.Timeout, "silent"},
	{"List", "stall", list, errs.Timeout, "silent"},
	{"List", "hang", list, errs.Timeout, "silent"},
}

// streamDeeds are done by a driver that has no descriptors.
var streamDeeds = []deed{
	{"Stat", "more", read, errs.Corrupt, "10 bytes early"},
	{"Stat", "less", read, errs.Corrupt, "more than its"},
	{"Read", "half", read, errs.Corrupt, "bytes early"},
	{"Read", "stall", read, errs.Timeout, "silent"},
	{"Read", "hang", read, errs.Timeout, "silent"},
	{"Read", "empty", read, errs.Timeout, "silent"},
	{"Read", "endless", read, errs.Corrupt, "more than its"},
	{"Read", "huge", read, errs.Internal, "larger than max"},
	{"Read", "altered", read, errs.Internal, "other bytes came"},
	{"Read", "die", read, errs.Unavailable, "crashed"},
	{"Read", "fail unavailable", read, errs.Unavailable, ""},
	{"Read", "fail permissiondenied", read, errs.Unavailable, "refuses"},
	{"AppendUpload", "hang", upload, errs.Timeout, "silent"},
	{"AppendUpload", "hang-after", upload, errs.Timeout, "silent"},
	{"AppendUpload", "more", upload, errs.Internal, "added"},
	{"AppendUpload", "early", upload, errs.Internal, ""},
	{"AppendUpload", "die", upload, errs.Unavailable, "crashed"},
	{"AppendUpload", "fail resourceexhausted", upload, errs.Exhausted, ""},
	{"AppendUpload", "fail outofrange", upload, errs.NotFound, "lost"},
	{"Write", "hang", store, errs.Timeout, "silent"},
	{"Write", "hang-after", store, errs.Timeout, "silent"},
	{"Write", "less", store, errs.Internal, "stored"},
	{"Write", "early", store, errs.Internal, "stored 0 bytes"},
	{"Write", "die", store, errs.Unavailable, "crashed"},
	{"Write", "fail resourceexhausted", store, errs.Exhausted, ""},
}

// spoolDeeds are done by a driver that takes no uploads.
var spoolDeeds = []deed{
	{"Write", "hang", upload, errs.Timeout, "silent"},
	{"Write", "hang-after", upload, errs.Timeout, "silent"},
	{"Write", "less", upload, errs.Internal, "stored"},
	{"Write", "die", upload, errs.Unavailable, "crashed"},
	{"Write", "fail internal", upload, errs.Internal, ""},
}

// TestEvilDriver proves that whatever a driver does wrong the host's call ends in
// time with an error of the right kind; that meanwhile another plugin works; that
// the driver works again as soon as it behaves; and that the host keeps nothing of
// it: no goroutine, no descriptor, no memory.
func TestEvilDriver(t *testing.T) {
	for _, group := range []struct {
		name         string
		capabilities []string
		deeds        []deed
	}{
		{"descriptors", nil, localDeeds},
		{"streams", []string{api.CapabilityUploads, api.CapabilityList}, streamDeeds},
		{"spool", []string{}, spoolDeeds},
	} {
		t.Run(group.name, func(t *testing.T) {
			plugintest.Leaks(t)
			good, _, _ := start(t, storage.Options{IdleDescriptors: -1})
			e := startEvil(t, group.capabilities)
			const object = "sha256/object"
			for _, l := range []*storage.Location{good, e.Location} {
				if err := store(t.Context(), l, object); err != nil {
					t.Fatal(err)
				}
			}
			before := heap()
			for _, d := range group.deeds {
				e.give(t, orders.Fault{Method: d.method, Do: d.do})
				took, err := d.try(t, e, good, object)
				e.give(t)
				e.recovers(t, object)
				t.Logf("%-22s %-24s %8v  %-11v %.110v", d.method, d.do, took.Round(time.Millisecond), kindOf(err), err)
			}
			if grown := heap() - before; grown > 8<<20 {
				t.Errorf("the host has kept %d bytes", grown)
			}
		})
	}
}

// try lets a driver do its deed, and checks what the host makes of it.
func (d deed) try(t *testing.T, e *evil, good *storage.Location, object string) (took time.Duration, err error) {
	t.Helper()
	const within = 5 * time.Second // Two deadlines, the end of a hung process, and a margin.
	tries := 2
	if d.kind == errs.Timeout {
		tries = 1 // It takes long enough.
	}
	for range tries {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		begin := time.Now()
		meanwhile := make(chan error, 1)
		go func() { meanwhile <- read(ctx, good, object) }()
		err = d.host(ctx, e.Location, object)
		took = time.Since(begin)
		failed := d.part != works
		switch {
		case took > within:
			t.Errorf("%s, %s: it took %v: %v", d.method, d.do, took, err)
		case failed && (!errs.Is(err, d.kind) || !strings.Contains(err.Error(), d.part)), !failed && err != nil:
			t.Errorf("%s, %s: the error is %v: %v", d.method, d.do, kindOf(err), err)
		}
		if err := <-meanwhile; err != nil {
			t.Errorf("%s, %s: another plugin: %v", d.method, d.do, err)
		}
		cancel()
	}
	return took, err
}

// recovers checks that a driver which behaves again is used again.
func (e *evil) recovers(t *testing.T, object string) {
	t.Helper()
	var err error
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		err = errors.Join(read(t.Context(), e.Location, object), upload(t.Context(), e.Location, object+"-next"))
		if err == nil {
			return
		}
	}
	t.Errorf("after it behaves again: %v", err)
}

func kindOf(err error) string {
	if err == nil {
		return "success"
	}
	return errs.KindOf(err).String()
}

// heap is the number of bytes that are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestEvilStart proves that a plugin which does wrong while it is started is
// refused in time with an error that names what is wrong, that one which is merely
// noisy works, and that nothing is left of either.
func TestEvilStart(t *testing.T) {
	tests := []struct {
		orders orders.Orders
		kind   errs.Kind
		part   string // works means that it starts
	}{
		{orders.Orders{Start: "silent"}, errs.Unavailable, "did not shake hands"},
		{orders.Orders{Start: "garbage before the handshake"}, errs.Invalid, "Hello, I am no plugin."},
		{orders.Orders{Start: "endless line"}, errs.Invalid, "does not speak the plugin protocol"},
		{orders.Orders{Start: "wrong version"}, errs.Invalid, "does not speak the plugin protocol"},
		{orders.Orders{Start: "wrong address"}, errs.Unavailable, "serves nothing"},
		{orders.Orders{Start: "garbage after the handshake"}, 0, works},
		{orders.Orders{Start: "ignore signals", End: "stay"}, 0, works},
		{orders.Orders{Capabilities: []string{"storage.unheard-of", "", strings.Repeat("x", 1000)}}, 0, works},
		{orders.Orders{Faults: []orders.Fault{{Method: "Validate", Do: "a million problems"}}}, errs.Internal, "larger than max"},
		{orders.Orders{Faults: []orders.Fault{{Method: "Validate", Do: "long problems"}}}, errs.Invalid, "wrong wrong"},
		{orders.Orders{Faults: []orders.Fault{{Method: "Validate", Do: "hang"}}}, 0, works}, // An instance that is slow is tried again.
		{orders.Orders{Faults: []orders.Fault{{Method: "Configure", Do: "a million capabilities"}}}, errs.Invalid, "1000000 capabilities"},
		{orders.Orders{Faults: []orders.Fault{{Method: "Configure", Do: "long capabilities"}}}, 0, works},
		{orders.Orders{Faults: []orders.Fault{{Method: "Configure", Do: "die"}}}, errs.Unavailable, "crashed while it was configured"},
		{orders.Orders{Faults: []orders.Fault{{Method: "Probe", Do: "fail permissiondenied"}}}, errs.Denied, "cannot be used"},
		{orders.Orders{Faults: []orders.Fault{{Method: "Drain", Do: "hang"}}}, 0, works},
	}
	for _, test := range tests {
		name := fmt.Sprintf("%s%s%.40v", test.orders.Start, test.orders.End, test.orders.Faults)
		t.Run(name, func(t *testing.T) {
			plugintest.Leaks(t)
			binary := install(t)
			if err := orders.Give(binary, test.orders); err != nil {
				t.Fatal(err)
			}
			opts := evilOptions(t, binary, t.TempDir())
			opts.StartTimeout, opts.ConfigureTimeout = 2*time.Second, time.Second
			begin := time.Now()
			sup, err := plugin.Start(t.Context(), opts)
			took := time.Since(begin)
			t.Logf("%v: %.200v", took.Round(time.Millisecond), err)
			if took > 6*time.Second {
				t.Errorf("the start took %v", took)
			}
			if test.part != works {
				if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) || len(err.Error()) > 100_000 {
					t.Errorf("the error is %v: %.500v", kindOf(err), err)
				}
				if err == nil {
					stop(sup)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			l := storage.NewLocation(sup, "default", storage.Options{})
			defer l.Close()
			if err := orders.Give(binary, orders.Orders{End: test.orders.End}); err != nil {
				t.Fatal(err)
			}
			plugintest.Eventually(t, 5*time.Second, "the plugin works", func() bool {
				return store(t.Context(), l, "sha256/object") == nil
			})
			if err := orders.Give(binary, test.orders); err != nil {
				t.Fatal(err)
			}
			begin = time.Now()
			stop(sup)
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("the end took %v", took)
			}
		})
	}
}

// TestEvilUpgrade proves that an upgrade to a driver which fails is not made: the
// old one goes on.
func TestEvilUpgrade(t *testing.T) {
	plugintest.Leaks(t)
	e := startEvil(t, nil)
	const object = "sha256/object"
	if err := store(t.Context(), e.Location, object); err != nil {
		t.Fatal(err)
	}
	next := install(t)
	for _, o := range []orders.Orders{
		{Start: "garbage before the handshake"},
		{Faults: []orders.Fault{{Method: "Validate", Do: "hang"}}},
		{Faults: []orders.Fault{{Method: "Probe", Do: "die"}}},
	} {
		if err := orders.Give(next, o); err != nil {
			t.Fatal(err)
		}
		if err := e.sup.Replace(t.Context(), plugin.Replacement{Path: next, Trial: time.Millisecond}); err == nil {
			t.Errorf("%+v: it was replaced", o)
		}
		if err := read(t.Context(), e.Location, object); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
