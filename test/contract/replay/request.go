package replay

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerWithin is how long a server has for one answer.
const answerWithin = time.Minute

// exchange is an answer.
type exchange struct {
	status int
	// headers have lower-case names; values of one name are joined by a comma.
	headers map[string]string
	body    []byte
}

// visitor sends the requests of one case.
type visitor struct {
	dataset *Dataset
	address string
	// jar is the session cookie that the server set last.
	jar   string
	bound Bindings
}

// send sends a request as it was recorded: no header is added, no redirect followed.
func (v *visitor) send(ctx context.Context, r *Request) (*exchange, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	body, err := v.body(r)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, "http://"+v.address, body)
	if err != nil {
		return nil, err
	}
	req.URL = &url.URL{Scheme: "http", Host: v.address, Opaque: v.bound.fill(r.Path)}
	req.Host = v.dataset.Host
	req.Header["User-Agent"] = nil // the one of Go is not sent either
	if r.JSON != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.Headers {
		if strings.EqualFold(name, "Host") {
			req.Host = v.bound.fill(value)
			continue
		}
		req.Header.Set(name, v.bound.fill(value))
	}
	if err := v.authenticate(r, req.Header); err != nil {
		return nil, err
	}
	// A connection for each request, as the recorded client had.
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return v.received(resp, data), nil
}

// body is the body of a request, or nil.
func (v *visitor) body(r *Request) (io.Reader, error) {
	switch {
	case r.Base64 != nil:
		return bytes.NewReader(r.Base64), nil
	case r.Gzip != nil:
		data, err := gunzip(r.Gzip)
		return bytes.NewReader(data), err
	case r.JSON != nil:
		return bytes.NewReader(v.bound.fillJSON(r.JSON)), nil
	case r.Body != nil:
		return strings.NewReader(v.bound.fill(*r.Body)), nil
	}
	return nil, nil
}

// authenticate puts the session cookie of a request into its header, if it has one.
func (v *visitor) authenticate(r *Request, header http.Header) error {
	cookie := v.jar
	if r.Session != nil {
		session, err := v.session(r.Session)
		if err != nil {
			return err
		}
		if cookie, err = sessionCookie(v.dataset.SecretKey, session, time.Now()); err != nil {
			return err
		}
	} else if !r.Jar {
		return nil
	}
	if cookie != "" {
		header.Set("Cookie", sessionCookieName+"="+cookie)
	}
	return nil
}

// session is the content of a session cookie.
func (v *visitor) session(recorded map[string]any) (map[string]any, error) {
	session := map[string]any{}
	for k, value := range recorded {
		switch k {
		case "_user":
			id, ok := v.dataset.Users[fmt.Sprint(value)]
			if !ok {
				return nil, fmt.Errorf("the dataset has no user %v", value)
			}
			session["_user_id"] = id
		case "_fresh_login":
			if value == true {
				session["_fresh"] = true
				session["login_time"] = map[string]any{" d": time.Now().UTC().Format(http.TimeFormat)}
			}
		default:
			if s, ok := value.(string); ok {
				value = v.bound.fill(s)
			}
			session[k] = value
		}
	}
	return session, nil
}

// received is an answer as it is compared. The cookie of a session goes into the jar.
func (v *visitor) received(resp *http.Response, body []byte) *exchange {
	e := &exchange{status: resp.StatusCode, headers: map[string]string{}, body: body}
	for name, values := range resp.Header {
		e.headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	for _, line := range resp.Header["Set-Cookie"] {
		if rest, ok := strings.CutPrefix(line, sessionCookieName+"="); ok {
			v.jar, _, _ = strings.Cut(rest, ";")
		}
	}
	return e
}
