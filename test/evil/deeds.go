package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// do commits a deed. Those here can be done with any call; the others are lies of
// one method.
func (c *call) do(deed string) error {
	verb, argument, _ := strings.Cut(deed, " ")
	switch verb {
	case "":
		return c.answer()
	case "fail":
		return status.Error(codeNamed(argument), "the evil driver fails")
	case "hang":
		select {} // Also when the caller has given up.
	case "slow":
		d, err := time.ParseDuration(argument)
		if err != nil {
			return err
		}
		time.Sleep(d)
		return c.answer()
	case "die":
		os.Exit(3)
	case "die-after":
		return c.forward(func([]byte) ([]byte, error) {
			os.Exit(3)
			return nil, nil
		})
	case "fail-after":
		return c.forward(func([]byte) ([]byte, error) {
			return nil, status.Error(codeNamed(argument), "the evil driver fails when all is done")
		})
	case "hang-after":
		return c.forward(func([]byte) ([]byte, error) { select {} })
	case "stop":
		if err := syscall.Kill(os.Getpid(), syscall.SIGSTOP); err != nil {
			return err
		}
		return c.answer()
	case "log":
		go chatter(argument)
		return c.answer()
	case "leak":
		megabytes, err := strconv.Atoi(argument)
		if err != nil {
			return err
		}
		go leak(megabytes)
		return c.answer()
	}
	if lie := lies[c.name()][deed]; lie != nil {
		return lie(c)
	}
	return status.Errorf(codes.Internal, "nobody knows the deed %q of %s", deed, c.name())
}

func codeNamed(name string) codes.Code {
	for code := codes.OK; code <= codes.Unauthenticated; code++ {
		if strings.EqualFold(code.String(), name) {
			return code
		}
	}
	return codes.Unknown
}

// chatter writes to the standard error.
func chatter(kind string) {
	switch kind {
	case "lines":
		flood(os.Stderr, []byte("the evil driver has nothing to say, again and again\n"))
	case "records":
		flood(os.Stderr, []byte(`{"level":"ERROR","msg":"nothing","a":{"b":[1,2,3]}}`+"\n"))
	case "one-line":
		flood(os.Stderr, bytes.Repeat([]byte("x"), 1000))
	case "binary":
		noise := make([]byte, 64<<10)
		_, _ = rand.Read(noise) // It never fails.
		flood(os.Stderr, noise)
	default:
		fmt.Fprintf(os.Stderr, "nobody knows the chatter %q\n", kind)
	}
}

// leak takes memory and keeps it.
func leak(megabytes int) {
	kept := make([][]byte, 0, megabytes)
	for range megabytes {
		kept = append(kept, bytes.Repeat([]byte{1}, 1<<20))
	}
	time.Sleep(time.Hour)
	fmt.Fprintln(os.Stderr, len(kept))
}
