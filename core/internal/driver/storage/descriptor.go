package storage

import (
	"context"
	"os"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/fd"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// openDescriptor has the driver open an object and returns the file and its size.
func (l *Location) openDescriptor(ctx context.Context, g *plugin.Generation, path string) (*os.File, int64, error) {
	ticket, err := g.Descriptors().Expect()
	if err != nil {
		return nil, 0, err
	}
	defer ticket.Cancel()
	resp, err := client(g.Conn()).OpenDescriptor(ctx, &storagev1.OpenDescriptorRequest{
		Instance: l.instance, Path: path, Ticket: ticket.Number(),
	})
	if err != nil {
		return nil, 0, err
	}
	f, err := ticket.Take(ctx, fd.Want{Name: path, Access: fd.ReadOnly, Size: resp.GetSize()})
	return f, resp.GetSize(), err
}

// openUpload has the driver open an upload's file at an offset.
func (l *Location) openUpload(ctx context.Context, g *plugin.Generation, id string, offset int64) (*os.File, error) {
	ticket, err := g.Descriptors().Expect()
	if err != nil {
		return nil, err
	}
	defer ticket.Cancel()
	_, err = client(g.Conn()).OpenUploadDescriptor(ctx, &storagev1.OpenUploadDescriptorRequest{
		Instance: l.instance, Upload: id, Offset: offset, Ticket: ticket.Number(),
	})
	if err != nil {
		return nil, err
	}
	return ticket.Take(ctx, fd.Want{Name: "upload " + id, Access: fd.WriteOnly, Size: offset})
}
