//go:build race

package password

// With the race detector a hash of the product's cost takes five seconds of one core,
// and tests make hundreds. No program is shipped with it.
const (
	Cost  = 4
	Decoy = "$2b$04$eibGAR67wwEeyYoTtexni.V97z4zDUm6kBXQPbmPYnsnpN0pVUjZ2"
)
