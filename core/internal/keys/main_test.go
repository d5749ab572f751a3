package keys

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	service = "quay"
	host    = "registry.example.com"
)

// fakeStore keeps service keys in memory.
type fakeStore struct {
	mu        sync.Mutex
	keys      map[string]domain.ServiceKey
	fail      error
	lookups   int
	published []domain.ServiceKey
}

func newStore() *fakeStore { return &fakeStore{keys: make(map[string]domain.ServiceKey)} }

func (s *fakeStore) ServiceKey(_ context.Context, kid, service string) (*domain.ServiceKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lookups++
	if s.fail != nil {
		return nil, s.fail
	}
	k, ok := s.keys[kid]
	if !ok || k.Service != service {
		return nil, errs.New(errs.NotFound, "no such row")
	}
	return &k, nil
}

func (s *fakeStore) PublishServiceKey(_ context.Context, k domain.ServiceKey, _ domain.StaleServiceKeys) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	k.Approved = true
	s.keys[k.KID] = k
	s.published = append(s.published, k)
	return nil
}

func (s *fakeStore) set(change func(*fakeStore)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func options(dir string) Options {
	return Options{
		KeyFile: filepath.Join(dir, "quay.pem"), KIDFile: filepath.Join(dir, "quay.kid"),
		Service: service, Audience: host, Name: "web", Logger: slog.New(slog.DiscardHandler),
	}
}

// load loads keys from a directory, for as long as the test runs.
func load(t testing.TB, s Store, dir string) *Keys {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	k := Load(ctx, s, options(dir))
	t.Cleanup(func() {
		cancel()
		if err := k.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return k
}

// shared is one key for the tests that need just any: making one takes a while.
var shared = sync.OnceValue(func() *rsa.PrivateKey { return newKey() })

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(err)
	}
	return k
}

// instance is Keys with the shared key, without files and without a goroutine.
func instance(s Store) *Keys {
	k := &Keys{
		opts: options(""), store: s, ready: make(chan struct{}), done: make(chan struct{}), seen: newVerified(),
	}
	k.set(Thumbprint(&shared().PublicKey), shared())
	close(k.ready)
	return k
}

// object is a JSON object of tests.
type object map[string]any

func (o object) with(changes object) object {
	o = maps.Clone(o)
	for name, v := range changes {
		if v == nil {
			delete(o, name)
		} else {
			o[name] = v
		}
	}
	return o
}

// goodHeader and goodClaims make a token that is accepted.
func goodHeader() object {
	return object{"alg": "RS256", "typ": "JWT", "kid": Thumbprint(&shared().PublicKey)}
}

func goodClaims() object {
	now := time.Now().Unix()
	return object{
		"iss": service, "aud": host, "sub": "alice", "nbf": now, "iat": now, "exp": now + 3600,
		"access":  []any{object{"type": "repository", "name": "acme/web", "actions": []string{"pull"}}},
		"context": object{"entity_kind": "user", "entity_reference": "uuid"},
	}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// unsigned is a token without its signature.
func unsigned(header, claims object) string {
	h, err := json.Marshal(header)
	if err != nil {
		panic(err)
	}
	c, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return encode(h) + "." + encode(c)
}

// signRSA signs with RS256, whatever the header says.
func signRSA(k *rsa.PrivateKey, text string) string {
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + encode(sig)
}

func signPSS(k *rsa.PrivateKey, text string) string {
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPSS(rand.Reader, k, crypto.SHA256, sum[:], nil)
	if err != nil {
		panic(err)
	}
	return text + "." + encode(sig)
}

func signHMAC(secret []byte, text string) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(text))
	return text + "." + encode(h.Sum(nil))
}

// stripped is a token with an empty signature.
func stripped(token string) string { return token[:strings.LastIndexByte(token, '.')+1] }
