package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
)

// Client speaks to a running host.
type Client struct {
	path  string
	token string
	http  *http.Client
}

// Dial returns a client of the host that serves the socket. It fails with
// errs.Unavailable when none does. The caller closes the client.
func Dial(ctx context.Context, path string) (*Client, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	var dialer net.Dialer
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "unix", path) }
	conn, err := dial(ctx, "", "")
	if err != nil {
		return nil, explain(path, err)
	}
	if err := conn.Close(); err != nil {
		return nil, err
	}
	token, err := readToken(path)
	if err != nil {
		return nil, err
	}
	return &Client{path: path, token: token, http: &http.Client{Transport: &http.Transport{DialContext: dial}}}, nil
}

// explain says what to do about a socket that cannot be reached.
func explain(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return errs.Wrap(errs.Denied, err, "the control socket %s belongs to another user: run this as the user that the server runs as", path)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return errs.Wrap(errs.Unavailable, err, "no server runs that serves the control socket %s: start one, or name its socket with --control-socket", path)
	}
	return errs.Wrap(errs.Unavailable, err, "the server at the control socket %s cannot be reached", path)
}

// Close releases the client.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Plugins describes the plugins of the host.
func (c *Client) Plugins(ctx context.Context) ([]plugin.Status, error) {
	var list []plugin.Status
	err := c.do(ctx, http.MethodGet, "/plugins", nil, &list)
	return list, err
}

// Replace is Plugins.Replace. The path must be absolute: the host has a working
// directory of its own.
func (c *Client) Replace(ctx context.Context, id, path string, trial time.Duration) error {
	return c.order(ctx, id, "replace", order{Path: path, Trial: trial})
}

// Reconfigure is Plugins.Reconfigure.
func (c *Client) Reconfigure(ctx context.Context, id, instance string) error {
	return c.order(ctx, id, "reconfigure", order{Instance: instance})
}

// Restart is Plugins.Restart.
func (c *Client) Restart(ctx context.Context, id string) error {
	return c.order(ctx, id, "restart", order{})
}

// Quarantine is Plugins.Quarantine.
func (c *Client) Quarantine(ctx context.Context, id, reason string) error {
	return c.order(ctx, id, "quarantine", order{Reason: reason})
}

func (c *Client) order(ctx context.Context, id, verb string, o order) error {
	return c.do(ctx, http.MethodPost, "/plugins/"+id+"/"+verb, o, nil)
}

// do makes a request and decodes the answer into v, which may be nil.
func (c *Client) do(ctx context.Context, method, path string, body, v any) error {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://quay"+path, r)
	if err != nil {
		return errs.Wrap(errs.Invalid, err, "no such plugin")
	}
	req.Header.Set(tokenHeader, c.token)
	resp, err := c.http.Do(req)
	if err != nil {
		return explain(c.path, err)
	}
	defer resp.Body.Close()
	decoder := json.NewDecoder(resp.Body)
	if resp.StatusCode == http.StatusOK {
		if v == nil {
			return nil
		}
		return decoder.Decode(v)
	}
	var f failure
	if err := decoder.Decode(&f); err != nil {
		return errs.Wrap(errs.Unsupported, err, "the server does not know this request (%s): is it another version?", resp.Status)
	}
	return f.error()
}
