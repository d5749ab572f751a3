package control

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// maxDescent bounds the walk from a process to its ancestors, which may change
// meanwhile.
const maxDescent = 64

// descends reports whether a process is a child of another one, or a child's child.
// What has ended, or lives where it has no number here, is not: the token is what a
// request needs in any case.
func descends(pid, ancestor int) bool {
	for steps := 0; pid > 1 && steps < maxDescent; steps++ {
		above, ok := parent(pid)
		if !ok || above == ancestor {
			return ok
		}
		pid = above
	}
	return false
}

// parent returns the parent of a process.
func parent(pid int) (int, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	// The name of the program is in parentheses, and may have any in it.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 {
		return 0, false
	}
	ppid, err := strconv.Atoi(string(fields[1]))
	return ppid, err == nil
}
