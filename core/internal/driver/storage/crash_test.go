package storage_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
)

// kill kills the plugin's process.
func kill(t testing.TB, sup *plugin.Supervisor) {
	t.Helper()
	pid := sup.Status().PID
	if pid == 0 {
		t.Fatal("no generation serves")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
}

func TestReadGoesOnWithoutThePlugin(t *testing.T) {
	plugintest.Leaks(t)
	l, sup, _ := start(t, storage.Options{})
	content := bytes.Repeat([]byte("0123456789abcdef"), 64<<10)
	put(t, l, "u", "a/b", content)
	o, err := l.Open(t.Context(), "a/b")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	r, err := o.Range(t.Context(), 0, o.Size())
	if err != nil {
		t.Fatal(err)
	}
	half := make([]byte, len(content)/2)
	if _, err := io.ReadFull(r, half); err != nil {
		t.Fatal(err)
	}
	kill(t, sup)
	rest, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(append(half, rest...), content) {
		t.Errorf("after the crash %d bytes were read, error %v", len(rest), err)
	}
	// So do those that come from the cache.
	o.Close()
	if o, err = l.Open(t.Context(), "a/b"); err != nil {
		t.Fatal(err)
	}
	o.Close()
}

func TestUploadGoesOnWithoutThePlugin(t *testing.T) {
	plugintest.Leaks(t)
	l, sup, dir := start(t, storage.Options{})
	ctx := t.Context()
	content := bytes.Repeat([]byte("0123456789abcdef"), 64<<10)
	state, err := l.BeginUpload(ctx, "u")
	if err != nil {
		t.Fatal(err)
	}
	w, err := l.AppendUpload(ctx, "u", 0, state)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(content[:1000]); err != nil {
		t.Fatal(err)
	}
	kill(t, sup)
	if _, err := w.Write(content[1000:]); err != nil {
		t.Fatal(err)
	}
	if state, err = w.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	if err := l.CommitUpload(ctx, "u", "a/b", int64(len(content)), state); err != nil {
		t.Fatal(err)
	}
	if err := l.CommitUpload(ctx, "u", "a/b", int64(len(content)), state); err != nil {
		t.Errorf("a repeated commit: %v", err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "a/b")); err != nil || !bytes.Equal(got, content) {
		t.Errorf("the object has %d bytes, error %v", len(got), err)
	}
}

// Whenever the plugin dies during a commit, the commit succeeds.
func TestCommitDuringACrash(t *testing.T) {
	plugintest.Leaks(t)
	l, sup, dir := start(t, storage.Options{})
	ctx := t.Context()
	for i := range 5 {
		path, id := fmt.Sprintf("a/%d", i), fmt.Sprintf("u%d", i)
		w, err := l.AppendUpload(ctx, id, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(path)); err != nil {
			t.Fatal(err)
		}
		state, err := w.Finish(ctx)
		if err != nil {
			t.Fatal(err)
		}
		pid := sup.Status().PID
		killed := make(chan error, 1)
		time.AfterFunc(time.Duration(i)*200*time.Microsecond, func() { killed <- syscall.Kill(pid, syscall.SIGKILL) })
		if err := l.CommitUpload(ctx, id, path, int64(len(path)), state); err != nil {
			t.Errorf("commit %d: %v", i, err)
		}
		if err := <-killed; err != nil {
			t.Error(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, path)); err != nil || string(got) != path {
			t.Errorf("the object is %q, error %v", got, err)
		}
		plugintest.Eventually(t, 10*time.Second, "the next generation", func() bool {
			st := sup.Status()
			return st.PID != 0 && st.PID != pid
		})
	}
}

func TestOpensDuringACrash(t *testing.T) {
	plugintest.Leaks(t)
	l, sup, _ := start(t, storage.Options{IdleDescriptors: -1}) // each Open asks the plugin
	const objects = 20
	for i := range objects {
		put(t, l, fmt.Sprintf("u%d", i), fmt.Sprintf("a/%d", i), fmt.Appendf(nil, "object %d", i))
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var longest time.Duration
	begin := make(chan struct{})
	for i := range 200 {
		wg.Go(func() {
			<-begin
			for range 20 {
				at := time.Now()
				o, err := l.Open(t.Context(), fmt.Sprintf("a/%d", i%objects))
				took := time.Since(at)
				mu.Lock()
				longest = max(longest, took)
				mu.Unlock()
				if err != nil {
					t.Errorf("after %v: %v", took, err)
					return
				}
				p := make([]byte, o.Size())
				if _, err := o.ReadAt(p, 0); err != nil || string(p) != fmt.Sprintf("object %d", i%objects) {
					t.Errorf("read %q, error %v", p, err)
				}
				o.Close()
			}
		})
	}
	close(begin)
	time.Sleep(20 * time.Millisecond)
	kill(t, sup)
	wg.Wait()
	t.Logf("the longest Open took %v", longest)
	// Generous, for a busy machine: a quiet one takes a tenth of it.
	if longest > 3*time.Second {
		t.Errorf("an Open took %v", longest)
	}
	if g := sup.Status().Generation; g != 2 {
		t.Errorf("there were %d generations", g)
	}
}
