// Command quay-secscan-directory is a scanner plugin that fetches layers, as a real
// scanner does, and finds in them what files of a directory say: for tests.
package main

import (
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/secscan"
)

func main() { sdk.Main(directory()) }

func directory() sdk.Plugin {
	return sdk.Plugin{
		Name:         "directory",
		Version:      "1.0.0",
		Capabilities: secscan.Capabilities((*scanner)(nil)),
		ConfigSchema: config.Schema[options](),
		Secscan:      driver{},
	}
}
