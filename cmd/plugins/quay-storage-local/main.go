// Command quay-storage-local is the storage plugin for a directory of this
// machine, LocalStorage in the configuration.
package main

import (
	"github.com/quay/quay/plugins/storage/local"
	"github.com/quay/quay/sdk"
)

func main() { sdk.Main(local.Plugin()) }
