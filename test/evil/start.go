package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/test/evil/orders"
)

// start does what the orders want of a start. The handshake follows it, if it
// returns.
func (e *evil) start(do string) error {
	switch do {
	case "":
	case "silent":
		select {}
	case "garbage before the handshake":
		fmt.Println("Hello, I am no plugin.")
	case "endless line":
		for {
			fmt.Print("no handshake ")
		}
	case "wrong version":
		fmt.Println("1|99|unix|/nowhere|grpc|")
		select {}
	case "wrong address":
		fmt.Println("1|1|unix|/nowhere/socket|grpc|")
		select {}
	case "garbage after the handshake":
		e.afterwards = func() {
			// The first is go-plugin's by now, the second the process's own.
			go flood(os.Stdout, []byte("noise for the host\n"))
			go flood(os.NewFile(1, "stdout"), []byte("noise on the standard output\n"))
		}
	case "endless line after the handshake":
		e.afterwards = func() { go flood(os.NewFile(1, "stdout"), []byte("noise ")) }
	case "ignore signals":
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	default:
		return fmt.Errorf("nobody knows the start %q", do)
	}
	return nil
}

// describe answers the argument "describe".
func (e *evil) describe(do string, args []string) error {
	switch do {
	case "":
		cmd := exec.Command(orders.Real(e.path), args...)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		return cmd.Run()
	case "silent":
		select {}
	case "garbage":
		fmt.Println("{]")
		return nil
	case "endless":
		for {
			if _, err := fmt.Println(`{"kind": "storage", "name": "local",`); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("nobody knows the description %q", do)
}

// describeItself is for hosts that let a plugin which they describe reach nothing,
// neither its orders nor the real driver.
func (e *evil) describeItself() error {
	return json.NewEncoder(os.Stdout).Encode(protocol.Description{
		Kind:    protocol.KindStorage,
		Name:    strings.TrimPrefix(filepath.Base(e.path), "quay-storage-"),
		Version: "1.0.0",
		API:     []string{storagev1.Storage_ServiceDesc.ServiceName},
	})
}

// end is called when the host has told the plugin to stop.
func (e *evil) end() error {
	o, err := orders.Read(e.path)
	if err != nil {
		return err
	}
	switch o.End {
	case "":
	case "stay":
		select {}
	default:
		return fmt.Errorf("nobody knows the end %q", o.End)
	}
	return nil
}

// flood writes a text again and again, as fast as it is taken, for three seconds.
func flood(f *os.File, text []byte) {
	many := bytes.Repeat(text, 1+(64<<10)/len(text))
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); {
		if _, err := f.Write(many); err != nil {
			return
		}
	}
}
