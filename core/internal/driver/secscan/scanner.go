// Package secscan is the host's side of a scanner plugin: a Scanner has manifests
// indexed and reads what is wrong with them.
package secscan

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	sdk "github.com/quay/quay/sdk/secscan"
)

// Options of a scanner. The zero value is good.
type Options struct {
	// Timeout bounds a call beside Index. Zero means 30 s.
	Timeout time.Duration
	// IndexTimeout bounds an Index. Zero means 10 min.
	IndexTimeout time.Duration
	// MaxReportBytes bounds a report. Zero means sdk.MaxReportBytes.
	MaxReportBytes int
}

// Scanner is one configured instance of a running scanner plugin. Its methods may be
// called from many goroutines.
//
// Errors have the kinds of the driver's contract. All calls are idempotent: they are
// repeated once when the plugin crashes under them, and wait a bounded time for a
// plugin that is being restarted before they fail with errs.Unavailable. A method
// whose capability the instance does not have fails with errs.Unsupported. Reports
// are JSON objects, and their members are the caller's to check.
type Scanner struct {
	sup      *plugin.Supervisor
	instance string
	opts     Options
}

// NewScanner returns the scanner called instance of the plugin. The supervisor stays
// the caller's.
func NewScanner(sup *plugin.Supervisor, instance string, opts Options) *Scanner {
	if opts.Timeout == 0 {
		opts.Timeout = 30 * time.Second
	}
	if opts.IndexTimeout == 0 {
		opts.IndexTimeout = 10 * time.Minute
	}
	if opts.MaxReportBytes == 0 {
		opts.MaxReportBytes = sdk.MaxReportBytes
	}
	return &Scanner{sup: sup, instance: instance, opts: opts}
}

// Name is the name of the instance.
func (s *Scanner) Name() string { return s.instance }

