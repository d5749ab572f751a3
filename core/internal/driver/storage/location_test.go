package storage_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// put stores an object by an upload.
func put(t testing.TB, l *storage.Location, id, path string, content []byte) {
	t.Helper()
	ctx := t.Context()
	state, err := l.BeginUpload(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	w, err := l.AppendUpload(ctx, id, 0, state)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if state, err = w.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	if err := l.CommitUpload(ctx, id, path, int64(len(content)), state); err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	plugintest.Leaks(t)
	begin := time.Now()
	l, _, dir := start(t, storage.Options{})
	t.Logf("healthy after %v", time.Since(begin))
	ctx := t.Context()

	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<10)
	const path = "sha256/ab/abcdef"
	put(t, l, "u1", path, content)

	if got, err := os.ReadFile(filepath.Join(dir, path)); err != nil || !bytes.Equal(got, content) {
		t.Fatalf("the file has %d bytes, error %v", len(got), err)
	}
	for range 3 {
		o, err := l.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		if o.Size() != int64(len(content)) || o.File() == nil {
			t.Errorf("size %d, file %v", o.Size(), o.File())
		}
		r, err := o.Range(ctx, 10, 100)
		if err != nil {
			t.Fatal(err)
		}
		if limited, ok := r.(*io.LimitedReader); !ok || limited.R != o.File() {
			t.Errorf("the range is a %T, which sendfile does not take", r)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content[10:110]) {
			t.Errorf("range: %q, error %v", got, err)
		}
		p := make([]byte, 4)
		if _, err := o.ReadAt(p, 16); err != nil || string(p) != "0123" {
			t.Errorf("ReadAt: %q, error %v", p, err)
		}
		if _, err := o.Range(ctx, 10, int64(len(content))); !errs.Is(err, errs.OutOfRange) {
			t.Errorf("a range beyond the end: %v", err)
		}
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	}
	if size, err := l.Stat(ctx, path); err != nil || size != int64(len(content)) {
		t.Errorf("Stat: %d, error %v", size, err)
	}
	if err := l.Put(ctx, "other/x", strings.NewReader("small")); err != nil {
		t.Fatal(err)
	}
	var listed []string
	err := l.List(ctx, "", func(path string, size int64) error {
		listed = append(listed, path)
		return nil
	})
	if err != nil || strings.Join(listed, " ") != "other/x "+path {
		t.Errorf("List: %q, error %v", listed, err)
	}
	if err := l.Delete(ctx, path, "does/not/exist"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Open(ctx, path); !errs.Is(err, errs.NotFound) {
		t.Errorf("Open after Delete: %v", err)
	}
	if _, err := l.Stat(ctx, path); !errs.Is(err, errs.NotFound) {
		t.Errorf("Stat after Delete: %v", err)
	}
	if err := l.Probe(ctx); err != nil {
		t.Error(err)
	}
}
