// Package core is the host: what the command quay is made of.
package core

import (
	"context"
	"fmt"
	"io"

	"github.com/quay/quay/core/internal/cli"
)

// Main runs a command line and returns the exit status of the process: 0 when
// all went well, 1 otherwise, with one line on stderr that says why. It ends when
// the command is done, or soon after ctx ends.
func Main(ctx context.Context, version string, args []string, stdout, stderr io.Writer) int {
	cmd := cli.New(version)
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	if err := cmd.ExecuteContext(ctx); err != nil {
		_, _ = fmt.Fprintf(stderr, "quay: %s\n", cli.Printable(err.Error())) // nobody reads it when this fails
		return 1
	}
	return 0
}
