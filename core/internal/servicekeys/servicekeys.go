// Package servicekeys has the rules for the keys with which services sign: who may
// submit, approve, replace and delete one, and who is told of what
// (data/model/service_keys.py, endpoints/keyserver).
package servicekeys

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"regexp"
	"slices"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database. Changes are durable and whole.
type Store interface {
	ServiceKeyRow(ctx context.Context, kid string) (*domain.ServiceKeyRow, error)
	ServiceKeyRows(ctx context.Context, service string, after int64, limit int) ([]domain.ServiceKeyRow, error)
	CreateServiceKey(ctx context.Context, n domain.NewServiceKey) error
	ReplaceServiceKey(ctx context.Context, old string, stale domain.StaleServiceKeys, replace func(domain.ServiceKeyRow) (domain.ServiceKeyRow, error)) error
	ApproveServiceKey(ctx context.Context, kid string, a domain.ServiceKeyApproval) error
	UpdateServiceKey(ctx context.Context, kid string, update func(*domain.ServiceKeyRow) error) error
	DeleteServiceKey(ctx context.Context, kid string, stale domain.StaleServiceKeys) error
}

// Options of New.
type Options struct {
	// Audience is for whom the tokens of those who submit keys are: the registry's
	// address, "https://quay.example.com".
	Audience string
	// Superusers are the names of those who may approve keys (SUPER_USERS).
	Superusers []string
	// Retention is how long stale keys stay.
	Retention keys.Retention
}

// Keys are the service keys of a database.
type Keys struct {
	store Store
	opts  Options
}

// New returns the keys of a database.
func New(s Store, opts Options) *Keys { return &Keys{s, opts} }

// NewKey describes a key that is to be made.
type NewKey struct {
	// Name is for people, and may be empty: letters, digits, blanks and some of the
	// characters of a URL, as panels show it.
	Name string
	// KID is the key's id; empty is its thumbprint, where the key is made here.
	KID string
	// Service is who signs with it: small letters, digits and underscores.
	Service string
	// Metadata says where the key comes from. May be nil.
	Metadata pyjson.Object
	// Expires is zero for a key without an end, Rotation for one that stays.
	Expires  time.Time
	Rotation time.Duration
	// Approval is nil for a key that somebody has yet to approve.
	Approval *domain.ServiceKeyApproval
}

var (
	serviceName = regexp.MustCompile(`\A[a-z0-9_]+\z`)
	// keyName is the product's pattern (util/validation.py), without which a name could
	// be a script in the panel of superusers (CVE-2019-3865).
	keyName = regexp.MustCompile(`\A[\sa-zA-Z0-9\-_:/]*\z`)
)

// maxName is the size of the columns for names and ids.
const maxName = 255

const keyBits = 2048

// Generate makes a key pair, stores the public half and returns the private one, which
// is kept nowhere.
func (k *Keys) Generate(ctx context.Context, n NewKey, now time.Time) (*rsa.PrivateKey, string, error) {
	pair, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, "", errs.Wrap(errs.Internal, err, "make a service key")
	}
	if n.KID == "" {
		n.KID = keys.Thumbprint(&pair.PublicKey)
	}
	return pair, n.KID, k.create(ctx, n, keys.EncodeJWK(&pair.PublicKey, n.KID), now)
}

func (k *Keys) create(ctx context.Context, n NewKey, jwk json.RawMessage, now time.Time) error {
	if err := checkName(n.Name); err != nil {
		return err
	}
	if !serviceName.MatchString(n.Service) || n.KID == "" || len(n.Service) > maxName || len(n.KID) > maxName {
		return errs.New(errs.Invalid, "the service key's id or service is not valid")
	}
	row := domain.ServiceKeyRow{
		ServiceKey: domain.ServiceKey{KID: n.KID, Service: n.Service, Name: n.Name, JWK: jwk, Expires: n.Expires},
		Metadata:   encode(n.Metadata), Created: now, Rotation: n.Rotation, Approval: n.Approval,
	}
	notice, err := notice(row)
	if err != nil {
		return err
	}
	return k.store.CreateServiceKey(ctx, domain.NewServiceKey{
		ServiceKeyRow: row, Notify: k.opts.Superusers, Notice: notice, Drop: k.opts.Retention.Stale(now),
	})
}

// checkName refuses a name for people that a key cannot have, with the product's message.
func checkName(name string) error {
	if !keyName.MatchString(name) || len(name) > maxName {
		return errs.New(errs.Invalid, "Invalid service key friendly name: %s", name)
	}
	return nil
}

// encode is an object as the product's fields have it.
func encode(o pyjson.Object) json.RawMessage {
	if o == nil {
		o = pyjson.Object{}
	}
	return pyjson.Form{}.Append(nil, o)
}

// notice is what superusers are told of a key.
func notice(k domain.ServiceKeyRow) (json.RawMessage, error) {
	jwk, err := pyjson.Parse(k.JWK)
	if err != nil {
		return nil, err
	}
	metadata, err := pyjson.Parse(k.Metadata)
	if err != nil {
		return nil, err
	}
	o := pyjson.Object{
		{Name: "name", Value: k.Name},
		{Name: "kid", Value: k.KID},
		{Name: "service", Value: k.Service},
		{Name: "jwk", Value: jwk},
		{Name: "metadata", Value: metadata},
		{Name: "created_date", Value: k.Created.Unix()},
	}
	if !k.Expires.IsZero() {
		o.Set("expiration_date", k.Expires.Unix())
	}
	return encode(o), nil
}

