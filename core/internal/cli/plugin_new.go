package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/scaffold"
	"github.com/quay/quay/sdk/protocol"
)

func pluginNewCommand() *cobra.Command {
	var opts scaffold.Options
	kinds := scaffold.Kinds()
	cmd := &cobra.Command{
		Use:   "new " + strings.Join(kinds, "|") + " NAME",
		Short: "Begin a plugin of your own",
		Long: `Begin a plugin of your own: write a Go module with an example that works and passes
the conformance suite of its kind. NAME is that of the plugin, with lower case
letters, digits and dashes; the binary is called quay-KIND-NAME.`,
		Example: `  quay plugin new storage acme
  quay plugin new storage acme --module git.acme.example/quay-storage-acme
  quay plugin new storage acme --sdk ~/src/quay`,
		Args: cobra.ExactArgs(2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return kinds, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.Kind, opts.Name = args[0], args[1]
			result, err := scaffold.New(opts)
			if err != nil {
				return err
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "%s has %s.\n\nNext:\n\n    cd %s\n", result.Dir, strings.Join(result.Files, ", "), result.Dir)
			if !result.Complete {
				fmt.Fprintf(w, "    go mod tidy\n")
			}
			config := ""
			if opts.Kind != protocol.KindStorage {
				config = " --config test.yaml" // The other kinds have a service: README.md says more.
			}
			fmt.Fprintf(w, "    go test ./...\n    go build -o %s .\n    quay plugin test ./%s%s\n", result.Binary, result.Binary, config)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&opts.Dir, "dir", "", "`directory` of the module (default quay-KIND-NAME)")
	f.StringVar(&opts.Module, "module", "", "`path` of the module (default example.com/quay-KIND-NAME)")
	f.StringVar(&opts.SDK, "sdk", "", "a checkout of this repository to build with (default: the version of this program)")
	return cmd
}
