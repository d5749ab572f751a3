// Command quay-storage-distribution is the storage plugin for the drivers of
// distribution, "distribution" in the configuration.
package main

import (
	"github.com/quay/quay/plugins/storage/distribution"
	"github.com/quay/quay/sdk"
)

func main() { sdk.Main(distribution.Plugin()) }
