package measure

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// DialOptions count the calls on the connections that are made with them. The id
// is the plugin's: "storage/local".
func (m *Metrics) DialOptions(id string) []grpc.DialOption {
	c := &caller{metrics: m, id: id, descriptors: m.descriptors.WithLabelValues(id)}
	return []grpc.DialOption{grpc.WithChainUnaryInterceptor(c.unary), grpc.WithChainStreamInterceptor(c.stream)}
}

// caller counts the calls of one plugin.
type caller struct {
	metrics     *Metrics
	id          string
	descriptors prometheus.Counter
	methods     sync.Map // from full method name to *method; nil for those not counted
}

// method is the series of one method that a good call needs.
type method struct {
	caller   *caller
	name     string
	ok       prometheus.Counter
	duration prometheus.Observer
}

func (c *caller) unary(ctx context.Context, name string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	m := c.method(name)
	if m == nil {
		return invoke(ctx, name, req, reply, conn, opts...)
	}
	begin := time.Now()
	err := invoke(ctx, name, req, reply, conn, opts...)
	m.count(err, time.Since(begin))
	// A call with a ticket succeeds only after a descriptor was sent.
	if ticket, ok := req.(interface{ GetTicket() uint64 }); ok && err == nil && ticket.GetTicket() != 0 {
		c.descriptors.Inc()
	}
	return err
}

func (c *caller) stream(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, name string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	if m := c.method(name); m != nil {
		begin := time.Now()
		opts = append(opts, grpc.OnFinish(func(err error) { m.count(err, time.Since(begin)) }))
	}
	return open(ctx, desc, conn, name, opts...)
}

// method finds the series of a method, or nil when the method is not counted.
func (c *caller) method(full string) *method {
	if m, ok := c.methods.Load(full); ok {
		return m.(*method)
	}
	var m *method
	if name := label(full); name != "" {
		m = &method{
			caller:   c,
			name:     name,
			ok:       c.metrics.calls.WithLabelValues(c.id, name, "ok"),
			duration: c.metrics.durations.WithLabelValues(c.id, name),
		}
	}
	known, _ := c.methods.LoadOrStore(full, m)
	return known.(*method)
}

func (m *method) count(err error, took time.Duration) {
	m.duration.Observe(took.Seconds())
	if err == nil {
		m.ok.Inc()
		return
	}
	m.caller.metrics.calls.WithLabelValues(m.caller.id, m.name, code(err)).Inc()
}

// code is the kind of an error as a label.
func code(err error) string {
	return strings.ReplaceAll(errs.KindOf(grpcerr.From(err)).String(), " ", "_")
}

const (
	// ours begins the names of Quay's services; a label goes without it.
	ours = "quay.plugin."
	// telemetry begins the methods that serve whoever looks at the metrics. They say
	// nothing of the plugin's work, and that of its spans lasts as long as the process.
	telemetry = "quay.plugin.base.v1.Telemetry/"
)

// label is what a method is called in metrics, "storage.v1.Storage/Stat" for
// "/quay.plugin.storage.v1.Storage/Stat", or "" for a method that is not counted: those
// of other services and those that are not in the protocol.
func label(full string) string {
	path := strings.TrimPrefix(full, "/")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(strings.ReplaceAll(path, "/", ".")))
	_, method := d.(protoreflect.MethodDescriptor)
	if err != nil || !method || !strings.HasPrefix(path, ours) || strings.HasPrefix(path, telemetry) {
		return ""
	}
	return strings.TrimPrefix(path, ours)
}
