// Package oci is a small client of the distribution protocol for tests. It does
// exactly what it is told, malformed requests included, and hides no answer.
package oci

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client talks to one registry.
type Client struct {
	// Base is the registry's URL without a path, such as http://127.0.0.1:8080.
	Base string
	// HTTP is the client to use.
	HTTP *http.Client
	// Authorization is the header sent with every request, if any.
	Authorization string
}

// New returns a client for the registry at base that keeps many connections.
func New(base string) *Client {
	return &Client{Base: base, HTTP: &http.Client{
		Timeout:       2 * time.Minute,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Reply is a complete answer.
type Reply struct {
	// Request is the method and the path, for messages.
	Request string
	Status  int
	Header  http.Header
	Body    []byte
}

// Problem is one entry of an error answer.
type Problem struct {
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Detail  json.RawMessage `json:"detail"`
}

// Problems parses the error body that the specification demands.
func (r Reply) Problems() ([]Problem, error) {
	var body struct {
		Errors []Problem `json:"errors"`
	}
	if ct := r.Header.Get("Content-Type"); !strings.HasPrefix(ct, "application/json") {
		return nil, fmt.Errorf("content type is %q", ct)
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return nil, fmt.Errorf("body is no JSON: %w", err)
	}
	if len(body.Errors) == 0 {
		return nil, fmt.Errorf("body has no errors")
	}
	for _, p := range body.Errors {
		if p.Code == "" || p.Code != strings.ToUpper(p.Code) || p.Message == "" {
			return nil, fmt.Errorf("entry without a proper code or message: %+v", p)
		}
	}
	return body.Errors, nil
}

func (r Reply) String() string {
	return fmt.Sprintf("%.200s: %d %.300s", r.Request, r.Status, r.Body)
}

// Request is one request to make. Path is used as it is written, so that it may
// hold what a careful client would escape.
type Request struct {
	Method string
	Path   string
	Header map[string]string
	Body   io.Reader
	// Length overrides the Content-Length that Body implies; -1 means chunked.
	Length int64
}

// Open makes a request and returns the answer with its body unread.
func (c *Client) Open(ctx context.Context, r Request) (*http.Response, error) {
	target := r.Path
	if !strings.Contains(target, "://") {
		target = c.Base + target
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, target, r.Body)
	if err != nil {
		return nil, err
	}
	if r.Length != 0 {
		req.ContentLength = r.Length
	}
	for k, v := range r.Header {
		req.Header.Set(k, v)
	}
	if c.Authorization != "" && req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", c.Authorization)
	}
	return c.HTTP.Do(req)
}

// Do makes a request and reads the whole answer.
func (c *Client) Do(ctx context.Context, r Request) (Reply, error) {
	resp, err := c.Open(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return Reply{r.Method + " " + strings.TrimPrefix(r.Path, c.Base), resp.StatusCode, resp.Header, body}, err
}

// Get reads a path, with an Accept header when one is given.
func (c *Client) Get(ctx context.Context, path string, accept ...string) (Reply, error) {
	header := map[string]string{}
	if len(accept) > 0 {
		header["Accept"] = strings.Join(accept, ", ")
	}
	return c.Do(ctx, Request{Method: http.MethodGet, Path: path, Header: header})
}

// StartUpload opens an upload session and returns its URL.
func (c *Client) StartUpload(ctx context.Context, repo string) (string, error) {
	r, err := c.Do(ctx, Request{Method: http.MethodPost, Path: "/v2/" + repo + "/blobs/uploads/"})
	if err != nil {
		return "", err
	}
	if r.Status != http.StatusAccepted {
		return "", fmt.Errorf("start of an upload: %s", r)
	}
	return c.Resolve(r.Header.Get("Location"))
}

// Resolve makes a Location absolute.
func (c *Client) Resolve(location string) (string, error) {
	base, err := url.Parse(c.Base)
	if err != nil {
		return "", err
	}
	u, err := base.Parse(location)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// WithDigest adds the digest parameter that finishes an upload.
func WithDigest(location, digest string) string {
	separator := "?"
	if strings.Contains(location, "?") {
		separator = "&"
	}
	return location + separator + "digest=" + url.QueryEscape(digest)
}

// PushBlob stores data by a session and one PUT, and returns its digest.
func (c *Client) PushBlob(ctx context.Context, repo string, data []byte) (string, error) {
	digest := Digest(data)
	return digest, c.PushStream(ctx, repo, digest, bytes.NewReader(data), int64(len(data)))
}

// PushStream stores size bytes of body, whose digest is known, by a session and
// one PUT.
func (c *Client) PushStream(ctx context.Context, repo, digest string, body io.Reader, size int64) error {
	location, err := c.StartUpload(ctx, repo)
	if err != nil {
		return err
	}
	r, err := c.Do(ctx, Request{
		Method: http.MethodPut, Path: WithDigest(location, digest), Body: body, Length: size,
		Header: map[string]string{"Content-Type": "application/octet-stream"},
	})
	if err != nil {
		return err
	}
	if r.Status != http.StatusCreated {
		return fmt.Errorf("push of blob %s: %s", digest, r)
	}
	return nil
}

// PutManifest stores a manifest under a tag or digest.
func (c *Client) PutManifest(ctx context.Context, repo, reference, mediaType string, body []byte) (Reply, error) {
	return c.Do(ctx, Request{
		Method: http.MethodPut, Path: "/v2/" + repo + "/manifests/" + reference, Body: bytes.NewReader(body),
		Header: map[string]string{"Content-Type": mediaType},
	})
}

// PushImage stores an image under a tag, blobs first.
func (c *Client) PushImage(ctx context.Context, repo, tag string, image Image) error {
	for _, blob := range append([][]byte{image.Config}, image.Layers...) {
		if _, err := c.PushBlob(ctx, repo, blob); err != nil {
			return err
		}
	}
	r, err := c.PutManifest(ctx, repo, tag, MediaTypeManifest, image.Manifest)
	if err != nil {
		return err
	}
	if r.Status != http.StatusCreated {
		return fmt.Errorf("push of manifest %s: %s", tag, r)
	}
	return nil
}
