package tracing

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"

	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/protocol"
)

const (
	// pluginKey is the attribute that names a plugin.
	pluginKey = "quay.plugin"
	// maxQueued bounds the messages of plugins, of 512 spans each, that wait for the
	// collector; further ones are dropped.
	maxQueued = 16
	// uploadTimeout bounds one post to the collector.
	uploadTimeout = 10 * time.Second
)

// relay takes the spans of plugins and posts them to the collector.
type relay struct {
	client   otlptrace.Client
	host     *resource.Resource
	complain *complaints
	spans    *prometheus.CounterVec
	dropped  *prometheus.CounterVec

	ctx       context.Context // ends when the plugins are not listened to any more
	stop      context.CancelFunc
	mu        sync.Mutex
	closed    bool
	conns     map[*grpc.ClientConn]struct{} // listened to
	listeners sync.WaitGroup

	queue chan *tracepb.ResourceSpans // closed when there are no listeners
	done  chan struct{}               // closed when the queue is posted
}

func newRelay(client otlptrace.Client, host *resource.Resource, complain *complaints, registerer prometheus.Registerer) *relay {
	ctx, stop := context.WithCancel(context.Background())
	r := &relay{
		client:   client,
		host:     host,
		complain: complain,
		spans: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "quay_plugin_spans_total", Help: "spans of the plugin that were sent to the collector of traces",
		}, []string{"plugin"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "quay_plugin_spans_dropped_total", Help: "spans of the plugin that are lost, by the reason",
		}, []string{"plugin", "reason"}),
		ctx:   ctx,
		stop:  stop,
		conns: map[*grpc.ClientConn]struct{}{},
		queue: make(chan *tracepb.ResourceSpans, maxQueued),
		done:  make(chan struct{}),
	}
	registerer.MustRegister(r.spans, r.dropped)
	go r.post()
	return r
}

// close stops listening, posts what is there until ctx ends and returns when no
// goroutine is left.
func (r *relay) close(ctx context.Context) {
	r.mu.Lock()
	first := !r.closed
	r.closed = true
	r.mu.Unlock()
	if !first {
		return
	}
	r.stop()
	r.listeners.Wait()
	close(r.queue)
	select {
	case <-r.done:
	case <-ctx.Done():
	}
}

// listen takes the spans of the plugin at the other end of a connection, unless that is
// done already. It goes on until the connection is closed.
func (r *relay) listen(id string, conn *grpc.ClientConn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.conns[conn]; ok || r.closed {
		return
	}
	r.conns[conn] = struct{}{}
	r.listeners.Go(func() {
		r.take(id, conn)
		// A plugin that has no spans, or sent something strange, is not asked again.
		for s := conn.GetState(); s != connectivity.Shutdown && conn.WaitForStateChange(r.ctx, s); s = conn.GetState() {
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.conns, conn)
	})
}

// take reads spans until the plugin ends the call or is gone.
func (r *relay) take(id string, conn *grpc.ClientConn) {
	stream, err := basev1.NewTelemetryClient(conn).Spans(r.ctx, &basev1.SpansRequest{})
	if err != nil {
		return
	}
	plugin := r.resource(id)
	var lost uint64
	for {
		m, err := stream.Recv()
		if err != nil {
			return
		}
		if n := m.GetDropped(); n > lost {
			r.dropped.WithLabelValues(id, "plugin").Add(float64(n - lost))
			lost = n
		}
		spans, malformed := convert(m.GetSpans())
		if malformed > 0 {
			r.dropped.WithLabelValues(id, "malformed").Add(float64(malformed))
		}
		n := count(spans)
		if n == 0 {
			continue
		}
		select {
		case r.queue <- &tracepb.ResourceSpans{Resource: plugin, ScopeSpans: spans}:
			r.spans.WithLabelValues(id).Add(float64(n))
		default:
			r.dropped.WithLabelValues(id, "host").Add(float64(n))
		}
	}
}

// post posts what is in the queue, as much as there is at a time.
func (r *relay) post() {
	defer close(r.done)
	for first := range r.queue {
		batch := []*tracepb.ResourceSpans{first}
		for len(batch) < maxQueued {
			select {
			case next, ok := <-r.queue:
				if ok {
					batch = append(batch, next)
					continue
				}
			default:
			}
			break
		}
		ctx, cancel := context.WithTimeout(context.Background(), uploadTimeout)
		r.complain.about(r.client.UploadTraces(ctx, batch))
		cancel()
	}
}

// resource is that of a plugin: what the host says of itself, by the plugin's name.
func (r *relay) resource(id string) *resourcepb.Resource {
	kind, name, _ := strings.Cut(id, "/")
	own := resource.NewSchemaless(attribute.String(serviceName, protocol.BinaryName(kind, name)), attribute.String(pluginKey, id))
	merged, err := resource.Merge(r.host, own)
	if err != nil {
		merged = own
	}
	return &resourcepb.Resource{Attributes: keyValues(merged.Attributes())}
}
