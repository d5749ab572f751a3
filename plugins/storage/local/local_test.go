package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// openStore opens a store on a new directory, which it returns.
func openStore(t testing.TB) (*store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "made/by/open")
	b, err := json.Marshal(options{StoragePath: config.Path(dir)})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Driver{}.Open(t.Context(), storage.Config{Options: b})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.(*store).Close() })
	return s.(*store), dir
}

// TestValidate proves that only a configuration that can work is accepted, and that
// no message has a value in it.
func TestValidate(t *testing.T) {
	tests := []struct {
		options string
		secrets map[string]string
		fields  []string
	}{
		{`{"storage_path": "/x"}`, nil, nil},
		{`{"storage_path": "x"}`, nil, []string{"storage_path"}},
		{`{"storage_path": ""}`, nil, []string{"storage_path"}},
		{`{}`, nil, []string{"storage_path"}},
		{`{"storage_path": 1}`, nil, []string{"storage_path"}},
		{`{"storage_path": "/x", "bucket": "b"}`, nil, []string{"bucket"}},
		{`{"storage_path": "/x"}`, map[string]string{"key": "k"}, []string{"key"}},
	}
	for _, test := range tests {
		var fields []string
		for _, p := range (Driver{}).Validate(storage.Config{Options: json.RawMessage(test.options), Secrets: test.secrets}) {
			fields = append(fields, p.Field)
			if p.Message == "" || strings.Contains(p.Message, "k\"") {
				t.Errorf("%s: the message is %q", test.options, p.Message)
			}
		}
		if fmt.Sprint(fields) != fmt.Sprint(test.fields) {
			t.Errorf("%s: problems with %q", test.options, fields)
		}
	}
}

func TestOpenFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, file + "/below", "relative"} {
		b, err := json.Marshal(options{StoragePath: config.Path(path)})
		if err != nil {
			t.Fatal(err)
		}
		s, err := Driver{}.Open(t.Context(), storage.Config{Options: b})
		if err == nil {
			s.(*store).Close()
			t.Errorf("%s: it was opened", path)
		}
	}
}

// No symbolic link leads out, whatever is done with it.
func TestConfinement(t *testing.T) {
	s, dir := openStore(t)
	ctx := t.Context()
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"file": secret, "dir": outside, "uploads/link": secret} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Put(ctx, "real/x", strings.NewReader("real")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(dir, "inside")); err != nil {
		t.Fatal(err)
	}

	for _, path := range []string{"file", "dir/secret"} {
		if r, err := s.Open(ctx, path, 0); err == nil {
			r.Close()
			t.Errorf("%s was opened", path)
		}
		if _, err := s.Stat(ctx, path); err == nil {
			t.Errorf("%s was looked at", path)
		}
		if err := s.Copy(ctx, path, "copy"); err == nil {
			t.Errorf("%s was copied", path)
		}
	}
	for _, path := range []string{"dir/new", "dir/secret"} {
		if err := s.Put(ctx, path, strings.NewReader("x")); err == nil {
			t.Errorf("%s was stored", path)
		}
		if err := s.Delete(ctx, path); err == nil {
			t.Errorf("%s was deleted", path)
		}
	}
	if f, err := s.OpenUpload(ctx, storage.Upload{ID: "link"}); err == nil {
		f.Close()
		t.Error("the upload was opened")
	}
	if _, err := s.Begin(ctx, "link"); err == nil {
		t.Error("the upload was begun")
	}
	if b, err := os.ReadFile(secret); err != nil || string(b) != "secret" {
		t.Errorf("the file outside is %q, error %v", b, err)
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
		t.Errorf("outside are %v, error %v", entries, err)
	}
	// Replacing a link replaces the link.
	if err := s.Put(ctx, "file", strings.NewReader("x")); err != nil {
		t.Error(err)
	}
	// A link that stays inside is good.
	if info, err := s.Stat(ctx, "inside/x"); err != nil || info.Size != 4 {
		t.Errorf("through a link inside: %+v, error %v", info, err)
	}
	var listed []string
	err := s.List(ctx, "", func(i storage.Info) error {
		listed = append(listed, i.Path)
		return nil
	})
	if err != nil || strings.Join(listed, " ") != "file real/x" {
		t.Errorf("the list is %q, error %v", listed, err)
	}
}

