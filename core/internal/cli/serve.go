package cli

import (
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/serve"
	"github.com/quay/quay/sdk/errs"
)

func serveCommand() *cobra.Command {
	var (
		opts          serve.Options
		mode          string
		level, format string
		development   []string
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the registry",
		Long: `Serve the registry until the process is told to end.

In mirror mode no configuration is needed: the database, the images and the keys
are kept in one directory. A configuration, if there is one, always wins over
what the mode presets.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			switch {
			case mode == "" && opts.ConfigFile == "" && opts.ConfigDir == "":
				return errs.New(errs.Invalid, "say --mode=mirror, or name a configuration with --config")
			case mode != "" && mode != "mirror":
				return errs.New(errs.Unsupported, "the mode %q is not there yet, only mirror is", mode)
			}
			opts.Mirror = mode == "mirror"
			if opts.Mirror && opts.DataDir == "" {
				if opts.DataDir, err = userDataDir(); err != nil {
					return err
				}
			}
			if opts.ControlSocket == "" {
				opts.ControlSocket, opts.ControlOptional = servedSocket(opts.Mirror, opts.DataDir), true
			}
			if opts.Trust.Development, err = serve.ParseDevelopment(development); err != nil {
				return err
			}
			if opts.Logger, err = obs.NewLogger(cmd.ErrOrStderr(), format, level); err != nil {
				return err
			}
			opts.Out = cmd.OutOrStdout()
			return serve.Run(cmd.Context(), opts)
		},
	}
	f := cmd.Flags()
	f.StringVar(&mode, "mode", "", "presets: mirror")
	f.StringVar(&opts.ConfigFile, "config", "", "configuration `file`, laid over the presets")
	f.StringVar(&opts.ConfigDir, "config-dir", "", "`directory` with a config.yaml, which may be missing")
	f.StringVar(&opts.DataDir, "data-dir", "", "where a mirror keeps everything (default: quay in the user's data `directory`)")
	f.StringVar(&opts.Listen, "listen", "127.0.0.1:8080", "`address` to listen on; others than this machine may pull, but must log in to push")
	f.BoolVar(&opts.InsecureHTTP, "insecure-http", false, "serve without TLS")
	f.StringArrayVar(&opts.PluginDirs, "plugin-dir", nil, "`directory` with plugins (default: beside this program, then "+systemPlugins+")")
	f.StringVar(&opts.Trust.Lock, "plugin-lock", "", "`file` that lists the plugins that may run (default: plugins.lock in a plugin directory, if there is one)")
	f.StringArrayVar(&opts.Trust.Keys, "plugin-key", nil, "`file` with a public key; one of them must have signed each plugin")
	f.StringArrayVar(&opts.Trust.Unsigned, "allow-unsigned", nil, "plugin that needs no signature, as `KIND/NAME`")
	f.StringArrayVar(&development, "dev-plugin", nil, "binary to run in place of an installed plugin, locked or not, as `KIND/NAME=PATH`, or attach:ADDRESS of one in a debugger as the path; never to serve others")
	f.StringVar(&opts.ControlSocket, "control-socket", "", "Unix socket by which \"quay plugin\" looks after this server (default: control.sock in a mirror's data `directory`, or in quay below /run or $XDG_RUNTIME_DIR)")
	f.DurationVar(&opts.ShutdownTimeout, "shutdown-timeout", 5*time.Minute, "how long requests under way may take when told to end")
	f.StringVar(&level, "log-level", "info", "debug, info, warn or error")
	f.StringVar(&format, "log-format", "text", "text or json")
	cmd.PreRunE = func(*cobra.Command, []string) (err error) {
		opts.PluginDirs, err = pluginDirs(opts.PluginDirs)
		return err
	}
	return cmd
}

// systemPlugins is where packages put plugins.
const systemPlugins = "/usr/libexec/quay/plugins"

// pluginDirs returns the directories that were named, or the usual ones.
func pluginDirs(named []string) ([]string, error) {
	if len(named) > 0 {
		return named, nil
	}
	exe, err := os.Executable()
	if err == nil {
		exe, err = filepath.EvalSymlinks(exe)
	}
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "find this program")
	}
	return []string{filepath.Dir(exe), systemPlugins}, nil
}

// userDataDir is quay in the user's data directory (XDG base directories).
func userDataDir() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "quay"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errs.Wrap(errs.Invalid, err, "say --data-dir: there is no home directory")
	}
	return filepath.Join(home, ".local", "share", "quay"), nil
}
