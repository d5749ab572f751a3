package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/core/internal/plugin/trust"
)

// driver is the program of the local driver.
var driver []byte

func TestMain(m *testing.M) {
	dir, err := plugintest.Build("quay-storage-local")
	if err == nil {
		driver, err = os.ReadFile(filepath.Join(dir, "quay-storage-local"))
		os.RemoveAll(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// install puts the driver into a new directory under a name, and returns the directory.
func install(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), driver, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// quay runs a command and returns what it prints.
func quay(t *testing.T, args ...string) (string, error) {
	t.Helper()
	root := New("test")
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// settings writes a configuration and returns its path.
func settings(t *testing.T, format string, args ...any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, format, args...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// exists reports whether there is a file.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// "plugin lock" extends the list that the server uses, that of a later directory or of
// the configuration, and makes none that would take its place.
func TestLockIsTheOneInUse(t *testing.T) {
	first, second := install(t, "quay-storage-local"), t.TempDir()
	inFirst, inSecond := filepath.Join(first, trust.LockName), filepath.Join(second, trust.LockName)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere.lock")
	empty, err := trust.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := empty.Write(inSecond); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args []string
		path string
	}{
		{nil, inSecond},
		{[]string{"--config", settings(t, "PLUGIN_LOCK: %s\n", elsewhere)}, elsewhere},
	} {
		if out, err := quay(t, append([]string{"plugin", "lock", "--plugin-dir", first, "--plugin-dir", second}, tc.args...)...); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		if lock, err := trust.ReadLock(tc.path); err != nil || len(lock.Entries()) != 1 {
			t.Errorf("%s: error %v", tc.path, err)
		}
		if exists(inFirst) {
			t.Errorf("%q made a second list", tc.args)
		}
	}
}

// A binary keeps what the list granted to it, and one that is new is granted no more than
// each version of its plugin in the list was.
func TestLockKeepsGrants(t *testing.T) {
	sum := func(digit string) string { return strings.Repeat(digit, 64) }
	entry := func(digit string, network bool, capabilities ...string) trust.Entry {
		return trust.Entry{Kind: "storage", Name: "local", Version: "1", SHA256: sum(digit), Network: network, Capabilities: capabilities}
	}
	old := []trust.Entry{
		entry("a", true),
		entry("b", false, "list", "sign"),
		entry("c", true, "copy", "list"),
		{Kind: "storage", Name: "other", Version: "1", SHA256: sum("d")},
	}
	for _, tc := range []struct {
		name string
		old  []trust.Entry
		new  trust.Entry
		want trust.Entry
	}{
		{"nothing is known", nil, entry("e", true), entry("e", true)},
		{"only another plugin is known", old[3:], entry("e", true), entry("e", true)},
		{"the same, which may do all", old, entry("a", true), entry("a", true)},
		{"the same, which may do little", old, entry("b", true), old[1]},
		{"the same without the network", old, entry("a", false), entry("a", false)},
		{"a new one", old, entry("e", true), entry("e", false, "list")},
		{"a new one beside one that may do nothing", []trust.Entry{entry("f", true, []string{}...), old[0]}, entry("e", true), entry("e", true, []string{}...)},
	} {
		locker{old: tc.old}.grant(&tc.new)
		if tc.new.Network != tc.want.Network || !slices.Equal(tc.new.Capabilities, tc.want.Capabilities) || (tc.new.Capabilities == nil) != (tc.want.Capabilities == nil) {
			t.Errorf("%s: it is granted %v, network %v", tc.name, tc.new.Capabilities, tc.new.Network)
		}
	}
	if shared := both([]string{"a"}, []string{"b"}); shared == nil || len(shared) > 0 {
		t.Errorf("of lists that share nothing %#v is granted", shared)
	}
}

// "plugin verify" demands what the configuration does, and runs no binary that does not
// pass: the driver, under another name, would say so.
func TestVerifyByTheConfiguration(t *testing.T) {
	dir := install(t, "quay-storage-other")
	lock := filepath.Join(t.TempDir(), "elsewhere.lock")
	empty, err := trust.Make(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := empty.Write(lock); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "vendor.pub")
	if err := os.WriteFile(key, []byte("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ config, says string }{
		{"", "says that it is the storage plugin"},
		{"PLUGIN_LOCK: " + lock, "lists no storage plugin"},
		{"PLUGIN_KEYS: [" + key + "]", "has no signature"},
		{"PLUGIN_KEYS: [" + key + "]\nPLUGINS_UNSIGNED: [storage/other]", "says that it is the storage plugin"},
		{"FEATURE_FIPS: true", "is no FIPS build"},
	} {
		out, err := quay(t, "plugin", "verify", "--plugin-dir", dir, "--output", "json", "--config", settings(t, "%s\n", tc.config))
		var all []verified
		if problem := json.Unmarshal([]byte(out), &all); problem != nil || len(all) != 1 {
			t.Fatalf("%s: %v, error %v\n%s", tc.config, problem, err, out)
		}
		if err == nil || !strings.Contains(all[0].Error, tc.says) {
			t.Errorf("%s: %s", tc.config, all[0].Error)
		}
	}
	if _, err := quay(t, "plugin", "verify", "--plugin-dir", dir, "--config", "/no/such/file"); err == nil {
		t.Error("a missing configuration is none")
	}
}
