// Command with runs a command beside a PostgreSQL server, whose URL the command finds in
// $QUAY_POSTGRES, and ends with the command's status. Where the variable is already
// set, it is that server.
//
//	go run ./test/postgres/with go test ./...
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/quay/quay/test/postgres"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) (status int) {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: with COMMAND [ARGUMENT...]")
		return 2
	}
	if os.Getenv(postgres.Variable) == "" {
		server, err := postgres.Start(postgres.Options{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() {
			if err := server.Stop(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				status = max(status, 1)
			}
		}()
		if err := os.Setenv(postgres.Variable, server.URL("postgres")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return command(args)
}

// command runs a command to its end; signals are for it.
func command(args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case sig := <-signals:
			_ = cmd.Process.Signal(sig) // it may just have ended
		case err := <-ended:
			var exit *exec.ExitError
			switch {
			case err == nil:
				return 0
			case errors.As(err, &exit) && exit.Exited():
				return exit.ExitCode()
			}
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
}
