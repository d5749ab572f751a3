// Package python reads and writes some values as Python's standard library does, where
// the product leaves it to that what clients, operators and databases may hold.
package python
