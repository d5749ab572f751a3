package distributiondriver

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/log"
)

const (
	// smallBytes is the size up to which an object is held in memory, to be stored by
	// one call.
	smallBytes = 1 << 20
	// leftoverAge is the age from which a temporary object is not being written.
	leftoverAge = 24 * time.Hour
	// cleanTimeout bounds the cleaning up after a failure, which goes on when the
	// caller has given up.
	cleanTimeout = 10 * time.Second
)

// Put implements storage.Store.
func (s *store) Put(ctx context.Context, path string, r io.Reader) error {
	at := escape(path)
	if s.options.AtomicPut {
		head, err := io.ReadAll(io.LimitReader(r, smallBytes+1))
		if err == nil {
			err = context.Cause(ctx)
		}
		switch {
		case err != nil:
			return s.failure(ctx, err, "receive the object")
		case len(head) <= smallBytes:
			return s.stored(ctx, s.driver.PutContent(ctx, at, head))
		}
		r = io.MultiReader(bytes.NewReader(head), r)
	}
	if s.options.AtomicCommit {
		_, err := s.write(ctx, at, r)
		return err
	}
	return s.writeAndMove(ctx, at, r)
}

// writeAndMove writes to a temporary path and moves the whole object to its own.
func (s *store) writeAndMove(ctx context.Context, at string, r io.Reader) (err error) {
	temp := tempDir + "/" + rand.Text()
	defer func() {
		if err != nil {
			s.remove(ctx, temp)
		}
	}()
	size, err := s.write(ctx, temp, r)
	if err != nil {
		return err
	}
	written, err := s.driver.Stat(ctx, temp)
	if err != nil {
		return s.stored(ctx, err)
	}
	if written.Size() != size {
		return errs.New(errs.Internal, "the storage driver kept %d of %d bytes", written.Size(), size)
	}
	// A driver may put the object in the place of all that is below its path.
	switch below, err := s.anyBelow(ctx, at); {
	case err != nil:
		return err
	case below:
		return errs.New(errs.Conflict, "cannot store the object: there are others below its path")
	}
	return s.stored(ctx, s.driver.Move(ctx, temp, at))
}

// write gives all of r to a writer and returns how much that was. When it fails the
// writer is cancelled.
func (s *store) write(ctx context.Context, at string, r io.Reader) (int64, error) {
	w, err := s.driver.Writer(ctx, at, false)
	if err != nil {
		return 0, s.stored(ctx, err)
	}
	size, err := io.Copy(w, r)
	if err == nil {
		// The caller may have given up while the last bytes arrived.
		err = context.Cause(ctx)
	}
	if err == nil {
		err = w.Commit(ctx)
	}
	if err != nil {
		clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
		defer cancel()
		if err := errors.Join(w.Cancel(clean), w.Close()); err != nil {
			// Drivers differ in what they allow after a failure.
			log.From(ctx).Debug("a writer was not cancelled", "error", err)
		}
		return size, s.stored(ctx, err)
	}
	return size, s.stored(ctx, w.Close())
}

// stored is the failure of a call that stores an object. That something is missing
// then says nothing about the object.
func (s *store) stored(ctx context.Context, err error) error {
	err = s.failure(ctx, err, "store the object")
	switch {
	case notDirectory(err):
		return errs.Wrap(errs.Conflict, err, "cannot store the object: a part of its path is an object")
	case errs.Is(err, errs.NotFound):
		return errs.Wrap(errs.Unavailable, err, "cannot store the object: the storage driver lost a part of it")
	}
	return err
}

// remove removes a temporary object that may be there.
func (s *store) remove(ctx context.Context, temp string) {
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
	defer cancel()
	if err := unlessMissing(s.failure(clean, s.driver.Delete(clean, temp), "remove a temporary object")); err != nil {
		log.From(ctx).Warn("a temporary object is left", "error", err)
	}
}

// removeLeftovers removes the temporary objects of processes that died.
func (s *store) removeLeftovers(ctx context.Context) {
	if s.options.AtomicCommit {
		return // There are none.
	}
	temps, err := s.driver.List(ctx, tempDir)
	if err := unlessMissing(s.failure(ctx, err, "list the temporary objects")); err != nil {
		log.From(ctx).Warn("the temporary objects of dead processes stay", "error", err)
		return
	}
	for _, temp := range temps {
		info, err := s.driver.Stat(ctx, temp)
		if err == nil && !info.IsDir() && time.Since(info.ModTime()) > leftoverAge {
			s.remove(ctx, temp)
			log.From(ctx).Info("removed what a dead process left", "object", temp)
		}
	}
}
