package serve

import (
	"context"
	"log/slog"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/uploads"
)

// Sessions of uploads end by themselves after two days (the product's
// blobuploadcleanupworker).
const (
	sweepEvery = time.Hour
	sweepAge   = 48 * time.Hour
)

// startSweeper ends old upload sessions, and removes from the spool directory, if there
// is one, what sessions have left there, until ctx ends; then it closes done. The spool
// is swept at once, too: its litter is what a server leaves that died.
func startSweeper(ctx context.Context, u *uploads.Uploads, spoolDir string, logger *slog.Logger) (done <-chan struct{}) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(sweepEvery)
		defer tick.Stop()
		sweepSpool(spoolDir, logger)
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			n, err := u.Sweep(ctx, time.Now().Add(-sweepAge))
			report(logger, "old uploads", n, err)
			sweepSpool(spoolDir, logger)
		}
	}()
	return ended
}

// sweepSpool removes what nobody has written to for longer than a session lasts.
func sweepSpool(dir string, logger *slog.Logger) {
	if dir == "" {
		return
	}
	n, err := storage.SweepSpool(dir, time.Now().Add(-sweepAge))
	report(logger, "files of ended uploads", n, err)
}

// report logs what became of a sweep that found something or failed.
func report(logger *slog.Logger, what string, n int, err error) {
	if err != nil {
		logger.Warn(what+" could not be swept", "error", err)
	}
	if n > 0 {
		logger.Info("swept "+what, "count", n)
	}
}
