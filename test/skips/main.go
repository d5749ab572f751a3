// Skips reads the output of `go test -json`, prints a short report and fails when
// a test failed, or was skipped without being in the list of allowed skips.
//
//	go test -json ./... | go run ./test/skips [test/skips/allowed.txt]
package main

import (
	"fmt"
	"os"
)

func main() {
	list := "test/skips/allowed.txt"
	if len(os.Args) > 1 {
		list = os.Args[1]
	}
	if err := report(os.Stdin, os.Stdout, list); err != nil {
		fmt.Fprintln(os.Stderr, "skips:", err)
		os.Exit(1)
	}
}
