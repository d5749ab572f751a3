// Package orders says what the evil plugin is to do wrong. Tests write it, the
// plugin reads it.
package orders

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
)

// Orders of a plugin. The zero value is a plugin that does nothing wrong.
type Orders struct {
	// Start is what it does instead of, or beside, its handshake; see start.go.
	Start string `json:"start,omitempty"`
	// Describe is what it does instead of describing itself.
	Describe string `json:"describe,omitempty"`
	// End is what it does when it is told to stop.
	End string `json:"end,omitempty"`
	// Record has the names of the storage calls written down.
	Record bool `json:"record,omitempty"`
	// Capabilities are what instances report instead of what they can do; nil
	// means the truth.
	Capabilities []string `json:"capabilities"`
	// Directory is where the real driver keeps its objects.
	Directory string `json:"directory,omitempty"`
	// Faults are what goes wrong. The first that fits a call counts.
	Faults []Fault `json:"faults,omitempty"`
}

// Fault is one thing that goes wrong.
type Fault struct {
	// Method is the name of the call, for instance CommitUpload; empty means any
	// of the storage service.
	Method string `json:"method,omitempty"`
	// Call is the number of the one call that goes wrong, counted over all storage
	// calls from 1 on since the record was begun; it needs Record. Zero means each.
	Call int `json:"call,omitempty"`
	// Do is the deed: see deeds.go and lies.go.
	Do string `json:"do"`
}

// Files that belong to the plugin whose binary is at path.
func ordersFile(path string) string { return path + ".orders" }
func callsFile(path string) string  { return path + ".calls" }

// Real is the path of the driver behind the plugin whose binary is at path.
func Real(path string) string { return path + ".real" }

// Give gives orders to the plugin at path and begins the record anew. A call that
// begins later obeys them.
func Give(path string, o Orders) error {
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	if err := os.Remove(callsFile(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// A plugin must not read half of them.
	if err := os.WriteFile(ordersFile(path)+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(ordersFile(path)+".new", ordersFile(path))
}

// Read returns the orders of the plugin at path.
func Read(path string) (Orders, error) {
	var o Orders
	data, err := os.ReadFile(ordersFile(path))
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(data, &o)
}

// Calls returns the names of the recorded calls in their order.
func Calls(path string) ([]string, error) {
	data, err := os.ReadFile(callsFile(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Fields(string(data)), err
}

// Record adds a call to the record and returns its number. One goroutine does so
// at a time.
func Record(path, method string) (int, error) {
	before, err := Calls(path)
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(callsFile(path), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	_, err = f.WriteString(method + "\n")
	return len(before) + 1, err
}
