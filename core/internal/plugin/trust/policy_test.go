package trust_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// dir has the local driver, "plain" and built for "fips".
var dir string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	var err error
	if dir, err = os.MkdirTemp("", "trust"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	for name, setting := range map[string]string{"plain": "off", "fips": "v1.0.0"} {
		path := filepath.Join(dir, name)
		cmd := exec.Command("go", "build", "-o", path, "github.com/quay/quay/cmd/plugins/quay-storage-local")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFIPS140="+setting)
		if out, err := cmd.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
			return 1
		}
	}
	return m.Run()
}

// installed opens a driver of dir by a path that a test may put a signature
// beside, and returns its bytes.
func installed(t *testing.T, name string) (*binary.Binary, []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "quay-storage-local")
	if err := os.Symlink(filepath.Join(dir, name), path); err != nil {
		t.Fatal(err)
	}
	b, err := binary.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	content, err := io.ReadAll(b.Reader())
	if err != nil {
		t.Fatal(err)
	}
	return b, content
}

// local is what the driver says of itself, as far as it matters here.
var local = protocol.Description{Kind: "storage", Name: "local", Version: "1.0.0", API: []string{"b", "a"}}

// entry is the lock's for a binary of the driver.
func entry(b *binary.Binary) trust.Entry {
	return trust.Entry{Kind: "storage", Name: "local", Version: "1.0.0", SHA256: b.SHA256, API: []string{"a", "b"}, Capabilities: []string{"list"}}
}

// expect fails the test unless err is of a kind and has all parts.
func expect(t *testing.T, err error, kind errs.Kind, parts ...string) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("the kind is %v: %v", errs.KindOf(err), err)
	}
	for _, part := range parts {
		if err != nil && !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in the error: %v", part, err)
		}
	}
}

// Without a lock, keys and FIPS every binary is admitted and granted everything.
func TestZeroPolicy(t *testing.T) {
	b, _ := installed(t, "plain")
	var p trust.Policy
	grant, err := p.Admit("storage", "local", b, local)
	if err != nil || grant.Capabilities != nil || !grant.Network || grant.Locked || grant.SignedBy != "" {
		t.Errorf("%+v, error %v", grant, err)
	}
	if w := p.Warnings(); w != nil {
		t.Errorf("it warns: %v", w)
	}
	_, err = p.Admit("storage", "s3", b, local)
	expect(t, err, errs.Denied, "quay-storage-local")
}

// A lock admits the binaries that it lists, grants what it says, and refuses
// others with what it expects.
func TestLockPolicy(t *testing.T) {
	b, _ := installed(t, "plain")
	next, _ := installed(t, "fips")
	upgrade := entry(next)
	upgrade.Version, upgrade.Network = "2.0.0", true
	p := trust.Policy{Lock: makeLock(t, entry(b), upgrade)}
	grant, err := p.Admit("storage", "local", b, local)
	if err != nil || !slices.Equal(grant.Capabilities, []string{"list"}) || grant.Network || !grant.Locked {
		t.Errorf("the locked one: %+v, error %v", grant, err)
	}
	later := local
	later.Version = "2.0.0"
	if grant, err = p.Admit("storage", "local", next, later); err != nil || !grant.Network {
		t.Errorf("the next version: %+v, error %v", grant, err)
	}

	other := entry(b)
	other.SHA256 = sum("a")
	p.Lock = makeLock(t, other)
	_, err = p.Admit("storage", "local", b, local)
	expect(t, err, errs.Denied, b.SHA256, sum("a"), "version 1.0.0", "quay plugin lock", b.Path)
	p.Development = true
	if grant, err = p.Admit("storage", "local", b, local); err != nil || grant.Locked || !grant.Network {
		t.Errorf("in development: %+v, error %v", grant, err)
	}
	p.Development = false

	p.Lock = makeLock(t)
	_, err = p.Check("storage", "local", b)
	expect(t, err, errs.Denied, "lists no storage plugin", "quay plugin lock")

	s3 := entry(b)
	s3.Name = "s3"
	p.Lock = makeLock(t, s3)
	_, err = p.Admit("storage", "local", b, local)
	expect(t, err, errs.Denied, "lists no storage plugin")

	p.Lock = makeLock(t, entry(b))
	_, err = p.Admit("storage", "local", b, later)
	expect(t, err, errs.Denied, `"2.0.0"`, `"1.0.0"`, "quay plugin lock")
	more := local
	more.API = []string{"a", "b", "c"}
	_, err = p.Admit("storage", "local", b, more)
	expect(t, err, errs.Denied, "a, b, c", "quay plugin lock")
}

