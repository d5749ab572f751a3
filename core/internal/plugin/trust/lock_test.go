package trust_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
)

// sum is a hash of one digit.
func sum(digit string) string { return strings.Repeat(digit, 64) }

func makeLock(t testing.TB, entries ...trust.Entry) *trust.Lock {
	t.Helper()
	l, err := trust.Make(entries)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A lock file is the same whatever order its entries are given in, has one field
// on a line, and is read back as it was written, over an older one too.
func TestLockFile(t *testing.T) {
	entries := []trust.Entry{
		{Kind: "storage", Name: "s3", Version: "2.0.0", SHA256: sum("c"), API: []string{"b", "a", "b"}, Network: true, Signature: "AAAA"},
		{Kind: "storage", Name: "s3", Version: "1.0.0", SHA256: sum("b"), API: []string{"a"}, Capabilities: []string{}, Network: true},
		{Kind: "auth", Name: "ldap", Version: "1.0.0", SHA256: sum("a"), Capabilities: []string{"y", "x"}},
	}
	lock := makeLock(t, entries...)
	path := filepath.Join(t.TempDir(), trust.LockName)
	if _, err := trust.ReadLock(path); !errs.Is(err, errs.NotFound) || !strings.Contains(err.Error(), "quay plugin lock") {
		t.Errorf("a missing lock: %v", err)
	}
	if err := makeLock(t).Write(path); err != nil {
		t.Fatal(err)
	}
	if err := lock.Write(path); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "version": 1,
  "plugins": [
    {
      "kind": "auth",
      "name": "ldap",
      "version": "1.0.0",
      "sha256": "` + sum("a") + `",
      "api": [],
      "capabilities": [
        "x",
        "y"
      ],
      "network": false
    },
    {
      "kind": "storage",
      "name": "s3",
      "version": "1.0.0",
      "sha256": "` + sum("b") + `",
      "api": [
        "a"
      ],
      "capabilities": [],
      "network": true
    },
    {
      "kind": "storage",
      "name": "s3",
      "version": "2.0.0",
      "sha256": "` + sum("c") + `",
      "api": [
        "a",
        "b"
      ],
      "capabilities": null,
      "network": true,
      "signature": "AAAA"
    }
  ]
}
`
	if string(written) != want {
		t.Errorf("the file is %s", written)
	}
	read, err := trust.ReadLock(path)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(entries)
	for name, other := range map[string]*trust.Lock{"read": read, "of another order": makeLock(t, entries...)} {
		if again, err := other.Marshal(); err != nil || string(again) != want {
			t.Errorf("the lock %s is %s, error %v", name, again, err)
		}
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("%v are left beside the lock", files)
	}
	if err := lock.Write("/no/such/directory/lock"); !errs.Is(err, errs.Denied) {
		t.Errorf("where it cannot be written: %v", err)
	}
}

// A lock that is not fully understood is refused.
func TestParseLockRefuses(t *testing.T) {
	entry := func(change string) string {
		e := `{"kind":"storage","name":"local","version":"1","sha256":"` + sum("a") + `","api":[],"capabilities":null,"network":false}`
		if old, new, ok := strings.Cut(change, " -> "); ok {
			e = strings.Replace(e, old, new, 1)
		}
		return e
	}
	lock := func(entries ...string) string {
		return `{"version":1,"plugins":[` + strings.Join(entries, ",") + `]}`
	}
	if _, err := trust.ParseLock([]byte(lock(entry("")))); err != nil {
		t.Fatalf("the right one: %v", err)
	}
	tests := []struct{ name, data, part string }{
		{"empty", "", "quay plugin lock"},
		{"no JSON", "storage local 1", "quay plugin lock"},
		{"half a lock", lock(entry(""))[:80], "quay plugin lock"},
		{"two locks", lock() + lock(), "follows"},
		{"an unknown field", `{"version":1,"plugins":[],"more":1}`, "unknown field"},
		{"an unknown field of an entry", lock(entry(`"network" -> "networks"`)), "unknown field"},
		{"a field twice", lock(entry(`"network":false -> "network":false,"network":true`)), "twice"},
		{"a field in two cases", lock(entry(`"network":false -> "network":false,"Network":true`)), "letters"},
		{"a field in letters that fold", lock(entry(`"version":"1" -> "version":"1","verſion":"2"`)), "letters"},
		{"a later version", `{"version":2,"plugins":[]}`, "version 2"},
		{"no version", `{"plugins":[]}`, "version 0"},
		{"no entry", lock("null"), "cannot be"},
		{"an unknown kind", lock(entry("storage -> magic")), "magic"},
		{"no name", lock(entry("local -> ")), "cannot be"},
		{"a path for a name", lock(entry("local -> ../x")), "cannot be"},
		{"no version of an entry", lock(entry(`"version":"1" -> "version":""`)), "no version"},
		{"a short hash", lock(entry("aa -> a")), "64 lower-case"},
		{"a hash of other letters", lock(entry("aa -> gg")), "64 lower-case"},
		{"a hash in upper case", lock(entry("aa -> AA")), "64 lower-case"},
		{"a hash twice", lock(entry(""), entry("local -> s3")), "twice"},
		{"a bad signature", lock(entry(`"network" -> "signature":"?","network"`)), "base64"},
	}
	for _, test := range tests {
		if _, err := trust.ParseLock([]byte(test.data)); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), test.part) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A lock that is not a lock of ours is refused whatever its size.
func TestReadLockIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), trust.LockName)
	if err := os.WriteFile(path, bytes.Repeat([]byte(" "), 5<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := trust.ReadLock(path); !errs.Is(err, errs.TooLarge) {
		t.Error(err)
	}
}

// A lock or a key that others may write, or that lies where others may write, says
// nothing.
func TestFilesOfOthers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	chmod := func(path string, mode os.FileMode) {
		t.Helper()
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for name, read := range map[string]func() error{
		"lock": func() error { _, err := trust.ReadLock(path); return err },
		"key":  func() error { _, err := trust.ReadKey(path); return err },
	} {
		content := publicPEM(t, signers(t)[0].private.Public())
		if name == "lock" {
			var err error
			if content, err = makeLock(t).Marshal(); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := read(); err != nil {
			t.Errorf("the %s: %v", name, err)
		}
		chmod(path, 0o666)
		if err := read(); !errs.Is(err, errs.Denied) || !strings.Contains(err.Error(), "chmod go-w "+path) {
			t.Errorf("a %s that everybody may write: %v", name, err)
		}
		chmod(path, 0o644)
		chmod(dir, 0o777)
		if err := read(); !errs.Is(err, errs.Denied) || !strings.Contains(err.Error(), "chmod go-w "+dir) {
			t.Errorf("a %s that everybody may replace: %v", name, err)
		}
		chmod(dir, 0o755)
	}
}

// What is read as a lock is written in a form that is read as the same lock.
func FuzzParseLock(f *testing.F) {
	lock, err := makeLock(f, trust.Entry{Kind: "auth", Name: "ldap", Version: "1", SHA256: sum("a"), Capabilities: []string{"x"}, Signature: "AAAA"}).Marshal()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "{}", `{"version":1}`, `{"version":1,"plugins":[null]}`, `[[{"a":"b"}]]`, `{"version":1,"version":1}`, string(lock)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := trust.ParseLock(data)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("the kind of %v", err)
			}
			return
		}
		if !json.Valid(data) {
			t.Errorf("%q is no JSON", data)
		}
		first, err := l.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := trust.ParseLock(first)
		if err != nil {
			t.Fatalf("%s is not read again: %v", first, err)
		}
		if second, err := again.Marshal(); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%s becomes %s, error %v", first, second, err)
		}
	})
}
