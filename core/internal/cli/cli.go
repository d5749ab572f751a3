// Package cli is the command line of quay.
package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/quay/quay/sdk/errs"
)

// New returns the root command.
func New(version string) *cobra.Command {
	root := &cobra.Command{
		Use:           "quay",
		Short:         "A container registry with drivers in processes of their own",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(serveCommand(), workerCommand(), migrateCommand(), dbCommand(), pluginCommand(version), routesCommand(), versionCommand(version))
	return root
}

// output is the flag --output: "table" or "json".
type output struct{ format string }

func (o *output) register(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&o.format, "output", "o", "table", "table or json")
}

// print writes v as JSON, or as a table whose rows are cells.
func (o *output) print(w io.Writer, v any, header []string, rows [][]string) error {
	switch o.format {
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(v)
	case "table":
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, row := range append([][]string{header}, rows...) {
			for i, cell := range row {
				if i > 0 {
					_, _ = fmt.Fprint(t, "\t") // Flush tells of failures
				}
				_, _ = fmt.Fprint(t, Printable(cell))
			}
			_, _ = fmt.Fprintln(t)
		}
		return t.Flush()
	}
	return errs.New(errs.Invalid, "--output is table or json, not %q", o.format)
}

func versionCommand(version string) *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v := map[string]string{"version": version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
			return out.print(cmd.OutOrStdout(), v, []string{"VERSION", "GO", "PLATFORM"}, [][]string{{v["version"], v["go"], v["platform"]}})
		},
	}
	out.register(cmd)
	return cmd
}
