package httpd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Content is something with a size that can be read in ranges.
type Content interface {
	Size() int64
	// Range returns a reader over n bytes from off, valid until the next call. An
	// *io.LimitedReader over an *os.File is sent without copying.
	Range(ctx context.Context, off, n int64) (io.Reader, error)
	io.ReaderAt
}

const (
	// maxRanges is how many ranges one request may ask for: lazy pullers ask for
	// hundreds of small ones at once.
	maxRanges = 1024
	// small content goes out in one write instead of a header and a sendfile.
	small = 64 << 10
	// window is what is sent between two looks at the clock; a client has Stall to
	// take it.
	window = 1 << 20
)

// byteRange is a part of a content.
type byteRange struct{ start, length int64 }

func (r byteRange) header(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", r.start, r.start+r.length-1, size)
}

// ServeContent answers a GET with content that never changes under its etag:
// whole, or the ranges that were asked for (RFC 9110, section 14). Headers that
// the caller set are kept; whether a whole answer says that there are ranges, and the
// etag, is the caller's to decide. An error is a failure to read the content; when
// started is true, part of an answer is out and the connection must be given up.
func ServeContent(w http.ResponseWriter, r *http.Request, etag string, c Content) (started bool, err error) {
	size := c.Size()
	h := w.Header()
	if match := r.Header.Get("If-None-Match"); match != "" && matchesEtag(match, etag) {
		h.Set("Etag", etag)
		w.WriteHeader(http.StatusNotModified)
		return true, nil
	}
	ranges, ok := requested(r, etag, size)
	if !ok {
		h.Set("Content-Range", "bytes */"+strconv.FormatInt(size, 10))
		return false, errRange
	}
	if len(ranges) == 0 {
		h.Set("Content-Length", strconv.FormatInt(size, 10))
		return send(w, r, c, byteRange{0, size}, http.StatusOK)
	}
	h.Set("Etag", etag)
	h.Set("Accept-Ranges", "bytes")
	if len(ranges) == 1 {
		h.Set("Content-Range", ranges[0].header(size))
		h.Set("Content-Length", strconv.FormatInt(ranges[0].length, 10))
		return send(w, r, c, ranges[0], http.StatusPartialContent)
	}
	return sendMultipart(w, r, c, ranges)
}

// matchesEtag compares weakly with a list of entity tags.
func matchesEtag(list, etag string) bool {
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}

// requested returns the ranges that a request asks for; none means the whole.
// ok is false when it asks for nothing that is there.
func requested(r *http.Request, etag string, size int64) (ranges []byteRange, ok bool) {
	header := r.Header.Get("Range")
	if header == "" || r.Method != http.MethodGet {
		return nil, true
	}
	if cond := r.Header.Get("If-Range"); cond != "" && cond != etag {
		return nil, true
	}
	ranges, valid := parseRanges(header, size)
	if !valid {
		return nil, true // a malformed header is as good as none
	}
	if len(ranges) == 0 {
		return nil, false
	}
	var total int64
	for _, rg := range ranges {
		total += rg.length
	}
	if total > size {
		return nil, true // overlapping ranges: the whole is less work
	}
	return ranges, true
}

// parseRanges parses a Range header. Ranges that begin beyond the end are left
// out.
func parseRanges(header string, size int64) (ranges []byteRange, valid bool) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok || strings.Count(spec, ",") >= maxRanges {
		return nil, false
	}
	for part := range strings.SplitSeq(spec, ",") {
		first, last, dash := strings.Cut(strings.TrimSpace(part), "-")
		if !dash {
			return nil, false
		}
		var rg byteRange
		if first == "" {
			n, ok := number(last)
			if !ok {
				return nil, false
			}
			n = min(n, size)
			rg = byteRange{size - n, n}
		} else {
			start, ok := number(first)
			if !ok {
				return nil, false
			}
			end := size - 1
			if last != "" {
				e, ok := number(last)
				if !ok || e < start {
					return nil, false
				}
				end = min(e, end)
			}
			rg = byteRange{start, end - start + 1}
		}
		if rg.length > 0 && rg.start < size {
			ranges = append(ranges, rg)
		}
	}
	return ranges, true
}

