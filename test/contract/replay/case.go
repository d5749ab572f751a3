// Package replay plays recorded requests against a server and compares what it answers,
// and what it leaves in its database, object store and mailboxes, with what was
// recorded. The format is described in test/contract/README.md.
package replay

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Case is a scenario: requests that start from the dataset, one after the other.
type Case struct {
	ID string `json:"id"`
	// From names what the scenario was derived from.
	From string `json:"from"`
	// Config are keys laid over the configuration.
	Config map[string]any `json:"config"`
	Steps  []Step         `json:"steps"`
	// Storage are the objects that the whole case adds and removes; nil where nothing
	// is said of them.
	Storage *Changes `json:"storage"`
}

// Step is a request, or a restart.
type Step struct {
	Request *Request `json:"request"`
	Expect  Expect   `json:"expect"`
	// RestartWith are keys laid over the configuration of a server that is started
	// again.
	RestartWith map[string]any `json:"restart_with"`
}

// Request is what is sent. Its texts may hold {{name}}. Of the bodies one is set, or
// none.
type Request struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	// Session is minted into a session cookie; _user names the user that is logged in,
	// and _fresh_login makes the login one of now.
	Session map[string]any `json:"session"`
	// Jar sends the session cookie that the server set last.
	Jar    bool            `json:"jar"`
	Body   *string         `json:"body"`
	JSON   json.RawMessage `json:"json"`
	Base64 []byte          `json:"body_b64"`
	Gzip   []byte          `json:"body_gz"`
}

// Expect is what has to come of a request. Its texts may hold {{kind:name}}.
type Expect struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	// Body has one of the keys json, text, text_gz, sha256 (with length), html and
	// empty. A text_gz is a long text, and is unpacked when it is read.
	Body map[string]any `json:"body"`
	// DB are the rows that change, by table.
	DB map[string]Changes `json:"db"`
	// Mail are the messages that are sent.
	Mail []any `json:"mail"`
}

// Changes are rows of a table or objects of a store, in any order.
type Changes struct {
	Added   []any `json:"added"`
	Removed []any `json:"removed"`
	Changed []any `json:"changed"`
}

// ReadsOnly tells whether a case leaves everything as it is, so that its server may be
// used by others.
func (c *Case) ReadsOnly() bool {
	return len(c.Config) == 0 && c.Storage == nil && !slices.ContainsFunc(c.Steps, func(s Step) bool {
		return s.Request == nil || len(s.Expect.DB) > 0 || len(s.Expect.Mail) > 0
	})
}

// Load reads the cases of all .jsonl files below a folder, ordered by ID.
func Load(folder string) ([]*Case, error) {
	var cases []*Case
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".jsonl" {
			return err
		}
		found, err := loadFile(path)
		cases = append(cases, found...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(cases, func(a, b *Case) int { return strings.Compare(a.ID, b.ID) })
	for i := range cases[min(1, len(cases)):] {
		if cases[i].ID == cases[i+1].ID {
			return nil, fmt.Errorf("there are two cases %s", cases[i].ID)
		}
	}
	return cases, nil
}

func loadFile(path string) ([]*Case, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var cases []*Case
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		c, err := parseCase(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}

// parseCase reads a case strictly: a key that nothing looks at would be an expectation
// that is never checked.
func parseCase(line []byte) (*Case, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	d.UseNumber()
	c := &Case{}
	if err := d.Decode(c); err != nil {
		return nil, err
	}
	if c.ID == "" || len(c.Steps) == 0 {
		return nil, errors.New("a case needs an ID and steps")
	}
	if err := c.plain(); err != nil {
		return nil, fmt.Errorf("%s: %w", c.ID, err)
	}
	return c, nil
}

// plain makes values that can be compared of what was decoded.
func (c *Case) plain() error {
	trees := []any{c.Config, c.Storage.trees()}
	for i := range c.Steps {
		s := &c.Steps[i]
		if (s.Request == nil) == (s.RestartWith == nil) {
			return fmt.Errorf("step %d is not either a request or a restart", i)
		}
		if err := s.Expect.unpack(); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		trees = append(trees, s.RestartWith, s.Expect.Body, s.Expect.Mail)
		if s.Request != nil {
			trees = append(trees, s.Request.Session)
		}
		for _, table := range slices.Sorted(maps.Keys(s.Expect.DB)) {
			changes := s.Expect.DB[table]
			trees = append(trees, changes.trees())
		}
	}
	_, err := plain(trees)
	return err
}

func (c *Changes) trees() []any {
	if c == nil {
		return nil
	}
	return []any{c.Added, c.Removed, c.Changed}
}

// unpack makes a text of a packed one.
func (e *Expect) unpack() error {
	packed, ok := e.Body["text_gz"].(string)
	if !ok {
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return err
	}
	data, err := gunzip(raw)
	e.Body = map[string]any{"text": string(data)}
	return err
}

func gunzip(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
