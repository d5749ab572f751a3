package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/plugin/certify"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

func pluginTestCommand(version string) *cobra.Command {
	var (
		opts        = certify.Options{Quay: version}
		config      string
		certificate string
		format      string
		level       string
	)
	cmd := &cobra.Command{
		Use:   "test PATH | --attach ADDRESS",
		Short: "Test whether a plugin's binary keeps the promises of its kind",
		Long: `Test whether a plugin's binary keeps the promises of its kind: run the conformance
suite against it. The binary is started as a server starts it, confined to what its
configuration needs, and is killed and started again on the way.

--config names a file, in YAML or JSON, with the options of one instance as config.yaml
has them, secrets included. What the suite stores there has names of its own and is
removed. Without it, directories are made for the options that name one; a plugin that
needs more cannot be tested without.

Identity, notification and scanner plugins have a service behind them. What the suite
has to know of it is in the same file under "conformance"; cases that need what is
missing there are skipped:

    url: https://users.example.com
    conformance:
      username: alice
      password: correct horse

The fields are those of the type Known in sdk/conformance/auth, notify and secscan.

--attach tests a plugin that runs already, for instance in a debugger: one that was run
with the argument "debug", and printed the ADDRESS. It is tested unconfined, is not
killed, and gets no certificate.

The exit status is 0 when no case failed.`,
		Example: `  quay plugin test ./quay-storage-acme
  quay plugin test ./quay-storage-acme --config bucket.yaml --certificate acme.json
  quay plugin test ./quay-auth-acme --config users.yaml --short
  quay plugin test --attach /tmp/quay-storage-acme-debug-1000/socket`,
		Args: func(cmd *cobra.Command, args []string) error {
			if opts.Attach != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if opts.Attach == "" {
				opts.Path = args[0]
			}
			report, err := newReport(cmd.OutOrStdout(), format)
			if err != nil {
				return err
			}
			if config != "" {
				if opts.Configuration, err = certify.ReadConfiguration(config); err != nil {
					return err
				}
			}
			if opts.Logger, err = obs.NewLogger(cmd.ErrOrStderr(), "text", level); err != nil {
				return err
			}
			opts.Begin, opts.Report = report.begin, report.add
			c, err := certify.Run(cmd.Context(), opts)
			if err != nil {
				return err
			}
			if certificate != "" {
				if err := writeCertificate(certificate, c); err != nil {
					return err
				}
			}
			return report.end(c)
		},
	}
	f := cmd.Flags()
	f.StringVar(&config, "config", "", "`file` with the options of the instance to test, in YAML or JSON")
	f.StringVar(&certificate, "certificate", "", "`file` to write the result to, as JSON")
	f.StringVarP(&format, "output", "o", "text", "text or json")
	f.StringVar(&opts.Attach, "attach", "", "`address` of a running plugin to test in place of a binary")
	f.BoolVar(&opts.Short, "short", false, "leave out what takes long")
	f.StringVar(&level, "log-level", "error", "lowest level of the plugin's log lines to show: debug, info, warn or error")
	cmd.MarkFlagsMutuallyExclusive("attach", "certificate")
	return cmd
}

// report shows a run as it goes.
type report interface {
	begin(certify.Certificate)
	add(certify.Case)
	// end shows the verdict. It fails when the plugin has.
	end(*certify.Certificate) error
}

func newReport(w io.Writer, format string) (report, error) {
	switch format {
	case "text":
		return textReport{w}, nil
	case "json":
		return jsonReport{w}, nil
	}
	return nil, errs.New(errs.Invalid, "--output is text or json, not %q", format)
}

// verdict is an error for a plugin that has failed.
func verdict(c *certify.Certificate) error {
	switch n := c.Counts.Passed + c.Counts.Failed; {
	case c.Ended != "":
		return errs.New(errs.Invalid, "the plugin died in the case %s, the rest was not run", c.Cases[len(c.Cases)-1].Name)
	case c.Verdict == certify.Failed:
		return errs.New(errs.Invalid, "the plugin failed %d of %d cases", c.Counts.Failed, n)
	}
	return nil
}

// jsonReport shows the certificate.
type jsonReport struct{ w io.Writer }

func (jsonReport) begin(certify.Certificate) {}
func (jsonReport) add(certify.Case)          {}

func (r jsonReport) end(c *certify.Certificate) error {
	if err := encodeCertificate(r.w, c); err != nil {
		return err
	}
	return verdict(c)
}

// textReport shows a line for each case, and what is wrong below it.
type textReport struct{ w io.Writer }

func (r textReport) begin(c certify.Certificate) {
	p := c.Plugin
	fmt.Fprintf(r.w, "%s %s", protocol.BinaryName(p.Kind, p.Name), p.Version)
	if c.Binary != nil {
		fmt.Fprintf(r.w, ", sha256 %s", c.Binary.SHA256)
	}
	fmt.Fprintf(r.w, "\ncapabilities: %s\nsuite: %s %s\n\n", cmp.Or(strings.Join(p.Capabilities, " "), "none"), c.Suite.Name, c.Suite.Version)
}

func (r textReport) add(c certify.Case) {
	word := map[certify.Verdict]string{certify.Passed: "ok", certify.Failed: "FAILED", certify.Skipped: "skipped"}[c.Verdict]
	end := c.Reason
	if c.Verdict != certify.Skipped {
		end = duration(c.Seconds, time.Millisecond)
	}
	fmt.Fprintf(r.w, "%-8s %-45s %s\n", word, c.Name, end)
	for _, p := range c.Problems {
		fmt.Fprintf(r.w, "         %s\n", indent(p))
	}
}

func (r textReport) end(c *certify.Certificate) error {
	if c.Ended != "" {
		fmt.Fprintf(r.w, "\nThe plugin died: %s\n", indent(c.Ended))
	}
	fmt.Fprintf(r.w, "\n%s: %d cases passed, %d failed, %d skipped, in %s\n",
		strings.ToUpper(string(c.Verdict)), c.Counts.Passed, c.Counts.Failed, c.Counts.Skipped, duration(c.Seconds, 100*time.Millisecond))
	return verdict(c)
}

// indent aligns the lines of a text after the first below it.
func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n         ") }

func duration(seconds float64, to time.Duration) string {
	return time.Duration(seconds * float64(time.Second)).Round(to).String()
}

// writeCertificate replaces a file.
func writeCertificate(path string, c *certify.Certificate) error {
	var b strings.Builder
	if err := encodeCertificate(&b, c); err != nil {
		return err
	}
	return errs.Wrap(errs.Denied, os.WriteFile(path, []byte(b.String()), 0o644), "the certificate cannot be written")
}

func encodeCertificate(w io.Writer, c *certify.Certificate) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(c)
}
