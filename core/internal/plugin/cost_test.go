package plugin_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin"
)

// The benchmarks of this file are the table of costs in docs/plugins, which "make
// bench-plugins" measures.

// samples are durations, of which quantiles are reported.
type samples []time.Duration

func (s samples) report(b *testing.B, unit time.Duration, name string) {
	slices.Sort(s)
	for _, q := range []int{50, 99} {
		d := s[(len(s)-1)*q/100]
		b.ReportMetric(float64(d)/float64(unit), fmt.Sprintf("p%d-%s", q, name))
	}
	b.ReportMetric(0, "ns/op") // The mean says less.
}

// BenchmarkCostStart is a start of the local driver: from the binary to an instance
// that was configured and probed; and the memory of a process that has nothing to
// do.
func BenchmarkCostStart(b *testing.B) {
	var took samples
	var resident float64
	opts := options(b)
	opts.Logger = nil
	for b.Loop() {
		begin := time.Now()
		sup, err := plugin.Start(b.Context(), opts)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
		resident = residentMiB(b, sup.Status().PID)
		stop(sup)
	}
	took.report(b, time.Millisecond, "ms")
	b.ReportMetric(resident, "MiB")
}

// residentMiB is the memory of a process that is in use.
func residentMiB(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	var kib float64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		b.Fatal(err)
	}
	return kib / 1024
}

// BenchmarkCostCall is a unary call and its answer.
func BenchmarkCostCall(b *testing.B) {
	opts := options(b)
	opts.Logger = nil
	sup := start(b, opts)
	var took samples
	for b.Loop() {
		begin := time.Now()
		_, _ = stat(b.Context(), sup, plugin.Call{}, "missing") // It is missing, and quickly so.
		took = append(took, time.Since(begin))
	}
	took.report(b, time.Microsecond, "µs")
}

// BenchmarkCostDescriptor is the opening of an object of which the host holds no
// descriptor: a call with a descriptor beside the answer.
func BenchmarkCostDescriptor(b *testing.B) {
	opts := options(b)
	opts.Logger = nil
	sup := start(b, opts)
	l := storage.NewLocation(sup, "default", storage.Options{IdleDescriptors: -1})
	defer l.Close()
	if err := l.Put(b.Context(), "object", strings.NewReader("content")); err != nil {
		b.Fatal(err)
	}
	var took samples
	for b.Loop() {
		begin := time.Now()
		o, err := l.Open(b.Context(), "object")
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
		o.Close()
	}
	took.report(b, time.Microsecond, "µs")
}

// BenchmarkCostStream is the reading of an object of a store that is not of this
// machine: 64 MiB through the connection.
func BenchmarkCostStream(b *testing.B) {
	const size = 64 << 20
	b.Setenv(roleKey, "plain")
	opts := testOptions(b, "plain")
	opts.Logger = nil
	sup := start(b, opts)
	l := storage.NewLocation(sup, "default", storage.Options{})
	defer l.Close()
	b.SetBytes(size)
	for b.Loop() {
		o, err := l.Open(b.Context(), fmt.Sprint("zeros/", size))
		if err != nil {
			b.Fatal(err)
		}
		r, err := o.Range(context.Background(), 0, -1)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n != size {
			b.Fatalf("%d bytes, error %v", n, err)
		}
		o.Close()
	}
}
