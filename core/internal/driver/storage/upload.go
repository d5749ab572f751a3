package storage

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	sdk "github.com/quay/quay/sdk/storage"
)

// BeginUpload starts an empty upload, or empties one that exists. The state goes
// to the next call for the upload.
func (l *Location) BeginUpload(ctx context.Context, id string) (state []byte, err error) {
	err = l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		resp, err := client(g.Conn()).BeginUpload(ctx, &storagev1.BeginUploadRequest{Instance: l.instance, Upload: id})
		state = resp.GetState()
		return err
	})
	return state, err
}

// AppendUpload continues an upload at an offset, which is not beyond its size; what
// it has after the offset is dropped. At offset 0 without a state it begins the
// upload. The caller closes the writer.
func (l *Location) AppendUpload(ctx context.Context, id string, offset int64, state []byte) (*UploadWriter, error) {
	w := &UploadWriter{state: state}
	local := false
	err := l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) (err error) {
		if local = g.Has(l.instance, sdk.CapabilityLocalUploads); local {
			w.file, err = l.openUpload(ctx, g, id, offset)
			w.at, w.flushed = offset, offset
		}
		return err
	})
	if err != nil || local {
		return w, err
	}
	if offset == 0 && len(state) == 0 {
		if state, err = l.BeginUpload(ctx, id); err != nil {
			return nil, err
		}
	}
	return w, w.stream(ctx, l, id, offset, state)
}

// CommitUpload makes an upload of size bytes the object at path. When it returns
// nil the object survives the loss of power. Idempotent.
func (l *Location) CommitUpload(ctx context.Context, id, path string, size int64, state []byte) error {
	err := l.idempotent(ctx, l.opts.CommitTimeout, func(ctx context.Context, g *plugin.Generation) error {
		_, err := client(g.Conn()).CommitUpload(ctx, &storagev1.CommitUploadRequest{
			Instance: l.instance, Upload: id, Path: path, Size: size, State: state,
		})
		return err
	})
	l.cache.invalidate(path)
	return err
}

// CancelUpload drops an upload; one that does not exist is no error. Idempotent.
func (l *Location) CancelUpload(ctx context.Context, id string, state []byte) error {
	return l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		_, err := client(g.Conn()).CancelUpload(ctx, &storagev1.CancelUploadRequest{Instance: l.instance, Upload: id, State: state})
		return err
	})
}

// Put stores all of r as the object at path. When it returns nil the object is
// whole and durable. It is for small objects: the bytes pass through the plugin,
// and only an object of at most 1 MiB is stored again when the plugin crashes.
func (l *Location) Put(ctx context.Context, path string, r io.Reader) error {
	defer l.cache.invalidate(path)
	piece := make([]byte, pieceBytes)
	n, err := io.ReadFull(r, piece)
	whole := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !whole {
		return err
	}
	call := plugin.Call{Idempotent: whole, Timeout: -1}
	if whole {
		r = nil
		call.Timeout = l.opts.CommitTimeout
	}
	return l.sup.Do(ctx, call, func(ctx context.Context, g *plugin.Generation) error {
		return l.write(ctx, g, path, piece[:n], r)
	})
}

// write stores a first piece and what follows it in r, which may be nil.
func (l *Location) write(ctx context.Context, g *plugin.Generation, path string, piece []byte, r io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // After a failure it makes the driver drop what came.
	stream, err := client(g.Conn()).Write(ctx)
	if err != nil {
		return err
	}
	err = stream.Send(&storagev1.WriteRequest{Instance: l.instance, Path: path, Data: piece})
	for ended := r == nil; err == nil && !ended; {
		n, readErr := io.ReadFull(r, piece[:cap(piece)])
		ended = errors.Is(readErr, io.EOF) || errors.Is(readErr, io.ErrUnexpectedEOF)
		if readErr != nil && !ended {
			return readErr
		}
		err = stream.Send(&storagev1.WriteRequest{Data: piece[:n]})
	}
	// When Send has failed the answer says why.
	_, err = stream.CloseAndRecv()
	return err
}

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
	at, flushed int64

	// Another. The context is that of AppendUpload.
	ctx    context.Context
	lease  *plugin.Lease
	cancel context.CancelFunc
	client grpc.ClientStreamingClient[storagev1.AppendUploadRequest, storagev1.AppendUploadResponse]
	sent   int64
	piece  []byte
	first  *storagev1.AppendUploadRequest // nil when sent
}

// stream makes w a writer that sends its bytes to the plugin.
func (w *UploadWriter) stream(ctx context.Context, l *Location, id string, offset int64, state []byte) error {
	lease, err := l.sup.Lease(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	stream, err := client(lease.Conn()).AppendUpload(ctx)
	if err != nil {
		_, err = lease.Failure(ctx, err)
		cancel()
		lease.Release()
		return err
	}
	w.ctx, w.lease, w.cancel, w.client = ctx, lease, cancel, stream
	w.first = &storagev1.AppendUploadRequest{Instance: l.instance, Upload: id, Offset: offset, State: state}
	return nil
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
	err := w.client.Send(request)
	w.sent += int64(len(w.piece))
	w.piece = w.piece[:0]
	if err != nil {
		// The stream is broken; its answer says why.
		_, err = w.client.CloseAndRecv()
		if err == nil {
			return errs.New(errs.Internal, "the driver ended the upload early")
		}
		return w.failure(err)
	}
	return nil
}

// failure turns an error of the stream into one of package errs.
func (w *UploadWriter) failure(err error) error {
	_, err = w.lease.Failure(w.ctx, err)
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
		f := w.file
		w.file = nil
		if err := f.Close(); err != nil {
			return nil, writeError(err)
		}
		return w.state, nil
	case w.client != nil:
		if err := w.sendPiece(); err != nil {
			return nil, err
		}
		resp, err := w.client.CloseAndRecv()
		switch {
		case err != nil:
			return nil, w.failure(err)
		case resp.GetAdded() != w.sent:
			return nil, errs.New(errs.Internal, "the driver added %d bytes of %d", resp.GetAdded(), w.sent)
		}
		return resp.GetState(), nil
	}
	return nil, errs.Wrap(errs.Internal, os.ErrClosed, "the upload's writer is closed")
}

// Close releases the writer. Unless Finish came first it gives up what was
// written. Repeating it does no harm.
func (w *UploadWriter) Close() error {
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
	if w.lease != nil {
		w.cancel()
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