func TestOnlyRegularFilesAreObjects(t *testing.T) {
	s, dir := openStore(t)
	ctx := t.Context()
	if err := os.Mkdir(filepath.Join(dir, "directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"directory", "pipe", "uploads", "uploads/x"} {
		if r, err := s.Open(ctx, path, 0); !errs.Is(err, errs.NotFound) {
			t.Errorf("open %s: %v", path, err)
			if err == nil {
				r.Close()
			}
		}
		if _, err := s.Stat(ctx, path); !errs.Is(err, errs.NotFound) {
			t.Errorf("look at %s: %v", path, err)
		}
	}
	for _, path := range []string{"uploads", "uploads/x"} {
		if err := s.Put(ctx, path, strings.NewReader("x")); !errs.Is(err, errs.Invalid) {
			t.Errorf("store %s: %v", path, err)
		}
		if err := s.Delete(ctx, path); err != nil {
			t.Errorf("delete %s: %v", path, err)
		}
	}
	if err := s.Delete(ctx, "directory"); err != nil {
		t.Errorf("delete a directory: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "directory")); err != nil {
		t.Errorf("the directory is gone: %v", err)
	}
	if err := s.Put(ctx, "directory", strings.NewReader("x")); !errs.Is(err, errs.Conflict) {
		t.Errorf("store over a directory: %v", err)
	}
	if err := s.Put(ctx, "object", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"object/below", "object/far/below"} {
		if err := s.Put(ctx, path, strings.NewReader("x")); !errs.Is(err, errs.Conflict) {
			t.Errorf("store %s: %v", path, err)
		}
	}
	if entries := temporary(t, dir); len(entries) > 0 {
		t.Errorf("%q is left", entries)
	}
}

// temporary lists what is in the directory of uploads.
func temporary(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, uploadsDir))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestFailedPutLeavesNothing(t *testing.T) {
	s, dir := openStore(t)
	if err := s.Put(t.Context(), "x", strings.NewReader("old")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	cause := errors.New("the client went away")
	for _, test := range []struct {
		ctx context.Context
		r   io.Reader
		err error
	}{
		{t.Context(), io.MultiReader(strings.NewReader("new"), iotest.ErrReader(cause)), cause},
		{ctx, strings.NewReader("new"), context.Canceled},
	} {
		if err := s.Put(test.ctx, "x", test.r); !errors.Is(err, test.err) {
			t.Errorf("the error is %v, not %v", err, test.err)
		}
		if b, err := os.ReadFile(filepath.Join(dir, "x")); err != nil || string(b) != "old" {
			t.Errorf("the object is %q, error %v", b, err)
		}
		if entries := temporary(t, dir); len(entries) > 0 {
			t.Errorf("%q is left", entries)
		}
	}
}

// Somebody may remove directories that the store knows, uploads among them.
func TestRemovedDirectories(t *testing.T) {
	s, dir := openStore(t)
	ctx := t.Context()
	for i := range 3 {
		if err := s.Put(ctx, "a/b/x", strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
		id := fmt.Sprintf("u%d", i)
		if _, err := s.Begin(ctx, id); err != nil {
			t.Fatal(err)
		}
		if err := s.Commit(ctx, storage.Upload{ID: id}, "a/b/y"); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"a", uploadsDir} {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		if i == 1 { // also between the begin and the commit
			if _, err := s.Begin(ctx, "v"); err != nil {
				t.Fatal(err)
			}
			if err := s.Commit(ctx, storage.Upload{ID: "v"}, "a/b/z"); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestLeftoversAreRemoved(t *testing.T) {
	s, dir := openStore(t)
	old := time.Now().Add(-2 * leftoverAge)
	for name, at := range map[string]time.Time{
		".tmp-old": old, ".tmp-new": time.Now(), "an-upload-of-the-python-server": old,
	} {
		path := filepath.Join(dir, uploadsDir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	s.removeLeftovers(t.Context())
	if got := strings.Join(temporary(t, dir), " "); got != ".tmp-new an-upload-of-the-python-server" {
		t.Errorf("left are %s", got)
	}
}

// What the Python server has begun can be committed here, and the other way
// round: the layout is the same.
func TestLayout(t *testing.T) {
	s, dir := openStore(t)
	ctx := t.Context()
	if err := os.WriteFile(filepath.Join(dir, "uploads/from-python"), []byte("content"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(ctx, storage.Upload{ID: "from-python", Offset: 7}, "sha256/ab/abc"); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "sha256/ab/abc")); err != nil || string(b) != "content" {
		t.Errorf("the object is %q, error %v", b, err)
	}
	state, err := s.Begin(ctx, "for-python")
	if err != nil || string(state) != "{}" {
		t.Errorf("the state is %s, error %v", state, err)
	}
	info, err := os.Stat(filepath.Join(dir, "uploads/for-python"))
	if err != nil || info.Mode() != fileMode {
		t.Errorf("the upload is %v, error %v", info, err)
	}
}

func TestKnownDirectoriesAreBounded(t *testing.T) {
	s, _ := openStore(t)
	for i := range maxKnown + 10 {
		s.dirs.known[fmt.Sprint(i)] = struct{}{}
	}
	if err := s.dirs.ensure("a/b"); err != nil {
		t.Fatal(err)
	}
	if n := len(s.dirs.known); n > 2 {
		t.Errorf("%d directories are known", n)
	}
}

func TestFailure(t *testing.T) {
	at := func(err error) error { return &fs.PathError{Op: "open", Path: "/srv/quay/x", Err: err} }
	tests := []struct {
		err  error
		kind errs.Kind
		part string
	}{
		{at(syscall.ENOENT), errs.NotFound, "does not exist"},
		{at(syscall.ENOTDIR), errs.NotFound, "does not exist"},
		{at(syscall.ENOSPC), errs.Exhausted, "full"},
		{at(syscall.EDQUOT), errs.Exhausted, "quota"},
		{at(syscall.EROFS), errs.Denied, "read-only"},
		{at(syscall.EACCES), errs.Denied, "plugin's user"},
		{at(syscall.EPERM), errs.Denied, "plugin's user"},
		{at(syscall.EMFILE), errs.Unavailable, "too many"},
		{at(syscall.ESTALE), errs.Unavailable, "network file system"},
		{at(syscall.EIO), errs.Internal, "input/output"},
		{at(syscall.ENAMETOOLONG), errs.Invalid, "too long"},
		{at(errors.New("path escapes from parent")), errs.Internal, "cannot try"},
		{context.Canceled, errs.Canceled, ""},
		{errs.New(errs.Conflict, "kept"), errs.Conflict, "kept"},
	}
	for _, test := range tests {
		err := failure(test.err, "try")
		if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) || !errors.Is(err, test.err) {
			t.Errorf("%v becomes %v, %v", test.err, errs.KindOf(err), err)
		}
		var known *errs.Error
		if errors.As(err, &known) && strings.Contains(known.Message, "/srv") {
			t.Errorf("the message names a path: %s", known.Message)
		}
	}
	if failure(nil, "try") != nil {
		t.Error("nil is a failure")
	}
}

func BenchmarkCommit(b *testing.B) {
	s, _ := openStore(b)
	ctx := b.Context()
	for i := 0; b.Loop(); i++ {
		id := fmt.Sprintf("u%d", i)
		if _, _, err := s.beginWith(ctx, id, "content"); err != nil {
			b.Fatal(err)
		}
		if err := s.Commit(ctx, storage.Upload{ID: id, Offset: 7}, fmt.Sprintf("sha256/%02x/%d", i%256, i)); err != nil {
			b.Fatal(err)
		}
	}
}

// beginWith begins an upload with some content.
func (s *store) beginWith(ctx context.Context, id, content string) (int64, storage.State, error) {
	state, err := s.Begin(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	return s.Append(ctx, storage.Upload{ID: id, State: state}, strings.NewReader(content))
}

// TestForeignNames proves that a file whose name no object can have does not keep the
// objects beside it from being listed.
func TestForeignNames(t *testing.T) {
	s, dir := openStore(t)
	if err := s.Put(t.Context(), "a/good", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a/b\xe9d", "\xff"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var found []string
	err := s.List(t.Context(), "", func(info storage.Info) error {
		found = append(found, info.Path)
		return nil
	})
	if err != nil || len(found) != 1 || found[0] != "a/good" {
		t.Errorf("the listing has %q, error %v", found, err)
	}
}
