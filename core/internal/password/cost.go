//go:build !race

package password

// Cost of new hashes, the product's: a quarter of a second of one core.
const Cost = 12

// Decoy is a hash, at Cost, of a password that nobody has. Whoever compares with it when
// there is no account takes the same time as when there is one.
const Decoy = "$2b$12$CwTycUXWue0Thq9StjUM0uJ8C9MN0aSzx3hQ5rS6MUFnG2O0mU4Ga"
