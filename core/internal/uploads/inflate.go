package uploads

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"sync"
)

// inflater measures how large compressed content is when it is inflated, as it
// passes (util/registry/gzipstream.py). Its goroutine ends with size. A nil one
// measures nothing.
type inflater struct {
	in  *io.PipeWriter
	out func() *int64
}

func newInflater() *inflater {
	r, w := io.Pipe()
	result := make(chan *int64, 1)
	go func() {
		n := inflated(r)
		_, _ = io.Copy(io.Discard, r) // whoever writes must not wait for a reader
		result <- n
	}()
	return &inflater{w, sync.OnceValue(func() *int64 {
		_ = w.Close() // a pipe's does not fail
		return <-result
	})}
}

func (i *inflater) write(p []byte) {
	if i != nil {
		_, _ = i.in.Write(p) // the reader takes everything
	}
}

// size ends the content and returns its size; nil when it is not compressed.
func (i *inflater) size() *int64 {
	if i == nil {
		return nil
	}
	return i.out()
}

// inflated reads one gzip or zlib stream and returns its size; nil when it is none.
// What breaks off counts as far as it goes, be it in the header.
func inflated(r io.Reader) *int64 {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err != nil {
		return new(int64) // too little to say what it is not
	}
	var z io.Reader
	switch {
	case head[0] == 0x1f && head[1] == 0x8b:
		g, failed := gzip.NewReader(b)
		if failed == nil {
			g.Multistream(false)
		}
		z, err = g, failed
	default:
		z, err = zlib.NewReader(b)
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return new(int64)
	case err != nil:
		return nil
	}
	n, err := io.Copy(io.Discard, z)
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, zlib.ErrChecksum) {
		return nil
	}
	return &n
}
