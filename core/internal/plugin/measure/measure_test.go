package measure_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"google.golang.org/grpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/measure"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// answers is a storage service that answers as it is told.
type answers struct {
	storagev1.UnimplementedStorageServer
	err error
}

func (a answers) Stat(context.Context, *storagev1.StatRequest) (*storagev1.StatResponse, error) {
	return &storagev1.StatResponse{}, grpcerr.To(a.err)
}

func (a answers) OpenDescriptor(context.Context, *storagev1.OpenDescriptorRequest) (*storagev1.OpenDescriptorResponse, error) {
	return &storagev1.OpenDescriptorResponse{}, grpcerr.To(a.err)
}

func (a answers) Read(_ *storagev1.ReadRequest, stream storagev1.Storage_ReadServer) error {
	for range 3 {
		if err := stream.Send(&storagev1.ReadResponse{Data: []byte("x")}); err != nil {
			return err
		}
	}
	return grpcerr.To(a.err)
}

func (a answers) Write(stream storagev1.Storage_WriteServer) error {
	for {
		if _, err := stream.Recv(); errors.Is(err, io.EOF) {
			return stream.SendAndClose(&storagev1.WriteResponse{})
		} else if err != nil {
			return err
		}
	}
}

// serve serves a and returns a connection that is measured.
func serve(t testing.TB, m *measure.Metrics, a answers) grpc.ClientConnInterface {
	t.Helper()
	process, err := plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) {
		storagev1.RegisterStorageServer(r, a)
	})(t.Context(), launch.Spec{DialOptions: m.DialOptions("storage/test")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { process.Kill() })
	return process.Conn()
}

