package storage

import (
	"context"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// driverError turns the error of a call into what it means for whoever called the
// location. Who the driver does not know, or what it does not understand, is this
// server, never the client of this server: a client that is told to log in because
// the store has changed its password would only try again.
func driverError(ctx context.Context, err error) error {
	err = grpcerr.From(err)
	switch kind := errs.KindOf(err); {
	case kind == errs.Unauthenticated, kind == errs.Denied:
		return errs.Wrap(errs.Unavailable, err, "the storage refuses this server")
	case kind == errs.Invalid, kind == errs.Exists, kind == errs.Unsupported:
		return errs.Wrap(errs.Internal, err, "the storage driver does not take a call that it must take")
	case kind == errs.Canceled && ctx.Err() == nil:
		return errs.Wrap(errs.Unavailable, err, "the storage driver gave up")
	}
	return err
}
