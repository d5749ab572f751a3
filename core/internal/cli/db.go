package cli

import "github.com/spf13/cobra"

func dbCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "db", Short: "Look after the database"}
	cmd.AddCommand(dbCheckCommand(), dbCopyCommand())
	return cmd
}
