package cli

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/store/transfer"
	"github.com/quay/quay/sdk/errs"
)

func dbCopyCommand() *cobra.Command {
	var (
		out      output
		opts     transfer.Options
		from, to string
	)
	cmd := &cobra.Command{
		Use: "copy", Short: "Copy the whole database between SQLite and PostgreSQL", Args: cobra.NoArgs,
		Long: `Copy the whole database, from SQLite to PostgreSQL or the other way round.

The target must be new: empty, or migrated with no rows but those that the migrations
insert. Tables are made in an empty one, and a SQLite file that does not exist is, too.
Stop what uses the source first: what is written to it during the copy is missing in the
target. Images are not copied; they stay where the configuration says. The program that
uses the copy needs the keys of the source's configuration, DATABASE_SECRET_KEY above all.

All rows are copied in one transaction, which is committed after everything was read back
and compared. If anything goes wrong before, the target has no new row, and the copy can
simply be begun again.

PostgreSQL holds less than SQLite does: texts have a greatest length there, and a time
is a time. What it would refuse is listed before anything is written.

Databases are named as in DB_URI. A password in a command line can be seen by others on
this machine; $PGPASSWORD and the file that $PGPASSFILE names are used, too.`,
		Example: `  quay db copy --from sqlite:////var/lib/quay/quay.db --to postgresql://quay@db.example.com/quay
  quay db copy --from postgresql://quay@db.example.com/quay --to sqlite:///quay.db`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if opts.From, err = location("--from", from); err != nil {
				return err
			}
			if opts.To, err = location("--to", to); err != nil {
				return err
			}
			opts.Progress = func(t transfer.Table) {
				if t.Rows > 0 {
					_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d rows\n", t.Name, t.Rows)
				}
			}
			report, err := transfer.Copy(cmd.Context(), opts)
			if err != nil {
				return err
			}
			for _, r := range report.Rewritten {
				_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s.%s: %d values mean the same, but are written in another form\n", r.Table, r.Column, r.Values)
			}
			for _, name := range report.LeftOut {
				_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s: not copied, it is no table of Quay\n", Printable(name))
			}
			var rows [][]string
			for _, t := range report.Tables {
				rows = append(rows, []string{t.Name, strconv.FormatInt(t.Rows, 10), t.Checksum})
			}
			return out.print(cmd.OutOrStdout(), report, []string{"TABLE", "ROWS", "CHECKSUM"}, rows)
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "`URL` of the database to copy")
	f.StringVar(&to, "to", "", "`URL` of the database to fill")
	_ = cmd.MarkFlagRequired("from") // fails for flags that do not exist
	_ = cmd.MarkFlagRequired("to")
	out.register(cmd)
	return cmd
}

// location reads a database's URL as DB_URI is read.
func location(flag, uri string) (transfer.Location, error) {
	d, err := (&config.Config{DBURI: uri}).Database()
	return transfer.Location{Path: d.Path, URL: d.URL}, errs.Wrap(errs.KindOf(err), err, "%s", flag)
}
