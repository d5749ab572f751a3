package scrape

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"google.golang.org/protobuf/proto"
)

const (
	// prefix begins the names of all metrics that a driver counts.
	prefix = "quay_plugin_driver_"
	// pluginLabel says whose metrics they are. A driver's own label of that name
	// becomes exported_plugin, as Prometheus itself renames labels.
	pluginLabel = "plugin"
	exported    = "exported_"
	// noHelp stands where a driver explains nothing.
	noHelp = "counted by the driver, which does not say what it means"
)

// dropped counts what was left out of a plugin's metrics: series, or the pieces of
// the text that could not be read.
type dropped struct {
	// limit: there were too many.
	limit int
	// malformed: it is not what Prometheus takes.
	malformed int
	// conflict: another plugin has metrics of the name with another meaning.
	conflict int
}

// parse reads a plugin's text and returns its families, relabelled and in the order
// of their names, with max series at most.
func parse(text []byte, id string, max int) ([]*dto.MetricFamily, dropped) {
	var lost dropped
	read := map[string]*dto.MetricFamily{}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	for _, piece := range pieces(text) {
		families, err := parser.TextToMetricFamilies(bytes.NewReader(piece))
		if err != nil {
			lost.malformed++
			continue
		}
		for name, f := range families {
			if read[name] != nil {
				lost.malformed += count(f)
				continue
			}
			read[name] = f
		}
	}
	var kept []*dto.MetricFamily
	for _, name := range slices.Sorted(maps.Keys(read)) {
		f := read[name]
		relabel(f, id)
		over := limit(f, max)
		lost.limit += over
		if len(f.Metric) == 0 {
			continue
		}
		max -= count(f)
		kept = append(kept, f)
	}
	before := countAll(kept)
	kept = consistent(kept)
	lost.malformed += before - countAll(kept)
	return kept, lost
}

// pieces cuts a text before the comments with which a family begins, so that what
// is malformed in one family costs that family.
func pieces(text []byte) [][]byte {
	if !bytes.HasSuffix(text, []byte("\n")) {
		text = append(slices.Clip(text), '\n')
	}
	var list [][]byte
	var current string
	begin, at := 0, 0
	for line := range bytes.Lines(text) {
		if name := subject(line); name != "" && name != current {
			if at > begin {
				list = append(list, text[begin:at])
			}
			begin, current = at, name
		}
		at += len(line)
	}
	if at > begin {
		list = append(list, text[begin:])
	}
	return list
}

// subject is the name of the family that a comment is about, or "".
func subject(line []byte) string {
	words := strings.Fields(string(line[:min(len(line), 256)]))
	if len(words) < 3 || words[0] != "#" || words[1] != "HELP" && words[1] != "TYPE" {
		return ""
	}
	return words[2]
}

// relabel gives a family the host's prefix and its metrics the plugin's label.
func relabel(f *dto.MetricFamily, id string) {
	f.Name = proto.String(prefix + f.GetName())
	help := strings.ToValidUTF8(f.GetHelp(), "?")
	if help == "" {
		help = noHelp
	}
	f.Help = proto.String(help)
	for _, m := range f.Metric {
		m.TimestampMs = nil // The clock that counts is that of Prometheus.
		taken := map[string]bool{}
		for _, l := range m.Label {
			taken[l.GetName()] = true
		}
		for _, l := range m.Label {
			if l.GetName() != pluginLabel {
				continue
			}
			name := exported + pluginLabel
			for taken[name] {
				name = exported + name
			}
			l.Name = proto.String(name)
			taken[name] = true
		}
		m.Label = append(m.Label, &dto.LabelPair{Name: proto.String(pluginLabel), Value: proto.String(id)})
		slices.SortFunc(m.Label, func(a, b *dto.LabelPair) int { return cmp.Compare(a.GetName(), b.GetName()) })
	}
}

// limit cuts a family to max series at most, and returns the number of those that
// it took away.
func limit(f *dto.MetricFamily, max int) (over int) {
	for i, m := range f.Metric {
		if max -= size(m); max < 0 {
			over = countMetrics(f.Metric[i:])
			f.Metric = f.Metric[:i]
			break
		}
	}
	return over
}

// consistent returns the families without what a registry would refuse: labels that
// may not be, the same series twice, a name that is another family's with a suffix.
func consistent(families []*dto.MetricFamily) []*dto.MetricFamily {
	checked, _ := prometheus.Gatherers{prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		return families, nil
	})}.Gather() // It returns what is good beside the errors of the rest.
	return checked
}

// count is the number of series of a family, as a reader of the text sees them.
func count(f *dto.MetricFamily) int { return countMetrics(f.Metric) }

func countAll(families []*dto.MetricFamily) int {
	n := 0
	for _, f := range families {
		n += count(f)
	}
	return n
}

func countMetrics(metrics []*dto.Metric) int {
	n := 0
	for _, m := range metrics {
		n += size(m)
	}
	return n
}

// size is the number of series of one metric.
func size(m *dto.Metric) int {
	switch {
	case m.Histogram != nil:
		return len(m.Histogram.Bucket) + 2 // sum and count
	case m.Summary != nil:
		return len(m.Summary.Quantile) + 2
	}
	return 1
}
