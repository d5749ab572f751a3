// Package log hands a driver the logger of the call it is in. Its lines reach the
// host's log with the plugin's name, the process and the instance.
package log

import (
	"context"
	"log/slog"
)

type key struct{}

// From returns the logger of ctx, or one that discards everything when ctx does
// not come from the SDK. Never log secrets.
func From(ctx context.Context) *slog.Logger {
	if l, ok := ctx.Value(key{}).(*slog.Logger); ok {
		return l
	}
	return slog.New(slog.DiscardHandler)
}

// With returns a context that carries l.
func With(ctx context.Context, l *slog.Logger) context.Context {
	return context.WithValue(ctx, key{}, l)
}
