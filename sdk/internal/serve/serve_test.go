package serve_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/grpc/status"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
)

// failing is a driver and a store whose every look at an object fails in the same way.
type failing struct {
	storage.Store
	err error
}

func (failing) Validate(storage.Config) []storage.Problem { return nil }

func (f failing) Open(context.Context, storage.Config) (storage.Store, error) {
	return failingStore(f), nil
}

type failingStore struct {
	storage.Store
	err error
}

func (f failingStore) Stat(context.Context, string) (storage.Info, error) {
	return storage.Info{}, f.err
}

// TestCausesAreLogged proves that the cause of a failure, which does not cross the wire,
// is in the plugin's log without what is secret in it, and that what is no failure is not
// logged.
func TestCausesAreLogged(t *testing.T) {
	const secret = "5ec2e7"
	cause := &url.Error{Op: "Head", URL: "https://bucket.example/x?Signature=" + secret, Err: errors.New("no route to host")}
	tests := []struct {
		name   string
		err    error
		logged bool
	}{
		{"nobody classified it", cause, true},
		{"the service is down", errs.Wrap(errs.Unavailable, cause, "the service does not answer"), true},
		{"the service is down, and that is all", errs.New(errs.Unavailable, "the service does not answer"), false},
		{"nothing is there", errs.Wrap(errs.NotFound, cause, "there is no such object"), false},
	}
	for _, test := range tests {
		var logged bytes.Buffer
		s, err := plugintest.Start(sdk.Plugin{Name: "failing", Version: "1", Storage: failing{err: test.err}}, slog.New(slog.NewTextHandler(&logged, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := basev1.NewLifecycleClient(s.Conn()).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "i"}); err != nil {
			t.Fatal(err)
		}
		_, err = storagev1.NewStorageClient(s.Conn()).Stat(t.Context(), &storagev1.StatRequest{Instance: "i", Path: "a"})
		s.Close()
		if s, _ := status.FromError(err); err == nil || strings.Contains(s.Message(), "route") {
			t.Errorf("%s: the host was told %v", test.name, err)
		}
		if strings.Contains(logged.String(), "no route to host") != test.logged || strings.Contains(logged.String(), secret) {
			t.Errorf("%s: the log is %q", test.name, &logged)
		}
	}
}
