// Package spans is a plugin's side of traces: it takes the context of a trace from a
// call, records the spans of the call and of what the driver does in it, and keeps
// those that have ended until the host takes them.
package spans

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/protocol"
)

const (
	// maxWaiting bounds the spans that wait for the host; further ones are dropped.
	maxWaiting = 2048
	// maxBatch bounds the spans of one message, and maxBatchBytes their size before the
	// last one: a stream ends with a message that is too large.
	maxBatch      = 512
	maxBatchBytes = protocol.MaxMessageBytes / 2
	// linger is how long a span waits for others that go with it. A plugin that crashes
	// takes the spans of that time with it.
	linger = 50 * time.Millisecond
)

// Recorder records spans of the traces that the host records, and no others: it
// begins no trace by itself. Its methods may be called from many goroutines.
type Recorder struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	ended    chan sdktrace.ReadOnlySpan
	flush    chan chan struct{} // to the sender, which closes what it gets

	mu      sync.Mutex
	dropped uint64
	sending chan struct{} // closed when the sender ends; nil when there is none
}

// New returns a recorder of nothing yet. It has no goroutine.
func New() *Recorder {
	r := &Recorder{ended: make(chan sdktrace.ReadOnlySpan, maxWaiting), flush: make(chan chan struct{})}
	r.provider = sdktrace.NewTracerProvider(
		sdktrace.WithResource(resource.Empty()), // What the plugin is the host knows.
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.NeverSample())),
		sdktrace.WithSpanProcessor(processor{r}),
		sdktrace.WithRawSpanLimits(sdktrace.SpanLimits{
			AttributeValueLengthLimit:   1024,
			AttributeCountLimit:         64,
			EventCountLimit:             64,
			AttributePerEventCountLimit: 16,
		}),
	)
	r.tracer = r.provider.Tracer("github.com/quay/quay/sdk")
	return r
}

// Provider is for libraries that make spans. Those whose context comes from a call
// are a part of the call's trace.
func (r *Recorder) Provider() trace.TracerProvider { return r.provider }

// processor takes the spans that have ended.
type processor struct{ r *Recorder }

func (processor) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (processor) Shutdown(context.Context) error                  { return nil }
func (processor) ForceFlush(context.Context) error                { return nil }

func (p processor) OnEnd(s sdktrace.ReadOnlySpan) {
	if !s.SpanContext().IsSampled() {
		return
	}
	select {
	case p.r.ended <- s:
	default:
		p.r.mu.Lock()
		p.r.dropped++
		p.r.mu.Unlock()
	}
}

// Send calls send with the spans that end, several at a time, until ctx ends or send
// fails. One Send at a time may run: another one fails with errs.Conflict.
func (r *Recorder) Send(ctx context.Context, send func(*basev1.SpansResponse) error) error {
	end := make(chan struct{})
	r.mu.Lock()
	busy := r.sending != nil
	if !busy {
		r.sending = end
	}
	r.mu.Unlock()
	if busy {
		return errs.New(errs.Conflict, "the plugin's spans are being sent already")
	}
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sending = nil
		close(end)
	}()
	for {
		first, flushed, err := r.wait(ctx)
		if err != nil {
			return err
		}
		for batch := r.batch(first); batch != nil; batch = r.batch(nil) {
			if err := send(batch); err != nil {
				return err
			}
		}
		if flushed != nil {
			close(flushed)
		}
	}
}

// wait waits for a span and then a little for more, or for somebody who does not want
// to wait any longer.
func (r *Recorder) wait(ctx context.Context) (first sdktrace.ReadOnlySpan, flushed chan struct{}, err error) {
	select {
	case first = <-r.ended:
	case flushed = <-r.flush:
		return nil, flushed, nil
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	timer := time.NewTimer(linger)
	defer timer.Stop()
	select {
	case <-timer.C:
	case flushed = <-r.flush:
	case <-ctx.Done():
	}
	return first, flushed, nil
}

// batch is a message of what is there, or nil. The first span, which may be nil, comes
// before what r holds.
func (r *Recorder) batch(first sdktrace.ReadOnlySpan) *basev1.SpansResponse {
	m := &basev1.SpansResponse{}
	size := 0
	add := func(s sdktrace.ReadOnlySpan) {
		span := message(s)
		size += proto.Size(span)
		m.Spans = append(m.Spans, span)
	}
	if first != nil {
		add(first)
	}
	for len(m.Spans) < maxBatch && size < maxBatchBytes {
		select {
		case s := <-r.ended:
			add(s)
			continue
		default:
		}
		break
	}
	if len(m.Spans) == 0 {
		return nil
	}
	r.mu.Lock()
	m.Dropped = r.dropped
	r.mu.Unlock()
	return m
}

// Flush returns when the spans that have ended were sent, when nobody sends them, or
// when ctx ends.
func (r *Recorder) Flush(ctx context.Context) {
	r.mu.Lock()
	sending := r.sending
	r.mu.Unlock()
	if sending == nil {
		return
	}
	flushed := make(chan struct{})
	select {
	case r.flush <- flushed:
	case <-sending:
		return
	case <-ctx.Done():
		return
	}
	select {
	case <-flushed:
	case <-sending:
	case <-ctx.Done():
	}
}
