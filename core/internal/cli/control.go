package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/control"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
)

// socketName is the control socket's in its directory.
const socketName = "control.sock"

// systemSocket is where a host that is no mirror has its control socket.
func systemSocket() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) && os.Geteuid() != 0 {
		return filepath.Join(dir, "quay", socketName)
	}
	return filepath.Join("/run/quay", socketName)
}

// servedSocket is where a host has its control socket when nothing else was said.
func servedSocket(mirror bool, dataDir string) string {
	if mirror {
		return filepath.Join(dataDir, socketName)
	}
	return systemSocket()
}

// connection is the flag --control-socket of commands that need a running host.
type connection struct{ socket string }

func (c *connection) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.socket, "control-socket", "", "Unix `socket` of the server (default: $QUAY_CONTROL_SOCKET, else that of the mirror in the user's data directory, else the system's)")
}

// path is the socket that was named, or the first usual one that exists.
func (c *connection) path() (string, error) {
	if c.socket != "" {
		return c.socket, nil
	}
	if path := os.Getenv("QUAY_CONTROL_SOCKET"); path != "" {
		return path, nil
	}
	candidates := []string{systemSocket()}
	if dir, err := userDataDir(); err == nil {
		candidates = append([]string{filepath.Join(dir, socketName)}, candidates...)
	}
	for _, path := range candidates {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errs.New(errs.Unavailable, "no server seems to run here: there is no socket at %s; name it with --control-socket (a mirror's is %s in its data directory)",
		strings.Join(candidates, " or "), socketName)
}

// dial connects to the host. The caller closes the client.
func (c *connection) dial(ctx context.Context) (*control.Client, error) {
	path, err := c.path()
	if err != nil {
		return nil, err
	}
	return control.Dial(ctx, path)
}

// find returns the plugin that a person means: by its id, or by its name where only
// one kind has it.
func find(list []plugin.Status, name string) (plugin.Status, error) {
	var found []plugin.Status
	var ids []string
	for _, st := range list {
		ids = append(ids, st.ID())
		if name == st.ID() || name == st.Name || name == "quay-"+st.Kind+"-"+st.Name {
			found = append(found, st)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return plugin.Status{}, errs.New(errs.NotFound, "the plugin %q does not run: these do: %s", name, strings.Join(ids, ", "))
	}
	return plugin.Status{}, errs.New(errs.Invalid, "%q is the name of several plugins: say %s or %s", name, found[0].ID(), found[1].ID())
}

// runningNames completes the names of the running plugins.
func (c *connection) runningNames(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	client, err := c.dial(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer client.Close()
	list, err := client.Plugins(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, st := range list {
		names = append(names, st.ID()+"\t"+string(st.State))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
