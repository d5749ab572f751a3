package launch

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// keptLines and keptBytes bound what is kept for a crash report: the number of
	// lines and the length of each.
	keptLines = 50
	keptBytes = 1024
	// maxLine is the longest line that is logged as one.
	maxLine = 64 << 10
	// linesPerSecond bounds what one process adds to the host's log.
	linesPerSecond = 500
)

// stderrLog turns the lines of a plugin's standard error into log records, and
// keeps the last ones.
type stderrLog struct {
	logger *slog.Logger

	mu   sync.Mutex
	ring []string
	next int
}

func newStderrLog(logger *slog.Logger) *stderrLog { return &stderrLog{logger: logger} }

// copy logs the lines of r until it ends.
func (s *stderrLog) copy(r io.Reader) {
	reader := bufio.NewReaderSize(r, maxLine)
	crashed := false
	budget := budget{logger: s.logger}
	defer budget.report()
	for {
		line, err := reader.ReadSlice('\n')
		if line = bytes.TrimRight(line, "\r\n"); len(line) > 0 {
			s.keep(line)
			// From the first line of a crash to the end all belongs together.
			crashed = crashed || bytes.HasPrefix(line, []byte("panic: ")) || bytes.HasPrefix(line, []byte("fatal error: "))
			if budget.admits(time.Now()) {
				logLine(s.logger, line, crashed)
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// budget bounds the lines of each second.
type budget struct {
	logger  *slog.Logger
	second  int64
	lines   int // of the second
	dropped int
}

// admits reports whether a line that comes now is logged.
func (b *budget) admits(now time.Time) bool {
	if second := now.Unix(); second != b.second {
		b.report()
		b.second, b.lines, b.dropped = second, 0, 0
	}
	if b.lines == linesPerSecond {
		b.dropped++
		return false
	}
	b.lines++
	return true
}

// report says how many lines were dropped, if any were.
func (b *budget) report() {
	if b.dropped > 0 {
		b.logger.Warn("the plugin writes too much: lines were dropped", "lines", b.dropped)
	}
}

func (s *stderrLog) keep(line []byte) {
	kept := string(line[:min(len(line), keptBytes)])
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ring) < keptLines {
		s.ring = append(s.ring, kept)
		return
	}
	s.ring[s.next] = kept
	s.next = (s.next + 1) % keptLines
}

// last returns the last lines, the oldest first.
func (s *stderrLog) last() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Concat(s.ring[s.next:], s.ring[:s.next])
}

// logLine logs one line: a JSON object in the form of slog or hclog as what it
// says, anything else as text.
func logLine(logger *slog.Logger, line []byte, crashed bool) {
	ctx := context.Background()
	var fields map[string]any
	if line[0] != '{' || json.Unmarshal(line, &fields) != nil {
		level := slog.LevelInfo
		if crashed {
			level = slog.LevelError
		}
		logger.Log(ctx, level, string(line))
		return
	}
	level, ok := parseLevel(text(fields, "level", "@level"))
	if !ok {
		logger.Log(ctx, slog.LevelInfo, string(line))
		return
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	message := text(fields, "msg", "@message")
	for _, name := range []string{"level", "@level", "msg", "@message", "time", "@timestamp"} {
		delete(fields, name)
	}
	args := make([]slog.Attr, 0, len(fields))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		args = append(args, slog.Any(strings.TrimPrefix(name, "@"), fields[name]))
	}
	logger.LogAttrs(ctx, level, message, args...)
}

// text returns the first of the named fields that is a string.
func text(fields map[string]any, names ...string) string {
	for _, name := range names {
		if s, ok := fields[name].(string); ok {
			return s
		}
	}
	return ""
}

func parseLevel(name string) (slog.Level, bool) {
	if strings.EqualFold(name, "trace") {
		return slog.LevelDebug, true
	}
	var l slog.Level
	err := l.UnmarshalText([]byte(name))
	return l, err == nil
}

// lineLogger logs what a plugin prints to its standard output after the
// handshake: no plugin should, but a library of its may.
type lineLogger struct {
	logger *slog.Logger

	mu     sync.Mutex
	budget budget
}

func newLineLogger(logger *slog.Logger) *lineLogger {
	return &lineLogger{logger: logger, budget: budget{logger: logger}}
}

func (l *lineLogger) Write(p []byte) (int, error) {
	text := bytes.TrimSpace(p)
	if len(text) == 0 {
		return len(p), nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.budget.admits(time.Now()) {
		l.logger.Info(string(text))
	}
	return len(p), nil
}
