package contract

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/test/contract/replay"
	"github.com/quay/quay/test/redis"
)

var (
	update      = flag.Bool("update", false, "write the lists of cases that do not pass")
	differences = flag.Bool("differences", false, "log what the cases that are known not to pass differ in")
	trace       = flag.Bool("trace", false, "log every request and its answer")
	reportFile  = flag.String("report", "", "write every case's level and differences to a `file`, with the engine before its extension")
)

// How long the effects of a request may take to come. A case that is known not to pass
// would wait for nothing; the list is written with more patience.
const (
	patience       = 10 * time.Second
	listedPatience = 250 * time.Millisecond
	updatePatience = 2 * time.Second
)

// TestReplay proves, on each engine, that the recorded requests get the recorded answers
// and leave the recorded rows, mails and objects, but for the cases that the engine's
// list of known ones has.
func TestReplay(t *testing.T) {
	cases, err := replay.Load(filepath.Join("testdata", "cases"))
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("there are no cases")
	}
	dataset := openDataset(t)
	for _, engine := range engines() {
		t.Run(engine.Name(), func(t *testing.T) { replayAll(t, cases, dataset, engine) })
	}
}

// engines are those that the product has and this program keeps.
func engines() []replay.Engine { return []replay.Engine{replay.SQLite{}, &replay.PostgreSQL{}} }

func openDataset(t *testing.T) *replay.Dataset {
	t.Helper()
	d, err := replay.OpenDataset(t.Context(), filepath.Join("testdata", "dataset"), filepath.Join(t.TempDir(), "dataset"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// run plays the cases on one engine.
type run struct {
	dataset *replay.Dataset
	engine  replay.Engine
	known   *known
	redis   redisServers
	// reading is the stage of all cases that only read.
	reading *replay.Stage
	mu      sync.Mutex
	results []replay.Result
}

func replayAll(t *testing.T, cases []*replay.Case, dataset *replay.Dataset, engine replay.Engine) {
	r := &run{dataset: dataset, engine: engine, known: readKnown(t, engine.Name())}
	for _, id := range r.known.strangers(cases) {
		if !*update {
			t.Errorf("%s lists %s, which is no case", r.known.path, id)
		}
	}
	t.Cleanup(func() { r.end(t, cases) })
	var err error
	if r.reading, err = replay.NewStage(t, dataset, engine, replay.StageOptions{RedisPort: r.redis.take(t).Port}); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			r.judge(t, r.play(t, c))
		})
	}
}

// play plays one case, on a stage of its own if it changes something.
func (r *run) play(t *testing.T, c *replay.Case) replay.Result {
	stage := r.reading
	if !c.ReadsOnly() {
		redis := r.redis.take(t)
		t.Cleanup(func() { r.redis.give(t, redis) })
		var err error
		if stage, err = replay.NewStage(t, r.dataset, r.engine, replay.StageOptions{RedisPort: redis.Port, Config: c.Config}); err != nil {
			return replay.Result{ID: c.ID, Differences: []string{err.Error()}}
		}
	}
	o := replay.Options{Patience: patience}
	switch {
	case *update || *differences || *reportFile != "":
		o.Patience = updatePatience
	case r.known.level(c.ID) < replay.Effects:
		o.Patience = listedPatience
	}
	if *trace {
		o.Trace = t.Output()
	}
	result, err := replay.Play(t.Context(), c, stage, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// judge compares how far a case got with how far it has to get.
func (r *run) judge(t *testing.T, got replay.Result) {
	r.mu.Lock()
	r.results = append(r.results, got)
	r.mu.Unlock()
	if *update {
		r.known.set(got)
	} else if problem := r.known.verdict(got); problem != "" {
		t.Error(problem)
	}
	if *differences && len(got.Differences) > 0 {
		t.Logf("it reaches the level %q%s", got.Level, indented(got.Differences))
	}
}

// end says how many cases reach which level.
func (r *run) end(t *testing.T, cases []*replay.Case) {
	r.redis.stop(t)
	if err := r.engine.Close(); err != nil {
		t.Error(err)
	}
	if len(r.results) == len(cases) {
		t.Log("\n" + table(r.results))
	}
	slices.SortFunc(r.results, func(a, b replay.Result) int { return strings.Compare(a.ID, b.ID) })
	if *update {
		r.known.only(cases)
		if err := r.known.write(); err != nil {
			t.Error(err)
		}
	}
	if *reportFile != "" {
		data, err := json.MarshalIndent(r.results, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		extension := filepath.Ext(*reportFile)
		path := strings.TrimSuffix(*reportFile, extension) + "." + r.engine.Name() + extension
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Error(err)
		}
	}
}

// table has how many cases of each family reach each level.
func table(results []replay.Result) string {
	counts := map[string]*[replay.Effects + 1]int{}
	var families []string
	for _, r := range results {
		family, _, _ := strings.Cut(r.ID, "/")
		for _, name := range []string{r.ID[:strings.LastIndex(r.ID, "/")], family + ", all"} {
			if counts[name] == nil {
				counts[name] = new([replay.Effects + 1]int)
				families = append(families, name)
			}
			for level := replay.None; level <= r.Level; level++ {
				counts[name][level]++
			}
		}
	}
	slices.Sort(families)
	var b strings.Builder
	fmt.Fprintf(&b, "%-30s %7s %8s %9s %8s\n", "family", "cases", replay.Status, replay.Response, replay.Effects)
	for _, name := range families {
		n := counts[name]
		fmt.Fprintf(&b, "%-30s %7d %8d %9d %8d\n", name, n[replay.None], n[replay.Status], n[replay.Response], n[replay.Effects])
	}
	return b.String()
}

// redisServers are servers that are free, for cases that are played side by side.
type redisServers struct {
	mu   sync.Mutex
	all  []*redis.Server
	free []*redis.Server
}

// take gives a server that is empty to a case.
func (r *redisServers) take(t *testing.T) *redis.Server {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.free); n > 0 {
		s := r.free[n-1]
		r.free = r.free[:n-1]
		if err := s.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s
	}
	s, err := redis.Start()
	if err != nil {
		t.Fatal(err)
	}
	r.all = append(r.all, s)
	return s
}

// give takes a server back.
func (r *redisServers) give(t *testing.T, s *redis.Server) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free = append(r.free, s)
}

func (r *redisServers) stop(t *testing.T) {
	t.Helper()
	for _, s := range r.all {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
}
