package confine

import "os"

// OwnGroup is ownGroup.
func OwnGroup(groups, mounts string) string { return ownGroup(groups, mounts) }

// Bound sets a policy's bounds in the directory of a control group and returns
// the controllers that hold them.
func Bound(dir string, p Policy) ([]string, error) {
	g := &group{dir: dir}
	if err := g.open(p); err != nil {
		return nil, err
	}
	g.close()
	return g.bounded, nil
}

// EmptyGroup makes what the kernel puts into a control group's directory.
func EmptyGroup(dir string, files ...string) error {
	for _, name := range append(files, "cgroup.procs") {
		if err := os.WriteFile(dir+"/"+name, nil, 0o644); err != nil {
			return err
		}
	}
	return nil
}
