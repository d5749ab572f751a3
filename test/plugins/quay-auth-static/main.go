// Command quay-auth-static is an identity plugin whose users are in its own
// configuration: for tests, and for trying out what needs an identity provider.
package main

import (
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/config"
)

func main() { sdk.Main(static()) }

func static() sdk.Plugin {
	return sdk.Plugin{
		Name:         "static",
		Version:      "1.0.0",
		Capabilities: auth.Capabilities((*provider)(nil)),
		ConfigSchema: config.Schema[options](),
		Offline:      true,
		Auth:         driver{},
	}
}