// call has f use a generation on which the instance has the capability; an empty one
// every instance has. The context of f ends with f.
func (s *Scanner) call(ctx context.Context, timeout time.Duration, capability string, f func(ctx context.Context, client secscanv1.SecscanClient) error) error {
	c := plugin.Call{Idempotent: true, Instance: s.instance, Timeout: timeout}
	return s.sup.Do(ctx, c, func(ctx context.Context, g *plugin.Generation) error {
		if capability != "" && !g.Has(s.instance, capability) {
			return errs.New(errs.Unsupported, "the scanner %q does not have the capability %s", s.instance, capability)
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return f(ctx, secscanv1.NewSecscanClient(g.Conn()))
	})
}

// State returns the scanner's state: when it changes, manifests that were indexed
// may have to be indexed again.
func (s *Scanner) State(ctx context.Context) (state string, err error) {
	err = s.call(ctx, s.opts.Timeout, "", func(ctx context.Context, client secscanv1.SecscanClient) error {
		resp, err := client.GetState(ctx, &secscanv1.GetStateRequest{Instance: s.instance})
		if err != nil {
			return err
		}
		state = resp.GetState()
		return wrong(sdk.CheckState(state))
	})
	return state, err
}

// wrong makes what cannot be true the plugin's fault. It returns nil for a nil err.
func wrong(err error) error {
	if err == nil {
		return nil
	}
	return errs.New(errs.Internal, "the scanner plugin's answer is wrong: %v", err)
}

// Index has the scanner fetch and examine the layers of a manifest.
func (s *Scanner) Index(ctx context.Context, m sdk.Manifest) (sdk.Indexed, error) {
	if err := sdk.CheckManifest(m); err != nil {
		return sdk.Indexed{}, err
	}
	req := indexRequest(s.instance, m)
	var indexed sdk.Indexed
	err := s.call(ctx, s.opts.IndexTimeout, "", func(ctx context.Context, client secscanv1.SecscanClient) error {
		stream, err := client.Index(ctx, req)
		if err != nil {
			return err
		}
		indexed = sdk.Indexed{}
		indexed.Report, err = collect(s.opts.MaxReportBytes, func() (*secscanv1.IndexResponse, error) {
			resp, err := stream.Recv()
			if indexed.State == "" {
				indexed.State = resp.GetState()
			}
			return resp, err
		})
		if err != nil {
			return err
		}
		return wrong(sdk.CheckState(indexed.State))
	})
	if err != nil {
		return sdk.Indexed{}, err
	}
	return indexed, nil
}

func indexRequest(instance string, m sdk.Manifest) *secscanv1.IndexRequest {
	req := &secscanv1.IndexRequest{Instance: instance, Digest: m.Digest}
	for _, l := range m.Layers {
		layer := &secscanv1.Layer{Digest: l.Digest, Size: l.Size, Uri: l.URI}
		for _, h := range l.Headers {
			layer.Headers = append(layer.Headers, &secscanv1.Header{Name: h.Name, Value: h.Value})
		}
		req.Layers = append(req.Layers, layer)
	}
	return req
}

// collect puts a report together and checks it.
func collect[T interface{ GetData() []byte }](limit int, next func() (T, error)) (sdk.Report, error) {
	var report sdk.Report
	for {
		piece, err := next()
		switch {
		case errors.Is(err, io.EOF):
			return report, wrong(sdk.CheckReport(report))
		case err != nil:
			return nil, err
		case len(report)+len(piece.GetData()) > limit:
			return nil, errs.New(errs.TooLarge, "the scanner's report has more than %d bytes", limit)
		}
		report = append(report, piece.GetData()...)
	}
}

// Vulnerabilities returns what is known now to be wrong with a manifest, or fails with
// errs.NotFound when it was not indexed.
func (s *Scanner) Vulnerabilities(ctx context.Context, digest string) (report sdk.Report, err error) {
	if err := sdk.CheckDigest(digest); err != nil {
		return nil, err
	}
	err = s.call(ctx, s.opts.Timeout, "", func(ctx context.Context, client secscanv1.SecscanClient) error {
		stream, err := client.GetVulnerabilityReport(ctx, &secscanv1.GetVulnerabilityReportRequest{Instance: s.instance, Digest: digest})
		if err != nil {
			return err
		}
		report, err = collect(s.opts.MaxReportBytes, stream.Recv)
		return err
	})
	return report, err
}

// IndexReport returns the index report of a manifest, or fails with errs.NotFound
// when it was not indexed.
func (s *Scanner) IndexReport(ctx context.Context, digest string) (report sdk.Report, err error) {
	if err := sdk.CheckDigest(digest); err != nil {
		return nil, err
	}
	err = s.call(ctx, s.opts.Timeout, sdk.CapabilityIndexReports, func(ctx context.Context, client secscanv1.SecscanClient) error {
		stream, err := client.GetIndexReport(ctx, &secscanv1.GetIndexReportRequest{Instance: s.instance, Digest: digest})
		if err != nil {
			return err
		}
		report, err = collect(s.opts.MaxReportBytes, stream.Recv)
		return err
	})
	return report, err
}

// Delete has the scanner forget a manifest. One that it does not know is no error.
func (s *Scanner) Delete(ctx context.Context, digest string) error {
	if err := sdk.CheckDigest(digest); err != nil {
		return err
	}
	return s.call(ctx, s.opts.Timeout, sdk.CapabilityDelete, func(ctx context.Context, client secscanv1.SecscanClient) error {
		_, err := client.DeleteIndex(ctx, &secscanv1.DeleteIndexRequest{Instance: s.instance, Digest: digest})
		return err
	})
}

// Probe does a cheap operation that shows whether the scanner works.
func (s *Scanner) Probe(ctx context.Context) error {
	return s.sup.Do(ctx, plugin.Call{Idempotent: true, Timeout: s.opts.Timeout}, func(ctx context.Context, g *plugin.Generation) error {
		return g.Probe(ctx, s.instance)
	})
}
