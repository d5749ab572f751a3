// Package protocol holds what a host and a plugin must agree on before the first
// call: the handshake, the numbers of inherited descriptors, limits, and the
// description that a plugin binary prints.
package protocol

import (
	"encoding/json"
	"slices"
)

// The handshake. Version is the version of the handshake itself and stays 1; the
// versions of the API are the names of its gRPC services.
const (
	CookieKey   = "QUAY_PLUGIN"
	CookieValue = "6d1c1b3a-quay-plugin-host-0f5b7d24"
	Version     = 1
	// ServiceSet is the name of the one go-plugin plugin that every binary serves.
	ServiceSet = "quay"
)

// Environment variables that the host sets for a plugin.
const (
	// LogLevelKey holds the lowest level that the host wants: debug, info, warn
	// or error.
	LogLevelKey = "QUAY_PLUGIN_LOG_LEVEL"
)

// DescriptorFD is the number under which a plugin finds its end of the
// descriptor channel, a SOCK_SEQPACKET socket. A message on it is a ticket of
// TicketBytes, big-endian, with one descriptor. Its end means that the host is
// gone and the plugin must go too.
const (
	DescriptorFD = 3
	TicketBytes  = 8
)

// Debugging. A plugin that is run with the argument DebugArgument is not started by a
// host: hosts attach to it. It listens on a SOCK_SEQPACKET socket, in a directory that
// only its user may enter. A host that connects sends a ticket, under which the plugin
// sends one end of a stream socket; on that it serves this host alone, with instances
// of its own. The connection is the descriptor channel from then on, and its end means
// that the host has detached.
const (
	DebugArgument = "debug"
	// DebugFile is the name of a file beside the socket: a Debugged with the
	// description, as JSON.
	DebugFile = "plugin.json"
)

// Debugged is the line that a plugin prints when hosts may attach to it.
type Debugged struct {
	// Protocol is Version.
	Protocol int    `json:"protocol"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	PID      int    `json:"pid"`
	// Address is the path of the socket. It is the same whenever the plugin is run by
	// this user.
	Address string `json:"address"`
	// Description is only in DebugFile.
	Description *Description `json:"description,omitempty"`
}

// Limits.
const (
	// MaxMessageBytes is the largest gRPC message in either direction.
	MaxMessageBytes = 4 << 20
	// MaxDataBytes is the largest piece of object data in one message.
	MaxDataBytes = 1 << 20
	// MaxStateBytes is the largest state of an upload.
	MaxStateBytes = 1 << 20
	// MaxMetricsBytes is the longest text of a plugin's metrics.
	MaxMetricsBytes = 1 << 20
	// MaxDelete is the largest number of paths in one delete call.
	MaxDelete = 1000
)

// Kinds of plugins. A binary is called quay-KIND-NAME.
const (
	KindStorage = "storage"
	KindAuth    = "auth"
	KindNotify  = "notify"
	KindSecscan = "secscan"
)

// Kinds returns all kinds.
func Kinds() []string { return []string{KindStorage, KindAuth, KindNotify, KindSecscan} }

// KnownKind reports whether kind is one of Kinds.
func KnownKind(kind string) bool { return slices.Contains(Kinds(), kind) }

// BinaryName is the file name of a plugin.
func BinaryName(kind, name string) string { return "quay-" + kind + "-" + name }

// Description is what a plugin prints when it is run with the argument
// "describe". It is a claim: the host verifies what it can.
type Description struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// Summary says what the plugin is for, in Markdown.
	Summary string `json:"summary,omitempty"`
	// API lists the gRPC services beside the lifecycle, for instance
	// "quay.plugin.storage.v1.Storage".
	API []string `json:"api"`
	// Capabilities are those that the plugin's instances can have; which of them
	// one instance has is known after it is configured.
	Capabilities []string `json:"capabilities,omitempty"`
	// Offline says that the plugin needs no network: the host gives it none.
	Offline bool `json:"offline,omitempty"`
	// ConfigSchema is a JSON Schema of an instance's configuration.
	ConfigSchema json.RawMessage `json:"config_schema,omitempty"`
	Build        Build           `json:"build"`
}

// Build is how a plugin was built and what it finds at run time.
type Build struct {
	// Go is the version of the Go toolchain.
	Go string `json:"go"`
	// FIPS140Setting is the GOFIPS140 build setting, "off" when there is none.
	FIPS140Setting string `json:"fips140_setting"`
	// FIPS140Enabled is whether the FIPS 140-3 module is in use in this run.
	FIPS140Enabled bool `json:"fips140_enabled"`
	// Module is the path and version of the main module.
	Module string `json:"module"`
	// Revision is the commit that it was built from, empty when not recorded;
	// "+dirty" is appended to it for a modified tree.
	Revision string `json:"revision,omitempty"`
}
