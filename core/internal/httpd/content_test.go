package httpd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

const etag = `"sha256:abc"`

// fileContent is content in a file, as the local driver has it.
type fileContent struct {
	*os.File
	size    int64
	limited io.LimitedReader
}

func (c *fileContent) Size() int64 { return c.size }

func (c *fileContent) Range(_ context.Context, off, n int64) (io.Reader, error) {
	if _, err := c.Seek(off, io.SeekStart); err != nil {
		return nil, err
	}
	c.limited = io.LimitedReader{R: c.File, N: n}
	return &c.limited, nil
}

// streamContent is content that is not a file, as other drivers have it.
type streamContent struct{ *bytes.Reader }

func (c streamContent) Range(_ context.Context, off, n int64) (io.Reader, error) {
	return io.MultiReader(io.NewSectionReader(c.Reader, off, n)), nil // a reader and nothing more
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails
	return b
}

// serve runs a server of a content that open makes for each request.
func serve(t *testing.T, open func(t *testing.T) Content) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x")
		c := open(t)
		if closer, ok := c.(io.Closer); ok {
			defer closer.Close()
		}
		started, err := ServeContent(w, r, etag, c)
		if err != nil && !started {
			w.WriteHeader(Status(err))
			return
		}
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// contents are servers of the same bytes as a file and as a stream.
func contents(t *testing.T, data []byte) map[string]*httptest.Server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return map[string]*httptest.Server{
		"file": serve(t, func(t *testing.T) Content {
			f, err := os.Open(path)
			if err != nil {
				t.Error(err)
			}
			return &fileContent{File: f, size: int64(len(data))}
		}),
		"stream": serve(t, func(*testing.T) Content { return streamContent{bytes.NewReader(data)} }),
	}
}

