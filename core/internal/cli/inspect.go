package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/serve"
)

func pluginCommand(version string) *cobra.Command {
	cmd := &cobra.Command{Use: "plugin", Short: "Look after plugins"}
	cmd.AddCommand(
		pluginListCommand(),
		pluginNewCommand(),
		pluginTestCommand(version),
		pluginDocsCommand(),
		pluginDescribeCommand(),
		pluginLockCommand(),
		pluginVerifyCommand(),
		pluginInfoCommand(),
		pluginUpgradeCommand(),
		pluginReloadCommand(),
		pluginRestartCommand(),
		pluginQuarantineCommand(),
	)
	return cmd
}

// listedPlugin is a plugin in the output of "plugin list".
type listedPlugin struct {
	Kind         string   `json:"kind"`
	Name         string   `json:"name"`
	Version      string   `json:"version,omitempty"`
	Path         string   `json:"path"`
	API          []string `json:"api,omitempty"`
	Capabilities []string `json:"capabilities,omitempty"`
	Error        string   `json:"error,omitempty"`
}

func pluginListCommand() *cobra.Command {
	var out output
	var dirs []string
	cmd := &cobra.Command{
		Use: "list", Short: "List the plugins that are installed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			where, err := pluginDirs(dirs)
			if err != nil {
				return err
			}
			entries, err := plugin.NewCatalog(where...).List(cmd.Context())
			if err != nil {
				return err
			}
			list := make([]listedPlugin, len(entries))
			rows := make([][]string, len(entries))
			for i, e := range entries {
				p := listedPlugin{Kind: e.Kind, Name: e.Name, Path: e.Path}
				var about string
				if e.Err != nil {
					p.Error = e.Err.Error()
					about = p.Error
				} else {
					p.Version, p.API, p.Capabilities = e.Description.Version, e.Description.API, e.Description.Capabilities
					about = strings.Join(p.Capabilities, " ")
				}
				list[i], rows[i] = p, []string{p.Kind, p.Name, p.Version, p.Path, about}
			}
			return out.print(cmd.OutOrStdout(), list, []string{"KIND", "NAME", "VERSION", "PATH", "CAPABILITIES"}, rows)
		},
	}
	out.register(cmd)
	cmd.Flags().StringArrayVar(&dirs, "plugin-dir", nil, "`directory` with plugins")
	return cmd
}

// listedRoute is a row in the output of "routes".
type listedRoute struct {
	Method     string `json:"method"`
	Path       string `json:"path"`
	Family     string `json:"family"`
	Capability string `json:"capability"`
	Auth       string `json:"auth"`
	Scope      string `json:"scope,omitempty"`
	Served     bool   `json:"served"`
}

func routesCommand() *cobra.Command {
	var out output
	cmd := &cobra.Command{
		Use: "routes", Short: "List the routes and whether this program answers them", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			table := serve.Routes()
			list := make([]listedRoute, len(table))
			rows := make([][]string, len(table))
			for i, r := range table {
				served := "no"
				if r.Handler != nil {
					served = "yes"
				}
				list[i] = listedRoute{r.Method, r.Path, string(r.Family), r.Capability, string(r.Auth), r.Scope, r.Handler != nil}
				rows[i] = []string{r.Method, r.Path, string(r.Family), r.Capability, string(r.Auth), r.Scope, served}
			}
			return out.print(cmd.OutOrStdout(), list, []string{"METHOD", "PATH", "FAMILY", "CAPABILITY", "AUTH", "SCOPE", "SERVED"}, rows)
		},
	}
	out.register(cmd)
	return cmd
}
