package storageserver_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/plugintest"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
)

// deleter is a store that counts its deletions, of which some end badly.
type deleter struct {
	storage.Store
	now, most, done atomic.Int64
}

// driver opens a store.
type driver struct{ store storage.Store }

func (driver) Validate(storage.Config) []storage.Problem { return nil }

func (d driver) Open(context.Context, storage.Config) (storage.Store, error) { return d.store, nil }

func (d *deleter) Delete(ctx context.Context, path string) error {
	now := d.now.Add(1)
	defer d.now.Add(-1)
	for most := d.most.Load(); now > most && !d.most.CompareAndSwap(most, now); most = d.most.Load() {
	}
	switch path {
	case "panics":
		panic("a defect of the driver")
	case "denied":
		return errs.New(errs.Denied, "it is locked")
	}
	select {
	case <-time.After(5 * time.Millisecond):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	d.done.Add(1)
	return nil
}

// TestDeleteMany proves that a store which deletes one object by one call is asked for
// many at a time and for no more than 16, that the first failure ends the deletion, and
// that a panic in one of them is an error of the call and not the end of the process.
func TestDeleteMany(t *testing.T) {
	paths := make([]string, 1000)
	for i := range paths {
		paths[i] = fmt.Sprintf("a/%d", i)
	}
	tests := []struct {
		name string
		bad  string // takes the place of the tenth path
		fail bool
		kind errs.Kind
	}{
		{name: "all are deleted"},
		{name: "one is denied", bad: "denied", fail: true, kind: errs.Denied},
		{name: "one is a panic", bad: "panics", fail: true, kind: errs.Internal},
		{name: "all are deleted afterwards"},
	}
	d := &deleter{}
	conn := plugintest.Serve(t, sdk.Plugin{Name: "deleter", Version: "1", Storage: driver{d}}).Conn()
	if _, err := basev1.NewLifecycleClient(conn).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "i"}); err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		d.done.Store(0)
		asked := append([]string{}, paths...)
		if test.bad != "" {
			asked[9] = test.bad
		}
		_, err := storagev1.NewStorageClient(conn).Delete(t.Context(), &storagev1.DeleteRequest{Instance: "i", Paths: asked})
		err = grpcerr.From(err)
		switch done := d.done.Load(); {
		case test.fail && (!errs.Is(err, test.kind) || done > 64):
			t.Errorf("%s: %d were deleted, error %v", test.name, done, err)
		case !test.fail && (err != nil || done != int64(len(paths))):
			t.Errorf("%s: %d were deleted, error %v", test.name, done, err)
		}
	}
	if most := d.most.Load(); most < 2 || most > 16 {
		t.Errorf("%d objects were deleted at once", most)
	}
}
