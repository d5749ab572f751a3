// Package keys holds the instance's service key and the tokens that it signs:
// the registry's bearer tokens (util/security/registry_jwt.py).
package keys

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	ServiceKey(ctx context.Context, kid, service string) (*domain.ServiceKey, error)
	PublishServiceKey(ctx context.Context, k domain.ServiceKey, stale domain.StaleServiceKeys) error
}

// Options of Load.
type Options struct {
	// KeyFile is a PKCS#1 PEM file (INSTANCE_SERVICE_KEY_LOCATION), KIDFile has the
	// key's id (INSTANCE_SERVICE_KEY_KID_LOCATION). Both are made when missing.
	KeyFile, KIDFile string
	// Service is the issuer (INSTANCE_SERVICE_KEY_SERVICE).
	Service string
	// Audience is what tokens are for (SERVER_HOSTNAME).
	Audience string
	// Name is written beside the key in the database, for people: see BootName.
	Name string
	// MaxFresh is the longest life of a registry token that is accepted
	// (REGISTRY_JWT_AUTH_MAX_FRESH_S); zero is DefaultMaxFresh.
	MaxFresh time.Duration
	// Lifetime is how long the key is trusted after each renewal
	// (INSTANCE_SERVICE_KEY_EXPIRATION); zero is two hours. Renew is how often that
	// happens (INSTANCE_SERVICE_KEY_REFRESH); zero is every 55 minutes.
	Lifetime, Renew time.Duration
	// Retention is how long others' stale keys stay in the database.
	Retention Retention
	// ReadOnly is the state in which nothing may be written: the key has to be there,
	// known to the database and not expired, and is not renewed.
	ReadOnly bool
	// Logger must be set.
	Logger *slog.Logger
}

// Keys signs and checks tokens. One goroutine loads the key, or makes one, and
// keeps it trusted until the context of Load ends; whoever needs the key waits
// for it.
type Keys struct {
	opts  Options
	store Store
	ready chan struct{} // closed when the key is there
	done  chan struct{} // closed when the goroutine has ended
	// failure is what came of the last try to get the key.
	failure atomic.Pointer[error]
	kid     string
	private secret.Box[*rsa.PrivateKey]
	seen    *verified
}

// lifetime of the instance's key in the database; it is extended at each start and
// every extendEvery (boot.py, workers/servicekeyworker). The product makes a new key at
// each start; here tokens outlive a restart.
const (
	lifetime    = 2 * time.Hour
	extendEvery = 55 * time.Minute
	keyBits     = 2048
)

// Load starts to load the instance's key, or to make one: that takes a while, and
// nothing but tokens needs it.
func Load(ctx context.Context, s Store, opts Options) *Keys {
	k := &Keys{opts: opts, store: s, ready: make(chan struct{}), done: make(chan struct{}), seen: newVerified()}
	if k.opts.Lifetime == 0 {
		k.opts.Lifetime = lifetime
	}
	if k.opts.Renew == 0 {
		k.opts.Renew = extendEvery
	}
	go k.run(ctx)
	return k
}

func (k *Keys) run(ctx context.Context) {
	defer close(k.done)
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := k.load(ctx)
		k.failure.Store(&err)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return
		}
		k.opts.Logger.Error("the service key cannot be used yet", "error", err, "next_try", wait)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
	close(k.ready)
	if k.opts.ReadOnly {
		return
	}
	for wait := k.opts.Renew; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = k.opts.Renew
		if err := k.extend(ctx); err != nil {
			k.opts.Logger.Error("the service key could not be extended", "error", err)
			wait = time.Minute
		}
	}
}

