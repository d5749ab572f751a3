package fd

import (
	"testing"

	"golang.org/x/sys/unix"
)

// FuzzDescriptors proves that no control message makes the parser fail otherwise
// than by finding nothing, or find more descriptors than there is room for.
func FuzzDescriptors(f *testing.F) {
	f.Add(unix.UnixRights(1, 2, 3))
	f.Add(unix.UnixRights())
	f.Add([]byte{})
	f.Add(append(unix.UnixRights(1), 0xff))
	f.Fuzz(func(t *testing.T, control []byte) {
		if found := descriptors(control); len(found) > len(control)/4 {
			t.Errorf("%d descriptors in %d bytes", len(found), len(control))
		}
	})
}
