package distributiondriver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"github.com/distribution/distribution/v3/registry/storage/driver/inmemory"

	"github.com/quay/quay/sdk"
	conformance "github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/plugintest"
	"github.com/quay/quay/sdk/storage/distributiondriver"
)

// serve starts a plugin of a driver.
func serve(t *testing.T, create distributiondriver.Create) conformance.Target {
	s := plugintest.Serve(t, sdk.Plugin{
		Name: "example", Version: "1.0.0",
		Storage: distributiondriver.New(create, distributiondriver.Options{}),
	})
	return conformance.Target{Conn: s.Conn(), Receive: s.Receive}
}

// TestFilesystem proves that distribution's driver of directories keeps every promise
// of a storage plugin, through the wire and over restarts.
func TestFilesystem(t *testing.T) {
	create := func(_ context.Context, parameters map[string]any) (storagedriver.StorageDriver, error) {
		return filesystem.FromParameters(parameters)
	}
	conformance.Run(t, conformance.Options{
		Target:  serve(t, create),
		Config:  json.RawMessage(fmt.Sprintf(`{"rootdirectory": %q}`, t.TempDir())),
		Restart: func(context.Context) (conformance.Target, error) { return serve(t, create), nil },
		Short:   true,
	})
}

// TestMemory proves that a driver whose writes show before they are committed keeps
// the promises, too. One it cannot keep: distribution's memory takes the directory
// "0/0" for the object "0/0/0", and the case has a directory that begins so. The test
// fails when that changes.
func TestMemory(t *testing.T) {
	broken := []string{"many-objects-at-once"}
	memory := inmemory.New()
	options := conformance.Options{
		Target: serve(t, func(context.Context, map[string]any) (storagedriver.StorageDriver, error) { return memory, nil }),
		Config: json.RawMessage(`{}`),
		Short:  true, // The long cases need 5 GiB, which here is memory.
	}
	passed := 0
	err := conformance.Test(t.Context(), options, func(r conformance.Result) {
		switch {
		case slices.Contains(broken, r.Name):
			if len(r.Problems) == 0 {
				t.Errorf("%s passes: it need not be an exception", r.Name)
			}
		case len(r.Problems) > 0:
			t.Errorf("%s: %q", r.Name, r.Problems)
		case r.Skipped == "":
			passed++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if passed < 20 {
		t.Errorf("only %d cases were run", passed)
	}
}
