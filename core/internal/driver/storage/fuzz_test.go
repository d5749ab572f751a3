package storage_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/sdk/errs"
)

// FuzzRanges proves that ranges and reads at offsets, good and bad, give the bytes
// that they name or the right error, for objects that are files and for those that
// come by a stream.
func FuzzRanges(f *testing.F) {
	content := bytes.Repeat([]byte("0123456789"), 100)
	local, _, _ := start(f, storage.Options{})
	streamed, _ := startMemory(f)
	for _, l := range []*storage.Location{local, streamed} {
		if err := l.Put(f.Context(), "a/b", bytes.NewReader(content)); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(int64(0), int64(1000), 10)
	f.Add(int64(1000), int64(0), 0)
	f.Add(int64(1001), int64(-1), 1)
	f.Add(int64(-1), int64(1<<63-1), 2000)
	f.Add(int64(1<<63-1), int64(1<<63-1), 5)
	f.Add(int64(-1<<63), int64(-1<<63), 5)
	f.Fuzz(func(t *testing.T, off, n int64, length int) {
		for _, l := range []*storage.Location{local, streamed} {
			o, err := l.Open(t.Context(), "a/b")
			if err != nil {
				t.Fatal(err)
			}
			checkRange(t, o, content, off, n)
			checkReadAt(t, o, content, off, min(max(length, 0), 4096))
			o.Close()
		}
	})
}

func checkRange(t *testing.T, o *storage.Object, content []byte, off, n int64) {
	t.Helper()
	size := int64(len(content))
	end := off + n // If it overflows, n alone is too much.
	if n < 0 {
		end = size
	}
	r, err := o.Range(t.Context(), off, n)
	if off < 0 || off > size || n > size || end > size {
		if !errs.Is(err, errs.OutOfRange) {
			t.Errorf("the range from %d of %d bytes: %v", off, n, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content[off:end]) {
		t.Errorf("the range from %d of %d bytes has %d bytes, error %v", off, n, len(got), err)
	}
}

func checkReadAt(t *testing.T, o *storage.Object, content []byte, off int64, length int) {
	t.Helper()
	p := make([]byte, length)
	got, err := o.ReadAt(p, off)
	if off < 0 {
		if !errs.Is(err, errs.OutOfRange) {
			t.Errorf("at %d: %v", off, err)
		}
		return
	}
	want, wantErr := bytes.NewReader(content).ReadAt(make([]byte, length), off)
	if got != want || !bytes.Equal(p[:got], content[min(off, int64(len(content))):][:got]) {
		t.Errorf("%d bytes at %d: %d came, %d should", length, off, got, want)
	}
	if length > 0 && errors.Is(err, io.EOF) != errors.Is(wantErr, io.EOF) {
		t.Errorf("%d bytes at %d: %v, want %v", length, off, err, wantErr)
	}
}
