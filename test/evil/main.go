// Command evil is a storage plugin for tests that breaks its word on command. It
// stands between a host and a real driver, which it runs as a process of its own:
// calls go through unchanged until its orders, a JSON file that is read anew at each
// call, say what to do wrong.
//
// Beside the binary, which is called PATH here, are PATH.real, the driver to run;
// PATH.orders, an Orders; and PATH.calls, to which the names of the storage calls
// are added when the orders say so.
package main

import (
	"fmt"
	"os"
)

func main() {
	e := &evil{path: os.Args[0]}
	if err := e.run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
