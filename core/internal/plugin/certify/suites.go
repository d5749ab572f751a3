package certify

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/quay/quay/sdk/conformance/auth"
	"github.com/quay/quay/sdk/conformance/notify"
	"github.com/quay/quay/sdk/conformance/secscan"
	"github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// target and result are the same for all suites.
type (
	target = storage.Target
	result = storage.Result
)

// run is one run of a suite.
type run struct {
	target  target
	config  json.RawMessage
	secrets map[string]string
	known   json.RawMessage // what the suite is told of the service; may be nil
	restart func(ctx context.Context) (target, error)
	timeout time.Duration // of a case; zero means the suite's
	short   bool
	report  func(result)
}

// suite is the conformance suite of one kind.
type suite struct {
	version string
	test    func(ctx context.Context, r run) error
}

// suites returns the suites by the kind of plugin.
func suites() map[string]suite {
	return map[string]suite{
		protocol.KindStorage: {storage.Version, testStorage},
		protocol.KindAuth:    {auth.Version, testAuth},
		protocol.KindNotify:  {notify.Version, testNotify},
		protocol.KindSecscan: {secscan.Version, testSecscan},
	}
}

func testStorage(ctx context.Context, r run) error {
	if err := r.decode(&struct{}{}); err != nil {
		return err
	}
	return storage.Test(ctx, storage.Options{
		Target: r.target, Config: r.config, Secrets: r.secrets, Restart: r.restart, Timeout: r.timeout, Short: r.short,
	}, r.report)
}

func testAuth(ctx context.Context, r run) error {
	var known auth.Known
	if err := r.decode(&known); err != nil {
		return err
	}
	return auth.Test(ctx, auth.Options{
		Target: r.target, Config: r.config, Secrets: r.secrets, Restart: r.restart, Timeout: r.timeout, Short: r.short, Known: known,
	}, r.report)
}

func testNotify(ctx context.Context, r run) error {
	var known notify.Known
	if err := r.decode(&known); err != nil {
		return err
	}
	return notify.Test(ctx, notify.Options{
		Target: r.target, Config: r.config, Secrets: r.secrets, Restart: r.restart, Timeout: r.timeout, Short: r.short, Known: known,
	}, r.report)
}

func testSecscan(ctx context.Context, r run) error {
	var known secscan.Known
	if err := r.decode(&known); err != nil {
		return err
	}
	return secscan.Test(ctx, secscan.Options{
		Target: r.target, Config: r.config, Secrets: r.secrets, Restart: r.restart, Timeout: r.timeout, Short: r.short, Known: known,
	}, r.report)
}

// decode reads what the suite is told of the service. A name that it does not know is
// refused: the cases that need it would be skipped without anybody noticing.
func (r run) decode(known any) error {
	if len(r.known) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(r.known))
	d.DisallowUnknownFields()
	return errs.Wrap(errs.Invalid, d.Decode(known), "the part %q of the configuration", knownKey)
}
