// Package conformance runs the conformance program of the OCI distribution
// specification against a server, with every optional part of it switched on.
package conformance

import (
	"bytes"
	"context"
	"encoding/xml"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// settings switch on all that the program can test, whatever its defaults are,
// but for one set of data, see skips.txt.
var settings = []string{
	"OCI_VERSION=1.1", "OCI_TLS=disabled", "OCI_LOG=error",
	"OCI_REPO1=conformance/one", "OCI_REPO2=conformance/two",

	"OCI_API_PING=true", "OCI_API_PULL=true", "OCI_API_PUSH=true",
	"OCI_API_BLOBS_ATOMIC=true", "OCI_API_BLOBS_DELETE=true", "OCI_API_BLOBS_DIGEST_HEADER=true",
	"OCI_API_BLOBS_MOUNT_ANONYMOUS=true", "OCI_API_BLOBS_UPLOAD_CANCEL=true",
	"OCI_API_MANIFESTS_ATOMIC=true", "OCI_API_MANIFESTS_DELETE=true", "OCI_API_MANIFESTS_DIGEST_HEADER=true",
	"OCI_API_MANIFESTS_TAG_PARAM=true",
	"OCI_API_TAGS_ATOMIC=true", "OCI_API_TAGS_DELETE=true", "OCI_API_TAGS_LIST=true",
	"OCI_API_REFERRER=true",

	"OCI_DATA_IMAGE=true", "OCI_DATA_INDEX=true", "OCI_DATA_INDEX_LIST=true", "OCI_DATA_SPARSE=false",
	"OCI_DATA_ARTIFACT=true", "OCI_DATA_SUBJECT=true", "OCI_DATA_SUBJECT_MISSING=true",
	"OCI_DATA_ARTIFACT_LIST=true", "OCI_DATA_SUBJECT_LIST=true", "OCI_DATA_DATA_FIELD=true",
	"OCI_DATA_NONDISTRIBUTABLE=true", "OCI_DATA_CUSTOM_FIELDS=true", "OCI_DATA_NO_LAYERS=true",
	"OCI_DATA_EMPTY_BLOB=true", "OCI_DATA_SHA512=true",
}

// result is one case of the program's junit.xml.
type result struct {
	Name   string `xml:"name,attr"`
	Status string `xml:"status,attr"`
	Errors string `xml:"system-out"`
	Trace  string `xml:"system-err"`
}

// TestDistributionSpec proves that nothing which the specification demands fails
// and that nothing is skipped without a written reason.
func TestDistributionSpec(t *testing.T) {
	program, err := exec.LookPath("conformance")
	if err != nil {
		t.Skip("the conformance program is not installed: make setup")
	}
	s := server.Start(t, server.Options{})
	reasons := readReasons(t)
	used := map[string]bool{}
	counts := map[string]int{}
	for _, r := range run(t, program, s.Addr) {
		counts[r.Status]++
		name := strings.TrimPrefix(r.Name, "OCI Conformance Test/")
		switch r.Status {
		case "passed":
			t.Logf("pass  %s", name)
		case "skipped":
			if pattern, ok := match(reasons, name); ok {
				t.Logf("skip  %s: %s", name, reasons[pattern])
				used[pattern] = true
				continue
			}
			t.Errorf("skip  %s, which is not in skips.txt: %s", name, r.Errors)
		default:
			t.Errorf("FAIL  %s\n%s\n%s", name, r.Errors, r.Trace)
		}
	}
	for name := range reasons {
		if !used[name] {
			t.Errorf("skips.txt names %q, which was not skipped", name)
		}
	}
	t.Logf("%d passed, %d failed, %d errors, %d skipped",
		counts["passed"], counts["failure"], counts["error"], counts["skipped"])
	if counts["passed"] < 500 {
		t.Errorf("only %d cases passed: the program did not run as a whole", counts["passed"])
	}
}

// run returns what the program found. Its exit code says no more than that.
func run(t *testing.T, program, addr string) []result {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "OCI_") })
	cmd.Env = append(append(cmd.Env, settings...), "OCI_REGISTRY="+addr, "OCI_RESULTS_DIR="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	runErr := cmd.Run()
	data, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if err != nil {
		t.Fatalf("no results (%v): %v\n%s", runErr, err, out.String())
	}
	var report struct {
		Suites []struct {
			Cases []result `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	var all []result
	for _, s := range report.Suites {
		all = append(all, s.Cases...)
	}
	return all
}

// match finds the pattern of the list that a name has.
func match(reasons map[string]string, name string) (string, bool) {
	for pattern := range reasons {
		if ok, err := path.Match(pattern, name); err == nil && ok {
			return pattern, true
		}
	}
	return "", false
}

// readReasons reads lines of the form "pattern: reason".
func readReasons(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("skips.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, reason, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("skips.txt: %q has no reason", line)
		}
		reasons[name] = reason
	}
	return reasons
}
