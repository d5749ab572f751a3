package cli

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
)

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
		out  output
		t    trusted
		fips bool
	)
	cmd := &cobra.Command{
		Use: "verify", Short: "Check whether the installed plugins may run", Args: cobra.NoArgs,
		Long: `Check whether the installed plugins may run: whether each is in the lock, signed,
and a FIPS build, as far as that is demanded, and is installed so that nobody else can
change it. It fails when one may not. Name the server's configuration with --config to
demand what the server does.

A binary is run only to describe itself, and not before it has passed the other checks.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, where, err := t.load()
			if err != nil {
				return err
			}
			cfg.FIPS = cfg.FIPS || fips
			policy, err := t.Policy(cfg, where)
			if err != nil {
				return err
			}
			list, err := plugin.NewCatalog(where...).Installed()
			if err != nil {
				return err
			}
			return printVerified(cmd, &out, verify(cmd.Context(), list, policy))
		},
	}
	out.register(cmd)
	t.register(cmd)
	f := cmd.Flags()
	f.StringVar(&t.Lock, "plugin-lock", "", "`file` that lists the plugins that may run (default: that of the configuration, else plugins.lock in a plugin directory, if there is one)")
	f.StringArrayVar(&t.Keys, "plugin-key", nil, "`file` with a public key; one of them must have signed each plugin")
	f.StringArrayVar(&t.Unsigned, "allow-unsigned", nil, "plugin that needs no signature, as `KIND/NAME`")
	f.BoolVar(&fips, "fips", false, "demand FIPS builds")
	return cmd
}

// verify asks the policy about each plugin.
func verify(ctx context.Context, list []plugin.Entry, policy *trust.Policy) []verified {
	all := make([]verified, 0, len(list))
	for _, e := range list {
		v := verified{Plugin: e.Kind + "/" + e.Name, Path: e.Path}
		if err := v.check(ctx, e, policy); err != nil {
			v.Error = err.Error()
		}
		all = append(all, v)
	}
	return all
}

func (v *verified) check(ctx context.Context, e plugin.Entry, policy *trust.Policy) error {
	b, err := binary.Open(e.Path)
	if err != nil {
		return err
	}
	defer b.Close()
	v.SHA256, v.FIPS = b.SHA256, b.FIPS()
	grant, err := policy.Check(e.Kind, e.Name, b)
	if err != nil {
		return err
	}
	v.Locked, v.SignedBy = grant.Locked, grant.SignedBy
	d, err := launch.Describe(ctx, b)
	if err != nil {
		return err
	}
	_, err = policy.Admit(e.Kind, e.Name, b, d)
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
