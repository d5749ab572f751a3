package cli

import (
	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/reference"
	"github.com/quay/quay/core/internal/serve"
	"github.com/quay/quay/sdk/protocol"
)

func pluginDocsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "docs PATH",
		Short: "Print the reference page of a plugin's binary, in Markdown",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := plugin.NewCatalog().Describe(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			var drivers []string
			if d.Kind == protocol.KindStorage {
				drivers = serve.StorageDrivers(d.Name)
			}
			page, err := reference.Page(d, drivers)
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(page)
			return err
		},
	}
}
