package replay

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// lateRows is a database that gets a row a while after a request.
type lateRows struct {
	requests atomic.Int64
	looks    int
	delay    int
}

func (d *lateRows) Rows(context.Context) (Rows, error) {
	if d.looks++; d.requests.Load() == 0 || d.looks <= d.delay {
		return Rows{"log": tableOf()}, nil
	}
	return Rows{"log": tableOf(map[string]any{"id": int64(3), "name": "push"})}, nil
}

func (d *lateRows) Close() error { return nil }

// TestPlay proves how far a case gets: by status, answer and effects, and that effects
// may come late, but not too late.
func TestPlay(t *testing.T) {
	row := `"db":{"log":{"added":[{"name":"push"}]}}`
	for _, c := range []struct {
		name, steps, storage string
		delay                int
		level                Level
		difference           string
	}{
		{"passes", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200,` + row + `}}`, "", 0, Effects, ""},
		{"passes late", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200,` + row + `}}`, "", 3, Effects, ""},
		{"too late", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200,` + row + `}}`, "", 1 << 30, Response, "db.log.added: no item like"},
		{"unexpected row", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200}}`, `,"storage":{}`, 0, Response, "db.log.added: 1 unexpected"},
		{"missing object", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200,` + row + `}}`, `,"storage":{"added":[["us/a",1]]}`, 0, Response, "storage.added"},
		{"missing mail", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200,` + row + `,"mail":[{"to":[],"subject":"s"}]}}`, "", 0, Response, "mail: no item"},
		{"other body", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200,"body":{"text":"no"},` + row + `}}`, "", 0, Status, "step 0 GET /ok: body.text"},
		{"other status", `{"request":{"method":"GET","path":"/bad"},"expect":{"status":200}},{"request":{"method":"GET","path":"/never"},"expect":{"status":200}}`, "", 0, None, "status: want 200, got 404"},
		{"no answer", `{"request":{"method":"GET","path":"/drop"},"expect":{"status":200}}`, "", 0, None, "no answer"},
		{"binds over steps", `{"request":{"method":"GET","path":"/ok"},"expect":{"status":200,"headers":{"x-id":"{{int:id}}"}}},{"request":{"method":"GET","path":"/ok?{{id}}"},"expect":{"status":200,"headers":{"x-path":"/ok?41"}}}`, "", 0, Effects, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := &lateRows{delay: c.delay}
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rows.requests.Add(1)
				switch r.URL.Path {
				case "/drop":
					panic(http.ErrAbortHandler)
				case "/ok":
					w.Header().Set("X-Id", "41")
					w.Header().Set("X-Path", r.RequestURI)
					fmt.Fprint(w, "ok")
				default:
					w.WriteHeader(http.StatusNotFound)
				}
			}))
			defer web.Close()
			mail, err := OpenMailbox()
			if err != nil {
				t.Fatal(err)
			}
			defer mail.Close()
			parsed, err := parseCase([]byte(`{"id":"a/1","from":"x","steps":[` + c.steps + `]` + c.storage + `}`))
			if err != nil {
				t.Fatal(err)
			}
			stage := &Stage{dataset: &Dataset{}, objects: t.TempDir(), mail: mail, database: rows, address: web.Listener.Addr().String()}
			got, err := Play(t.Context(), parsed, stage, Options{Patience: 200 * time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			if got.Level != c.level || (len(got.Differences) > 0) != (c.difference != "") ||
				!strings.Contains(strings.Join(got.Differences, "\n"), c.difference) {
				t.Errorf("got %s %q, want %s with %q", got.Level, got.Differences, c.level, c.difference)
			}
			if strings.Contains(strings.Join(got.Differences, "\n"), "/never") {
				t.Error("it went on after a wrong status")
			}
		})
	}
}

// TestParse proves that nothing in a case is read over, and that long texts are
// unpacked.
func TestParse(t *testing.T) {
	for name, bad := range map[string]string{
		"unknown key":         `{"id":"a","steps":[{"request":{"method":"GET","path":"/"},"expect":{"status":200,"bodies":{}}}]}`,
		"no steps":            `{"id":"a","steps":[]}`,
		"no ID":               `{"steps":[{"request":{"method":"GET","path":"/"},"expect":{"status":200}}]}`,
		"neither":             `{"id":"a","steps":[{"expect":{"status":200}}]}`,
		"request and restart": `{"id":"a","steps":[{"request":{"method":"GET","path":"/"},"restart_with":{},"expect":{"status":200}}]}`,
		"broken text":         `{"id":"a","steps":[{"request":{"method":"GET","path":"/"},"expect":{"status":200,"body":{"text_gz":"aaaa"}}}]}`,
	} {
		if c, err := parseCase([]byte(bad)); err == nil {
			t.Errorf("%s: it is read as %+v", name, c)
		}
	}
	c, err := parseCase([]byte(`{"id":"a","from":"b","steps":[{"request":{"method":"GET","path":"/"},` +
		`"expect":{"status":200,"body":{"text_gz":"H4sIAAAAAAAC/8tIzcnJBwCGphA2BQAAAA=="}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Steps[0].Expect.Body["text"]; got != "hello" {
		t.Errorf("the text is %v", got)
	}
	if !c.ReadsOnly() {
		t.Error("it reads only")
	}
	c.Storage = &Changes{}
	if c.ReadsOnly() {
		t.Error("it may change objects")
	}
}
