package sdk

import (
	"crypto/fips140"
	"runtime"
	"runtime/debug"

	"github.com/quay/quay/sdk/protocol"
)

// Describe returns what the binary prints for the argument "describe".
func Describe(p Plugin) protocol.Description {
	return protocol.Description{
		Kind:         p.kind(),
		Name:         p.Name,
		Version:      p.Version,
		Summary:      p.Summary,
		API:          p.services(),
		Capabilities: p.Capabilities,
		Offline:      p.Offline,
		ConfigSchema: p.ConfigSchema,
		Build:        build(),
	}
}

func build() protocol.Build {
	b := protocol.Build{
		Go:             runtime.Version(),
		FIPS140Setting: "off",
		FIPS140Enabled: fips140.Enabled(),
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Module = info.Main.Path
	if info.Main.Version != "" {
		b.Module += "@" + info.Main.Version
	}
	modified := false
	for _, s := range info.Settings {
		switch s.Key {
		case "GOFIPS140":
			b.FIPS140Setting = s.Value
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	if b.Revision != "" && modified {
		b.Revision += "+dirty"
	}
	return b
}
