package certify_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/certify"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/conformance/auth"
	"github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/errs"
)

// verdicts returns the names of the cases that have a verdict.
func verdicts(c *certify.Certificate, v certify.Verdict) []string {
	var names []string
	for _, k := range c.Cases {
		if k.Verdict == v {
			names = append(names, k.Name)
		}
	}
	return names
}

// write writes a file of the test and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A driver that keeps its promises passes without any configuration, under the
// confinement that it has in a server, and its certificate says of what and by what.
func TestPasses(t *testing.T) {
	plugintest.Leaks(t)
	path := filepath.Join(plugins, "quay-storage-local")
	b, err := binary.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var begun certify.Certificate
	var reported []certify.Case
	c, err := certify.Run(t.Context(), certify.Options{
		Path: path, Short: true, Quay: "1.2.3",
		Begin:  func(c certify.Certificate) { begun = c },
		Report: func(k certify.Case) { reported = append(reported, k) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.Verdict != certify.Passed || c.Ended != "" || c.Counts.Failed > 0 {
		t.Errorf("the verdict is %q, the cases %q failed", c.Verdict, verdicts(c, certify.Failed))
	}
	if n := len(storage.Cases()); len(c.Cases) != n || len(reported) != n || c.Counts.Passed+c.Counts.Skipped != n {
		t.Errorf("there are %d cases, %d were reported, the counts are %+v, and the suite has %d", len(c.Cases), len(reported), c.Counts, n)
	}
	for _, name := range []string{"objects-after-a-crash", "upload-descriptor", "drain"} {
		if !slices.Contains(verdicts(c, certify.Passed), name) {
			t.Errorf("the case %s has not passed", name)
		}
	}
	if want := (certify.Suite{Name: "storage", Version: storage.Version, Short: true}); c.Suite != want || begun.Suite != want {
		t.Errorf("the suite is %+v", c.Suite)
	}
	p := c.Plugin
	if p.Kind != "storage" || p.Name != "local" || p.Version == "" || !slices.Equal(p.API, []string{"quay.plugin.storage.v1.Storage"}) ||
		!slices.Contains(p.Capabilities, "storage.local.uploads") {
		t.Errorf("the plugin is %+v", p)
	}
	if c.Binary.SHA256 != b.SHA256 || c.Binary.Build != b.Build || c.Binary.Size != b.Size || c.Binary.FIPS {
		t.Errorf("the binary is %+v", c.Binary)
	}
	if c.Quay != "1.2.3" || c.Started.IsZero() || c.Seconds <= 0 {
		t.Errorf("it was made by %q, at %v, in %v s", c.Quay, c.Started, c.Seconds)
	}
	files := slices.IndexFunc(c.Confinement, func(a confine.Applied) bool { return a.Name == "files" })
	if files < 0 || c.Confinement[files].State == confine.StateOff {
		t.Errorf("the plugin ran under %+v", c.Confinement)
	}
}

// A driver that breaks a promise only by what it does when it is killed fails, and in
// the cases about that alone.
func TestFails(t *testing.T) {
	plugintest.Leaks(t)
	c, err := certify.Run(t.Context(), certify.Options{Path: self(t, "quay-storage-forgetful"), Short: true})
	if err != nil {
		t.Fatal(err)
	}
	if c.Verdict != certify.Failed || c.Ended != "" {
		t.Errorf("the verdict is %q, the end %q", c.Verdict, c.Ended)
	}
	failed := verdicts(c, certify.Failed)
	other := func(name string) bool { return !strings.HasSuffix(name, "-a-crash") }
	if !slices.Contains(failed, "objects-after-a-crash") || slices.ContainsFunc(failed, other) || c.Counts.Failed != len(failed) {
		t.Errorf("the cases %q failed, the counts are %+v", failed, c.Counts)
	}
	for _, k := range c.Cases {
		if (len(k.Problems) > 0) != (k.Verdict == certify.Failed) || (k.Reason != "") != (k.Verdict == certify.Skipped) {
			t.Errorf("the case is %+v", k)
		}
	}
}

// When the plugin dies the run ends with its last words, in place of a failure of every
// case that would follow.
func TestDies(t *testing.T) {
	plugintest.Leaks(t)
	c, err := certify.Run(t.Context(), certify.Options{Path: self(t, "quay-storage-mortal"), Short: true})
	if err != nil {
		t.Fatal(err)
	}
	if c.Verdict != certify.Failed || !strings.Contains(c.Ended, "status 3") || !strings.Contains(c.Ended, "out of luck") {
		t.Errorf("the verdict is %q, the end %q", c.Verdict, c.Ended)
	}
	if c.Counts.Failed != 1 || c.Cases[len(c.Cases)-1].Verdict != certify.Failed {
		t.Errorf("the counts are %+v, the last case is %+v", c.Counts, c.Cases[len(c.Cases)-1])
	}
}

// What the suite of another kind has to know comes from the configuration file, whose
// secrets reach the plugin and no certificate.
func TestKnown(t *testing.T) {
	const password = "Analytical-1843"
	for _, test := range []struct{ name, text string }{
		{"config.yaml", "username: ada\npassword: " + password + "\nconformance:\n  username: ada\n  password: " + password + "\n"},
		{"config.json", `{"username": "ada", "password": "` + password + `", "conformance": {"username": "ada", "password": "` + password + `"}}`},
	} {
		cfg, err := certify.ReadConfiguration(write(t, test.name, test.text))
		if err != nil {
			t.Fatal(err)
		}
		c, err := certify.Run(t.Context(), certify.Options{Path: self(t, "quay-auth-users"), Configuration: cfg})
		if err != nil {
			t.Fatal(err)
		}
		if c.Verdict != certify.Passed || c.Suite.Name != "auth" || c.Suite.Version != auth.Version {
			t.Errorf("%s: the verdict is %q of %+v; failed are %q", test.name, c.Verdict, c.Suite, verdicts(c, certify.Failed))
		}
		if !slices.Contains(verdicts(c, certify.Passed), "the-right-password") {
			t.Errorf("%s: the user was not known to the suite: skipped are %q", test.name, verdicts(c, certify.Skipped))
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), password) {
			t.Errorf("%s: the certificate has the password: %s", test.name, text)
		}
	}
}

// What cannot be tested is refused before a case is run, with what is missing.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name   string
		plugin string
		config string // none when empty
		kind   errs.Kind
		parts  []string // of the error
	}{
		{"no configuration", "quay-auth-users", "", errs.Invalid, []string{"without password, username", "--config", "username: TEXT", "password: SECRET"}},
		{"an incomplete configuration", "quay-auth-users", "username: ada", errs.Invalid, []string{"password"}},
		{"an empty configuration", "quay-auth-users", "# nothing", errs.Invalid, []string{"username"}},
		{"an unknown part for the suite", "quay-auth-users", "username: ada\npassword: x\nconformance: {user: ada}", errs.Invalid, []string{`"user"`}},
		{"a part that the suite does not have", "quay-storage-forgetful", "conformance: {username: ada}", errs.Invalid, []string{`"username"`}},
		{"no plugin", "missing", "", errs.NotFound, []string{"install it"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plugintest.Leaks(t)
			opts := certify.Options{Path: filepath.Join(plugins, test.plugin), Report: func(k certify.Case) { t.Errorf("the case %s was run", k.Name) }}
			if test.kind != errs.NotFound {
				opts.Path = self(t, test.plugin)
			}
			if test.config != "" {
				var err error
				if opts.Configuration, err = certify.ReadConfiguration(write(t, "config.yaml", test.config)); err != nil {
					t.Fatal(err)
				}
			}
			c, err := certify.Run(t.Context(), opts)
			if c != nil || !errs.Is(err, test.kind) {
				t.Fatalf("there is a certificate, %v, or the error is %v", c, err)
			}
			for _, part := range test.parts {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q is not in the error: %v", part, err)
				}
			}
		})
	}
}

// A file that is no configuration is refused.
func TestConfigurationFiles(t *testing.T) {
	for _, text := range []string{"- a\n- b", "just text", "a: [", "a: 1\na: 2"} {
		if c, err := certify.ReadConfiguration(write(t, "config.yaml", text)); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q gives %s, error %v", text, c.Options, err)
		}
	}
	if _, err := certify.ReadConfiguration(filepath.Join(t.TempDir(), "missing")); !errs.Is(err, errs.NotFound) {
		t.Errorf("a missing file: %v", err)
	}
}

// A run that is given up ends, and leaves no process behind.
func TestGivenUp(t *testing.T) {
	plugintest.Leaks(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	_, err := certify.Run(ctx, certify.Options{
		Path: filepath.Join(plugins, "quay-storage-local"), Short: true,
		Report: func(certify.Case) {
			if n++; n == 3 {
				cancel()
			}
		},
	})
	if !errs.Is(err, errs.Canceled) || n > 4 {
		t.Errorf("after %d cases: %v", n, err)
	}
}
