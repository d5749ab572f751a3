package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

const module = "github.com/quay/quay/"

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// key names a test, or a package where Test is empty.
type key struct{ pkg, test string }

func (k key) String() string {
	if k.test == "" {
		return k.pkg
	}
	return k.pkg + " " + k.test
}

// tally is what the report is made from.
type tally struct {
	out      io.Writer
	logs     bool
	allowed  map[key]string
	output   map[key][]string
	failing  map[string]bool // packages in which a test failed
	packages int
	passed   int
	failed   int
	skipped  int
	wrong    []string // skips that nobody allowed
}

// report copies the essence of in to out.
func report(in io.Reader, out io.Writer, list string, logs bool) error {
	allowed, err := readAllowed(list)
	if err != nil {
		return err
	}
	began := time.Now()
	t := &tally{out: out, logs: logs, allowed: allowed, output: map[key][]string{}, failing: map[string]bool{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(out, lines.Text()) // go itself has something to say
			continue
		}
		t.add(e)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d packages, %d tests passed, %d failed, %d skipped, %.0f s\n",
		t.packages, t.passed, t.failed, t.skipped, time.Since(began).Seconds())
	return t.verdict(list)
}

func (t *tally) verdict(list string) error {
	switch {
	case len(t.wrong) > 0:
		return fmt.Errorf("these skips are not in %s:\n  %s", list, strings.Join(t.wrong, "\n  "))
	case t.failed > 0 || len(t.failing) > 0:
		return errors.New("tests failed")
	case t.packages == 0:
		return errors.New("no test ran")
	}
	return nil
}

func (t *tally) add(e event) {
	k := key{strings.TrimPrefix(e.Package, module), e.Test}
	switch e.Action {
	case "output":
		t.output[k] = append(t.output[k], e.Output)
	case "build-output":
		fmt.Fprint(t.out, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endPackage(k, e)
		} else {
			t.endTest(k, e.Action)
		}
		delete(t.output, k)
	}
}

func (t *tally) endTest(k key, action string) {
	switch action {
	case "pass":
		t.passed++
		if t.logs && slices.ContainsFunc(t.output[k], said) {
			fmt.Fprintf(t.out, "pass  %s\n", k)
			t.show(k)
		}
	case "fail":
		t.failed++
		t.failing[k.pkg] = true
		fmt.Fprintf(t.out, "FAIL  %s\n", k)
		t.show(k)
	case "skip":
		t.skipped++
		if reason, ok := t.allowed[k]; ok {
			fmt.Fprintf(t.out, "skip  %s: %s\n", k, reason)
			return
		}
		t.wrong = append(t.wrong, k.String())
		fmt.Fprintf(t.out, "SKIP  %s\n", k)
		t.show(k)
	}
}

func (t *tally) endPackage(k key, e event) {
	if e.Action == "skip" {
		return // a package without tests
	}
	t.packages++
	if e.Action == "fail" {
		if !t.failing[k.pkg] { // it died outside a test: build, TestMain, data race at exit
			t.show(k)
		}
		t.failing[k.pkg] = true
		fmt.Fprintf(t.out, "FAIL  %s  %.1f s\n", k, e.Elapsed)
		return
	}
	fmt.Fprintf(t.out, "ok    %s  %.1f s\n", k, e.Elapsed)
}

// show prints what a test wrote.
func (t *tally) show(k key) {
	for _, line := range t.output[k] {
		if said(line) {
			fmt.Fprint(t.out, "      ", line)
		}
	}
}

// said tells whether a line is the test's, and not one that go adds.
func said(line string) bool {
	trimmed := strings.TrimSpace(line)
	return trimmed != "" && !strings.HasPrefix(trimmed, "=== ") && !strings.HasPrefix(trimmed, "--- PASS")
}

// readAllowed reads lines of the form "package Test reason...".
func readAllowed(path string) (map[key]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	allowed := map[key]string{}
	for n, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) < 3 {
			return nil, fmt.Errorf("%s:%d: want package, test and reason", path, n+1)
		}
		allowed[key{f[0], f[1]}] = strings.Join(f[2:], " ")
	}
	return allowed, nil
}
