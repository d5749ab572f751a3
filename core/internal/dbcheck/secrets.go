package dbcheck

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/domain"
)

// shapes are what secrets look like (I7). Digests, uuids, client ids and names of
// keys look like none of them.
var shapes = []struct {
	name string
	// hints are what a text has one of that matches, in lower case; looking for them
	// first is cheap.
	hints []string
	match func(string) bool
}{
	{"a JSON Web Token", []string{"eyj"}, regexp.MustCompile(`\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}`).MatchString},
	{"a private key", []string{"private key"}, regexp.MustCompile(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----`).MatchString},
	{"a password hash", []string{"$2"}, regexp.MustCompile(`\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}`).MatchString},
	{"a password in a URL", []string{"://"}, regexp.MustCompile(`\b[a-z][a-z0-9+.-]*://[^/\s:@"']+:[^/\s@"'*]+@`).MatchString},
	{"an encrypted value", []string{"$$"}, regexp.MustCompile(`\bv[01]\$\$[A-Za-z0-9+/=]{24,}`).MatchString},
	{"a token", []string{""}, hasToken},
	{"credentials of HTTP", []string{"authorization"}, regexp.MustCompile(`(?i)\bauthorization\\?["']?\s*[:=]\s*\[?\\?["']?(?:basic|bearer)\s+[\w+/=.~-]{8,}`).MatchString},
	{"a secret by its name", []string{"passw", "secret", "_token", "token_code"}, regexp.MustCompile(`(?i)\b(?:password|passwd|client_?secret|secret_key|access_token|refresh_token|token_code)\\?["']?\s*[:=]\s*\\?["']?[^\s"'\\*,;}&]{6,}`).MatchString},
}

// hasToken reports whether a text has the token of a robot or an application: at
// least 60 capital letters and digits.
func hasToken(s string) bool {
	run := 0
	for i := range len(s) {
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			if run++; run == 60 {
				return true
			}
		default:
			run = 0
		}
	}
	return false
}

// minSecret is the length below which the value of a secret is found by chance.
const minSecret = 8

// leaks names what a text seems to have that it must not.
func (c *check) leaks(text string) []string {
	var found []string
	lower := strings.ToLower(text)
	for _, s := range shapes {
		has := func(hint string) bool { return strings.Contains(lower, hint) }
		if slices.ContainsFunc(s.hints, has) && s.match(text) {
			found = append(found, s.name)
		}
	}
	for _, s := range c.Secrets {
		if len(s.Value) >= minSecret && strings.Contains(text, s.Value) {
			found = append(found, "the value of "+s.Name)
		}
	}
	return found
}

// secrets searches the action log and the files that were named for secrets (I7).
func (c *check) secrets(ctx context.Context) error {
	if len(c.LogFiles) == 0 {
		c.note(I7, "only the action log was searched: name the files of other logs")
	}
	if len(c.Secrets) == 0 {
		c.note(I7, "no secrets are known: only what looks like one was searched for")
	}
	id := func(l domain.StoredLog) int64 { return l.ID }
	err := pages(ctx, 1000, id, c.store.CheckLogs, func(l domain.StoredLog) error {
		c.checked(I7)
		for _, leak := range c.leaks(l.Metadata) {
			c.suspect(I7, fmt.Sprintf("entry %d of the action log (%s)", l.ID, l.Kind), "it has "+leak, func(ctx context.Context) (bool, error) {
				_, found, err := one(ctx, l.ID, id, c.store.CheckLogs)
				return found, err
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range c.LogFiles {
		if err := c.searchFile(ctx, f); err != nil {
			return fmt.Errorf("search %s: %w", f.Name, err)
		}
	}
	return nil
}

// maxLine bounds the part of a line that is searched at once; what crosses the
// bound by less than a secret's length is searched twice.
const (
	maxLine = 64 << 10
	overlap = 4 << 10
)

// searchFile searches a log, line by line.
func (c *check) searchFile(ctx context.Context, f LogFile) error {
	file, err := f.Open()
	if err != nil {
		return err
	}
	defer file.Close()
	r := bufio.NewReaderSize(file, maxLine)
	lasts := func(context.Context) (bool, error) { return true, nil }
	tail := ""
	for n := 1; ; {
		part, err := r.ReadSlice('\n')
		if len(part) > 0 {
			text := tail + string(part)
			for _, leak := range c.leaks(text) {
				c.suspect(I7, fmt.Sprintf("line %d of %s", n, f.Name), "it has "+leak, lasts)
			}
			tail = ""
			if errors.Is(err, bufio.ErrBufferFull) {
				tail = text[max(0, len(text)-overlap):]
			} else {
				c.checked(I7)
				n++
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
}
