package launch

import (
	"io"
	"log/slog"
)

// CopyLog logs r as the standard error of a plugin and returns the last lines.
func CopyLog(logger *slog.Logger, r io.Reader) []string {
	l := newStderrLog(logger)
	l.copy(r)
	return l.last()
}