// get asks for a content with some headers, and reads the whole answer.
func get(t *testing.T, s *httptest.Server, method string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// TestRange proves which bytes, status and headers the forms of one range are
// answered with: for content that goes out in one write, just too large for that,
// and larger than a window.
func TestRange(t *testing.T) {
	for _, size := range []int{1000, small, small + 1, 2*window + 12345} {
		data := random(size)
		end := size - 1
		for kind, s := range contents(t, data) {
			for header, want := range map[string][2]int{ // first and last byte; 200 for the whole, 416 for nothing
				"":                                {200},
				"bytes=0-0":                       {0, 0},
				"bytes=10-19":                     {10, 19},
				"bytes=0-":                        {0, end},
				"bytes=990-":                      {990, end},
				"bytes=-5":                        {end - 4, end},
				"bytes=-999999999999999999999":    {0, end},
				"bytes=0-999999999999999999999":   {0, end},
				fmt.Sprint("bytes=", end, "-"):    {end, end},
				" bytes=0-0":                      {0, 0}, // HTTP drops the space
				"bytes= 1-2 ":                     {1, 2},
				"bytes=0-1,999999999-":            {0, 1},
				fmt.Sprint("bytes=", size, "-"):   {416},
				"bytes=999999999999999999999-":    {416},
				"bytes=999999999-9999999999":      {416},
				"bytes=-0":                        {416},
				"bytes=-0,999999999-":             {416},
				"bytes=5-2":                       {200},
				"bytes=-":                         {200},
				"bytes=":                          {200},
				"bytes=,":                         {200},
				"bytes=1":                         {200},
				"bytes=--5":                       {200},
				"bytes=+1-2":                      {200},
				"bytes=1-2-3":                     {200},
				"bytes=0x1-2":                     {200},
				"bytes=a-b":                       {200},
				"bytes=1-2,x":                     {200},
				"bytes":                           {200},
				"pages=0-1":                       {200},
				fmt.Sprint("bytes=0-,0-", end):    {200}, // more than the whole
				"bytes=0-600,400-,0-600,400-,0-0": {200},
			} {
				if strings.HasPrefix(header, "bytes=0-600") && size != 1000 {
					continue // less than the whole there
				}
				resp, body := get(t, s, http.MethodGet, "Range", header)
				got := [2]string{resp.Status[:3], resp.Header.Get("Content-Range")}
				expect := [2]string{"206", fmt.Sprintf("bytes %d-%d/%d", want[0], want[1], size)}
				bytesWanted := []byte(nil)
				switch want[0] {
				case 200:
					expect, bytesWanted = [2]string{"200"}, data
				case 416:
					expect = [2]string{"416", fmt.Sprint("bytes */", size)}
				default:
					bytesWanted = data[want[0] : want[1]+1]
				}
				// Whether a whole answer announces ranges is the caller's to decide.
				announced := map[string][2]string{"206": {etag, "bytes"}}[got[0]]
				if got != expect || !bytes.Equal(body, bytesWanted) || resp.ContentLength != int64(len(bytesWanted)) ||
					[2]string{resp.Header.Get("Etag"), resp.Header.Get("Accept-Ranges")} != announced {
					t.Errorf("%s of %d bytes, %q: %v with %d bytes and %v, want %v with %d",
						kind, size, header, got, len(body), resp.Header, expect, len(bytesWanted))
				}
			}
		}
	}
}

// TestEmptyContent proves that no bytes at all are served as such.
func TestEmptyContent(t *testing.T) {
	for kind, s := range contents(t, nil) {
		for header, status := range map[string]int{"": 200, "bytes=0-": 416, "bytes=-1": 416, "bytes=x": 200} {
			resp, body := get(t, s, http.MethodGet, "Range", header)
			if resp.StatusCode != status || len(body) != 0 || resp.ContentLength != 0 {
				t.Errorf("%s, %q: %s with %d bytes", kind, header, resp.Status, len(body))
			}
		}
	}
}

// TestMultipleRanges proves that each part has its bytes and says where they are
// from, in the order of the request, and that the length is told beforehand.
func TestMultipleRanges(t *testing.T) {
	for _, size := range []int{1000, 4*window + 12345} {
		data := random(size)
		for kind, s := range contents(t, data) {
			for header, ranges := range map[string][][2]int{
				"bytes=0-9,20-29,-1":                  {{0, 9}, {20, 29}, {size - 1, size - 1}},
				"bytes=500-599 , 0-99":                {{500, 599}, {0, 99}},
				"bytes=0-9,0-9":                       {{0, 9}, {0, 9}},
				"bytes=0-9,999999999-,10-19":          {{0, 9}, {10, 19}},
				fmt.Sprintf("bytes=0-0,2-%d", size/2): {{0, 0}, {2, size / 2}},
			} {
				resp, body := get(t, s, http.MethodGet, "Range", header)
				if resp.StatusCode != http.StatusPartialContent || resp.ContentLength != int64(len(body)) {
					t.Errorf("%s, %q: %s with %d bytes, said %d", kind, header, resp.Status, len(body), resp.ContentLength)
					continue
				}
				wantParts(t, kind+" "+header, resp, body, data, ranges)
			}
		}
	}
}

// wantParts fails the test unless a body has the parts of data.
func wantParts(t *testing.T, what string, resp *http.Response, body, data []byte, ranges [][2]int) {
	t.Helper()
	mediaType, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/byteranges" {
		t.Errorf("%s: %s %v", what, mediaType, err)
		return
	}
	m := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for _, want := range ranges {
		part, err := m.NextRawPart()
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		got, err := io.ReadAll(part)
		contentRange := fmt.Sprintf("bytes %d-%d/%d", want[0], want[1], len(data))
		if err != nil || !bytes.Equal(got, data[want[0]:want[1]+1]) || part.Header.Get("Content-Range") != contentRange ||
			part.Header.Get("Content-Type") != "application/x" {
			t.Errorf("%s: a part with %d bytes and %v, want %s", what, len(got), part.Header, contentRange)
		}
	}
	if _, err := m.NextRawPart(); err != io.EOF {
		t.Errorf("%s: after the last part: %v", what, err)
	}
}

// TestManyRanges proves that 1024 ranges are served and one more is not, so that
// a request of a few kilobytes cannot ask for any amount of work.
func TestManyRanges(t *testing.T) {
	data := random(10_000)
	for _, n := range []int{maxRanges, maxRanges + 1, 20_000} {
		var header strings.Builder
		var ranges [][2]int
		for i := range n {
			first := i * 7 % len(data)
			ranges = append(ranges, [2]int{first, first})
			fmt.Fprintf(&header, ",%d-%d", first, first)
		}
		for kind, s := range contents(t, data) {
			resp, body := get(t, s, http.MethodGet, "Range", "bytes="+header.String()[1:])
			switch {
			case n <= maxRanges:
				wantParts(t, kind, resp, body, data, ranges)
			case resp.StatusCode != http.StatusOK || !bytes.Equal(body, data):
				t.Errorf("%s, %d ranges: %s with %d bytes", kind, n, resp.Status, len(body))
			}
		}
	}
}