// TestCalls proves that each call is counted once, whatever its form and its end,
// and that methods that are not of the protocol make no series.
func TestCalls(t *testing.T) {
	registry := prometheus.NewRegistry()
	m := measure.New(registry)
	good := serve(t, m, answers{})
	bad := serve(t, m, answers{err: errs.New(errs.NotFound, "no")})
	ctx := t.Context()

	storage := storagev1.NewStorageClient(good)
	for range 2 {
		if _, err := storage.Stat(ctx, &storagev1.StatRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, ticket := range []uint64{0, 1, 2} {
		if _, err := storage.OpenDescriptor(ctx, &storagev1.OpenDescriptorRequest{Ticket: ticket}); err != nil {
			t.Fatal(err)
		}
	}
	read, err := storage.Read(ctx, &storagev1.ReadRequest{})
	for err == nil {
		_, err = read.Recv()
	}
	if !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	write, err := storage.Write(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := write.Send(&storagev1.WriteRequest{}); err != nil {
		t.Fatal(err)
	}
	if _, err := write.CloseAndRecv(); err != nil {
		t.Fatal(err)
	}
	// One that nobody reads to its end.
	given, giveUp := context.WithCancel(ctx)
	if _, err := storage.Read(given, &storagev1.ReadRequest{}); err != nil {
		t.Fatal(err)
	}
	giveUp() // The call ends a little later.

	failing := storagev1.NewStorageClient(bad)
	if _, err := failing.Stat(ctx, &storagev1.StatRequest{}); err == nil {
		t.Fatal("no error")
	}
	if _, err := failing.OpenDescriptor(ctx, &storagev1.OpenDescriptorRequest{Ticket: 3}); err == nil {
		t.Fatal("no error")
	}
	list, err := failing.List(ctx, &storagev1.ListRequest{})
	if err != nil {
		t.Fatal(err) // Opening a stream waits for no answer.
	}
	if _, err := list.Recv(); err == nil {
		t.Fatal("no error")
	}
	// Neither a method of another service, nor one that serves the operator, nor one
	// that does not exist.
	if _, err := basev1.NewTelemetryClient(good).Metrics(ctx, &basev1.MetricsRequest{}); err == nil {
		t.Fatal("no error")
	}
	if _, err := healthv1.NewHealthClient(good).Check(ctx, &healthv1.HealthCheckRequest{}); err == nil {
		t.Fatal("no error")
	}
	if err := good.Invoke(ctx, "/quay.plugin.storage.v1.Storage/Nothing", &storagev1.StatRequest{}, &storagev1.StatResponse{}); err == nil {
		t.Fatal("no error")
	}

	const want = `
# HELP quay_plugin_calls_total calls of the plugin that have ended, by what became of them
# TYPE quay_plugin_calls_total counter
quay_plugin_calls_total{code="canceled",method="storage.v1.Storage/Read",plugin="storage/test"} 1
quay_plugin_calls_total{code="not_found",method="storage.v1.Storage/OpenDescriptor",plugin="storage/test"} 1
quay_plugin_calls_total{code="not_found",method="storage.v1.Storage/Stat",plugin="storage/test"} 1
quay_plugin_calls_total{code="ok",method="storage.v1.Storage/List",plugin="storage/test"} 0
quay_plugin_calls_total{code="ok",method="storage.v1.Storage/OpenDescriptor",plugin="storage/test"} 3
quay_plugin_calls_total{code="ok",method="storage.v1.Storage/Read",plugin="storage/test"} 1
quay_plugin_calls_total{code="ok",method="storage.v1.Storage/Stat",plugin="storage/test"} 2
quay_plugin_calls_total{code="ok",method="storage.v1.Storage/Write",plugin="storage/test"} 1
quay_plugin_calls_total{code="unsupported",method="storage.v1.Storage/List",plugin="storage/test"} 1
# HELP quay_plugin_descriptors_total open files that the plugin said it passed to the host
# TYPE quay_plugin_descriptors_total counter
quay_plugin_descriptors_total{plugin="storage/test"} 2
`
	compare := func() error {
		return testutil.GatherAndCompare(registry, strings.NewReader(want), "quay_plugin_calls_total", "quay_plugin_descriptors_total")
	}
	for end := time.Now().Add(5 * time.Second); compare() != nil && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if err := compare(); err != nil {
		t.Error(err)
	}
}

// state is a plugin in a state.
type state plugin.Status

func (s *state) Status() plugin.Status { return plugin.Status(*s) }

// TestStates proves that a plugin's status is shown as it is when somebody looks,
// with the numbers of its process while there is one, and no longer than the
// plugin is watched.
func TestStates(t *testing.T) {
	registry := prometheus.NewRegistry()
	m := measure.New(registry)
	s := &state{
		Kind: "storage", Name: "test", State: plugin.Degraded, Generation: 4, PID: os.Getpid(), StartTook: 50 * time.Millisecond,
		Crashes: 3, Restarts: 2, Retries: 5, InFlight: 7, Queued: 8,
		Instances: []plugin.InstanceStatus{{Name: "near", Healthy: true}, {Name: "far"}},
	}
	forget := m.Watch(s)
	const want = `
# HELP quay_plugin_calls_in_flight calls and transfers that are under way
# TYPE quay_plugin_calls_in_flight gauge
quay_plugin_calls_in_flight{plugin="storage/test"} 7
# HELP quay_plugin_calls_queued calls and transfers that wait for their turn
# TYPE quay_plugin_calls_queued gauge
quay_plugin_calls_queued{plugin="storage/test"} 8
# HELP quay_plugin_crashes_total processes of the plugin that went by themselves
# TYPE quay_plugin_crashes_total counter
quay_plugin_crashes_total{plugin="storage/test"} 3
# HELP quay_plugin_generation processes of the plugin that were started
# TYPE quay_plugin_generation gauge
quay_plugin_generation{plugin="storage/test"} 4
# HELP quay_plugin_instance_up 1 while the instance can be used
# TYPE quay_plugin_instance_up gauge
quay_plugin_instance_up{plugin="storage/test",plugin_instance="far"} 0
quay_plugin_instance_up{plugin="storage/test",plugin_instance="near"} 1
# HELP quay_plugin_restarts_total processes of the plugin that took the place of one that crashed
# TYPE quay_plugin_restarts_total counter
quay_plugin_restarts_total{plugin="storage/test"} 2
# HELP quay_plugin_retries_total calls that were made once more because the process died under them
# TYPE quay_plugin_retries_total counter
quay_plugin_retries_total{plugin="storage/test"} 5
# HELP quay_plugin_start_duration_seconds seconds that the process that serves took to start, to be configured and probed
# TYPE quay_plugin_start_duration_seconds gauge
quay_plugin_start_duration_seconds{plugin="storage/test"} 0.05
# HELP quay_plugin_state 1 for the state that the plugin is in, 0 for the others
# TYPE quay_plugin_state gauge
quay_plugin_state{plugin="storage/test",state="backoff"} 0
quay_plugin_state{plugin="storage/test",state="degraded"} 1
quay_plugin_state{plugin="storage/test",state="draining"} 0
quay_plugin_state{plugin="storage/test",state="failed"} 0
quay_plugin_state{plugin="storage/test",state="healthy"} 0
quay_plugin_state{plugin="storage/test",state="quarantined"} 0
quay_plugin_state{plugin="storage/test",state="starting"} 0
quay_plugin_state{plugin="storage/test",state="stopped"} 0
# HELP quay_plugin_up 1 while the plugin answers calls, even if not all is well
# TYPE quay_plugin_up gauge
quay_plugin_up{plugin="storage/test"} 1
`
	values := gather(t, registry)
	if bytes := values["quay_plugin_resident_memory_bytes"]; bytes < 1<<20 {
		t.Errorf("%v bytes are resident", bytes)
	}
	// The kernel counts in hundredths of a second; looking takes time, too.
	for end := time.Now().Add(5 * time.Second); gather(t, registry)["quay_plugin_cpu_seconds_total"] <= 0; {
		if time.Now().After(end) {
			t.Fatal("no processor time was used")
		}
	}
	s.PID = 0
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	// One that takes its place does not appear beside it, nor go with it.
	next := &state{Kind: "storage", Name: "test", State: plugin.Healthy, Generation: 5}
	forgetNext := m.Watch(next)
	forget()
	if got := gather(t, registry)["quay_plugin_generation"]; got != 5 {
		t.Errorf("generation %v", got)
	}
	forgetNext()
	if values := gather(t, registry); len(values) != 0 {
		t.Errorf("a plugin that is not watched has %v", slices.Sorted(maps.Keys(values)))
	}
}

// gather returns the last value of each metric that has no histogram, and fails
// the test when a metric breaks the rules of Prometheus.
func gather(t *testing.T, registry *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	var text bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&text, f); err != nil {
			t.Fatal(err)
		}
		for _, m := range f.GetMetric() {
			values[f.GetName()] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	problems, err := promlint.New(&text).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	return values
}

// TestGone proves that a process that is gone, or was never there, takes only its
// own numbers with it.
func TestGone(t *testing.T) {
	registry := prometheus.NewRegistry()
	m := measure.New(registry)
	m.Watch(&state{Kind: "storage", Name: "gone", State: plugin.Healthy, PID: 1 << 30})
	m.Watch(&state{Kind: "storage", Name: "here", State: plugin.Healthy, PID: os.Getpid()})
	for name, want := range map[string]int{"quay_plugin_up": 2, "quay_plugin_resident_memory_bytes": 1, "quay_plugin_cpu_seconds_total": 1} {
		if got, err := testutil.GatherAndCount(registry, name); err != nil || got != want {
			t.Errorf("%s: %d series, %v, want %d", name, got, err, want)
		}
	}
}

// BenchmarkCall shows what counting costs a call: the connection does nothing.
func BenchmarkCall(b *testing.B) {
	for _, measured := range []bool{false, true} {
		name := map[bool]string{false: "bare", true: "measured"}[measured]
		b.Run(name, func(b *testing.B) {
			var options []grpc.DialOption
			if measured {
				options = measure.New(prometheus.NewRegistry()).DialOptions("storage/test")
			}
			process, err := plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) {
				basev1.RegisterLifecycleServer(r, lifecycle{})
			})(b.Context(), launch.Spec{DialOptions: options})
			if err != nil {
				b.Fatal(err)
			}
			defer process.Kill()
			client := basev1.NewLifecycleClient(process.Conn())
			for b.Loop() {
				if _, err := client.Probe(b.Context(), &basev1.ProbeRequest{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type lifecycle struct {
	basev1.UnimplementedLifecycleServer
}

func (lifecycle) Probe(context.Context, *basev1.ProbeRequest) (*basev1.ProbeResponse, error) {
	return &basev1.ProbeResponse{}, nil
}
