package scrape

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// text writes families as the host shows them.
func text(t testing.TB, families []*dto.MetricFamily) string {
	t.Helper()
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestParse proves what becomes of a driver's text: names and labels are the
// host's, and what is bad in it costs only itself.
func TestParse(t *testing.T) {
	const head = "# HELP quay_plugin_driver_a_total an\n# TYPE quay_plugin_driver_a_total counter\n"
	for _, test := range []struct {
		name, in, want string
		max            int
		lost           dropped
	}{
		{name: "nothing"},
		{
			name: "a counter", in: "# HELP a_total an\n# TYPE a_total counter\na_total{b=\"c\"} 1\na_total 2\n",
			want: head + "quay_plugin_driver_a_total{plugin=\"storage/x\"} 2\nquay_plugin_driver_a_total{b=\"c\",plugin=\"storage/x\"} 1\n",
		},
		{
			name: "no end of line, no comment", in: "a 1",
			want: "# HELP quay_plugin_driver_a " + noHelp + "\n# TYPE quay_plugin_driver_a untyped\nquay_plugin_driver_a{plugin=\"storage/x\"} 1\n",
		},
		{
			name: "a timestamp", in: "# HELP a_total an\n# TYPE a_total counter\na_total 1 1700000000000\n",
			want: head + "quay_plugin_driver_a_total{plugin=\"storage/x\"} 1\n",
		},
		{
			name: "labels that are the host's", in: "# HELP a_total an\n# TYPE a_total counter\na_total{plugin=\"me\"} 1\na_total{plugin=\"me\",exported_plugin=\"you\"} 2\n",
			want: head + "quay_plugin_driver_a_total{exported_plugin=\"me\",plugin=\"storage/x\"} 1\n" +
				"quay_plugin_driver_a_total{exported_exported_plugin=\"me\",exported_plugin=\"you\",plugin=\"storage/x\"} 2\n",
		},
		{
			name: "a bad family between good ones",
			in:   "# TYPE z gauge\nz{ 1\n# HELP a_total an\n# TYPE a_total counter\na_total 1\n# TYPE y gauge\ny one\n",
			want: head + "quay_plugin_driver_a_total{plugin=\"storage/x\"} 1\n", lost: dropped{malformed: 2},
		},
		{
			name: "the same series twice", in: "# HELP a_total an\n# TYPE a_total counter\na_total 1\na_total 2\n",
			want: head + "quay_plugin_driver_a_total{plugin=\"storage/x\"} 1\n", lost: dropped{malformed: 1},
		},
		{
			name: "the same family twice", in: "# HELP a_total an\n# TYPE a_total counter\na_total 1\n# TYPE b gauge\n# TYPE a_total counter\na_total{x=\"\"} 2\na_total{x=\"1\"} 2\n",
			want: head + "quay_plugin_driver_a_total{plugin=\"storage/x\"} 1\n", lost: dropped{malformed: 2},
		},
		{
			name: "a label of Prometheus's own", in: "# HELP a_total an\n# TYPE a_total counter\na_total{__own=\"up\"} 1\na_total 2\n",
			want: head + "quay_plugin_driver_a_total{plugin=\"storage/x\"} 2\n", lost: dropped{malformed: 1},
		},
		{
			name: "a name that is a histogram's line", in: "# TYPE a_total_sum gauge\na_total_sum 1\n# HELP a_total an\n# TYPE a_total histogram\na_total_bucket{le=\"+Inf\"} 1\na_total_sum 1\na_total_count 1\n",
			want: head[:len(head)-len("counter\n")] + "histogram\nquay_plugin_driver_a_total_bucket{plugin=\"storage/x\",le=\"+Inf\"} 1\n" +
				"quay_plugin_driver_a_total_sum{plugin=\"storage/x\"} 1\nquay_plugin_driver_a_total_count{plugin=\"storage/x\"} 1\n",
			lost: dropped{malformed: 1},
		},
		{
			name: "more than is shown", max: 2, in: "# TYPE b gauge\nb 1\n# HELP a_total an\n# TYPE a_total counter\na_total{x=\"1\"} 1\na_total{x=\"2\"} 2\na_total{x=\"3\"} 3\n",
			want: head + "quay_plugin_driver_a_total{plugin=\"storage/x\",x=\"1\"} 1\nquay_plugin_driver_a_total{plugin=\"storage/x\",x=\"2\"} 2\n",
			lost: dropped{limit: 2},
		},
		{name: "no metrics at all", in: "<html>\n<body>no</body>\n", lost: dropped{malformed: 1}},
		{name: "a name that may not be", in: "a{\"b.c\"} 1\n{\"d.e\"} 2\n", lost: dropped{malformed: 1}},
		{name: "bytes", in: "# HELP \xff\x00\n\x00{\xfe=\"\xfd\"} 1\n", lost: dropped{malformed: 1}},
	} {
		if test.max == 0 {
			test.max = 100
		}
		families, lost := parse([]byte(test.in), "storage/x", test.max)
		if got := text(t, families); got != test.want || lost != test.lost {
			t.Errorf("%s: lost %+v, want %+v; got\n%swant\n%s", test.name, lost, test.lost, got, test.want)
		}
	}
}

// TestAdd proves that plugins whose metrics have one name share a family, unless
// the metrics are not of one kind or could be taken for one another.
func TestAdd(t *testing.T) {
	const (
		gauge     = "# TYPE a gauge\na 1\n"
		counter   = "# TYPE a counter\na 1\n"
		sum       = "# TYPE a_sum gauge\na_sum 1\n"
		histogram = "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n"
		summary   = "# TYPE a summary\na{quantile=\"0.5\"} 1\na_sum 1\na_count 1\n"
		bucket    = "# TYPE a_bucket gauge\na_bucket 1\n"
	)
	for _, test := range []struct {
		name             string
		first, second    string
		taken, conflicts int
	}{
		{"one kind", gauge, gauge, 1, 0},
		{"two kinds", gauge, counter, 0, 1},
		{"two names", sum, gauge, 1, 0},
		{"a histogram after its sum", sum, histogram, 0, 4},
		{"a sum after its histogram", histogram, sum, 0, 1},
		{"a summary after its sum", sum, summary, 0, 3},
		{"a bucket beside a summary", summary, bucket, 1, 0},
		{"a bucket beside a histogram", histogram, bucket, 0, 1},
	} {
		all := exposition{}
		first, _ := parse([]byte(test.first), "storage/1", 100)
		all.add(first)
		second, lost := parse([]byte(test.second), "storage/2", 100)
		taken, conflicts := all.add(second)
		if taken != test.taken || conflicts != test.conflicts || lost != (dropped{}) {
			t.Errorf("%s: took %d, %d conflicts, lost %+v", test.name, taken, conflicts, lost)
		}
		check(t, test.name, all.sorted())
	}
}

// check fails the test when a registry that has other metrics would refuse the
// families, or a reader would not understand them.
func check(t testing.TB, what string, families []*dto.MetricFamily) {
	t.Helper()
	host := prometheus.NewRegistry()
	host.MustRegister(prometheus.NewGauge(prometheus.GaugeOpts{Name: "quay_plugin_up", Help: "x"}))
	drivers := prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return families, nil })
	if _, err := (prometheus.Gatherers{host, drivers}).Gather(); err != nil {
		t.Errorf("%s: %v", what, err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	shown := text(t, families)
	if _, err := parser.TextToMetricFamilies(strings.NewReader(shown)); err != nil {
		t.Errorf("%s: %v in\n%s", what, err, shown)
	}
}

// FuzzParse proves of any two texts that what is taken from them can be shown with
// the host's metrics, is bounded, and is the plugin's own.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a 1\n", "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 2\na_count 3\n",
		"# TYPE a summary\na{quantile=\"0.5\",plugin=\"x\"} NaN\na_sum +Inf\na_count 3 17\n",
		"# TYPE a untyped\na{b=\"\\n\\\\\\\"\"} -1e300\n# TYPE a gauge\na 1", "{\"a\"} 1\n", "# TYPE a_sum counter\na_sum 1\n",
	} {
		f.Add([]byte(seed), []byte("# TYPE a gauge\na 1\n"))
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		const max = 20
		all := exposition{}
		for i, in := range [][]byte{first, second} {
			id := fmt.Sprintf("storage/%d", i)
			families, _ := parse(in, id, max)
			if n := countAll(families); n > max {
				t.Errorf("%d series", n)
			}
			for _, f := range families {
				for _, m := range f.Metric {
					own := 0
					for _, l := range m.Label {
						if l.GetName() == pluginLabel && l.GetValue() == id {
							own++
						}
					}
					if own != 1 || !strings.HasPrefix(f.GetName(), prefix) {
						t.Errorf("%s has %v", f.GetName(), m.Label)
					}
				}
			}
			all.add(families)
		}
		check(t, "both", all.sorted())
	})
}

// BenchmarkParse shows what the metrics of an ordinary driver cost a look.
func BenchmarkParse(b *testing.B) {
	var in strings.Builder
	for i := range 30 {
		fmt.Fprintf(&in, "# HELP m%d_total what\n# TYPE m%d_total counter\n", i, i)
		for j := range 10 {
			fmt.Fprintf(&in, "m%d_total{x=\"%d\"} 1\n", i, j)
		}
	}
	for b.Loop() {
		if families, lost := parse([]byte(in.String()), "storage/x", 1000); len(families) != 30 || lost != (dropped{}) {
			b.Fatal(len(families), lost)
		}
	}
}
