package fd_test

import (
	"encoding/binary"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/fd"
)

// FuzzDriver proves that whatever messages a driver sends, of any length and with
// any descriptors, the next honest one is received all the same and no descriptor is
// left open: the check for leaks of channel says so. Each byte of the script is a
// message.
func FuzzDriver(f *testing.F) {
	f.Add([]byte{0x08, 0x28, 0x48, 0xe8, 0x00, 0x07, 0x09, 0x3f})
	f.Add([]byte{0x68, 0x88, 0xa8, 0xc8})
	f.Fuzz(func(t *testing.T, script []byte) {
		r, driver := channel(t)
		x := file(t, os.O_RDONLY)
		for _, op := range script[:min(len(script), 100)] {
			ticket := expect(t, r)
			size, count := int(op&0x1f), int(op>>5)
			message := make([]byte, max(size, 8))
			binary.BigEndian.PutUint64(message, ticket.Number()+uint64(op>>3&1)<<40)
			var rights []byte
			if count > 0 {
				fds := make([]int, count*count) // More than one message takes, too.
				for i := range fds {
					fds[i] = int(x.Fd())
				}
				rights = unix.UnixRights(fds...)
			}
			if size == 0 && count == 0 {
				continue // It would be the end of the channel.
			}
			if _, _, err := driver.WriteMsgUnix(message[:max(size, 1)], rights, nil); err != nil {
				t.Fatal(err)
			}
			if op&1 == 0 {
				ticket.Cancel()
			}
		}
		ticket := expect(t, r)
		send(t, driver, ticket.Number(), x)
		got, err := ticket.Take(t.Context(), fd.Want{Size: 100})
		if err != nil {
			t.Fatal(err)
		}
		got.Close()
	})
}
