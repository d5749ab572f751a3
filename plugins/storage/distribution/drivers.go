package distribution

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/azure"
	"github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"github.com/distribution/distribution/v3/registry/storage/driver/gcs"
	"github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	s3 "github.com/distribution/distribution/v3/registry/storage/driver/s3-aws"
	"google.golang.org/api/googleapi"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
	"github.com/quay/quay/sdk/storage/distributiondriver"
)

// urlLifetime is how long the URLs of all drivers of distribution that make any can be
// used.
const urlLifetime = 20 * time.Minute

// drivers returns the drivers of distribution by their names, with what their code
// says of how they write.
func drivers() map[string]storage.Driver {
	// The locations of a process share one memory, as they share a bucket.
	memory := inmemory.New()
	return map[string]storage.Driver{
		"filesystem": distributiondriver.New(
			func(_ context.Context, parameters map[string]any) (storagedriver.StorageDriver, error) {
				return filesystem.FromParameters(parameters)
			}, distributiondriver.Options{}),
		"inmemory": distributiondriver.New(
			func(context.Context, map[string]any) (storagedriver.StorageDriver, error) { return memory, nil },
			distributiondriver.Options{}),
		"s3": distributiondriver.New(
			func(ctx context.Context, parameters map[string]any) (storagedriver.StorageDriver, error) {
				return s3.FromParameters(ctx, parameters)
			}, distributiondriver.Options{AtomicPut: true, AtomicCommit: true, URLLifetime: urlLifetime}),
		// Its Cancel deletes the object that a write was to replace, so its Commit is
		// not taken for atomic.
		"gcs": distributiondriver.New(createGCS,
			distributiondriver.Options{AtomicPut: true, URLLifetime: urlLifetime, Kind: googleKind}),
		// Its PutContent deletes a blob that a Writer made before it replaces it.
		"azure": distributiondriver.New(createAzure,
			distributiondriver.Options{URLLifetime: urlLifetime, Kind: azureKind}),
	}
}

// createGCS opens a bucket. The credentials are a text here, and in distribution what
// its YAML is read into. The bucket's clients live longer than the call.
func createGCS(ctx context.Context, parameters map[string]any) (storagedriver.StorageDriver, error) {
	if text, ok := parameters["credentials"].(string); ok {
		var key map[string]any
		if err := json.Unmarshal([]byte(text), &key); err != nil {
			return nil, errs.New(errs.Invalid, "gcs.credentials: It must be the text of a JSON object.")
		}
		credentials := make(map[any]any, len(key))
		for name, value := range key {
			credentials[name] = value
		}
		parameters["credentials"] = credentials
	}
	return gcs.FromParameters(context.WithoutCancel(ctx), parameters)
}

func createAzure(ctx context.Context, parameters map[string]any) (storagedriver.StorageDriver, error) {
	p, err := azure.NewParameters(parameters)
	if err != nil {
		return nil, err
	}
	return azure.New(ctx, p)
}

func googleKind(err error) (errs.Kind, bool) {
	if e, ok := errors.AsType[*googleapi.Error](err); ok {
		return distributiondriver.StatusKind(e.Code)
	}
	return errs.Internal, false
}

func azureKind(err error) (errs.Kind, bool) {
	if e, ok := errors.AsType[*azcore.ResponseError](err); ok {
		return distributiondriver.StatusKind(e.StatusCode)
	}
	return errs.Internal, false
}
