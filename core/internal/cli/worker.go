package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/serve"
	"github.com/quay/quay/core/internal/worker"
	"github.com/quay/quay/sdk/errs"
)

func workerCommand() *cobra.Command {
	var (
		opts          serve.WorkerOptions
		list          bool
		level, format string
		out           output
	)
	cmd := &cobra.Command{
		Use: "worker NAME", Short: "Run a background program", Args: cobra.MaximumNArgs(1),
		Long: `Run one of the product's background programs until the process is told to end.

The Python product's workers may run beside it, the one of the same name included. A
worker that the configuration switches off waits; so does one whose database cannot be
reached yet.`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{worker.ManifestBackfill, worker.ManifestSubjectBackfill}, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			switch {
			case list && len(args) == 0:
				return printCatalog(cmd, &out)
			case list || len(args) == 0:
				return errs.New(errs.Invalid, "name a worker, or say --list")
			case opts.ConfigFile == "" && opts.ConfigDir == "":
				return errs.New(errs.Invalid, "name the configuration of the servers with --config")
			}
			opts.Name = args[0]
			if opts.Logger, err = obs.NewLogger(cmd.ErrOrStderr(), format, level); err != nil {
				return err
			}
			status, err := serve.RunWorker(cmd.Context(), opts)
			if opts.Once && slices.ContainsFunc(status, func(s worker.Status) bool { return s.Runs > 0 }) {
				if err := printOperations(cmd, &out, status); err != nil {
					return err
				}
			}
			return err
		},
	}
	out.register(cmd)
	f := cmd.Flags()
	f.BoolVar(&list, "list", false, "list the product's programs, and what does their work here")
	f.StringVar(&opts.ConfigFile, "config", "", "configuration `file` of the servers")
	f.StringVar(&opts.ConfigDir, "config-dir", "", "`directory` with a config.yaml")
	f.BoolVar(&opts.Once, "once", false, "do what there is to do now, say what became of it, and end")
	f.StringVar(&opts.Listen, "listen", "", "`address` of /health and /metrics (default: nowhere)")
	f.DurationVar(&opts.Drain, "drain-timeout", 5*time.Minute, "how long the work under way may take when told to end")
	f.StringVar(&level, "log-level", "info", "debug, info, warn or error")
	f.StringVar(&format, "log-format", "text", "text or json")
	return cmd
}

// printCatalog lists all programs.
func printCatalog(cmd *cobra.Command, out *output) error {
	catalog := worker.Catalog()
	rows := make([][]string, len(catalog))
	for i, e := range catalog {
		every := make([]string, len(e.Every))
		for n, seconds := range e.Every {
			every[n] = worker.Seconds(seconds).String()
		}
		rows[i] = []string{e.Name, string(e.Where), strings.Join(every, ", "), e.Gate, e.Queue, e.Does}
	}
	return out.print(cmd.OutOrStdout(), catalog, []string{"NAME", "RUNS IN", "EVERY", "FEATURE", "QUEUE", "DOES"}, rows)
}

// printOperations tells what became of operations.
func printOperations(cmd *cobra.Command, out *output, status []worker.Status) error {
	rows := make([][]string, len(status))
	for i, s := range status {
		outcome := "done"
		switch {
		case s.Skipped > 0:
			outcome = "left to whoever has the lock"
		case s.LastError != "":
			outcome = "failed: " + s.LastError
		}
		rows[i] = []string{s.Program, s.Operation, fmt.Sprintf("%.1fs", s.LastTook.Seconds()), outcome}
	}
	return out.print(cmd.OutOrStdout(), status, []string{"WORKER", "OPERATION", "TOOK", "OUTCOME"}, rows)
}