// Approve lets a key be trusted. errs.NotFound without such a key, errs.Conflict when it
// is approved already.
func (k *Keys) Approve(ctx context.Context, kid string, a domain.ServiceKeyApproval) error {
	return k.store.ApproveServiceKey(ctx, kid, a)
}

// Change is what becomes of a key; what is nil stays.
type Change struct {
	Name *string
	// Metadata is added to what there is.
	Metadata pyjson.Object
	// Expires is the zero time for a key without an end.
	Expires *time.Time
}

// Update changes a key; errs.NotFound without one.
func (k *Keys) Update(ctx context.Context, kid string, c Change) error {
	if c.Name != nil {
		if err := checkName(*c.Name); err != nil {
			return err
		}
	}
	return k.store.UpdateServiceKey(ctx, kid, func(row *domain.ServiceKeyRow) error {
		if c.Name != nil {
			row.Name = *c.Name
		}
		if c.Expires != nil {
			row.Expires = *c.Expires
		}
		var err error
		row.Metadata, err = merge(row.Metadata, c.Metadata)
		return err
	})
}

// merge adds members to a stored object.
func merge(stored json.RawMessage, added pyjson.Object) (json.RawMessage, error) {
	o, err := pyjson.ParseObject(stored)
	if err != nil {
		return nil, errs.Wrap(errs.Corrupt, err, "a service key's metadata")
	}
	for _, m := range added {
		o.Set(m.Name, m.Value)
	}
	return encode(o), nil
}

// Delete deletes a key; errs.NotFound without one.
func (k *Keys) Delete(ctx context.Context, kid string, now time.Time) error {
	return k.store.DeleteServiceKey(ctx, kid, k.opts.Retention.Stale(now))
}

// page is how many keys are read at once.
const page = 500

// list returns the keys of a service, or of all for "", that match.
func (k *Keys) list(ctx context.Context, service string, match func(*domain.ServiceKeyRow) bool) ([]domain.ServiceKeyRow, error) {
	var found []domain.ServiceKeyRow
	for after := int64(0); ; {
		rows, err := k.store.ServiceKeyRows(ctx, service, after, page)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if after = rows[i].ID; match(&rows[i]) {
				found = append(found, rows[i])
			}
		}
		if len(rows) < page {
			return found, nil
		}
	}
}

// forgotten tells whether a key expired so long ago that it counts as deleted.
func (k *Keys) forgotten(row *domain.ServiceKeyRow, now time.Time) bool {
	return row.Expired(k.opts.Retention.Stale(now).Expired)
}

// All returns all keys, also those that nobody approved or that expired of late.
func (k *Keys) All(ctx context.Context, now time.Time) ([]domain.ServiceKeyRow, error) {
	return k.list(ctx, "", func(row *domain.ServiceKeyRow) bool { return !k.forgotten(row, now) })
}

// Get returns a key, also one that nobody approved or that expired of late;
// errs.NotFound without one.
func (k *Keys) Get(ctx context.Context, kid string, now time.Time) (*domain.ServiceKeyRow, error) {
	row, err := k.store.ServiceKeyRow(ctx, kid)
	if err != nil {
		return nil, err
	}
	if k.forgotten(row, now) {
		return nil, errs.New(errs.NotFound, "there is no such service key")
	}
	return row, nil
}

// Trusted returns the public keys of a service that may be trusted, each with its id.
func (k *Keys) Trusted(ctx context.Context, service string, now time.Time) ([]json.RawMessage, error) {
	rows, err := k.list(ctx, service, func(row *domain.ServiceKeyRow) bool { return row.Approved && !row.Expired(now) })
	if err != nil {
		return nil, err
	}
	jwks := make([]json.RawMessage, 0, len(rows))
	for _, row := range rows {
		jwk, err := merge(row.JWK, pyjson.Object{{Name: "kid", Value: row.KID}})
		if err != nil {
			return nil, err
		}
		jwks = append(jwks, jwk)
	}
	return jwks, nil
}

// maxAge is how long anybody may keep a public key.
const maxAge = 24 * time.Hour

// Public returns a public key for whoever checks what was signed with it, and how long
// it may be kept. errs.NotFound without one, errs.Conflict before it is approved and
// errs.Denied after it expired.
func (k *Keys) Public(ctx context.Context, kid string, now time.Time) (json.RawMessage, time.Duration, error) {
	row, err := k.Get(ctx, kid, now)
	switch {
	case err != nil:
		return nil, 0, err
	case !row.Approved:
		return nil, 0, errs.New(errs.Conflict, "the service key is not approved")
	case row.Expired(now):
		return nil, 0, errs.New(errs.Denied, "the service key has expired")
	case row.Expires.IsZero():
		return row.JWK, maxAge, nil
	}
	return row.JWK, min(maxAge, row.Expires.Sub(now)), nil
}

// private are members of keys that are nobody's business.
var private = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// checkJWK checks the form of a key that somebody submits, and returns it as it is
// stored. The product would store, and show, a private key.
func checkJWK(text json.RawMessage) (json.RawMessage, error) {
	o, err := pyjson.ParseObject(text)
	if err != nil {
		return nil, err
	}
	needed := map[string][]string{"RSA": {"e", "n"}, "EC": {"x", "y"}}[o.String("kty")]
	if needed == nil {
		return nil, errs.New(errs.Invalid, "the key is neither an RSA nor an EC key")
	}
	for _, name := range needed {
		if o.String(name) == "" {
			return nil, errs.New(errs.Invalid, "the key has no %q", name)
		}
	}
	for _, m := range o {
		if slices.Contains(private, m.Name) {
			return nil, errs.New(errs.Invalid, "this is not the public half of a key")
		}
	}
	return encode(o), nil
}
