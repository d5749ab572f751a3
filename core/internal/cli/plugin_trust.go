package cli

import (
	"github.com/spf13/cobra"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/serve"
)

// trusted is what commands that look at installed plugins share with the server: where
// plugins are, and which may run.
type trusted struct {
	serve.Trust
	dirs []string
	file string // of the configuration
}

func (t *trusted) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&t.dirs, "plugin-dir", nil, "`directory` with plugins")
	cmd.Flags().StringVar(&t.file, "config", "", "configuration `file` of the server, for PLUGIN_LOCK, PLUGIN_KEYS, PLUGINS_UNSIGNED and FEATURE_FIPS")
}

// load reads the configuration, of which only what concerns plugins need be right, and
// returns the directories with plugins.
func (t *trusted) load() (*config.Config, []string, error) {
	where, err := pluginDirs(t.dirs)
	if err != nil {
		return nil, nil, err
	}
	cfg := config.Product()
	if t.file == "" {
		return cfg, where, nil
	}
	return cfg, where, cfg.Load(t.file, false)
}
