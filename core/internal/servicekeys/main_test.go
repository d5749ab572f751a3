package servicekeys

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/sdk/errs"
)

const audience = "https://quay.example.com"

var now = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// fakeStore keeps keys in memory.
type fakeStore struct {
	rows    map[string]domain.ServiceKeyRow
	created []domain.NewServiceKey
	stale   domain.StaleServiceKeys
}

func (s *fakeStore) ServiceKeyRow(_ context.Context, kid string) (*domain.ServiceKeyRow, error) {
	row, ok := s.rows[kid]
	if !ok {
		return nil, errs.New(errs.NotFound, "no such row")
	}
	return &row, nil
}

func (s *fakeStore) ServiceKeyRows(_ context.Context, service string, after int64, limit int) ([]domain.ServiceKeyRow, error) {
	var found []domain.ServiceKeyRow
	for _, row := range s.rows {
		if row.ID > after && (service == "" || row.Service == service) {
			found = append(found, row)
		}
	}
	slices.SortFunc(found, func(a, b domain.ServiceKeyRow) int { return cmp.Compare(a.ID, b.ID) })
	return found[:min(limit, len(found))], nil
}

func (s *fakeStore) put(row domain.ServiceKeyRow) {
	row.ID, row.Approved = int64(len(s.rows)+1), row.Approval != nil
	s.rows[row.KID] = row
}

func (s *fakeStore) CreateServiceKey(_ context.Context, n domain.NewServiceKey) error {
	if _, ok := s.rows[n.KID]; ok {
		return errs.New(errs.Exists, "there is one")
	}
	s.created, s.stale = append(s.created, n), n.Drop
	s.put(n.ServiceKeyRow)
	return nil
}

func (s *fakeStore) ReplaceServiceKey(ctx context.Context, old string, stale domain.StaleServiceKeys, replace func(domain.ServiceKeyRow) (domain.ServiceKeyRow, error)) error {
	row, err := s.ServiceKeyRow(ctx, old)
	if err != nil {
		return err
	}
	n, err := replace(*row)
	if err == nil {
		delete(s.rows, old)
		s.put(n)
		s.stale = stale
	}
	return err
}

func (s *fakeStore) ApproveServiceKey(_ context.Context, kid string, a domain.ServiceKeyApproval) error {
	row := s.rows[kid]
	row.Approval, row.Approved = &a, true
	s.rows[kid] = row
	return nil
}

func (s *fakeStore) UpdateServiceKey(ctx context.Context, kid string, update func(*domain.ServiceKeyRow) error) error {
	row, err := s.ServiceKeyRow(ctx, kid)
	if err == nil {
		err = update(row)
	}
	if err == nil {
		s.rows[kid] = *row
	}
	return err
}

func (s *fakeStore) DeleteServiceKey(_ context.Context, kid string, stale domain.StaleServiceKeys) error {
	if _, ok := s.rows[kid]; !ok {
		return errs.New(errs.NotFound, "no such row")
	}
	delete(s.rows, kid)
	s.stale = stale
	return nil
}

var pairs = sync.OnceValue(func() (p [2]*rsa.PrivateKey) {
	for i := range p {
		k, err := rsa.GenerateKey(rand.Reader, keyBits)
		if err != nil {
			panic(err)
		}
		p[i] = k
	}
	return p
})

// key has the pair with that number.
func jwk(pair int) json.RawMessage { return keys.EncodeJWK(&pairs()[pair].PublicKey, "") }

// approved and unapproved are keys of the service "web" with the first pair.
func unapproved(kid string) domain.ServiceKeyRow {
	return domain.ServiceKeyRow{
		ServiceKey: domain.ServiceKey{KID: kid, Service: "web", Name: "n", JWK: jwk(0)},
		Metadata:   json.RawMessage(`{"ip": "old", "x": 1}`), Created: now.Add(-time.Hour),
	}
}

func approved(kid string) domain.ServiceKeyRow {
	row := unapproved(kid)
	row.Approval = &domain.ServiceKeyApproval{Kind: domain.ApprovedBySuperuser, At: now}
	return row
}

func fixture(rows ...domain.ServiceKeyRow) (*Keys, *fakeStore) {
	s := &fakeStore{rows: make(map[string]domain.ServiceKeyRow)}
	for _, row := range rows {
		s.put(row)
	}
	return New(s, Options{Audience: audience, Superusers: []string{"root"}}), s
}

// claims are those of a good token; nil takes one out.
func claims(changes jwt.MapClaims) jwt.MapClaims {
	c := jwt.MapClaims{"iss": "web", "aud": audience, "nbf": now.Unix(), "iat": now.Unix(), "exp": now.Unix() + 60}
	for name, v := range changes {
		if c[name] = v; v == nil {
			delete(c, name)
		}
	}
	return c
}

// bearer is a header with a token by a pair; kid may be nil.
func bearer(t testing.TB, method jwt.SigningMethod, key, kid any, c jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	if kid != nil {
		token.Header["kid"] = kid
	}
	s, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + s
}

func by(t testing.TB, pair int, kid any) string {
	return bearer(t, jwt.SigningMethodRS256, pairs()[pair], kid, claims(nil))
}
