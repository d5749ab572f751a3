package plugintest

import (
	"context"
	"os"

	"github.com/quay/quay/core/internal/plugin/fd"
)

// Receive returns a function, in the form that the conformance suite wants, that
// makes a call with a ticket and returns the descriptor that came for it. The
// descriptor is not checked: that is the suite's task.
func Receive(r *fd.Receiver) func(ctx context.Context, call func(ticket uint64) error) (*os.File, error) {
	return func(ctx context.Context, call func(ticket uint64) error) (*os.File, error) {
		ticket, err := r.Expect()
		if err != nil {
			return nil, err
		}
		defer ticket.Cancel()
		if err := call(ticket.Number()); err != nil {
			return nil, err
		}
		return ticket.TakeUnchecked(ctx, "received")
	}
}
