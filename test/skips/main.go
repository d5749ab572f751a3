// Skips reads the output of `go test -json`, prints a short report and fails when
// a test failed, or was skipped without being in the list of allowed skips.
//
//	go test -json ./... | go run ./test/skips [-logs] [-allowed test/skips/allowed.txt]
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	list := flag.String("allowed", "test/skips/allowed.txt", "file of the `skips` that are allowed")
	logs := flag.Bool("logs", false, "show what passing tests logged, too")
	flag.Parse()
	if err := report(os.Stdin, os.Stdout, *list, *logs); err != nil {
		fmt.Fprintln(os.Stderr, "skips:", err)
		os.Exit(1)
	}
}
