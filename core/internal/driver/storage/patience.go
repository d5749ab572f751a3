package storage

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// patience is the context of a stream that ends when the driver makes the host
// wait for too long, however long the whole takes. A client that is slow does not
// count: the host waits for it, not for the driver.
type patience struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// newPatience begins with a context of its own below ctx. The caller ends it.
func newPatience(ctx context.Context) *patience {
	p := new(patience)
	p.ctx, p.cancel = context.WithCancelCause(ctx)
	return p
}

// end ends the stream.
func (p *patience) end() { p.cancel(nil) }

// silence is why a stream ended whose driver was silent.
type silence struct{ error }

// await runs a step of the stream that may have to wait for the driver. When it
// does so for longer than limit the stream ends and the error is errs.Timeout, that of
// later steps too.
func (p *patience) await(limit time.Duration, step func() error) error {
	timer := time.AfterFunc(limit, func() {
		p.cancel(silence{errs.New(errs.Timeout, "the storage driver was silent for %v", limit)})
	})
	defer timer.Stop()
	err := step()
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	// A timeout of the caller's is another matter.
	if silent := (silence{}); errors.As(context.Cause(p.ctx), &silent) {
		return silent.error
	}
	return err
}
