package replay

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestSessionCookie proves that a session is signed as itsdangerous does it. The first
// value is one that Python wrote; zlib of Go packs otherwise, so the second is what it
// unpacks to that counts.
func TestSessionCookie(t *testing.T) {
	now := time.Unix(1795493614, 0)
	got, err := sessionCookie("secret", map[string]any{"a": "b"}, now)
	if want := "eyJhIjoiYiJ9.awUO7g.udMr0aU6H_glv8MLekBuRqSrFWs"; err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	got, err = sessionCookie("secret", map[string]any{"_csrf_token": strings.Repeat("x", 80)}, now)
	if err != nil || !strings.HasPrefix(got, ".eJ") || strings.Count(got, ".") != 3 || len(got) > 120 {
		t.Errorf("a long session is %s, %v; want it packed", got, err)
	}
}

// TestFill proves what is put into a request.
func TestFill(t *testing.T) {
	b := Bindings{"id": int64(7), "name": `a"b`, "flag": true}
	for in, want := range map[string]string{
		"/v2/{{name}}/{{id}}": `/v2/a"b/7`,
		"{{unknown}}":         "{{unknown}}",
		"{{uuid:name}}":       "{{uuid:name}}",
		"plain":               "plain",
	} {
		if got := b.fill(in); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
	if got, want := string(b.fillJSON([]byte(`{"x":"{{name}}","y":"{{id}}"}`))), `{"x":"a\"b","y":"7"}`; got != want {
		t.Errorf("JSON: got %s, want %s", got, want)
	}
	for in, form := range map[string]string{
		"{{epoch+60}}": `^\d{10}$`, "{{epochms-60}}": `^\d{13}$`,
		"{{iso+0}}": `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, "{{usdate+86400}}": `^\d\d/\d\d/\d{4}$`,
	} {
		if got := b.fill(in); !regexp.MustCompile(form).MatchString(got) {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

// TestSend proves that a request goes out as it was recorded, and how its answer comes
// back.
func TestSend(t *testing.T) {
	type seen struct {
		line, host, body string
		header           http.Header
	}
	var got seen
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = seen{r.Method + " " + r.RequestURI, r.Host, string(body), r.Header}
		w.Header().Add("X-Two", "1")
		w.Header().Add("X-Two", "2")
		w.Header().Add("Set-Cookie", "other=1")
		w.Header().Add("Set-Cookie", "_csrf_token=minted; Path=/")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusFound)
	}))
	defer web.Close()
	v := &visitor{
		dataset: &Dataset{Host: "quay.example.test", SecretKey: "k", Users: map[string]string{"ann": "u-1"}},
		address: web.Listener.Addr().String(), bound: Bindings{"id": "5"},
	}
	body := "text {{id}}"
	for _, c := range []struct {
		request    Request
		line, body string
		header     map[string]string
	}{
		{Request{Method: "GET", Path: "/v2/a%2fb/{{id}}?x=[1]"}, "GET /v2/a%2fb/5?x=[1]", "", nil},
		{Request{Method: "PUT", Path: "/x//", Body: &body}, "PUT /x//", "text 5", nil},
		{Request{Method: "POST", Path: "/", Base64: []byte("raw {{id}}")}, "POST /", "raw {{id}}", nil},
		{Request{Method: "POST", Path: "/", JSON: []byte(`{"a":"{{id}}"}`)}, "POST /", `{"a":"5"}`, map[string]string{"Content-Type": "application/json"}},
		{
			Request{Method: "POST", Path: "/", JSON: []byte(`1`), Headers: map[string]string{"content-type": "text/x", "Authorization": "Bearer {{id}}"}},
			"POST /", `1`,
			map[string]string{"Content-Type": "text/x", "Authorization": "Bearer 5"},
		},
		{Request{Method: "GET", Path: "/", Jar: true}, "GET /", "", map[string]string{"Cookie": "_csrf_token=minted"}},
	} {
		answer, err := v.send(t.Context(), &c.request)
		if err != nil {
			t.Fatal(err)
		}
		if got.line != c.line || got.body != c.body || got.host != "quay.example.test" {
			t.Errorf("%s %s: got %+v", c.request.Method, c.request.Path, got)
		}
		for name, value := range c.header {
			if got.header.Get(name) != value {
				t.Errorf("%s: got %q, want %q", name, got.header.Get(name), value)
			}
		}
		for _, name := range []string{"User-Agent", "Accept-Encoding"} {
			if value := got.header.Get(name); value != "" {
				t.Errorf("%s is %q, which nobody asked for", name, value)
			}
		}
		if answer.status != http.StatusFound || answer.headers["x-two"] != "1, 2" || answer.headers["location"] != "/elsewhere" {
			t.Errorf("the answer is %+v", answer)
		}
	}
	if _, err := v.send(t.Context(), &Request{Method: "GET", Path: "/", Session: map[string]any{"_user": "ann", "_fresh_login": true}}); err != nil {
		t.Fatal(err)
	}
	if cookie := got.header.Get("Cookie"); !strings.HasPrefix(cookie, "_csrf_token=") || cookie == "_csrf_token=minted" {
		t.Errorf("the cookie of a session is %q", cookie)
	}
	if _, err := v.send(t.Context(), &Request{Method: "GET", Path: "/", Session: map[string]any{"_user": "bob"}}); err == nil {
		t.Error("a session of nobody was sent")
	}
}