// With keys a binary must be signed by one of them: in the lock or beside it.
func TestSignaturePolicy(t *testing.T) {
	for _, s := range signers(t) {
		t.Run(s.name, func(t *testing.T) {
			b, content := installed(t, "plain")
			stranger := signers(t)[0]
			p := trust.Policy{Keys: []trust.Key{stranger.key(t), s.key(t)}}
			beside := b.Path + trust.SignatureSuffix
			put := func(signature string) {
				t.Helper()
				if err := os.WriteFile(beside, []byte(signature), 0o644); err != nil {
					t.Fatal(err)
				}
			}

			_, err := p.Admit("storage", "local", b, local)
			expect(t, err, errs.Denied, "no signature", "cosign sign-blob", beside)

			put(s.sign(t, content) + "\n")
			grant, err := p.Admit("storage", "local", b, local)
			if err != nil || grant.SignedBy != s.name+".pub" {
				t.Errorf("a signature beside the binary: %+v, error %v", grant, err)
			}

			put(s.sign(t, content[1:]))
			_, err = p.Admit("storage", "local", b, local)
			expect(t, err, errs.Denied, beside, s.name+".pub", b.SHA256)
			p.Development = true
			_, err = p.Admit("storage", "local", b, local)
			expect(t, err, errs.Denied, "by none of the keys")
			p.Development = false

			put("not base64")
			_, err = p.Admit("storage", "local", b, local)
			expect(t, err, errs.Invalid, beside, "base64")

			locked := entry(b)
			locked.Signature = s.sign(t, content)
			p.Lock = makeLock(t, locked)
			if grant, err = p.Admit("storage", "local", b, local); err != nil || !grant.Locked || grant.SignedBy == "" {
				t.Errorf("a signature in the lock: %+v, error %v", grant, err)
			}
			p.Keys = p.Keys[:1]
			_, err = p.Admit("storage", "local", b, local)
			expect(t, err, errs.Denied, "in the lock", "by none of the keys")
		})
	}
}

// The exceptions from signatures concern whom they name, and are told.
func TestUnsigned(t *testing.T) {
	b, _ := installed(t, "plain")
	keys := []trust.Key{signers(t)[0].key(t)}
	p := trust.Policy{Keys: keys, AllowUnsigned: []string{"storage/local"}}
	if grant, err := p.Admit("storage", "local", b, local); err != nil || grant.SignedBy != "" {
		t.Errorf("%+v, error %v", grant, err)
	}
	if w := p.Warnings(); len(w) != 1 || !strings.Contains(w[0], "storage/local") {
		t.Errorf("the warnings are %q", w)
	}
	p.AllowUnsigned = []string{"storage/s3"}
	_, err := p.Check("storage", "local", b)
	expect(t, err, errs.Denied, "no signature")
	p.AllowUnsigned = []string{"local"}
	_, err = p.Check("storage", "local", b)
	expect(t, err, errs.Invalid, "KIND/NAME")
	p = trust.Policy{Keys: keys, Development: true}
	if _, err := p.Check("storage", "local", b); err != nil {
		t.Error(err)
	}
	if w := p.Warnings(); len(w) != 1 || !strings.Contains(w[0], "development") {
		t.Errorf("the warnings are %q", w)
	}
}

// FIPS admits only FIPS builds, and no exceptions.
func TestFIPSPolicy(t *testing.T) {
	plain, _ := installed(t, "plain")
	fips, _ := installed(t, "fips")
	p := trust.Policy{FIPS: true}
	if _, err := p.Admit("storage", "local", fips, local); err != nil {
		t.Error(err)
	}
	// What a binary says of itself does not count.
	liar := local
	liar.Build = protocol.Build{FIPS140Setting: "latest", FIPS140Enabled: true}
	_, err := p.Admit("storage", "local", plain, liar)
	expect(t, err, errs.Denied, "no FIPS build", "GOFIPS140=", plain.Path)
	p.Lock = makeLock(t, entry(plain))
	_, err = p.Admit("storage", "local", plain, local)
	expect(t, err, errs.Denied, "no FIPS build")
	for _, weak := range []trust.Policy{
		{FIPS: true, Development: true},
		{FIPS: true, AllowUnsigned: []string{"storage/local"}},
	} {
		_, err := weak.Check("storage", "local", fips)
		expect(t, err, errs.Invalid, "FIPS")
	}
}

// Capabilities that are not granted are withheld; no list grants all of them, and
// an empty one none.
func TestFilter(t *testing.T) {
	tests := []struct{ granted, reported, kept, withheld []string }{
		{nil, []string{"sign", "list"}, []string{"sign", "list"}, nil},
		{[]string{}, []string{"sign"}, nil, []string{"sign"}},
		{[]string{"list", "copy"}, []string{"sign", "list"}, []string{"list"}, []string{"sign"}},
		{[]string{"list"}, nil, nil, nil},
	}
	for _, test := range tests {
		kept, withheld := trust.Grant{Capabilities: test.granted}.Filter(test.reported)
		if !slices.Equal(kept, test.kept) || !slices.Equal(withheld, test.withheld) {
			t.Errorf("%v of %v: %v are kept, %v withheld", test.granted, test.reported, kept, withheld)
		}
	}
}
