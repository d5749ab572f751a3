package secscan_test

import (
	"encoding/json"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/secscan"
)

func manifest() secscan.Manifest {
	return secscan.Manifest{Digest: "sha256:ab", Layers: []secscan.Layer{{
		Digest: "sha256:cd", Size: 1, URI: "https://quay.example/v2/x", Headers: []secscan.Header{{Name: "Authorization", Value: "Bearer x"}},
	}}}
}

// TestCheckManifest proves that manifests pass that a scanner can be sent to, and no
// others.
func TestCheckManifest(t *testing.T) {
	tests := []struct {
		name   string
		change func(*secscan.Manifest)
		good   bool
	}{
		{"a good one", func(*secscan.Manifest) {}, true},
		{"an unknown size", func(m *secscan.Manifest) { m.Layers[0].Size = 0 }, true},
		{"no digest", func(m *secscan.Manifest) { m.Digest = "" }, false},
		{"no layers", func(m *secscan.Manifest) { m.Layers = nil }, false},
		{"a file", func(m *secscan.Manifest) { m.Layers[0].URI = "file:///etc/passwd" }, false},
		{"a second header", func(m *secscan.Manifest) { m.Layers[0].Headers[0].Value = "x\r\nHost: y" }, false},
		{"a header without a name", func(m *secscan.Manifest) { m.Layers[0].Headers[0].Name = "" }, false},
		{"a negative size", func(m *secscan.Manifest) { m.Layers[0].Size = -1 }, false},
		{"more than fits into a message", func(m *secscan.Manifest) {
			m.Layers[0].URI += "?" + strings.Repeat("x", 8000)
			for range 999 {
				m.Layers = append(m.Layers, m.Layers[0])
			}
		}, false},
	}
	for _, test := range tests {
		m := manifest()
		test.change(&m)
		err := secscan.CheckManifest(m)
		if test.good && err != nil || !test.good && !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", test.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "Bearer") {
			t.Errorf("%s: the error has the token: %v", test.name, err)
		}
	}
}

// FuzzCheckDigest proves that a digest can be put into a path and a URL as it is.
func FuzzCheckDigest(f *testing.F) {
	for _, seed := range []string{"sha256:" + strings.Repeat("ab", 32), "sha512:0", "", ":", "a:b/../c", "a:b%2f", "A:b", "a:b?c", "a:b:c", "a: b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, digest string) {
		if secscan.CheckDigest(digest) != nil {
			return
		}
		if path.Base(digest) != digest || url.PathEscape(digest) != digest || strings.Count(digest, ":") != 1 {
			t.Errorf("the digest %q is good", digest)
		}
	})
}

// FuzzCheckReport proves that a report that passes is exactly one JSON object.
func FuzzCheckReport(f *testing.F) {
	for _, seed := range []string{`{}`, ` {"a":[1]} `, `[]`, `null`, `{}{}`, `{"a":}`, `"x"`, ``, "\ufeff{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, report []byte) {
		var members map[string]json.RawMessage
		err := json.Unmarshal(report, &members)
		object := err == nil && members != nil
		if good := secscan.CheckReport(report) == nil; good != object {
			t.Errorf("the report %q is good: %v; it is an object: %v", report, good, object)
		}
	})
}
