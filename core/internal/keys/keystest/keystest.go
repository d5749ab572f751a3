// Package keystest gives tests an instance that signs tokens, without a database.
package keystest

import (
	"context"
	_ "embed"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/sdk/errs"
)

// What tokens of the instance say.
const (
	Service  = "quay"
	Audience = "registry.example.com"
	// KID is the id of its key, with which the tokens of the tests' data were signed.
	KID = "the product"
)

//go:embed quay.pem
var key []byte

// New returns an instance that knows its own key and no other, until the test ends.
func New(t testing.TB) *keys.Keys {
	t.Helper()
	dir := t.TempDir()
	opts := keys.Options{
		KeyFile: filepath.Join(dir, "quay.pem"), KIDFile: filepath.Join(dir, "quay.kid"),
		Service: Service, Audience: Audience, Logger: slog.New(slog.DiscardHandler),
	}
	for file, content := range map[string][]byte{opts.KeyFile: key, opts.KIDFile: []byte(KID)} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	k := keys.Load(ctx, store{}, opts)
	t.Cleanup(func() {
		cancel()
		if err := k.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return k
}

// store has no keys.
type store struct{}

func (store) ServiceKey(context.Context, string, string) (*domain.ServiceKey, error) {
	return nil, errs.New(errs.NotFound, "no such key")
}

func (store) PublishServiceKey(context.Context, domain.ServiceKey, domain.StaleServiceKeys) error {
	return nil
}
