package cli

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/control"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
)

// operate makes a command that does something with one running plugin and prints
// how it is afterwards.
func operate(use, short, long string, flags func(*cobra.Command), do func(ctx context.Context, c *control.Client, id string) error) *cobra.Command {
	var out output
	var conn connection
	cmd := &cobra.Command{
		Use: use + " NAME", Short: short, Long: long, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := conn.dial(cmd.Context())
			if err != nil {
				return err
			}
			defer client.Close()
			st, err := status(cmd.Context(), client, args[0])
			if err != nil {
				return err
			}
			if err := do(cmd.Context(), client, st.ID()); err != nil {
				return err
			}
			if st, err = status(cmd.Context(), client, st.ID()); err != nil {
				return err
			}
			return printStatus(cmd, &out, st)
		},
	}
	out.register(cmd)
	conn.register(cmd)
	cmd.ValidArgsFunction = conn.runningNames
	if flags != nil {
		flags(cmd)
	}
	return cmd
}

// status asks the host for one plugin.
func status(ctx context.Context, client *control.Client, name string) (plugin.Status, error) {
	list, err := client.Plugins(ctx)
	if err != nil {
		return plugin.Status{}, err
	}
	return find(list, name)
}

func pluginInfoCommand() *cobra.Command {
	return operate("info", "Show how a running plugin is: its state, its instances, its last crash", "", nil,
		func(context.Context, *control.Client, string) error { return nil })
}

func pluginUpgradeCommand() *cobra.Command {
	var to string
	var trial time.Duration
	return operate("upgrade", "Run another binary of a plugin without losing a request",
		`Run another binary of a plugin without losing a request.

The new binary is started, configured and probed beside the old one. Then it takes
over, and when it has proved itself the old one finishes its requests and ends. When
it is not as good as the old one, the old one goes on.

The next start of the server takes the binary from the plugin directory again: put
the new one there when all is well.`,
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&to, "to", "", "`path` of the new binary")
			_ = cmd.MarkFlagRequired("to") // It exists.
			_ = cmd.MarkFlagFilename("to") // Likewise.
			registerTrial(cmd, &trial)
		},
		func(ctx context.Context, c *control.Client, id string) error {
			path, err := filepath.Abs(to)
			if err != nil {
				return errs.Wrap(errs.Invalid, err, "--to")
			}
			return c.Replace(ctx, id, path, trial)
		})
}

func pluginReloadCommand() *cobra.Command {
	var instance string
	var trial time.Duration
	return operate("reload", "Read a plugin's binary and configuration anew without losing a request",
		`Read a plugin's binary and configuration anew without losing a request.

With --instance the configuration of that one is replaced in place, in the running
process; what does not work is refused and the old configuration stays.`,
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&instance, "instance", "", "`name` of the only instance to configure")
			registerTrial(cmd, &trial)
		},
		func(ctx context.Context, c *control.Client, id string) error {
			if instance != "" {
				return c.Reconfigure(ctx, id, instance)
			}
			return c.Replace(ctx, id, "", trial)
		})
}

func registerTrial(cmd *cobra.Command, trial *time.Duration) {
	cmd.Flags().DurationVar(trial, "trial", 5*time.Second, "how long the old process is kept to take over again, at most 10m")
}

func pluginRestartCommand() *cobra.Command {
	return operate("restart", "End a plugin and start it again; the way out of a quarantine",
		`End a plugin and start it again. Requests wait meanwhile, five seconds at most:
to lose none, reload it instead.`, nil,
		func(ctx context.Context, c *control.Client, id string) error { return c.Restart(ctx, id) })
}

func pluginQuarantineCommand() *cobra.Command {
	var reason string
	return operate("quarantine", "Take a plugin out of service until it is restarted", "",
		func(cmd *cobra.Command) {
			cmd.Flags().StringVar(&reason, "reason", "", "why, for those who wonder (one `sentence`)")
		},
		func(ctx context.Context, c *control.Client, id string) error { return c.Quarantine(ctx, id, reason) })
}

// printStatus prints one plugin.
func printStatus(cmd *cobra.Command, out *output, st plugin.Status) error {
	return out.print(cmd.OutOrStdout(), st, []string{"PLUGIN", st.ID()}, statusRows(st))
}

// statusRows are the lines about a plugin: a word and what it is.
func statusRows(st plugin.Status) [][]string {
	var rows [][]string
	row := func(name, format string, args ...any) {
		rows = append(rows, []string{name, fmt.Sprintf(format, args...)})
	}
	row("state", "%s since %s", st.State, st.Since.Local().Format(time.DateTime))
	if st.Reason != "" {
		row("reason", "%s", st.Reason)
	}
	row("binary", "%s", st.Path)
	if b := st.Binary; b.SHA256 != "" {
		row("version", "%s, sha256 %s", b.Version, b.SHA256)
		row("trust", "in the lock: %s; signed by: %s; FIPS build: %s", yes(b.Locked), cmp.Or(b.SignedBy, "nobody"), yes(b.FIPS))
	}
	if st.PID != 0 {
		row("process", "%d, generation %d, up %v, started in %v", st.PID, st.Generation,
			time.Since(st.Started).Round(time.Second), st.StartTook.Round(time.Millisecond))
	}
	row("calls", "%d under way, %d waiting", st.InFlight, st.Queued)
	row("crashes", "%d, %d restarts, %d calls retried", st.Crashes, st.Restarts, st.Retries)
	for _, c := range st.Confinement {
		row("confined", "%s: %s (%s)", c.Name, c.State, c.Detail)
	}
	for _, in := range st.Instances {
		health := "works"
		if !in.Healthy {
			health = "does not work: " + in.Reason
		}
		row("instance", "%s %s; capabilities: %s", in.Name, health, strings.Join(in.Capabilities, " "))
		if len(in.Withheld) > 0 {
			row("", "withheld: %s", strings.Join(in.Withheld, " "))
		}
	}
	if c := st.LastCrash; c != nil {
		row("last crash", "%s, generation %d (process %d) after %v: %s", c.At.Local().Format(time.DateTime), c.Generation, c.PID, c.Lived.Round(time.Millisecond), c.Reason)
		for _, line := range c.Stderr {
			row("", "| %s", line)
		}
	}
	return rows
}
