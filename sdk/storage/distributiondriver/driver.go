// Package distributiondriver makes a storage driver of one that was written for
// github.com/distribution/distribution/v3, the registry that many services have
// drivers for. The whole of such a plugin is
//
//	func main() {
//		sdk.Main(sdk.Plugin{
//			Name: "acme", Version: "1.0.0",
//			Storage: distributiondriver.New(acme.Create, distributiondriver.Options{}),
//		})
//	}
//
// An object is at the path that the host gives it, below the driver's root. Of the
// paths that a registry has nothing changes; the bytes that distribution's drivers do
// not take are written as "_x" and two hexadecimal digits: "a b" is "/a_x20b". A path
// grows by that, which counts where a service limits the length of names.
//
// The store can list, and sign URLs where Options say so. It takes no uploads in
// pieces: distribution's drivers append, but cannot go back to an offset, and the host
// spools uploads itself. It keeps its promises as far as the driver keeps those of
// distribution, and no further: docs/plugins/distribution.md says what that means for
// the drivers that come with it.
package distributiondriver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// Create makes a driver from its parameters, whose names are those of its
// documentation. It is what the driver registers as its factory in distribution.
// Whole numbers are int64, as a configuration file would have them.
type Create func(ctx context.Context, parameters map[string]any) (storagedriver.StorageDriver, error)

// Options say what is known of a driver beyond its interface. The zero value supposes
// nothing, and fits every driver.
type Options struct {
	// AtomicPut says that PutContent replaces an object in one step: readers see the
	// old bytes or the new ones. Small objects then take one call.
	AtomicPut bool
	// AtomicCommit says that what is given to a Writer appears at its path with
	// Commit, in one step, and that Cancel leaves what was there. Without it an object
	// is written to a temporary path and moved.
	AtomicCommit bool
	// URLLifetime is how long the URLs of RedirectURL can be used at least. At zero
	// the driver's URLs are not used: the host must be able to rely on it.
	URLLifetime time.Duration
	// Kind classifies errors of the driver's own service, and returns false for those
	// that it does not know. Package errors finds in err what distribution's errors
	// wrap. Kind may be nil.
	Kind func(err error) (errs.Kind, bool)
}

// New returns a driver each of whose locations is a driver of distribution. The
// options of a location are its parameters; secrets are put among them by their
// names, such as "secretkey" or "credentials.secret".
//
// Only the driver knows which parameters there are: Validate finds what is no JSON
// object, the rest shows when the location is opened.
func New(create Create, options Options) storage.Driver {
	return driver{create: create, options: options}
}

type driver struct {
	create  Create
	options Options
}

// Validate implements storage.Driver.
func (driver) Validate(cfg storage.Config) []storage.Problem {
	if _, err := readParameters(cfg); err != nil {
		return []storage.Problem{{Message: "The options cannot be read: " + err.Error() + "."}}
	}
	return nil
}

// Open implements storage.Driver.
func (d driver) Open(ctx context.Context, cfg storage.Config) (storage.Store, error) {
	parameters, err := readParameters(cfg)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the options of the storage cannot be read")
	}
	created, err := d.create(ctx, parameters)
	if err != nil {
		return nil, openFailure(ctx, err, d.options.Kind)
	}
	return Open(ctx, created, d.options), nil
}

// openFailure gives the error of a driver's creation its kind, unless it has one. What
// is not known to be something else is a wrong parameter.
func openFailure(ctx context.Context, err error, known func(error) (errs.Kind, bool)) error {
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	kind, ok := kindOf(err, known)
	if !ok {
		kind = errs.Invalid
	}
	return errs.Wrap(kind, err, "the storage driver cannot be opened: look at its parameters")
}

// readParameters returns the options with the secrets among them.
func readParameters(cfg storage.Config) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(cfg.Options))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, errors.New("they are no JSON")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows them")
	}
	parameters, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("they are no JSON object")
	}
	for name, secret := range cfg.Secrets {
		if err := place(parameters, name, secret); err != nil {
			return nil, err
		}
	}
	return plain(parameters).(map[string]any), nil
}
