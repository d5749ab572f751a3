package scaffold

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// module is the path of the module that has the sdk.
const module = "github.com/quay/quay"

// required is how a plugin's module gets the sdk.
type required struct {
	// language is the version of Go in the go.mod.
	language string
	// version is that of the sdk's module.
	version string
	// replace is the checkout that takes its place; empty when it is published.
	replace string
	// indirect are lines of the go.mod with the modules that the sdk needs, and sums
	// is the go.sum. Both are nil when only the go command can find them.
	indirect []string
	sums     []byte
}

// requirement returns how to get the sdk of a checkout or, if sdk is empty, that of
// the version of the running program.
func requirement(sdk string) (required, error) {
	if sdk != "" {
		return checkout(sdk)
	}
	r := required{language: language(runtime.Version())}
	info, ok := debug.ReadBuildInfo()
	if ok {
		r.version = published(info)
	}
	if r.version == "" {
		return r, errs.New(errs.Invalid, "this program was not built from a published version: name a checkout of %s with --sdk", module)
	}
	return r, nil
}

// published returns the version of the sdk's module that a program was built from,
// empty when it is of a checkout.
func published(info *debug.BuildInfo) string {
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module && strings.HasPrefix(m.Version, "v") && !strings.Contains(m.Version, "+") && m.Replace == nil {
			return m.Version
		}
	}
	return ""
}

// language returns the version for a go.mod from that of a toolchain: "1.26.0" for
// "go1.26.8".
func language(toolchain string) string {
	parts := strings.SplitN(strings.TrimPrefix(toolchain, "go"), ".", 3)
	if len(parts) < 2 {
		return "1.26.0"
	}
	return parts[0] + "." + parts[1] + ".0"
}

// requireLine is a line of a go.mod that requires a module.
var requireLine = regexp.MustCompile(`^(?:require )?\s*([^\s()]+) (v[^\s]+)(?: // indirect)?$`)

// checkout returns how to get the sdk from a checkout. The modules that a vendor
// compiles are listed in it; their versions and sums are those of the checkout, so that
// the new module builds without a network.
func checkout(dir string) (required, error) {
	r := required{version: "v0.0.0"}
	var err error
	if r.replace, err = filepath.Abs(dir); err != nil {
		return r, errs.Wrap(errs.Invalid, err, "--sdk")
	}
	var mod, list []byte
	for name, content := range map[string]*[]byte{"go.mod": &mod, "go.sum": &r.sums, "test/arch/sdk_modules.txt": &list} {
		if *content, err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return r, errs.Wrap(errs.Invalid, err, "--sdk must name a checkout of %s", module)
		}
	}
	needed := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		needed[strings.TrimSpace(line)] = true
	}
	isModule := false
	for line := range strings.Lines(string(mod)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "module "+module {
			isModule = true
		}
		if v, ok := strings.CutPrefix(line, "go "); ok {
			r.language = v
		}
		if m := requireLine.FindStringSubmatch(line); m != nil && needed[m[1]] {
			r.indirect = append(r.indirect, m[1]+" "+m[2])
		}
	}
	slices.Sort(r.indirect)
	if !isModule || r.language == "" {
		return r, errs.New(errs.Invalid, "--sdk must name a checkout of %s, %s is of another module", module, dir)
	}
	return r, nil
}

// goMod returns the go.mod of a plugin's module.
func (r required) goMod(path string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "module %s\n\ngo %s\n\nrequire %s %s\n", path, r.language, module, r.version)
	if len(r.indirect) > 0 {
		fmt.Fprintf(&b, "\nrequire (\n")
		for _, line := range r.indirect {
			fmt.Fprintf(&b, "\t%s // indirect\n", line)
		}
		fmt.Fprintf(&b, ")\n")
	}
	if r.replace != "" {
		fmt.Fprintf(&b, "\n// The checkout that this was made with. Take it out to use a published version.\n")
		fmt.Fprintf(&b, "replace %s => %s\n", module, quoted(r.replace))
	}
	return b.Bytes()
}

// quoted returns a path as a go.mod has it.
func quoted(path string) string {
	if strings.ContainsAny(path, " \"'`(),") {
		return fmt.Sprintf("%q", path)
	}
	return path
}
