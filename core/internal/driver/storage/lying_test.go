package storage_test

import (
	"context"
	"encoding/binary"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	sdk "github.com/quay/quay/sdk/storage"
)

// liar is a driver that does what the path says instead of what it should.
type liar struct {
	basev1.UnimplementedLifecycleServer
	storagev1.UnimplementedStorageServer
	channel *net.UnixConn
	dir     string
}

func (l *liar) Validate(context.Context, *basev1.ValidateRequest) (*basev1.ValidateResponse, error) {
	return &basev1.ValidateResponse{}, nil
}

func (l *liar) Configure(context.Context, *basev1.ConfigureRequest) (*basev1.ConfigureResponse, error) {
	return &basev1.ConfigureResponse{Capabilities: []string{
		sdk.CapabilityLocal, sdk.CapabilityUploads, sdk.CapabilityLocalUploads, "storage.unheard-of",
	}}, nil
}

func (l *liar) Probe(context.Context, *basev1.ProbeRequest) (*basev1.ProbeResponse, error) {
	return &basev1.ProbeResponse{}, nil
}

func (l *liar) Drain(context.Context, *basev1.DrainRequest) (*basev1.DrainResponse, error) {
	return &basev1.DrainResponse{}, nil
}

// send opens a file and sends it n times.
func (l *liar) send(ticket uint64, path string, flags, n int) error {
	f, err := os.OpenFile(path, flags, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	fds := make([]int, n)
	for i := range fds {
		fds[i] = int(f.Fd())
	}
	_, _, err = l.channel.WriteMsgUnix(binary.BigEndian.AppendUint64(nil, ticket), unix.UnixRights(fds...), nil)
	return err
}

func (l *liar) OpenDescriptor(_ context.Context, req *storagev1.OpenDescriptorRequest) (*storagev1.OpenDescriptorResponse, error) {
	file := filepath.Join(l.dir, "x") // of 100 bytes
	resp := &storagev1.OpenDescriptorResponse{Size: 100}
	ticket := req.GetTicket()
	var err error
	switch req.GetPath() {
	case "honest":
		err = l.send(ticket, file, os.O_RDONLY, 1)
	case "directory":
		err = l.send(ticket, l.dir, os.O_RDONLY, 1)
	case "device":
		err = l.send(ticket, "/dev/zero", os.O_RDONLY, 1)
	case "write-only":
		err = l.send(ticket, file, os.O_WRONLY, 1)
	case "read-write":
		err = l.send(ticket, file, os.O_RDWR, 1)
	case "size":
		resp.Size = 99
		err = l.send(ticket, file, os.O_RDONLY, 1)
	case "two":
		err = l.send(ticket, file, os.O_RDONLY, 2)
	case "twice":
		err = l.send(ticket, file, os.O_RDONLY, 1)
		if err == nil {
			err = l.send(ticket, file, os.O_RDONLY, 1)
		}
	case "other ticket":
		err = l.send(ticket+1000, file, os.O_RDONLY, 1)
	case "fails after it sent":
		if err = l.send(ticket, file, os.O_RDONLY, 1); err == nil {
			err = errs.New(errs.Conflict, "no, after all")
		}
	case "none":
	case "late":
		go func() {
			time.Sleep(1500 * time.Millisecond)
			_ = l.send(ticket, file, os.O_RDONLY, 1) // The test may be over.
		}()
	}
	return resp, grpcerr.To(err)
}

func (l *liar) OpenUploadDescriptor(_ context.Context, req *storagev1.OpenUploadDescriptorRequest) (*storagev1.OpenUploadDescriptorResponse, error) {
	flags := map[string]int{"read-only": os.O_RDONLY, "read-write": os.O_RDWR, "appending": os.O_WRONLY | os.O_APPEND, "start": os.O_WRONLY}
	err := l.send(req.GetTicket(), filepath.Join(l.dir, "x"), flags[req.GetUpload()], 1)
	return &storagev1.OpenUploadDescriptorResponse{}, grpcerr.To(err)
}

func TestLyingDriver(t *testing.T) {
	plugintest.Leaks(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x"), make([]byte, 100), 0o600); err != nil {
		t.Fatal(err)
	}
	sup, err := plugin.Start(t.Context(), plugin.Options{
		Name:      "liar",
		Instances: []plugin.Instance{{Name: "default"}},
		Logger:    slog.New(slog.NewTextHandler(t.Output(), nil)),
		Launch: plugintest.Services(func(r grpc.ServiceRegistrar, channel *net.UnixConn) {
			l := &liar{channel: channel, dir: dir}
			basev1.RegisterLifecycleServer(r, l)
			storagev1.RegisterStorageServer(r, l)
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer sup.Close(context.Background())
	location := storage.NewLocation(sup, "default", storage.Options{})
	defer location.Close()

	tests := []struct {
		path, part string
		kind       errs.Kind
	}{
		{"honest", "", 0},
		{"directory", "regular file", errs.Internal},
		{"device", "regular file", errs.Internal},
		{"write-only", "access mode", errs.Internal},
		{"read-write", "access mode", errs.Internal},
		{"size", "100 bytes", errs.Internal},
		{"two", "more than one", errs.Internal},
		{"twice", "", 0},
		{"other ticket", "sent no descriptor", errs.Internal},
		{"fails after it sent", "after all", errs.Conflict},
		{"none", "sent no descriptor", errs.Internal},
		{"late", "sent no descriptor", errs.Internal},
	}
	for _, test := range tests {
		begin := time.Now()
		o, err := location.Open(t.Context(), test.path)
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("%s took %v", test.path, took)
		}
		switch {
		case err == nil:
			if test.part != "" {
				t.Errorf("%s: it succeeded", test.path)
			}
			o.Close()
		case test.part == "" || !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part):
			t.Errorf("%s: %v", test.path, err)
		}
	}
	for _, id := range []string{"read-only", "read-write", "appending", "start"} {
		w, err := location.AppendUpload(t.Context(), id, 100, nil)
		if err == nil {
			t.Errorf("the upload %s: it succeeded", id)
			w.Close()
		} else if !errs.Is(err, errs.Internal) {
			t.Errorf("the upload %s: %v", id, err)
		}
	}
	time.Sleep(time.Second) // The late descriptor comes.
}
