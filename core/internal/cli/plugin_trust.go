package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/core/internal/serve"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

func pluginLockCommand() *cobra.Command {
	var (
		out       output
		dirs, add []string
		file      string
		offline   []string
	)
	cmd := &cobra.Command{
		Use: "lock", Short: "Write the list of the plugins that may run", Args: cobra.NoArgs,
		Long: `Write the list of the plugins that may run: those that are installed now.

A server that finds the list runs no other binary. What was granted to a plugin in the
list before stays granted: edit the file to grant less. To prepare an upgrade, --add the
new binary, so that both versions may run.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			where, err := pluginDirs(dirs)
			if err != nil {
				return err
			}
			path := cmp.Or(file, filepath.Join(where[0], trust.LockName))
			old, err := trust.ReadLock(path)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			l := locker{offline: offline}
			if old != nil {
				l.old = old.Entries()
			}
			lock, err := l.lock(cmd.Context(), where, add)
			if err != nil {
				return err
			}
			if err := lock.Write(path); err != nil {
				return err
			}
			if out.format != "json" {
				_, _ = fmt.Fprintf(cmd.OutOrStdout(), "Wrote %s:\n", path) // The table says the rest.
			}
			return printLock(cmd, &out, lock.Entries())
		},
	}
	out.register(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&dirs, "plugin-dir", nil, "`directory` with plugins")
	f.StringVar(&file, "plugin-lock", "", "`file` to write (default: plugins.lock in the first plugin directory)")
	f.StringArrayVar(&add, "add", nil, "`path` of a binary to list beside those that the file lists")
	f.StringArrayVar(&offline, "no-network", nil, "plugin that gets no network, as `KIND/NAME`")
	return cmd
}

// locker makes the entries of a lock.
type locker struct {
	old     []trust.Entry
	offline []string
}

// lock lists the binaries in the directories; with paths to add, those beside the
// old entries instead.
func (l locker) lock(ctx context.Context, dirs, add []string) (*trust.Lock, error) {
	var entries []trust.Entry
	paths := add
	if len(add) > 0 {
		entries = slices.Clone(l.old)
	} else {
		list, err := plugin.NewCatalog(dirs...).List(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			if e.Err != nil {
				return nil, errs.Wrap(errs.KindOf(e.Err), e.Err, "the %s plugin %q cannot be locked", e.Kind, e.Name)
			}
			paths = append(paths, e.Path)
		}
		if len(paths) == 0 {
			return nil, errs.New(errs.NotFound, "there is no plugin in %s", strings.Join(dirs, ", "))
		}
	}
	for _, path := range paths {
		e, err := l.entry(ctx, path)
		if err != nil {
			return nil, err
		}
		entries = slices.DeleteFunc(entries, func(old trust.Entry) bool { return old.SHA256 == e.SHA256 })
		entries = append(entries, e)
	}
	return trust.Make(entries)
}

// entry describes one binary. It keeps what the plugin was granted before.
func (l locker) entry(ctx context.Context, path string) (trust.Entry, error) {
	b, err := binary.Open(path)
	if err != nil {
		return trust.Entry{}, err
	}
	defer b.Close()
	d, err := launch.Describe(ctx, b)
	if err != nil {
		return trust.Entry{}, err
	}
	e := trust.Entry{
		Kind: d.Kind, Name: d.Name, Version: d.Version, SHA256: b.SHA256, API: d.API,
		Network: !slices.Contains(l.offline, d.Kind+"/"+d.Name),
	}
	for _, old := range l.old {
		if old.Kind == e.Kind && old.Name == e.Name {
			e.Capabilities, e.Network = old.Capabilities, old.Network && e.Network
		}
	}
	signature, err := os.ReadFile(b.Path + trust.SignatureSuffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return trust.Entry{}, errs.Wrap(errs.Denied, err, "the signature of %s cannot be read", path)
	}
	e.Signature = string(bytes.TrimSpace(signature))
	return e, nil
}

func printLock(cmd *cobra.Command, out *output, entries []trust.Entry) error {
	rows := make([][]string, len(entries))
	for i, e := range entries {
		granted := "all capabilities"
		if e.Capabilities != nil {
			granted = strings.Join(e.Capabilities, " ")
		}
		if !e.Network {
			granted += ", no network"
		}
		signed := "no"
		if e.Signature != "" {
			signed = "yes"
		}
		rows[i] = []string{e.Kind + "/" + e.Name, e.Version, e.SHA256, signed, granted}
	}
	return out.print(cmd.OutOrStdout(), entries, []string{"PLUGIN", "VERSION", "SHA256", "SIGNED", "GRANTED"}, rows)
}

// verified is a plugin in the output of "plugin verify".
type verified struct {
	Plugin   string `json:"plugin"`
	Path     string `json:"path"`
	SHA256   string `json:"sha256,omitempty"`
	FIPS     bool   `json:"fips"`
	Locked   bool   `json:"locked"`
	SignedBy string `json:"signed_by,omitempty"`
	Error    string `json:"error,omitempty"`
}

func pluginVerifyCommand() *cobra.Command {
	var (
		out    output
		dirs   []string
		t      serve.Trust
		config config.Config
	)
	cmd := &cobra.Command{
		Use: "verify", Short: "Check whether the installed plugins may run", Args: cobra.NoArgs,
		Long: `Check whether the installed plugins may run: whether each is in the lock, signed,
and a FIPS build, as far as that is demanded, and is installed so that nobody else can
change it. It fails when one may not.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			where, err := pluginDirs(dirs)
			if err != nil {
				return err
			}
			policy, err := t.Policy(&config, where)
			if err != nil {
				return err
			}
			list, err := plugin.NewCatalog(where...).List(cmd.Context())
			if err != nil {
				return err
			}
			return printVerified(cmd, &out, verify(list, policy))
		},
	}
	out.register(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&dirs, "plugin-dir", nil, "`directory` with plugins")
	f.StringVar(&t.Lock, "plugin-lock", "", "`file` that lists the plugins that may run (default: plugins.lock in a plugin directory, if there is one)")
	f.StringArrayVar(&t.Keys, "plugin-key", nil, "`file` with a public key; one of them must have signed each plugin")
	f.StringArrayVar(&t.Unsigned, "allow-unsigned", nil, "plugin that needs no signature, as `KIND/NAME`")
	f.BoolVar(&config.FIPS, "fips", false, "demand FIPS builds")
	return cmd
}

