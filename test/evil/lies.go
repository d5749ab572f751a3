package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// lies are the deeds of one method, by the method's name and what the orders call
// them.
var lies = map[string]map[string]func(*call) error{
	"Validate": {
		"a million problems": func(c *call) error {
			return c.send(&basev1.ValidateResponse{Problems: slices.Repeat([]*basev1.Problem{{Message: "x"}}, 1_000_000)})
		},
		"long problems": func(c *call) error {
			problem := &basev1.Problem{Field: "x", Message: strings.Repeat("wrong ", 500)}
			return c.send(&basev1.ValidateResponse{Problems: slices.Repeat([]*basev1.Problem{problem}, 1000)})
		},
	},
	"Configure": {
		"a million capabilities": func(c *call) error {
			return c.send(&basev1.ConfigureResponse{Capabilities: slices.Repeat([]string{"x"}, 1_000_000)})
		},
		"long capabilities": func(c *call) error {
			return c.forward(changed(func(r *basev1.ConfigureResponse) {
				r.Capabilities = slices.Repeat([]string{strings.Repeat("x", 50_000)}, 60)
			}))
		},
	},
	"Stat": {
		"negative": func(c *call) error { return c.send(&storagev1.StatResponse{Size: -1}) },
		"more": func(c *call) error {
			return c.forward(changed(func(r *storagev1.StatResponse) { r.Size += 10 }))
		},
		"less": func(c *call) error {
			return c.forward(changed(func(r *storagev1.StatResponse) { r.Size /= 2 }))
		},
	},
	"Read": {
		"half":    func(c *call) error { return c.readHalf(func() error { return nil }) },
		"stall":   func(c *call) error { return c.readHalf(func() error { select {} }) },
		"die":     func(c *call) error { return c.readHalf(func() error { os.Exit(3); return nil }) },
		"empty":   func(c *call) error { return c.repeat(&storagev1.ReadResponse{}) },
		"endless": func(c *call) error { return c.repeat(&storagev1.ReadResponse{Data: make([]byte, 1<<20)}) },
		"huge":    func(c *call) error { return c.send(&storagev1.ReadResponse{Data: make([]byte, 8<<20)}) },
		"altered": func(c *call) error {
			return c.forward(changed(func(r *storagev1.ReadResponse) { r.Data[0] ^= 1 }))
		},
	},
	"List": {
		"endless":   func(c *call) error { return c.listEndless() },
		"unordered": func(c *call) error { return c.list("b", "a") },
		"twice":     func(c *call) error { return c.list("a", "a") },
		"outside":   func(c *call) error { return c.list("zzz") },
		"parent":    func(c *call) error { return c.list("sha256/../../etc/passwd") },
		"empty":     func(c *call) error { return c.repeat(&storagev1.ListResponse{}) },
		"negative": func(c *call) error {
			return c.send(&storagev1.ListResponse{Objects: []*storagev1.Object{{Path: "sha256/a", Size: -5}}})
		},
		"stall": func(c *call) error {
			if err := c.list("sha256/a"); err != nil {
				return err
			}
			select {}
		},
	},
	"Write": {
		"less": func(c *call) error {
			return c.forward(changed(func(r *storagev1.WriteResponse) { r.Size-- }))
		},
		"early": func(c *call) error { return c.send(&storagev1.WriteResponse{}) },
	},
	"BeginUpload": {
		"large state": func(c *call) error {
			return c.send(&storagev1.BeginUploadResponse{State: fmt.Appendf(nil, "%q", strings.Repeat("x", 2<<20))})
		},
		"no state": func(c *call) error { return c.send(&storagev1.BeginUploadResponse{State: []byte("{]")}) },
	},
	"AppendUpload": {
		"more": func(c *call) error {
			return c.forward(changed(func(r *storagev1.AppendUploadResponse) { r.Added++ }))
		},
		"early": func(c *call) error { return c.send(&storagev1.AppendUploadResponse{}) },
	},
	"OpenDescriptor":       descriptorLies(),
	"OpenUploadDescriptor": uploadDescriptorLies(),
}

// answer is what the real driver answers, with the capabilities of the orders.
func (c *call) answer() error {
	if c.name() != "Configure" || c.orders.Capabilities == nil {
		return c.forward(nil)
	}
	return c.forward(changed(func(r *basev1.ConfigureResponse) { r.Capabilities = c.orders.Capabilities }))
}

// changed makes a change of a message one of its bytes.
func changed[T any, M interface {
	*T
	proto.Message
}](change func(M)) func([]byte) ([]byte, error) {
	return func(data []byte) ([]byte, error) {
		m := M(new(T))
		if err := proto.Unmarshal(data, m); err != nil {
			return nil, err
		}
		change(m)
		return proto.Marshal(m)
	}
}

func (c *call) send(m proto.Message) error {
	data, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	return c.stream.SendMsg(&frame{data})
}

// repeat sends a message until the host has had enough.
func (c *call) repeat(m proto.Message) error {
	for {
		if err := c.send(m); err != nil {
			return err
		}
	}
}

// object reads the object that the host asks for, past the real driver.
func (c *call) object(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(c.orders.Directory, path))
}

// readHalf sends the first half of what is asked for and goes on with next.
func (c *call) readHalf(next func() error) error {
	data, err := c.request()
	if err != nil {
		return err
	}
	var request storagev1.ReadRequest
	if err := proto.Unmarshal(data, &request); err != nil {
		return err
	}
	content, err := c.object(request.GetPath())
	if err != nil {
		return err
	}
	content = content[request.GetOffset():]
	for piece := range slices.Chunk(content[:len(content)/2], 1<<20) {
		if err := c.send(&storagev1.ReadResponse{Data: bytes.Clone(piece)}); err != nil {
			return err
		}
	}
	return next()
}

func (c *call) list(paths ...string) error {
	var objects []*storagev1.Object
	for _, path := range paths {
		objects = append(objects, &storagev1.Object{Path: path})
	}
	return c.send(&storagev1.ListResponse{Objects: objects})
}

// listEndless lists objects in order for as long as the host listens.
func (c *call) listEndless() error {
	for i := 0; ; i += 1000 {
		paths := make([]string, 1000)
		for n := range paths {
			paths[n] = fmt.Sprintf("sha256/%012d", i+n)
		}
		if err := c.list(paths...); err != nil {
			return err
		}
	}
}
