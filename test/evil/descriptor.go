package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/protobuf/proto"

	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// descriptorLies are those of OpenDescriptor.
func descriptorLies() map[string]func(*call) error {
	special := func(open func() (int, error)) func(*call) error {
		return func(c *call) error {
			return c.openLie(func(l *descriptorLie) error {
				number, err := open()
				if err != nil {
					return err
				}
				defer unix.Close(number)
				return l.send(l.ticket, number)
			})
		}
	}
	opened := func(flags, copies int) func(*call) error {
		return func(c *call) error {
			return c.openLie(func(l *descriptorLie) error { return l.open(l.file, flags, copies) })
		}
	}
	return map[string]func(*call) error{
		"directory":  special(func() (int, error) { return unix.Open("/", unix.O_RDONLY|unix.O_CLOEXEC, 0) }),
		"device":     special(func() (int, error) { return unix.Open("/dev/zero", unix.O_RDONLY|unix.O_CLOEXEC, 0) }),
		"event":      special(func() (int, error) { return unix.Eventfd(0, unix.EFD_CLOEXEC) }),
		"socket":     special(func() (int, error) { return unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0) }),
		"pipe":       special(pipe),
		"write-only": opened(os.O_WRONLY, 1),
		"read-write": opened(os.O_RDWR, 1),
		"path only":  opened(unix.O_PATH, 1),
		"two":        opened(os.O_RDONLY, 2),
		"many":       opened(os.O_RDONLY, 250),
		"none":       func(c *call) error { return c.openLie(func(*descriptorLie) error { return nil }) },
		"wrong size": func(c *call) error {
			return c.openLie(func(l *descriptorLie) error {
				l.size++
				return l.open(l.file, os.O_RDONLY, 1)
			})
		},
		"wrong ticket": func(c *call) error {
			return c.openLie(func(l *descriptorLie) error {
				l.ticket += 1 << 32
				return l.open(l.file, os.O_RDONLY, 1)
			})
		},
		"again and again": func(c *call) error {
			return c.openLie(func(l *descriptorLie) error {
				for range 500 {
					if err := l.open(l.file, os.O_RDONLY, 1); err != nil {
						return err
					}
				}
				return nil
			})
		},
		"late": func(c *call) error {
			return c.openLie(func(l *descriptorLie) error {
				time.AfterFunc(1500*time.Millisecond, func() { _ = l.open(l.file, os.O_RDONLY, 1) })
				return nil
			})
		},
		"noise": func(c *call) error {
			return c.openLie(func(*descriptorLie) error {
				_, err := c.evil.channel.Write(make([]byte, 1000))
				return err
			})
		},
		"altered": func(c *call) error {
			return c.openCopy(func(path string, data []byte) error {
				data[0] ^= 1
				return os.WriteFile(path, data, 0o600)
			}, func(string) error { return nil })
		},
		"shrinks": func(c *call) error {
			return c.openCopy(func(path string, data []byte) error { return os.WriteFile(path, data, 0o600) },
				func(path string) error { return os.Truncate(path, 10) })
		},
	}
}

// uploadDescriptorLies are those of OpenUploadDescriptor.
func uploadDescriptorLies() map[string]func(*call) error {
	opened := func(flags int) func(*call) error {
		return func(c *call) error {
			l, err := c.descriptorLie(new(storagev1.OpenUploadDescriptorRequest))
			if err != nil {
				return err
			}
			if err := l.open(l.file, flags, 1); err != nil {
				return err
			}
			return c.send(&storagev1.OpenUploadDescriptorResponse{})
		}
	}
	return map[string]func(*call) error{
		"read-only":  opened(os.O_RDONLY | os.O_CREATE),
		"read-write": opened(os.O_RDWR | os.O_CREATE),
		"appending":  opened(os.O_WRONLY | os.O_APPEND | os.O_CREATE),
		"full":       opened(os.O_WRONLY | os.O_CREATE | unix.O_DIRECT),
		"none":       func(c *call) error { return c.send(&storagev1.OpenUploadDescriptorResponse{}) },
	}
}

// pipe returns the reading end of a pipe; the other one stays open.
func pipe() (int, error) {
	var ends [2]int
	err := unix.Pipe2(ends[:], unix.O_CLOEXEC)
	return ends[0], err
}

// descriptorLie is a call that has to send a descriptor.
type descriptorLie struct {
	call   *call
	ticket uint64
	file   string // that was asked for
	size   int64
}

// descriptorRequest is a request for a descriptor.
type descriptorRequest interface {
	proto.Message
	GetTicket() uint64
}

func (c *call) descriptorLie(request descriptorRequest) (*descriptorLie, error) {
	data, err := c.request()
	if err != nil {
		return nil, err
	}
	if err := proto.Unmarshal(data, request); err != nil {
		return nil, err
	}
	l := &descriptorLie{call: c, ticket: request.GetTicket()}
	switch r := request.(type) {
	case *storagev1.OpenDescriptorRequest:
		l.file = filepath.Join(c.orders.Directory, r.GetPath())
	case *storagev1.OpenUploadDescriptorRequest:
		l.file = filepath.Join(c.orders.Directory, "uploads", r.GetUpload())
	}
	if info, err := os.Stat(l.file); err == nil {
		l.size = info.Size()
	}
	return l, nil
}

// openLie answers OpenDescriptor after lie.
func (c *call) openLie(lie func(*descriptorLie) error) error {
	l, err := c.descriptorLie(new(storagev1.OpenDescriptorRequest))
	if err != nil {
		return err
	}
	if err := lie(l); err != nil {
		return err
	}
	return c.send(&storagev1.OpenDescriptorResponse{Size: l.size})
}

// openCopy sends a file that is not the object's, and does something to it
// afterwards.
func (c *call) openCopy(fill func(path string, data []byte) error, afterwards func(path string) error) error {
	return c.openLie(func(l *descriptorLie) error {
		data, err := os.ReadFile(l.file)
		if err != nil {
			return err
		}
		dir, err := os.MkdirTemp("", "evil")
		if err != nil {
			return err
		}
		path := filepath.Join(dir, "copy")
		time.AfterFunc(time.Second, func() {
			_ = afterwards(path)
			_ = os.RemoveAll(dir)
		})
		if err := fill(path, data); err != nil {
			return err
		}
		return l.open(path, os.O_RDONLY, 1)
	})
}

// open opens a file and sends its descriptor a number of times in one message.
func (l *descriptorLie) open(path string, flags, copies int) error {
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	return l.send(l.ticket, slices.Repeat([]int{int(f.Fd())}, copies)...)
}

func (l *descriptorLie) send(ticket uint64, descriptors ...int) error {
	_, _, err := l.call.evil.channel.WriteMsgUnix(
		binary.BigEndian.AppendUint64(nil, ticket), unix.UnixRights(descriptors...), nil)
	return err
}