// number parses digits; too many of them are the largest number.
func number(s string) (int64, bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 1<<63 - 1, true
	}
	return n, err == nil
}

var smallBuffers = sync.Pool{New: func() any { b := make([]byte, small); return &b }}

// send writes one range after the status.
func send(w http.ResponseWriter, r *http.Request, c Content, rg byteRange, status int) (started bool, err error) {
	if rg.length <= small {
		buf := smallBuffers.Get().(*[]byte)
		defer smallBuffers.Put(buf)
		b := (*buf)[:rg.length]
		if n, err := c.ReadAt(b, rg.start); n < len(b) {
			takeBack(w.Header())
			return false, fmt.Errorf("read content: %w", err)
		}
		w.WriteHeader(status)
		_, _ = w.Write(b) // the client is gone when this fails
		return true, nil
	}
	src, err := c.Range(r.Context(), rg.start, rg.length)
	if err != nil {
		takeBack(w.Header())
		return false, err
	}
	w.WriteHeader(status)
	return true, copyWindows(w, w, src, rg.length)
}

// takeBack removes what describes a content that cannot be sent: the caller
// answers with something else.
func takeBack(h http.Header) {
	for _, name := range []string{"Content-Length", "Content-Range", "Accept-Ranges", "Etag"} {
		h.Del(name)
	}
}

// copyWindows copies n bytes and gives the client a fresh deadline for each
// window, so that one that takes nothing does not hold a connection for ever.
// dst is w, or a part of a multipart body that ends up there.
func copyWindows(w http.ResponseWriter, dst io.Writer, src io.Reader, n int64) error {
	control := http.NewResponseController(w)
	lr, limited := src.(*io.LimitedReader)
	if !limited {
		lr = &io.LimitedReader{R: src}
	}
	for sent := int64(0); sent < n; {
		_ = control.SetWriteDeadline(time.Now().Add(Stall)) // not every writer has one
		lr.N = min(window, n-sent)
		part, err := io.Copy(dst, lr)
		sent += part
		if err != nil {
			return err
		}
		if part == 0 {
			return io.ErrUnexpectedEOF
		}
	}
	return nil
}

// sendMultipart writes several ranges as multipart/byteranges.
func sendMultipart(w http.ResponseWriter, r *http.Request, c Content, ranges []byteRange) (started bool, err error) {
	contentType := w.Header().Get("Content-Type")
	var counter countingWriter
	m := multipart.NewWriter(&counter)
	// The parts are laid out twice: once without content, to know the length.
	for _, rg := range ranges {
		if _, err := m.CreatePart(partHeader(contentType, rg, c.Size())); err != nil {
			return false, err
		}
		counter += countingWriter(rg.length)
	}
	if err := m.Close(); err != nil {
		return false, err
	}
	h := w.Header()
	h.Set("Content-Type", "multipart/byteranges; boundary="+m.Boundary())
	h.Set("Content-Length", strconv.FormatInt(int64(counter), 10))
	out := multipart.NewWriter(w)
	if err := out.SetBoundary(m.Boundary()); err != nil {
		return false, err
	}
	w.WriteHeader(http.StatusPartialContent)
	for _, rg := range ranges {
		part, err := out.CreatePart(partHeader(contentType, rg, c.Size()))
		if err != nil {
			return true, err
		}
		src, err := c.Range(r.Context(), rg.start, rg.length)
		if err != nil {
			return true, err
		}
		if err := copyWindows(w, part, src, rg.length); err != nil {
			return true, err
		}
	}
	return true, out.Close()
}

func partHeader(contentType string, rg byteRange, size int64) textproto.MIMEHeader {
	return textproto.MIMEHeader{"Content-Type": {contentType}, "Content-Range": {rg.header(size)}}
}

type countingWriter int64

func (c *countingWriter) Write(p []byte) (int, error) {
	*c += countingWriter(len(p))
	return len(p), nil
}