// verify asks the policy about each plugin.
func verify(list []plugin.Entry, policy *trust.Policy) []verified {
	all := make([]verified, 0, len(list))
	for _, e := range list {
		v := verified{Plugin: e.Kind + "/" + e.Name, Path: e.Path}
		err := e.Err
		if err == nil {
			err = v.check(e, policy)
		}
		if err != nil {
			v.Error = err.Error()
		}
		all = append(all, v)
	}
	return all
}

func (v *verified) check(e plugin.Entry, policy *trust.Policy) error {
	b, err := binary.Open(e.Path)
	if err != nil {
		return err
	}
	defer b.Close()
	v.SHA256, v.FIPS = b.SHA256, b.FIPS()
	grant, err := policy.Admit(e.Kind, e.Name, b, *e.Description)
	v.Locked, v.SignedBy = grant.Locked, grant.SignedBy
	return err
}

func printVerified(cmd *cobra.Command, out *output, all []verified) error {
	rows := make([][]string, len(all))
	bad := 0
	for i, v := range all {
		verdict := "may run"
		if v.Error != "" {
			bad++
			verdict = v.Error
		}
		rows[i] = []string{v.Plugin, v.Path, yes(v.Locked), cmp.Or(v.SignedBy, "nobody"), yes(v.FIPS), verdict}
	}
	if err := out.print(cmd.OutOrStdout(), all, []string{"PLUGIN", "PATH", "LOCKED", "SIGNED BY", "FIPS", "VERDICT"}, rows); err != nil {
		return err
	}
	if bad > 0 {
		return errs.New(errs.Denied, "%d of %d plugins may not run", bad, len(all))
	}
	return nil
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// described is the output of "plugin describe".
type described struct {
	protocol.Description
	Path   string       `json:"path"`
	SHA256 string       `json:"sha256"`
	Read   binary.Build `json:"read"`
	FIPS   bool         `json:"fips"`
}

func pluginDescribeCommand() *cobra.Command {
	var dirs []string
	cmd := &cobra.Command{
		Use: "describe NAME|PATH", Short: "Show what a plugin's binary says of itself, and what it is", Args: cobra.ExactArgs(1),
		Long: `Show what a plugin's binary says of itself, as JSON, and what this program reads from
the binary without believing it ("read", "sha256", "fips"). The plugin is named by its
path, or by KIND/NAME if it is installed.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			path := args[0]
			if kind, name, ok := strings.Cut(path, "/"); ok && protocol.KnownKind(kind) {
				where, err := pluginDirs(dirs)
				if err != nil {
					return err
				}
				if path, err = plugin.NewCatalog(where...).Find(kind, name); err != nil {
					return err
				}
			}
			b, err := binary.Open(path)
			if err != nil {
				return err
			}
			defer b.Close()
			d, err := launch.Describe(cmd.Context(), b)
			if err != nil {
				return err
			}
			out := output{format: "json"}
			return out.print(cmd.OutOrStdout(), described{d, b.Path, b.SHA256, b.Build, b.FIPS()}, nil, nil)
		},
	}
	cmd.Flags().StringArrayVar(&dirs, "plugin-dir", nil, "`directory` with plugins")
	return cmd
}
