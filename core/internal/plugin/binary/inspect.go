package binary

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// Build is what the Go toolchain recorded in a binary.
type Build struct {
	// Go is the version of the toolchain.
	Go string `json:"go,omitempty"`
	// Module and Version are those of the main module.
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	// Revision is the commit, with "+dirty" for a modified tree; empty when it is
	// not recorded.
	Revision string `json:"revision,omitempty"`
	// FIPSModule is the GOFIPS140 setting, which names the FIPS 140-3 module that
	// is linked in; empty when it was off.
	FIPSModule string `json:"fips_module,omitempty"`
	// FIPSDefault is the fips140 setting of GODEBUG with which the program starts
	// by default: "on", "only", "off" or empty.
	FIPSDefault string `json:"fips_default,omitempty"`
}

// FIPS reports whether the binary is built with a version of the FIPS 140-3 module and
// uses it unless told otherwise. It is read from the binary and not asked of it. The
// setting "latest" is none: that code has no version which a laboratory could have
// looked at.
func (b *Binary) FIPS() bool {
	module, start := b.Build.FIPSModule, b.Build.FIPSDefault
	return strings.HasPrefix(module, "v") && (start == "on" || start == "only")
}

// inspect reads what the sealed copy is, and fails when it is no program for this
// machine.
func (b *Binary) inspect() error {
	magic := make([]byte, 2)
	if _, err := b.sealed.ReadAt(magic, 0); err == nil && string(magic) == "#!" {
		return errs.New(errs.Invalid, "the plugin binary %s is a script: what runs would be its interpreter, which no hash covers: build a program", b.Path)
	}
	file, err := elf.NewFile(b.Reader())
	if err != nil {
		return b.noProgram(err.Error())
	}
	if file.Type != elf.ET_EXEC && file.Type != elf.ET_DYN {
		return b.noProgram("it is of the type " + file.Type.String())
	}
	if file.Machine != machines()[runtime.GOARCH] {
		return b.noProgram("it is built for " + file.Machine.String())
	}
	if b.Loader, err = loader(file); err != nil {
		return b.noProgram(err.Error())
	}
	if b.Loader != "" {
		if _, err := os.Stat(b.Loader); err != nil {
			return errs.Wrap(errs.Invalid, err, "the plugin binary %s needs the dynamic loader %s, which this machine does not have: build it with CGO_ENABLED=0", b.Path, b.Loader)
		}
	}
	// A program in another language is a plugin too, though never a FIPS build.
	if info, err := buildinfo.Read(b.Reader()); err == nil {
		b.Build = build(info)
	}
	return nil
}

func (b *Binary) noProgram(why string) error {
	return errs.New(errs.Invalid, "the plugin binary %s is no program for %s/%s (%s): install the build for this machine", b.Path, runtime.GOOS, runtime.GOARCH, why)
}

// machines are those of the architectures that the server is built for. Each is
// of one byte order, but for PPC64: a wrong one of that fails at the start.
func machines() map[string]elf.Machine {
	return map[string]elf.Machine{
		"amd64":   elf.EM_X86_64,
		"arm64":   elf.EM_AARCH64,
		"ppc64le": elf.EM_PPC64,
		"s390x":   elf.EM_S390,
	}
}

// loader returns the dynamic loader that a program asks for.
func loader(file *elf.File) (string, error) {
	for _, p := range file.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		name, err := io.ReadAll(io.LimitReader(p.Open(), 4096))
		if err != nil {
			return "", err
		}
		return string(bytes.TrimRight(name, "\x00")), nil
	}
	return "", nil
}

func build(info *buildinfo.BuildInfo) Build {
	b := Build{Go: info.GoVersion, Module: info.Main.Path, Version: info.Main.Version}
	dirty := ""
	for _, s := range info.Settings {
		switch s.Key {
		case "GOFIPS140":
			b.FIPSModule = s.Value
		case "DefaultGODEBUG":
			for _, setting := range strings.Split(s.Value, ",") {
				if value, ok := strings.CutPrefix(setting, "fips140="); ok {
					b.FIPSDefault = value
				}
			}
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				dirty = "+dirty"
			}
		}
	}
	if b.Revision != "" {
		b.Revision += dirty
	}
	return b
}
