package storage

import (
	"context"
	"errors"
	"os"
	"syscall"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
)

const (
	// pieceBytes is the size of a message of a stream.
	pieceBytes = protocol.MaxDataBytes
	// writeBack is how many bytes of a local upload may wait for the disk to be
	// told of them: so that a commit finds most of them written.
	writeBack = 8 << 20
)

// UploadWriter appends to an upload. One goroutine uses it at a time.
type UploadWriter struct {
	state []byte
	err   error // the first failure; nothing is written after it

	// A local upload.
	file        *os.File
	spooled     bool // The host keeps it, and no commit of a driver syncs it.
	at, flushed int64

	// Another. The context is that of AppendUpload.
	ctx      context.Context
	opts     *Options
	lease    *plugin.Lease
	patience *patience
	client   grpc.ClientStreamingClient[storagev1.AppendUploadRequest, storagev1.AppendUploadResponse]
	sent     int64
	piece    []byte
	first    *storagev1.AppendUploadRequest // nil when sent
}

// appendStream returns a writer that sends its bytes to the plugin.
func (l *Location) appendStream(ctx context.Context, id string, offset int64, state []byte) (*UploadWriter, error) {
	lease, err := l.sup.Lease(ctx)
	if err != nil {
		return nil, err
	}
	w := &UploadWriter{
		state: state, ctx: ctx, opts: &l.opts, lease: lease, patience: newPatience(ctx),
		first: &storagev1.AppendUploadRequest{Instance: l.instance, Upload: id, Offset: offset, State: state},
	}
	if w.client, err = client(lease.Conn()).AppendUpload(w.patience.ctx); err != nil {
		err = w.failure(err)
		w.Close()
		return nil, err
	}
	return w, nil
}

// Write implements io.Writer. It fails with errs.Exhausted when the store is full.
func (w *UploadWriter) Write(p []byte) (n int, err error) {
	switch {
	case w.err != nil:
		return 0, w.err
	case w.file != nil:
		n, err = w.file.Write(p)
		w.at += int64(n)
		if w.at-w.flushed >= writeBack {
			startWriteBack(w.file, w.flushed, w.at-w.flushed)
			w.flushed = w.at
		}
		err = writeError(err)
	case w.client != nil:
		n, err = w.send(p)
	default:
		err = errs.Wrap(errs.Internal, os.ErrClosed, "the upload's writer is closed")
	}
	w.err = err
	return n, err
}

// send collects pieces of a good size and sends them.
func (w *UploadWriter) send(p []byte) (int, error) {
	if w.piece == nil {
		w.piece = make([]byte, 0, pieceBytes)
	}
	written := 0
	for len(p) > 0 {
		n := min(len(p), cap(w.piece)-len(w.piece))
		w.piece = append(w.piece, p[:n]...)
		p = p[n:]
		written += n
		if len(w.piece) == cap(w.piece) {
			if err := w.sendPiece(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

func (w *UploadWriter) sendPiece() error {
	request := w.first
	if request == nil {
		if len(w.piece) == 0 {
			return nil
		}
		request = &storagev1.AppendUploadRequest{}
	}
	w.first = nil
	request.Data = w.piece
	err := w.patience.await(w.opts.TransferTimeout, func() error { return w.client.Send(request) })
	w.sent += int64(len(w.piece))
	w.piece = w.piece[:0]
	if err == nil {
		return nil
	}
	// The stream is broken; its answer says why.
	if _, err = w.answer(); err == nil {
		err = errs.New(errs.Internal, "the storage driver ended the upload early")
	}
	return err
}

// answer ends the stream and returns what the driver says of it.
func (w *UploadWriter) answer() (resp *storagev1.AppendUploadResponse, err error) {
	err = w.patience.await(w.opts.answerTimeout(), func() (err error) {
		resp, err = w.client.CloseAndRecv()
		return err
	})
	if err != nil {
		return nil, w.failure(err)
	}
	return resp, nil
}

// failure turns an error of the stream into one of package errs.
func (w *UploadWriter) failure(err error) error {
	if _, err = failure(w.ctx, w.lease, err); errs.Is(err, errs.OutOfRange) {
		return lost(err)
	}
	return err
}

// Finish ends the writing and returns the state for the next call. Without it what
// was written may be lost. The writer must be closed all the same.
func (w *UploadWriter) Finish(context.Context) (state []byte, err error) {
	if w.err != nil {
		return nil, w.err
	}
	defer w.Close()
	switch {
	case w.file != nil:
		return w.state, writeError(w.finishFile())
	case w.client != nil:
		if err := w.sendPiece(); err != nil {
			return nil, err
		}
		resp, err := w.answer()
		switch {
		case err != nil:
			return nil, err
		case resp.GetAdded() != w.sent:
			return nil, errs.New(errs.Internal, "the storage driver added %d bytes of %d", resp.GetAdded(), w.sent)
		}
		return resp.GetState(), checkState(resp.GetState())
	}
	return nil, errs.Wrap(errs.Internal, os.ErrClosed, "the upload's writer is closed")
}

// finishFile closes the file of a local or spooled upload.
func (w *UploadWriter) finishFile() (err error) {
	f := w.file
	w.file = nil
	if w.spooled {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Close releases the writer. Unless Finish came first it gives up what was
// written. Repeating it does no harm.
func (w *UploadWriter) Close() error {
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
	if w.lease != nil {
		w.patience.end()
		w.lease.Release()
		w.lease, w.client = nil, nil
	}
	return nil
}

// writeError gives the errors of writing to a file of the store their kinds.
func writeError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return errs.Wrap(errs.Exhausted, err, "the storage is full")
	}
	return errs.Wrap(errs.Internal, err, "the upload cannot be written")
}
