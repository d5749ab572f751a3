package storage_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// idle counts the descriptors of this process on files below a directory.
func idle(t testing.TB, dir string) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(target, dir) {
			n++
		}
	}
	return n
}

func open(t testing.TB, l *storage.Location, path string) *storage.Object {
	t.Helper()
	o, err := l.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCacheIsBounded(t *testing.T) {
	plugintest.Leaks(t)
	l, _, dir := start(t, storage.Options{IdleDescriptors: 4})
	var objects []*storage.Object
	for i := range 10 {
		path := fmt.Sprintf("a/%d", i/2) // two readers of each
		if i%2 == 0 {
			put(t, l, fmt.Sprintf("u%d", i), path, []byte(path))
		}
		objects = append(objects, open(t, l, path))
	}
	if n := idle(t, dir); n != 10 {
		t.Errorf("%d descriptors are open", n)
	}
	for _, o := range objects {
		o.Close()
		o.Close()
	}
	if n := idle(t, dir); n != 4 {
		t.Errorf("%d descriptors are kept", n)
	}
	// The latest are those that are kept: these hits leave the number as it is.
	for i := range 2 {
		defer open(t, l, fmt.Sprintf("a/%d", 3+i)).Close()
	}
	if n := idle(t, dir); n != 4 {
		t.Errorf("%d descriptors are open after two hits", n)
	}
	l.Close()
	if n := idle(t, dir); n != 2 {
		t.Errorf("%d descriptors are open after Close", n)
	}
}

func TestCacheExpires(t *testing.T) {
	plugintest.Leaks(t)
	l, _, dir := start(t, storage.Options{MaxAge: 100 * time.Millisecond})
	put(t, l, "u", "a/b", []byte("x"))
	open(t, l, "a/b").Close()
	if n := idle(t, dir); n != 1 {
		t.Errorf("%d descriptors are kept", n)
	}
	plugintest.Eventually(t, 2*time.Second, "the descriptor is closed", func() bool { return idle(t, dir) == 0 })
	// Use does not keep it either: another server may have deleted the object.
	if err := os.Remove(filepath.Join(dir, "a/b")); err != nil {
		t.Fatal(err)
	}
	plugintest.Eventually(t, 2*time.Second, "the object is gone", func() bool {
		o, err := l.Open(t.Context(), "a/b")
		if err != nil {
			return errs.Is(err, errs.NotFound)
		}
		o.Close()
		return false
	})
}

func TestCacheExpiresInUse(t *testing.T) {
	plugintest.Leaks(t)
	l, _, dir := start(t, storage.Options{MaxAge: 100 * time.Millisecond})
	put(t, l, "u", "a/b", []byte("x"))
	open(t, l, "a/b").Close()
	if err := os.Remove(filepath.Join(dir, "a/b")); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	for {
		o, err := l.Open(t.Context(), "a/b")
		if errs.Is(err, errs.NotFound) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		o.Close()
		if time.Since(begin) > 2*time.Second {
			t.Fatal("a descriptor in use never expires")
		}
	}
}

func TestInvalidation(t *testing.T) {
	replace := map[string]func(t *testing.T, l *storage.Location){
		"delete": func(t *testing.T, l *storage.Location) {
			if err := l.Delete(t.Context(), "a/b"); err != nil {
				t.Fatal(err)
			}
		},
		"put": func(t *testing.T, l *storage.Location) {
			if err := l.Put(t.Context(), "a/b", strings.NewReader("new")); err != nil {
				t.Fatal(err)
			}
		},
		"commit": func(t *testing.T, l *storage.Location) { put(t, l, "v", "a/b", []byte("new")) },
	}
	for name, change := range replace {
		t.Run(name, func(t *testing.T) {
			plugintest.Leaks(t)
			l, _, dir := start(t, storage.Options{})
			put(t, l, "u", "a/b", []byte("old one"))
			used, unused := open(t, l, "a/b"), open(t, l, "a/b")
			unused.Close()
			change(t, l)
			if n := idle(t, dir); n != 1 {
				t.Errorf("%d descriptors are open", n)
			}
			// The one that is being read is still the old object.
			if r, err := used.Range(t.Context(), 0, -1); err != nil {
				t.Error(err)
			} else if got, err := io.ReadAll(r); err != nil || string(got) != "old one" {
				t.Errorf("read %q, error %v", got, err)
			}
			used.Close()
			if n := idle(t, dir); n != 0 {
				t.Errorf("%d descriptors are open", n)
			}
			o, err := l.Open(t.Context(), "a/b")
			switch {
			case name == "delete" && errs.Is(err, errs.NotFound):
				return
			case err != nil:
				t.Fatal(err)
			}
			defer o.Close()
			if o.Size() != 3 {
				t.Errorf("the size is %d", o.Size())
			}
		})
	}
}

// After Delete returns no Open finds the object, whatever else goes on.
func TestDeleteAndOpenAtOnce(t *testing.T) {
	plugintest.Leaks(t)
	l, _, dir := start(t, storage.Options{})
	var wg sync.WaitGroup
	for i := range 30 {
		path := fmt.Sprintf("a/%d", i)
		put(t, l, fmt.Sprintf("u%d", i), path, []byte("x"))
		stop := make(chan struct{})
		for range 4 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if o, err := l.Open(t.Context(), path); err == nil {
						o.Close()
					}
				}
			})
		}
		time.Sleep(time.Millisecond)
		if err := l.Delete(t.Context(), path); err != nil {
			t.Error(err)
		}
		if o, err := l.Open(t.Context(), path); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s is found after it was deleted: %v", path, err)
			if err == nil {
				o.Close()
			}
		}
		close(stop)
		wg.Wait()
	}
	if n := idle(t, dir); n != 0 {
		t.Errorf("%d descriptors of deleted objects are open", n)
	}
}

