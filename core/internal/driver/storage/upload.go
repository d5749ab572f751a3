package storage

import (
	"context"
	"encoding/json"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	sdk "github.com/quay/quay/sdk/storage"
)

// BeginUpload starts an empty upload, or empties one that exists. The state goes
// to the next call for the upload. It fails with errs.Unsupported when the store
// takes no uploads and Options.SpoolDir is empty.
func (l *Location) BeginUpload(ctx context.Context, id string) (state []byte, err error) {
	spooled := false
	err = l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		if spooled = !g.Has(l.instance, sdk.CapabilityUploads); spooled {
			return nil
		}
		resp, err := client(g.Conn()).BeginUpload(ctx, &storagev1.BeginUploadRequest{Instance: l.instance, Upload: id})
		if err == nil {
			state = resp.GetState()
			err = checkState(state)
		}
		return err
	})
	if err == nil && spooled {
		return []byte(spooledState), l.spool.begin(id)
	}
	return state, err
}

// AppendUpload continues an upload at an offset, which is not beyond its size; what
// it has after the offset is dropped. At offset 0 without a state it begins the
// upload. It, or the writer, fails with errs.NotFound when the store does not have
// the bytes before the offset any more. The caller closes the writer.
func (l *Location) AppendUpload(ctx context.Context, id string, offset int64, state []byte) (*UploadWriter, error) {
	if isSpooled(state) {
		return l.appendSpooled(id, offset)
	}
	w := &UploadWriter{state: state, at: offset, flushed: offset}
	spooled := false
	err := l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) (err error) {
		switch {
		case !g.Has(l.instance, sdk.CapabilityUploads):
			spooled = true
		case g.Has(l.instance, sdk.CapabilityLocalUploads):
			w.file, err = l.openUpload(ctx, g, id, offset)
		}
		if errs.Is(grpcerr.From(err), errs.OutOfRange) {
			err = lost(err)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case spooled:
		return l.appendSpooled(id, offset)
	case w.file != nil:
		return w, nil
	}
	if offset == 0 && len(state) == 0 {
		if state, err = l.BeginUpload(ctx, id); err != nil {
			return nil, err
		}
	}
	return l.appendStream(ctx, id, offset, state)
}

// lost is the error of an upload that is shorter than it was when a call for it
// was last acknowledged.
func lost(err error) error {
	return errs.Wrap(errs.NotFound, err, "the storage has lost a part of the upload")
}

func (l *Location) appendSpooled(id string, offset int64) (*UploadWriter, error) {
	f, err := l.spool.write(id, offset)
	if err != nil {
		return nil, err
	}
	return &UploadWriter{state: []byte(spooledState), file: f, spooled: true, at: offset, flushed: offset}, nil
}

// CommitUpload makes an upload of size bytes the object at path. When it returns
// nil the object survives the loss of power. Idempotent.
func (l *Location) CommitUpload(ctx context.Context, id, path string, size int64, state []byte) error {
	defer l.cache.invalidate(path)
	if isSpooled(state) {
		return l.commitSpooled(ctx, id, path, size)
	}
	return l.idempotent(ctx, l.opts.CommitTimeout, func(ctx context.Context, g *plugin.Generation) error {
		_, err := client(g.Conn()).CommitUpload(ctx, &storagev1.CommitUploadRequest{
			Instance: l.instance, Upload: id, Path: path, Size: size, State: state,
		})
		return err
	})
}

// CancelUpload drops an upload; one that does not exist is no error. Idempotent.
func (l *Location) CancelUpload(ctx context.Context, id string, state []byte) error {
	// Without a state nobody knows who began it, if anybody did.
	if isSpooled(state) || len(state) == 0 {
		if err := l.spool.remove(id); err != nil || isSpooled(state) {
			return err
		}
	}
	return l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		if !g.Has(l.instance, sdk.CapabilityUploads) {
			return nil
		}
		_, err := client(g.Conn()).CancelUpload(ctx, &storagev1.CancelUploadRequest{Instance: l.instance, Upload: id, State: state})
		return err
	})
}

// checkState fails unless a driver may have the host keep a state.
func checkState(state []byte) error {
	switch {
	case len(state) > protocol.MaxStateBytes:
		return errs.New(errs.Internal, "the storage driver wants %d bytes to be remembered for an upload, more than %d", len(state), protocol.MaxStateBytes)
	case len(state) > 0 && !json.Valid(state), isSpooled(state):
		return errs.New(errs.Internal, "the storage driver wants something to be remembered for an upload that is not a state")
	}
	return nil
}
