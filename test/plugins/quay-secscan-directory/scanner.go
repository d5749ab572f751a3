package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/secscan"
)

// options configure a scanner.
type options struct {
	Path     config.Path   `json:"path" required:"true" access:"write" help:"Directory of the scanner: what was indexed is in \"indexed\", what is wrong with manifests in \"vulnerabilities\", the pages of notifications in \"notifications\"."`
	State    string        `json:"state" default:"1" max:"255" help:"State of the scanner."`
	MaxLayer config.Size   `json:"max_layer" default:"1GiB" help:"Size of the largest layer that is scanned."`
	Token    config.Secret `json:"token" help:"Token that callbacks must have. Without it everybody may call."`
}

// driver opens scanners.
type driver struct{}

// Validate implements secscan.Driver.
func (driver) Validate(cfg secscan.Config) []secscan.Problem {
	return config.Check[options](cfg.Options, cfg.Secrets)
}

// Open implements secscan.Driver. It makes the directories when they are missing.
func (driver) Open(_ context.Context, cfg secscan.Config) (secscan.Scanner, error) {
	o, problems := config.Parse[options](cfg.Options, cfg.Secrets)
	if len(problems) > 0 {
		return nil, config.Error(problems)
	}
	for _, dir := range []string{indexed, vulnerabilities, notifications} {
		if err := os.MkdirAll(filepath.Join(string(o.Path), dir), 0o700); err != nil {
			return nil, errs.Wrap(errs.Unavailable, err, "The directory of the option path cannot be made.")
		}
	}
	root, err := os.OpenRoot(string(o.Path))
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "The directory of the option path cannot be opened.")
	}
	return &scanner{options: o, root: root}, nil
}

// Directories of a scanner.
const (
	indexed         = "indexed"
	vulnerabilities = "vulnerabilities"
	notifications   = "notifications"
)

// scanner has its memory in files, and so do all processes of the plugin together.
type scanner struct {
	options
	root *os.Root
}

// Close implements io.Closer.
func (s *scanner) Close() error { return s.root.Close() }

// State implements secscan.Scanner.
func (s *scanner) State(context.Context) (string, error) { return s.options.State, nil }

// file is the name of a manifest's file in a directory.
func file(dir, digest string) string {
	return filepath.Join(dir, strings.ReplaceAll(digest, ":", "-")+".json")
}

// Index implements secscan.Scanner. It fetches all layers and checks their digests.
func (s *scanner) Index(ctx context.Context, m secscan.Manifest) (secscan.Indexed, error) {
	for _, l := range m.Layers {
		if l.Size > int64(s.MaxLayer) {
			return secscan.Indexed{}, errs.New(errs.TooLarge, "The layer %s has %d bytes, more than %d.", l.Digest, l.Size, int64(s.MaxLayer))
		}
		if err := fetch(ctx, l); err != nil {
			return secscan.Indexed{}, err
		}
	}
	report, err := json.Marshal(map[string]any{
		"manifest_hash": m.Digest,
		"state":         "IndexFinished",
		"err":           "",
		"success":       true,
		"packages":      map[string]any{},
		"distributions": map[string]any{},
		"environments":  map[string]any{},
	})
	if err == nil {
		err = s.write(file(indexed, m.Digest), report)
	}
	if err != nil {
		return secscan.Indexed{}, errs.Wrap(errs.Unavailable, err, "The index report cannot be written.")
	}
	return secscan.Indexed{Report: report, State: s.options.State}, nil
}

// write makes a file that is whole whenever it is there.
func (s *scanner) write(name string, content []byte) error {
	temporary := filepath.Join(indexed, "."+rand.Text())
	if err := s.root.WriteFile(temporary, content, 0o600); err != nil {
		return err
	}
	return s.root.Rename(temporary, name)
}

// fetch reads a layer to its end.
func fetch(ctx context.Context, l secscan.Layer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.URI, nil)
	if err != nil {
		return errs.Wrap(errs.Invalid, err, "The address of the layer %s is wrong.", l.Digest)
	}
	for _, h := range l.Headers {
		req.Header.Add(h.Name, h.Value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return errs.Wrap(errs.Unavailable, err, "The layer %s cannot be fetched.", l.Digest)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errs.New(errs.Internal, "The layer %s cannot be fetched: the answer is %s.", l.Digest, resp.Status)
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, resp.Body); err != nil {
		return errs.Wrap(errs.Unavailable, err, "The layer %s cannot be fetched.", l.Digest)
	}
	if got := "sha256:" + hex.EncodeToString(hash.Sum(nil)); got != l.Digest {
		return errs.New(errs.Invalid, "The layer %s has the digest %s.", l.Digest, got)
	}
	return nil
}

// IndexReport implements secscan.IndexReporter.
func (s *scanner) IndexReport(_ context.Context, digest string) (secscan.Report, error) {
	return s.read(file(indexed, digest), "The manifest was not indexed.")
}

func (s *scanner) read(name, missing string) (secscan.Report, error) {
	report, err := s.root.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errs.New(errs.NotFound, "%s", missing)
	case err != nil:
		return nil, errs.Wrap(errs.Internal, err, "A file of the scanner cannot be read.")
	}
	return report, nil
}

// Vulnerabilities implements secscan.Scanner. Of what no file says something there is
// nothing wrong.
func (s *scanner) Vulnerabilities(ctx context.Context, digest string) (secscan.Report, error) {
	if _, err := s.IndexReport(ctx, digest); err != nil {
		return nil, err
	}
	report, err := s.read(file(vulnerabilities, digest), "")
	if !errs.Is(err, errs.NotFound) {
		return report, err
	}
	return json.Marshal(map[string]any{
		"manifest_hash":           digest,
		"packages":                map[string]any{},
		"distributions":           map[string]any{},
		"environments":            map[string]any{},
		"vulnerabilities":         map[string]any{},
		"package_vulnerabilities": map[string]any{},
	})
}

// Delete implements secscan.Deleter.
func (s *scanner) Delete(_ context.Context, digest string) error {
	return remove(s.root.Remove(file(indexed, digest)))
}

func remove(err error) error {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errs.Wrap(errs.Internal, err, "A file of the scanner cannot be removed.")
	}
	return nil
}