func BenchmarkOpenCached(b *testing.B) {
	l, _, _ := start(b, storage.Options{})
	put(b, l, "u", "sha256/ab/abcdef", make([]byte, 4096))
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		o, err := l.Open(ctx, "sha256/ab/abcdef")
		if err != nil {
			b.Fatal(err)
		}
		o.Close()
	}
}

func BenchmarkOpenCachedParallel(b *testing.B) {
	l, _, _ := start(b, storage.Options{})
	const objects = 64
	var paths []string
	for i := range objects {
		paths = append(paths, fmt.Sprintf("sha256/ab/%d", i))
		put(b, l, fmt.Sprintf("u%d", i), paths[i], make([]byte, 4096))
	}
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			o, err := l.Open(ctx, paths[i%objects])
			if err != nil {
				b.Error(err)
				return
			}
			o.Close()
		}
	})
}

func BenchmarkRead4KiBCached(b *testing.B) {
	l, _, _ := start(b, storage.Options{})
	put(b, l, "u", "sha256/ab/abcdef", make([]byte, 4096))
	ctx := b.Context()
	p := make([]byte, 4096)
	b.ReportAllocs()
	for b.Loop() {
		o, err := l.Open(ctx, "sha256/ab/abcdef")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := o.ReadAt(p, 0); err != nil {
			b.Fatal(err)
		}
		o.Close()
	}
}

// BenchmarkOpenDescriptor is a miss: the plugin opens the file and passes it.
func BenchmarkOpenDescriptor(b *testing.B) {
	l, _, _ := start(b, storage.Options{IdleDescriptors: -1})
	put(b, l, "u", "sha256/ab/abcdef", make([]byte, 4096))
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		o, err := l.Open(ctx, "sha256/ab/abcdef")
		if err != nil {
			b.Fatal(err)
		}
		o.Close()
	}
}

func BenchmarkUpload(b *testing.B) {
	for _, size := range []int{4 << 10, 16 << 20} {
		b.Run(fmt.Sprintf("%dKiB", size>>10), func(b *testing.B) {
			l, _, _ := start(b, storage.Options{})
			content := make([]byte, size)
			b.SetBytes(int64(size))
			for i := 0; b.Loop(); i++ {
				put(b, l, fmt.Sprintf("u%d", i), fmt.Sprintf("sha256/%02x/%d", i%256, i), content)
			}
		})
	}
}

// A file that has become shorter while it was read is not for the next reader.
func TestShrunkFileIsNotKept(t *testing.T) {
	plugintest.Leaks(t)
	l, _, dir := start(t, storage.Options{})
	put(t, l, "u", "a/b", []byte("0123456789"))
	o, err := l.Open(t.Context(), "a/b")
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.Range(t.Context(), 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a/b")
	if err := os.Truncate(path, 5); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || len(got) != 5 {
		t.Errorf("%q, error %v", got, err)
	}
	o.Close()
	if o, err = l.Open(t.Context(), "a/b"); err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if o.Size() != 5 {
		t.Errorf("the next reader gets the old file, of %d bytes", o.Size())
	}
}
