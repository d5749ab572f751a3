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

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
)

func pluginLockCommand() *cobra.Command {
	var (
		out     output
		t       trusted
		add     []string
		offline []string
	)
	cmd := &cobra.Command{
		Use: "lock", Short: "Write the list of the plugins that may run", Args: cobra.NoArgs,
		Long: `Write the list of the plugins that may run: those that are installed now.

A server that finds the list runs no other binary. What was granted to a binary in the
list before stays granted, and a new version is granted what all versions in the list
were: edit the file to grant less. To prepare an upgrade, --add the new binary, so that
both versions may run.

The list is written where the server looks for it: name the server's configuration with
--config where that says PLUGIN_LOCK.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, where, err := t.load()
			if err != nil {
				return err
			}
			path, err := t.LockPath(cfg, where)
			if err != nil {
				return err
			}
			path = cmp.Or(path, filepath.Join(where[0], trust.LockName))
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
	t.register(cmd)
	f := cmd.Flags()
	f.StringVar(&t.Lock, "plugin-lock", "", "`file` to write (default: that of the configuration, else the plugins.lock that is in a plugin directory, else one in the first)")
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

// entry describes one binary, and grants it what it was granted before.
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
	l.grant(&e)
	signature, err := os.ReadFile(b.Path + trust.SignatureSuffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return trust.Entry{}, errs.Wrap(errs.Denied, err, "the signature of %s cannot be read", path)
	}
	e.Signature = string(bytes.TrimSpace(signature))
	return e, nil
}

// grant takes from an entry what the list did not grant before: to this binary, or, where
// it is new, to each of the plugin's others.
func (l locker) grant(e *trust.Entry) {
	var before []trust.Entry
	for _, old := range l.old {
		if old.Kind != e.Kind || old.Name != e.Name {
			continue
		}
		if old.SHA256 == e.SHA256 {
			before = []trust.Entry{old}
			break
		}
		before = append(before, old)
	}
	for _, old := range before {
		e.Network = e.Network && old.Network
		e.Capabilities = both(e.Capabilities, old.Capabilities)
	}
}

// both returns the capabilities that are in both lists; nil stands for all.
func both(a, b []string) []string {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	shared := []string{} // None, which is not all.
	for _, c := range a {
		if slices.Contains(b, c) {
			shared = append(shared, c)
		}
	}
	return shared
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
