package secscan_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quay/quay/sdk"
	conformance "github.com/quay/quay/sdk/conformance/secscan"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
	"github.com/quay/quay/sdk/secscan"
)

// optimist is the least that a scanner can be: it remembers what it was shown, and
// finds nothing. It is the example of docs/plugins/kinds.md.
type optimist struct {
	mu      sync.Mutex
	indexed map[string]bool
}

// State implements secscan.Scanner.
func (*optimist) State(context.Context) (string, error) { return "always-the-same", nil }

// Index implements secscan.Scanner.
func (o *optimist) Index(_ context.Context, m secscan.Manifest) (secscan.Indexed, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.indexed[m.Digest] = true
	return secscan.Indexed{
		State: "always-the-same",
		Report: fmt.Appendf(nil, `{"manifest_hash":%q,"state":"IndexFinished","err":"","success":true,
			"packages":{},"distributions":{},"environments":{}}`, m.Digest),
	}, nil
}

// Vulnerabilities implements secscan.Scanner.
func (o *optimist) Vulnerabilities(_ context.Context, digest string) (secscan.Report, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.indexed[digest] {
		return nil, errs.New(errs.NotFound, "The manifest %s was not indexed.", digest)
	}
	return fmt.Appendf(nil, `{"manifest_hash":%q,"packages":{},"distributions":{},"environments":{},
		"vulnerabilities":{},"package_vulnerabilities":{}}`, digest), nil
}

// driver opens the same scanner for every instance.
type driver struct{ scanner secscan.Scanner }

// Validate implements secscan.Driver: there is nothing to configure.
func (driver) Validate(secscan.Config) []secscan.Problem { return nil }

// Open implements secscan.Driver.
func (d driver) Open(context.Context, secscan.Config) (secscan.Scanner, error) { return d.scanner, nil }

func plugin(scanner secscan.Scanner) sdk.Plugin {
	return sdk.Plugin{Name: "optimist", Version: "1.0.0", Secscan: driver{scanner}}
}

func options(s *plugintest.Server) conformance.Options {
	digest := "sha256:" + strings.Repeat("ab", 32)
	return conformance.Options{
		Target: conformance.Target{Conn: s.Conn()},
		Config: json.RawMessage(`{}`),
		Known: conformance.Known{Manifest: secscan.Manifest{
			Digest: digest,
			Layers: []secscan.Layer{{Digest: digest, Size: 1, URI: "http://127.0.0.1:1/layer"}},
		}},
	}
}

// TestLeastScanner proves that a scanner with nothing but the three methods keeps
// every promise that applies to it, through the wire.
func TestLeastScanner(t *testing.T) {
	o := &optimist{indexed: map[string]bool{}}
	opts := options(plugintest.Serve(t, plugin(o)))
	opts.Restart = func(context.Context) (conformance.Target, error) {
		return conformance.Target{Conn: plugintest.Serve(t, plugin(o)).Conn()}, nil
	}
	conformance.Run(t, opts)
}

// forgetful knows every manifest.
type forgetful struct{ *optimist }

func (f forgetful) Vulnerabilities(ctx context.Context, digest string) (secscan.Report, error) {
	f.mu.Lock()
	f.indexed[digest] = true
	f.mu.Unlock()
	return f.optimist.Vulnerabilities(ctx, digest)
}

// poet writes reports that are no JSON.
type poet struct{ *optimist }

func (p poet) Index(ctx context.Context, m secscan.Manifest) (secscan.Indexed, error) {
	indexed, err := p.optimist.Index(ctx, m)
	indexed.Report = secscan.Report("roses are red")
	return indexed, err
}

// bare leaves out what the host needs.
type bare struct{ *optimist }

func (b bare) Vulnerabilities(ctx context.Context, digest string) (secscan.Report, error) {
	_, err := b.optimist.Vulnerabilities(ctx, digest)
	return secscan.Report("{}"), err
}

// TestBrokenPromises proves that the suite finds scanners that break a promise.
func TestBrokenPromises(t *testing.T) {
	o := &optimist{indexed: map[string]bool{}}
	tests := []struct {
		name    string
		scanner secscan.Scanner
		found   string // by this case
	}{
		{"every manifest is known", forgetful{o}, "manifest-that-was-not-indexed"},
		{"a report is no JSON", poet{o}, "index"},
		{"a report has no members", bare{o}, "vulnerabilities"},
	}
	for _, test := range tests {
		var failed []string
		err := conformance.Test(t.Context(), options(plugintest.Serve(t, plugin(test.scanner))), func(r conformance.Result) {
			if len(r.Problems) > 0 {
				failed = append(failed, r.Name)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(failed, test.found) {
			t.Errorf("%s: the cases %q failed, not %s", test.name, failed, test.found)
		}
	}
}
