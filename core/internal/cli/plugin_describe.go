package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/sdk/protocol"
)

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
