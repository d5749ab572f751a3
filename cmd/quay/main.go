// Command quay is the registry.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/quay/quay/core"
)

// version is set by the linker.
var version = "devel"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := core.Main(ctx, version, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
