package distributiondriver_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"github.com/distribution/distribution/v3/registry/storage/driver/inmemory"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
	"github.com/quay/quay/sdk/storage/distributiondriver"
)

// Example is the main of a plugin for a driver of distribution.
func Example() {
	create := func(_ context.Context, parameters map[string]any) (storagedriver.StorageDriver, error) {
		return filesystem.FromParameters(parameters)
	}
	sdk.Main(sdk.Plugin{
		Name: "acme", Version: "1.0.0",
		Storage: distributiondriver.New(create, distributiondriver.Options{}),
	})
}

// TestParameters proves that a driver gets its parameters as from a configuration file
// of distribution, the secrets among them.
func TestParameters(t *testing.T) {
	var got map[string]any
	d := distributiondriver.New(func(_ context.Context, parameters map[string]any) (storagedriver.StorageDriver, error) {
		got = parameters
		return inmemory.New(), nil
	}, distributiondriver.Options{})
	cfg := storage.Config{
		Options: json.RawMessage(`{"bucket": "b", "chunksize": 10485760, "ratio": 0.5, "secure": false, "credentials": {"type": "t"}, "list": [1]}`),
		Secrets: map[string]string{"secretkey": "s", "credentials.secret": "c", "other.key": "k"},
	}
	if problems := d.Validate(cfg); problems != nil {
		t.Errorf("the problems are %v", problems)
	}
	if _, err := d.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"bucket": "b", "chunksize": int64(10485760), "ratio": 0.5, "secure": false,
		"credentials": map[string]any{"type": "t", "secret": "c"}, "list": []any{int64(1)},
		"secretkey": "s", "other": map[string]any{"key": "k"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the parameters are %v, not %v", got, want)
	}
	cfg.Secrets = map[string]string{"bucket.key": "k"}
	if problems := d.Validate(cfg); len(problems) != 1 {
		t.Errorf("a secret below a text: the problems are %v", problems)
	}
}

// TestOpenFails proves that a driver that cannot be made is a wrong configuration,
// unless its error says something else.
func TestOpenFails(t *testing.T) {
	for _, test := range []struct {
		err  error
		want errs.Kind
	}{
		{errors.New("no bucket parameter provided"), errs.Invalid},
		{context.DeadlineExceeded, errs.Unavailable},
	} {
		d := distributiondriver.New(func(context.Context, map[string]any) (storagedriver.StorageDriver, error) {
			return nil, test.err
		}, distributiondriver.Options{})
		if _, err := d.Open(t.Context(), storage.Config{Options: json.RawMessage(`{}`)}); !errs.Is(err, test.want) {
			t.Errorf("after %v it failed with %v, want %v", test.err, err, test.want)
		}
	}
}