// Close waits for the goroutine, whose context must have ended.
func (k *Keys) Close(ctx context.Context) error {
	select {
	case <-k.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Failed tells why there is no key; nil while it is there or on its way.
func (k *Keys) Failed() error {
	if err := k.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// keyPatience is how long a request waits for the key: as long as making one
// takes.
const keyPatience = 10 * time.Second

// Wait returns when the key is there; errs.Unavailable when it does not come soon.
func (k *Keys) Wait(ctx context.Context) error {
	select {
	case <-k.ready:
		return nil
	default:
	}
	patience := time.NewTimer(keyPatience)
	defer patience.Stop()
	select {
	case <-k.ready:
		return nil
	case <-patience.C:
		return errs.New(errs.Unavailable, "the registry has no key to sign with")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *Keys) load(ctx context.Context) error {
	pemBytes, err := os.ReadFile(k.opts.KeyFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !k.opts.ReadOnly:
		if err := k.generate(); err != nil {
			return err
		}
	case err != nil:
		return errs.Wrap(errs.Unavailable, err, "read the service key")
	default:
		block, _ := pem.Decode(pemBytes)
		if block == nil {
			return errs.New(errs.Invalid, "%s is not a PEM file", k.opts.KeyFile)
		}
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return errs.Wrap(errs.Invalid, err, "%s is not an RSA key", k.opts.KeyFile)
		}
		// The product takes the file's content as it is.
		kid, err := os.ReadFile(k.opts.KIDFile)
		if err != nil {
			return errs.Wrap(errs.Unavailable, err, "read the service key's id")
		}
		k.set(string(kid), key)
	}
	if k.opts.ReadOnly {
		return k.known(ctx)
	}
	return k.extend(ctx)
}

func (k *Keys) set(kid string, key *rsa.PrivateKey) {
	k.kid, k.private = kid, secret.Enclose(key)
}

// known checks that others trust the key, or will when somebody has approved it.
func (k *Keys) known(ctx context.Context) error {
	stored, err := k.store.ServiceKey(ctx, k.kid, k.opts.Service)
	if err != nil {
		return errs.Wrap(errs.KindOf(err), err, "the read-only registry's service key is not in the database")
	}
	if stored.Expired(time.Now()) {
		return errs.New(errs.Conflict, "the read-only registry's service key has expired")
	}
	return nil
}

func (k *Keys) generate() error {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return errs.Wrap(errs.Internal, err, "make a service key")
	}
	k.set(Thumbprint(&key.PublicKey), key)
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	// The id first: a key file is only believed beside its id.
	if err := writeFile(k.opts.KIDFile, []byte(k.kid)); err != nil {
		return err
	}
	return writeFile(k.opts.KeyFile, block)
}

// BootName is the name that the product gives the key of an instance: its address, with
// a port in any case.
func BootName(scheme, host string) string {
	if strings.Contains(host, ":") {
		return scheme + "://" + host
	}
	port := "80"
	if scheme == "https" {
		port = "443"
	}
	return scheme + "://" + host + ":" + port
}

// writeFile puts a file there whole or not at all, readable by nobody else.
func writeFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err == nil {
		_, err = f.Write(content)
		err = errors.Join(err, f.Sync(), f.Close())
		if err == nil {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}
	return errs.Wrap(errs.Unavailable, err, "write %s", filepath.Base(path))
}

// extend keeps the instance's key trusted for another lifetime.
func (k *Keys) extend(ctx context.Context) error {
	now := time.Now()
	return k.store.PublishServiceKey(ctx, domain.ServiceKey{
		KID: k.kid, Service: k.opts.Service, Name: k.opts.Name, JWK: EncodeJWK(&k.private.Reveal().PublicKey, k.kid), Expires: now.Add(k.opts.Lifetime),
	}, k.opts.Retention.Stale(now))
}

// publicKey returns the key that a token names, if it may be trusted.
func (k *Keys) publicKey(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	if kid == k.kid {
		return &k.private.Reveal().PublicKey, nil
	}
	stored, err := k.store.ServiceKey(ctx, kid, k.opts.Service)
	if errs.Is(err, errs.NotFound) {
		return nil, errKey
	}
	if err != nil {
		return nil, err
	}
	if !stored.Approved || stored.Expired(time.Now()) {
		return nil, errKey
	}
	key, err := ParseJWK(stored.JWK)
	if err != nil {
		return nil, errs.Wrap(errs.Corrupt, err, "service key %s", kid)
	}
	return key, nil
}