// TestConditions proves that a client which has the content gets no bytes, and
// that a range of other content than it believes is answered with the whole.
func TestConditions(t *testing.T) {
	data := random(1000)
	for kind, s := range contents(t, data) {
		for _, tc := range []struct {
			name, value string
			ranged      bool
			status      int
		}{
			{"If-None-Match", etag, false, 304},
			{"If-None-Match", etag, true, 304},
			{"If-None-Match", "W/" + etag, false, 304},
			{"If-None-Match", `"x", ` + etag + `, "y"`, false, 304},
			{"If-None-Match", "*", false, 304},
			{"If-None-Match", `"other"`, false, 200},
			{"If-None-Match", `"other"`, true, 206},
			{"If-None-Match", "sha256:abc", false, 200},
			{"If-Range", etag, true, 206},
			{"If-Range", `"other"`, true, 200},
			{"If-Range", "W/" + etag, true, 200}, // a strong comparison
			{"If-Range", "Sat, 01 Aug 2026 12:00:00 GMT", true, 200},
			{"If-Range", `"other"`, false, 200},
		} {
			header := []string{tc.name, tc.value}
			if tc.ranged {
				header = append(header, "Range", "bytes=10-19")
			}
			resp, body := get(t, s, http.MethodGet, header...)
			want := map[int][]byte{200: data, 206: data[10:20], 304: nil}[tc.status]
			if resp.StatusCode != tc.status || !bytes.Equal(body, want) || (resp.Header.Get("Etag") == etag) != (tc.status != 200) {
				t.Errorf("%s, %s: %s, range %v: %s with %d bytes", kind, tc.name, tc.value, tc.ranged, resp.Status, len(body))
			}
		}
	}
}

// TestHeadHasNoRanges proves that Range means nothing on HEAD: what is answered
// describes the whole.
func TestHeadHasNoRanges(t *testing.T) {
	for kind, s := range contents(t, random(1000)) {
		resp, body := get(t, s, http.MethodHead, "Range", "bytes=0-1")
		if resp.StatusCode != http.StatusOK || resp.ContentLength != 1000 || len(body) != 0 {
			t.Errorf("%s: %s, %d bytes, said %d", kind, resp.Status, len(body), resp.ContentLength)
		}
	}
}

// FuzzParseRanges proves that no header makes a range that is not inside of the
// content, or more ranges than allowed.
func FuzzParseRanges(f *testing.F) {
	for _, header := range []string{"bytes=0-", "bytes=-5", "bytes=5-2", "bytes=1-2,3-4,-1", "bytes=9223372036854775807-9223372036854775808"} {
		f.Add(header, int64(1000))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		size &= 1<<63 - 1
		ranges, valid := parseRanges(header, size)
		if !valid && ranges != nil || len(ranges) > maxRanges {
			t.Errorf("valid %v, %d ranges", valid, len(ranges))
		}
		for _, r := range ranges {
			if r.start < 0 || r.length <= 0 || r.length > size || r.start > size-r.length {
				t.Errorf("%+v of %d bytes", r, size)
			}
		}
		if _, ok := number(header); ok && strings.ContainsAny(header, "+-. ") {
			t.Errorf("%q is a number", header)
		}
	})
}

// TestStatuses proves that every kind of error has a status that says as much.
func TestStatuses(t *testing.T) {
	for kind := errs.Internal; kind <= errs.Corrupt; kind++ {
		if _, known := statusOf[kind]; !known {
			t.Errorf("no status for %v", kind)
		}
	}
	if s := Status(context.DeadlineExceeded); s != http.StatusGatewayTimeout {
		t.Errorf("a deadline is %d", s)
	}
	if s := Status(io.ErrUnexpectedEOF); s != http.StatusInternalServerError {
		t.Errorf("something else is %d", s)
	}
}
