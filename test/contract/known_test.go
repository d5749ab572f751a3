package contract

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quay/quay/test/contract/replay"
)

// known is the committed list of the cases that do not pass on an engine, with the level
// that each reaches. A case that gets less far than the list says has fallen; one that
// gets further has to be taken off the list, so that it cannot fall unseen.
type known struct {
	path   string
	mu     sync.Mutex
	levels map[string]replay.Level
}

const knownHeading = `# Cases that do not pass yet, with the level that they reach: none, status or response.
# Written by: make contract-known
`

func readKnown(t *testing.T, engine string) *known {
	t.Helper()
	k := &known{path: filepath.Join("testdata", "known", engine+".txt"), levels: map[string]replay.Level{}}
	data, err := os.ReadFile(k.path)
	if os.IsNotExist(err) {
		return k
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var id, name string
		var level replay.Level
		if _, err := fmt.Sscan(line, &id, &name); err != nil {
			t.Fatalf("%s: %q: %v", k.path, line, err)
		}
		if err := level.UnmarshalText([]byte(name)); err != nil || level == replay.Effects {
			t.Fatalf("%s: %q is no level of a case that does not pass", k.path, name)
		}
		k.levels[id] = level
	}
	return k
}

// level is how far a case has to get.
func (k *known) level(id string) replay.Level {
	k.mu.Lock()
	defer k.mu.Unlock()
	if level, ok := k.levels[id]; ok {
		return level
	}
	return replay.Effects
}

// set notes how far a case got.
func (k *known) set(r replay.Result) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.levels[r.ID] = r.Level
	if r.Level == replay.Effects {
		delete(k.levels, r.ID)
	}
}

// verdict says what is wrong with how far a case got, or nothing.
func (k *known) verdict(got replay.Result) string {
	switch want := k.level(got.ID); {
	case got.Level < want:
		return fmt.Sprintf("it reaches the level %q and has to reach %q%s", got.Level, want, indented(got.Differences))
	case got.Level > want:
		return fmt.Sprintf("it reaches the level %q, and %s still says %q: make contract-known", got.Level, k.path, want)
	}
	return ""
}

func indented(lines []string) string { return "\n\t" + strings.Join(lines, "\n\t") }

// only forgets the cases that are not there.
func (k *known) only(cases []*replay.Case) {
	there := map[string]bool{}
	for _, c := range cases {
		there[c.ID] = true
	}
	maps.DeleteFunc(k.levels, func(id string, _ replay.Level) bool { return !there[id] })
}

// strangers are the listed cases that are not there.
func (k *known) strangers(cases []*replay.Case) []string {
	rest := maps.Clone(k.levels)
	for _, c := range cases {
		delete(rest, c.ID)
	}
	return slices.Sorted(maps.Keys(rest))
}

func (k *known) write() error {
	var b strings.Builder
	b.WriteString(knownHeading)
	for _, id := range slices.Sorted(maps.Keys(k.levels)) {
		fmt.Fprintf(&b, "%s %s\n", id, k.levels[id])
	}
	if err := os.MkdirAll(filepath.Dir(k.path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(k.path, []byte(b.String()), 0o644)
}

// TestKnown proves that a case may neither fall nor pass unseen.
func TestKnown(t *testing.T) {
	k := &known{path: "list", levels: map[string]replay.Level{"a": replay.Status}}
	for _, c := range []struct {
		id    string
		level replay.Level
		want  string
	}{
		{"a", replay.Status, ""},
		{"a", replay.None, "has to reach \"status\"\n\tline"},
		{"a", replay.Response, "still says"},
		{"a", replay.Effects, "still says"},
		{"b", replay.Effects, ""},
		{"b", replay.Response, "has to reach \"effects\""},
	} {
		got := k.verdict(replay.Result{ID: c.id, Level: c.level, Differences: []string{"line"}})
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s at %s: %q, want %q", c.id, c.level, got, c.want)
		}
	}
	k.set(replay.Result{ID: "a", Level: replay.Effects})
	k.set(replay.Result{ID: "c", Level: replay.None})
	if got := k.strangers([]*replay.Case{{ID: "b"}}); len(got) != 1 || got[0] != "c" {
		t.Errorf("strangers are %q, want c", got)
	}
}
