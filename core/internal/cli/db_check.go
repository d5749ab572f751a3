package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/dbcheck"
	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/serve"
	"github.com/quay/quay/sdk/errs"
)

func dbCheckCommand() *cobra.Command {
	var (
		opts       serve.Options
		check      dbcheck.Options
		mode       string
		invariants string
		bytes      string
		logs       []string
		out        output
	)
	cmd := &cobra.Command{
		Use: "check", Short: "Verify that nothing of a registry is lost or left over", Args: cobra.NoArgs,
		Long: `Verify a registry, which may be in use meanwhile: its database and its objects.

  I1  every tag leads to its manifest, its children and its blobs, and their bytes
      have the digests that they should have
  I2  no blob has a row and no bytes
  I3  no bytes are without a row, for longer than --grace
  I4  the totals of the quota are the sums of the blobs
  I5  no upload is without its repository
  I6  each change of a tag has its entry in the action log, and one
  I7  no log has a secret: the action log, and files named with --log
  I8  every referrer is listed, and nothing else is

It fails when one of them is broken. What cannot be checked is said.`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			opts.Mirror = mode == "mirror"
			switch {
			case mode == "" && opts.ConfigFile == "" && opts.ConfigDir == "":
				return errs.New(errs.Invalid, "say --mode=mirror, or name a configuration with --config")
			case mode != "" && !opts.Mirror:
				return errs.New(errs.Unsupported, "the mode %q is not there yet, only mirror is", mode)
			}
			if opts.Mirror && opts.DataDir == "" {
				if opts.DataDir, err = userDataDir(); err != nil {
					return err
				}
			}
			if opts.PluginDirs, err = pluginDirs(opts.PluginDirs); err != nil {
				return err
			}
			if check.Invariants, err = dbcheck.Parse(invariants); err != nil {
				return err
			}
			if check.Bytes, err = readBytes(bytes); err != nil {
				return err
			}
			for _, path := range logs {
				check.LogFiles = append(check.LogFiles, dbcheck.LogFile{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
			}
			if opts.Logger, err = obs.NewLogger(cmd.ErrOrStderr(), "text", "warn"); err != nil {
				return err
			}
			report, err := serve.Check(cmd.Context(), opts, check)
			if err != nil {
				return err
			}
			return printReport(cmd.OutOrStdout(), &out, report)
		},
	}
	out.register(cmd)
	f := cmd.Flags()
	f.StringVar(&mode, "mode", "", "presets of the server: mirror")
	f.StringVar(&opts.ConfigFile, "config", "", "configuration `file` of the server")
	f.StringVar(&opts.ConfigDir, "config-dir", "", "`directory` with a config.yaml, which may be missing")
	f.StringVar(&opts.DataDir, "data-dir", "", "where the mirror keeps everything (default: quay in the user's data `directory`)")
	f.StringArrayVar(&opts.PluginDirs, "plugin-dir", nil, "`directory` with plugins (default: beside this program, then "+systemPlugins+")")
	f.StringVar(&opts.Trust.Lock, "plugin-lock", "", "`file` that lists the plugins that may run (default: plugins.lock in a plugin directory, if there is one)")
	f.StringArrayVar(&opts.Trust.Keys, "plugin-key", nil, "`file` with a public key; one of them must have signed each plugin")
	f.StringArrayVar(&opts.Trust.Unsigned, "allow-unsigned", nil, "plugin that needs no signature, as `KIND/NAME`")
	f.StringVar(&invariants, "invariant", "", "`names` of what to check, as in I1,I4 (default: all)")
	f.StringVar(&bytes, "read-bytes", string(dbcheck.ReadSample), "which blobs to read and compare with their digests: all, a sample or none")
	f.StringArrayVar(&logs, "log", nil, "log `file` to search for secrets")
	f.DurationVar(&check.Grace, "grace", 10*time.Second, "how long bytes may be without a row")
	f.DurationVar(&check.Settle, "settle", 2*time.Second, "how long to wait before looking again at what seems wrong")
	f.DurationVar(&check.Skew, "skew", time.Minute, "how far apart a change and its log entry may be")
	f.IntVar(&check.Findings, "findings", 100, "how many findings of each invariant to list; more are counted")
	return cmd
}

func readBytes(s string) (dbcheck.Bytes, error) {
	switch b := dbcheck.Bytes(s); b {
	case dbcheck.ReadSample, dbcheck.ReadAll, dbcheck.ReadNone:
		return b, nil
	}
	return "", errs.New(errs.Invalid, "--read-bytes is sample, all or none, not %q", s)
}

// printReport prints what was found, and fails when something is broken.
func printReport(w io.Writer, out *output, report *dbcheck.Report) error {
	var rows [][]string
	broken := int64(0)
	for _, r := range report.Results {
		rows = append(rows, []string{string(r.Invariant), string(r.Status), fmt.Sprintf("%d checked, %d broken", r.Checked, r.Broken)})
		for _, note := range r.Notes {
			rows = append(rows, []string{"", "note", note})
		}
		for _, f := range r.Findings {
			rows = append(rows, []string{"", "finding", f.Object + ": " + f.Problem})
		}
		broken += r.Broken
	}
	if err := out.print(w, report, []string{"INVARIANT", "STATUS", "WHAT"}, rows); err != nil {
		return err
	}
	if broken > 0 {
		return errs.New(errs.Corrupt, "the registry is not as it has to be: %d findings", broken)
	}
	return nil
}
