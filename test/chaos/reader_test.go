package chaos

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// hook is an empty part of a body that does something when it is reached.
type hook struct {
	do   func()
	done bool
}

func (h *hook) Read([]byte) (int, error) {
	if !h.done {
		h.done = true
		h.do()
	}
	return 0, io.EOF
}

// newReader hides that a reader can do more than read, so that a body is sent as
// it comes.
func newReader(data []byte) io.Reader { return io.MultiReader(bytes.NewReader(data)) }

// skipping is a reader without its beginning.
type skipping struct {
	r io.Reader
	n int64
}

func skip(r io.Reader, n int64) io.Reader { return &skipping{r, n} }

func (s *skipping) Read(p []byte) (int, error) {
	if s.n > 0 {
		if _, err := io.CopyN(io.Discard, s.r, s.n); err != nil {
			return 0, err
		}
		s.n = 0
	}
	return s.r.Read(p)
}

// checkStore reads every object of a data directory and checks that it is what
// its name says.
func checkStore(t *testing.T, dataDir string) {
	t.Helper()
	objects := 0
	root := filepath.Join(dataDir, "storage", "sha256")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		if _, err := io.Copy(h, f); err != nil {
			return err
		}
		objects++
		if sum := hex.EncodeToString(h.Sum(nil)); sum != d.Name() {
			t.Errorf("object %s has the content %s", d.Name(), sum)
		}
		return nil
	})
	if err != nil || objects == 0 {
		t.Errorf("%d objects below %s, %v", objects, root, err)
	}
}
