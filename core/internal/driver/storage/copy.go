package storage

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	sdk "github.com/quay/quay/sdk/storage"
)

// Copy copies an object inside the location, replacing what is at to. When it
// returns nil the copy is whole and durable. A store that cannot copy has the bytes
// read and written by the host, which takes as long as a transfer does. Idempotent.
func (l *Location) Copy(ctx context.Context, from, to string) error {
	defer l.cache.invalidate(to)
	copies, err := l.has(ctx, sdk.CapabilityCopy)
	switch {
	case err != nil:
		return err
	case !copies:
		return l.copyBytes(ctx, from, to)
	}
	return l.idempotent(ctx, l.opts.CopyTimeout, func(ctx context.Context, g *plugin.Generation) error {
		_, err := client(g.Conn()).Copy(ctx, &storagev1.CopyRequest{Instance: l.instance, From: from, To: to})
		return err
	})
}

// copyBytes copies an object through the host.
func (l *Location) copyBytes(ctx context.Context, from, to string) error {
	o, err := l.Open(ctx, from)
	if err != nil || from == to {
		return err
	}
	defer o.Close()
	return l.store(ctx, to, true, func() io.Reader { return &wholeReader{ctx: ctx, object: o} })
}

// wholeReader reads an object from its beginning, and fails when it ends early.
type wholeReader struct {
	ctx    context.Context
	object *Object
	r      io.Reader
	n      int64
}

func (w *wholeReader) Read(p []byte) (n int, err error) {
	if w.r == nil {
		if w.r, err = w.object.Range(w.ctx, 0, -1); err != nil {
			return 0, err
		}
	}
	n, err = w.r.Read(p)
	w.n += int64(n)
	if errors.Is(err, io.EOF) && w.n < w.object.Size() {
		err = errs.New(errs.Corrupt, "the object ends %d bytes early", w.object.Size()-w.n)
	}
	return n, err
}

// maxURLBytes bounds a signed URL, which becomes a header of an answer.
const maxURLBytes = 8 << 10

// Signs reports whether the store gives URLs to its objects, as far as is known now.
func (l *Location) Signs() bool { return l.sup.Has(l.instance, sdk.CapabilitySign) }

// SignURL returns a URL at which a client without credentials can do method, GET or
// HEAD, with an object until the expiry, which is between a second and seven days.
// It fails with errs.Unsupported where the store has no such URLs. Whether the
// object exists is not looked at.
func (l *Location) SignURL(ctx context.Context, path, method string, expiry time.Duration) (string, error) {
	var signed string
	signs := false
	err := l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		if signs = g.Has(l.instance, sdk.CapabilitySign); !signs {
			return nil
		}
		resp, err := client(g.Conn()).SignURL(ctx, &storagev1.SignURLRequest{
			Instance: l.instance, Path: path, Method: method, ExpiresInSeconds: int64(expiry / time.Second),
		})
		if err == nil {
			signed = resp.GetUrl()
			err = checkURL(signed)
		}
		return err
	})
	switch {
	case err != nil:
		return "", err
	case !signs:
		return "", errs.New(errs.Unsupported, "the storage location %s signs no URLs", l.instance)
	}
	return signed, nil
}

// checkURL fails unless a client can be sent to a URL.
func checkURL(s string) error {
	u, err := url.Parse(s) // It refuses control characters.
	switch {
	case err != nil, len(s) > maxURLBytes, u.Host == "", u.User != nil, strings.ContainsAny(s, " \"<>\\"),
		u.Scheme != "https" && u.Scheme != "http":
		// The URL is not told: it may be as good as a password.
		return errs.New(errs.Internal, "the storage driver signed something that is not an absolute URL of HTTP")
	}
	return nil
}
